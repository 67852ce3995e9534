"""The review item: what is flagged and why, what is known, who decides; then who decided, and no buttons."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import reviews
from bot.messages.buttons import APPROVE, CONDITIONS, RETURN
from bot.modals import flag as flag_form
from bot.modals import forms
from bot.modals import review as review_form
from handoff.model import Handoff, SendBack, Status, VerdictKind
from tests.bot.hostile import SECRET, TEXTS, Case, thoroughly
from tests.bot.moving import EXCEPTIONS, FRANCES, ended, flag, moving, reviewed_workflow
from tests.bot.reading import everything, links, parts, pings, refused, refused_view, seen
from tests.factories import ANSWERS, NOW, PRIYA, handoff

VERDICTS = st.none() | st.sampled_from(VerdictKind)


@thoroughly
@given(moving(), st.none() | TEXTS)
def test_a_review_is_taken_whatever_is_in_it(case: Case, instead: str | None) -> None:
    for place in range(len(case.handoff.flags)):
        text, blocks = reviews.review(place, case.handoff, case.workflow, instead)

        owner = {case.handoff.owner.slack_id} if case.handoff.owner else set()
        assert refused(text, blocks) == []
        assert pings(text, blocks) <= owner | {"U0PICKED01"}
        assert [url for url, words in links(blocks).items() if not url.startswith(words.removesuffix("…"))] == []
        assert SECRET not in everything(text, blocks)


@thoroughly
@given(moving(), VERDICTS)
def test_the_forms_are_taken_whatever_is_in_them(case: Case, verdict: VerdictKind | None) -> None:
    views = [review_form.build(case.handoff, case.workflow, 0, verdict), flag_form.build(case.handoff, case.workflow)]

    assert [refused_view(view) for view in views] == [[], []]
    assert [pings("", view) for view in views] == [set(), set()]
    assert SECRET not in everything(views)


@thoroughly
@given(TEXTS, st.recursive(st.none() | TEXTS | st.integers(), lambda inner: st.dictionaries(TEXTS, inner, max_size=2)))
def test_a_forged_form_is_read_without_harm(metadata: str, values: Any) -> None:
    view = {"private_metadata": metadata, "state": {"values": values}}

    _, said = review_form.parse(view)

    assert said["verdict"] is VerdictKind.RETURNED or "|" in metadata
    assert set(flag_form.chosen(view)) == {"flag", "note"}


def test_an_open_review_says_what_is_flagged_and_what_is_known() -> None:
    text, blocks = reviews.review(0, handoff(Status.IN_REVIEW, flags=(flag(),)), reviewed_workflow())

    words = seen(blocks)
    assert text == "Deal 1: Priya Nair flagged this “Custom Scope”: A billing export"
    for known in ("Custom Scope", "Priya Nair", "A billing export", ANSWERS["promised"], ANSWERS["next_step"]):
        assert known in words
    assert "To be decided by founder@example.com" in words
    assert [(b["action_id"], b["value"]) for b in parts(blocks, "button")] == [
        (APPROVE, "h1|0"),
        (CONDITIONS, "h1|0"),
        (RETURN, "h1|0"),
    ]


def test_without_named_reviewers_anybody_in_the_channel_decides() -> None:
    told = reviewed_workflow(exceptions={**EXCEPTIONS, "reviewers": []})

    _, blocks = reviews.review(0, handoff(Status.IN_REVIEW, flags=(flag(),)), told)

    assert "To be decided by anybody in #deal-review" in seen(blocks)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (VerdictKind.APPROVED, "Approved by Frances Osei"),
        (VerdictKind.CONDITIONS, "Approved with conditions by Frances Osei"),
        (VerdictKind.RETURNED, "Returned to sales by Frances Osei"),
    ],
)
def test_a_decided_review_says_who_decided_what_and_why(kind: VerdictKind, said: str) -> None:
    stands = handoff(Status.UNCLAIMED, flags=(flag(kind),))

    text, blocks = reviews.review(0, stands, reviewed_workflow())

    assert said in seen(blocks)
    assert "Rui signs it off first" in seen(blocks)
    assert "Rui signs it off first" in text
    assert list(parts(blocks, "button")) == []


def test_a_returned_review_names_what_is_asked_again() -> None:
    back = SendBack(fields=("start",), reason="Rui signs it off first", by=FRANCES, at=NOW)
    stands = handoff(flags=(flag(VerdictKind.RETURNED),), send_backs=(back,))

    _, blocks = reviews.review(0, stands, reviewed_workflow())

    assert "It was asked for “When do we start?”." in seen(blocks)


def test_a_review_that_was_returned_before_says_what_was_wanted() -> None:
    back = SendBack(
        fields=("start",), reason="The start is before the contract", by=FRANCES, at=NOW + timedelta(hours=1)
    )
    stands = handoff(Status.IN_REVIEW, flags=(flag(),), send_backs=(back,))

    _, blocks = reviews.review(0, stands, reviewed_workflow())

    assert "Frances Osei sent it back to sales before this" in seen(blocks)
    assert "The start is before the contract" in seen(blocks)


@pytest.mark.parametrize(
    ("over", "why"),
    [(ended("deleted", flags=(flag(),)), "was cancelled"), (handoff(Status.DONE, flags=(flag(),)), "is done")],
)
def test_a_review_of_what_is_over_needs_no_decision(over: Handoff, why: str) -> None:
    _, blocks = reviews.review(0, over, reviewed_workflow())

    assert f"No decision is needed any more: the handoff {why}." in seen(blocks)
    assert list(parts(blocks, "button")) == []


@pytest.mark.parametrize("verdict", [None, *VerdictKind])
def test_what_is_decided_in_the_form_comes_out_of_it(verdict: VerdictKind | None) -> None:
    view = review_form.build(handoff(Status.IN_REVIEW, flags=(flag(), flag())), reviewed_workflow(), 1, verdict)
    asked = [block["block_id"] for block in parts(view["blocks"], "input")]
    typed = {
        "verdict": {"value": {"type": "radio_buttons", "selected_option": {"value": "conditions"}}},
        "reason": {"value": {"type": "plain_text_input", "value": "Rui signs it off"}},
        "fields": {"value": {"type": "multi_static_select", "selected_options": [{"value": "start"}]}},
    }

    given = {key: typed[key] for key in asked}
    handoff_id, said = review_form.parse({"private_metadata": view["private_metadata"], "state": {"values": given}})

    assert handoff_id == "h1"
    assert said == {
        "flag": 1,
        "verdict": verdict or VerdictKind.CONDITIONS,
        "reason": "Rui signs it off",
        "fields": ("start",) if verdict in (None, VerdictKind.RETURNED) else (),
    }


@pytest.mark.parametrize(
    ("stands", "follows"),
    [
        (handoff(flags=(flag(),)), "When sales has answered, the brief goes to #delivery"),
        (handoff(Status.IN_REVIEW, flags=(flag(),), brief_post=None), "The brief goes to #delivery"),
        (handoff(Status.IN_REVIEW, flags=(flag(),)), "Delivery can take it in #delivery again"),
        (handoff(Status.IN_REVIEW, flags=(flag(), flag())), "When the other flags are decided, too, delivery can"),
        (handoff(Status.OWNED, flags=(flag(),)), "The brief in #delivery shows your decision."),
    ],
    ids=["collecting", "first brief", "held", "another flag", "owned"],
)
def test_the_form_says_what_follows(stands: Handoff, follows: str) -> None:
    view = review_form.build(stands, reviewed_workflow(), 0, VerdictKind.APPROVED)

    assert follows in seen(view["blocks"])


@pytest.mark.parametrize(
    ("stands", "told", "said"),
    [
        (handoff(Status.DONE), reviewed_workflow(), "The handoff of Deal 1 is done."),
        (ended("deleted"), reviewed_workflow(), "The handoff of Deal 1 is cancelled."),
        (handoff(), reviewed_workflow(exceptions=None), "Sales to delivery has no flags."),
        (
            handoff(flags=(flag(), flag(name="Delivery Risk"))),
            reviewed_workflow(),
            "Every flag is up already and waits for a decision.",
        ),
    ],
    ids=["done", "cancelled", "no flags", "all up"],
)
def test_where_nothing_can_be_flagged_the_form_says_why(stands: Handoff, told: Any, said: str) -> None:
    view = flag_form.build(stands, told)

    assert said in seen(view["blocks"])
    assert "submit" not in view


def test_a_flag_form_says_what_follows() -> None:
    _, owned = (flag_form.build(handoff(s), reviewed_workflow()) for s in (Status.UNCLAIMED, Status.OWNED))

    assert "Priya Nair goes on meanwhile" in seen(owned["blocks"])
    assert refused_view(owned) == []
    assert str(PRIYA.slack_id) not in everything(owned)


def test_what_is_typed_into_the_flag_form_comes_out() -> None:
    view = {
        "state": {
            "values": {
                "flag": {forms.VALUE: {"type": "radio_buttons", "selected_option": {"value": "Delivery Risk"}}},
                "note": {forms.VALUE: {"type": "plain_text_input", "value": "Their vendor answers slowly"}},
            }
        }
    }

    assert flag_form.chosen(view) == {"flag": "Delivery Risk", "note": "Their vendor answers slowly"}


@pytest.mark.parametrize(
    ("reviewers", "who"),
    [
        (["priya@example.com", "founder@example.com"], "founder@example.com"),
        ([], "anybody in #deal-review but Priya Nair"),
    ],
)
def test_with_four_eyes_it_is_decided_by_others_than_who_raised_it(reviewers: list[str], who: str) -> None:
    told = reviewed_workflow(exceptions={**EXCEPTIONS, "reviewers": reviewers, "four_eyes": True})

    _, blocks = reviews.review(0, handoff(Status.IN_REVIEW, flags=(flag(),)), told)

    assert f"To be decided by {who}. The first decision stands" in seen(blocks)
