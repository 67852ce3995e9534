"""A value that differs: both are shown with where they come from, a person chooses, and secrets stay secret."""

from typing import Any

import pytest
from hypothesis import given

from bot.messages import differences
from bot.messages.buttons import KEEP_OURS, KEEP_THEIRS, SEE_BOTH
from bot.modals import choose
from handoff.model import Difference, Person, Source, Status
from handoff.workflow import Workflow
from tests.bot.hostile import SECRET, Case, thoroughly
from tests.bot.moving import difference, ended, moving, reviewed_workflow
from tests.bot.reading import everything, links, parts, pings, refused, refused_view, seen
from tests.factories import CHECKLIST, DANA, PRIYA, answer, handoff

FINANCE = Person(name="Olu Adeyemi", email="olu@example.com", slack_id="U0OLU00001")


@thoroughly
@given(moving())
def test_a_difference_is_taken_whatever_is_in_it(case: Case) -> None:
    text, blocks = differences.difference(0, case.handoff, case.workflow)

    owner = {case.handoff.owner.slack_id} if case.handoff.owner else set()
    assert refused(text, blocks) == []
    assert pings(text, blocks) <= owner
    assert links(blocks) == {}
    assert SECRET not in everything(text, blocks)


@thoroughly
@given(moving())
def test_the_form_is_taken_whatever_is_in_it_and_shows_secrets_to_nobody_else(case: Case) -> None:
    view = choose.build(case.handoff, case.workflow, 0, DANA, ())

    assert refused_view(view) == []
    assert pings("", view) == set()
    assert SECRET not in everything(view)


def test_both_values_are_shown_with_where_they_come_from() -> None:
    stands = handoff(Status.OWNED, differences=(difference(),))

    text, blocks = differences.difference(0, stands, reviewed_workflow())

    assert text == "Deal 1: HubSpot and this handoff say different things about “When do we start?”."
    words = seen(blocks)
    assert words.index("HubSpot now says") < words.index("2026-04-01") < words.index("The handoff says")
    assert words.index("said by Sam Rivers") < words.index("2026-03-20")
    assert pings(text, blocks) == {PRIYA.slack_id}
    assert pressed(blocks) == [("Take HubSpot’s value", KEEP_THEIRS, "h1|0"), ("Keep what was said", KEEP_OURS, "h1|0")]


def test_a_value_that_was_read_before_is_called_earlier() -> None:
    answers = (answer("start", source=Source.CRM, by=None),)

    _, blocks = differences.difference(
        0, handoff(Status.UNCLAIMED, answers=answers, differences=(difference(),)), reviewed_workflow()
    )

    assert "from HubSpot, read" in seen(blocks)
    assert [words for words, _, _ in pressed(blocks)] == ["Take HubSpot’s value", "Keep the earlier value"]


def test_a_waived_answer_is_called_so() -> None:
    answers = (answer("start", "They start when the audit is over", source=Source.WAIVED),)
    differs = difference(ours="They start when the audit is over")

    _, blocks = differences.difference(
        0, handoff(Status.UNCLAIMED, answers=answers, differences=(differs,)), reviewed_workflow()
    )

    assert "The handoff says, that it does not apply, said by Sam Rivers" in seen(blocks)


def test_a_reason_that_is_kept_does_not_go_to_the_crm() -> None:
    answers = (answer("start", "They start when the audit is over", source=Source.WAIVED),)
    kept = difference(ours="They start when the audit is over", kept="ours", by=PRIYA)

    _, blocks = differences.difference(
        0, handoff(Status.UNCLAIMED, answers=answers, differences=(kept,)), reviewed_workflow()
    )

    assert "Priya Nair kept what the handoff says." in seen(blocks)


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        (None, "The next team needs an answer here, so this cannot stay empty."),
        ("tbd", "That is not a date. Write it like 2026-01-31."),
        ("2026-01-01", "That is before 2026-03-01, the date in “close date”. Pick that day or a later one."),
    ],
)
def test_a_value_that_is_no_answer_cannot_be_taken(theirs: str | None, why: str) -> None:
    _, blocks = differences.difference(
        0, handoff(Status.UNCLAIMED, differences=(difference(theirs=theirs),)), reviewed_workflow()
    )

    assert why in seen(blocks)
    assert [action for _, action, _ in pressed(blocks)] == [KEEP_OURS]


@pytest.mark.parametrize(
    ("settled", "said"),
    [
        (difference(kept="theirs", by=PRIYA), "Priya Nair took HubSpot’s value.2026-04-01The other one was:2026-03-20"),
        (
            difference(kept="ours", by=PRIYA),
            "Priya Nair kept what the handoff says, and HubSpot gets it, too.2026-03-20The other one was:2026-04-01",
        ),
        (difference(kept="same"), "The two agree again; nothing is to be chosen any more."),
    ],
)
def test_a_decided_difference_says_who_chose_what(settled: Difference, said: str) -> None:
    _, blocks = differences.difference(0, handoff(Status.OWNED, differences=(settled,)), reviewed_workflow())

    assert seen(blocks).endswith(said)
    assert pressed(blocks) == []


def test_nothing_is_to_be_chosen_when_it_is_over() -> None:
    _, blocks = differences.difference(0, ended("deleted", differences=(difference(),)), reviewed_workflow())

    assert "Nothing is to be chosen any more." in seen(blocks)
    assert pressed(blocks) == []


@pytest.mark.parametrize("settled", [{}, {"kept": "theirs", "by": PRIYA}, {"kept": "ours", "by": PRIYA}])
def test_a_restricted_value_is_never_in_the_message(settled: dict[str, Any]) -> None:
    stands = handoff(Status.UNCLAIMED, differences=(difference(**settled),))

    text, blocks = differences.difference(0, stands, restricted())

    assert "2026" not in seen(blocks).replace("2026-03-02", "").replace("02 Mar 2026", "")
    assert "2026-04-01" not in everything(text, blocks)
    assert "2026-03-20" not in everything(text, blocks)
    assert [action for _, action, _ in pressed(blocks)] == ([] if settled else [SEE_BOTH])


def test_only_those_who_may_read_see_both_values() -> None:
    stands = handoff(Status.UNCLAIMED, differences=(difference(),))

    theirs = choose.build(stands, restricted(), 0, FINANCE, ())
    others = choose.build(stands, restricted(), 0, DANA, ("dana@example.com",))

    assert "2026-04-01" in seen(theirs["blocks"])
    assert "2026-03-20" in seen(theirs["blocks"])
    assert seen(others["blocks"]) == "Only olu@example.com may see these values. Ask one of them to choose."


@pytest.mark.parametrize("place", [-1, 1, 10**5])
def test_a_form_for_a_difference_that_is_not_there_says_so(place: int) -> None:
    view = choose.build(handoff(differences=(difference(),)), restricted(), place, FINANCE, ())

    assert seen(view["blocks"]) == "There is nothing to choose here any more."


def test_a_form_for_a_settled_difference_says_who_chose() -> None:
    settled = handoff(differences=(difference(kept="ours", by=PRIYA),))

    view = choose.build(settled, restricted(), 0, FINANCE, ())

    assert seen(view["blocks"]) == "Priya Nair has chosen already. Nothing is to be chosen any more."


def test_choices_are_read_as_people_say_them() -> None:
    options = {"key": "how", "ask": "How?", "type": "choices", "options": ["Call", "On site"], "crm": "how"}
    told = reviewed_workflow(checklist=[options], brief={"promised": "how", "expects_next": "how"})
    differs = difference(key="how", theirs="call;on site", ours="Call")

    _, blocks = differences.difference(
        0, handoff(Status.UNCLAIMED, answers=(answer("how", "Call"),), differences=(differs,)), told
    )

    assert "Call, On site" in seen(blocks)


def restricted() -> Workflow:
    """The start date is for Olu's eyes only."""
    fields = [{**f, "visible_to": ["olu@example.com"]} if f["key"] == "start" else f for f in CHECKLIST]
    return reviewed_workflow(checklist=fields)


def pressed(blocks: Any) -> list[tuple[str, str, str]]:
    """The words of each button, and what it does."""
    return [(b["text"]["text"], b["action_id"], b["value"]) for b in parts(blocks, "button")]
