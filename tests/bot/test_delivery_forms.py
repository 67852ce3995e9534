"""Delivery's forms: taken by Slack, read as they were filled in, and refused before anybody types in vain."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.modals import ask_sales, email, forms, hand_over, kickoff, release, send_back
from handoff.decision import Reply, ReplyKind
from handoff.model import Handoff, Offer, Status
from handoff.workflow import Workflow
from sandbox.seed import fresh_workspace
from sandbox.slack import forms as slack_forms
from sandbox.slack.values import Entry
from tests.bot.hostile import SECRET, TEXTS, Case, thoroughly
from tests.bot.hostile_delivery import busiest, busy_cases
from tests.bot.reading import everything, parts, pings, refused_view, seen
from tests.factories import DANA, NOW, PRIYA, field, handoff, record, workflow

View = dict[str, Any]
Build = Callable[[Handoff, Workflow], View]
ME = PRIYA.slack_id or ""

BUILDERS: dict[str, Build] = {
    "send back": send_back.build,
    "ask sales": ask_sales.build,
    "assign": hand_over.assign,
    "hand over": lambda h, w: hand_over.offer(h, w, _owner(h)),
    "decline": lambda h, w: hand_over.decline(h, w, h.offer.to.slack_id or "" if h.offer else ""),
    "release": lambda h, w: release.build(h, w, _owner(h)),
    "kickoff": lambda h, w: kickoff.build(h, w, _owner(h)),
    "e-mail": lambda h, w: email.build(h, w, _owner(h)),
}
OWNERS = ("hand over", "release", "kickoff", "e-mail")
OWNED = handoff(Status.OWNED)
TOLD = workflow(welcome_email={"subject": "Welcome {{ record.name }}", "body": "Hello {{ answers.who }}"})


def _owner(one: Handoff) -> str:
    return one.owner.slack_id or "" if one.owner else ""


@thoroughly
@example(busiest(Status.OWNED))
@example(busiest(Status.UNCLAIMED))
@given(busy_cases())
def test_every_form_is_taken_whatever_is_in_it(case: Case) -> None:
    for name, build in BUILDERS.items():
        view = build(case.handoff, case.workflow)

        assert (name, refused_view(view)) == (name, [])
        assert (name, pings("", view)) == (name, set())
        assert SECRET not in everything(view)


@pytest.mark.parametrize("name", BUILDERS)
def test_every_form_names_the_customer(name: str) -> None:
    one = handoff(Status.OWNED, offer=Offer(to=DANA, by=PRIYA, note="", at=NOW), record=record(name="Fjordlight"))

    view = BUILDERS[name](one, TOLD)

    assert seen(view["blocks"][0]) == "Fjordlight"
    assert view["private_metadata"] == "h1"


@pytest.mark.parametrize("name", [name for name in BUILDERS if name != "decline"])
@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.COLLECTING, "This is back with sales: answers are missing."),
        (Status.IN_REVIEW, "This waits for a review."),
        (Status.DONE, "This handoff is done; nothing was changed."),
        (Status.CANCELLED, "This handoff is cancelled; nothing was changed."),
    ],
)
def test_a_form_that_comes_too_late_says_so_at_once(name: str, status: Status, said: str) -> None:
    view = BUILDERS[name](handoff(status, owner=PRIYA), TOLD)

    assert said in seen(view)
    assert list(parts(view, "input")) == []


@pytest.mark.parametrize("name", OWNERS)
def test_only_the_owner_gets_the_owners_forms(name: str) -> None:
    one = {"hand over": hand_over.offer, "release": release.build, "kickoff": kickoff.build, "e-mail": email.build}

    assert "This is Priya Nair's to do." in seen(one[name](OWNED, TOLD, "U0DANA0001"))
    assert list(parts(one[name](OWNED, TOLD, ME), "input")) != []
    assert "nothing was changed" in seen(one[name](handoff(Status.UNCLAIMED), TOLD, ME))


def test_a_refusal_shows_names_as_they_are() -> None:
    ours = handoff(Status.OWNED, owner=PRIYA.model_copy(update={"name": "Nair & <Co>"}))

    assert "This is Nair & <Co>'s to do." in seen(kickoff.build(ours, TOLD, "U0DANA0001"))


def test_what_is_sent_back_comes_out_as_it_was_ticked() -> None:
    view = _typed(send_back.build(OWNED, TOLD), {"fields:0": ["When do we start?"], "reason": "The date is past."})

    assert send_back.parse(view) == send_back.Submitted("h1", ("start",), "The date is past.")


def test_more_fields_than_one_group_takes_are_several_groups() -> None:
    checklist = [field(key=f"f{n}", ask=f"Question {n}?").model_dump() for n in range(25)]
    told = workflow(checklist=checklist, brief={"promised": "f0", "expects_next": "f1"})
    form = send_back.build(OWNED, told)

    said = send_back.parse(_typed(form, {"fields:0": ["Question 3?"], "fields:20": ["Question 24?", "Question 20?"]}))

    assert [len(boxes["options"]) for boxes in parts(form, "checkboxes")] == [10, 10, 5]
    assert said.fields == ("f3", "f24", "f20")


def test_a_question_to_sales_knows_its_field_or_that_it_has_none() -> None:
    form = ask_sales.build(OWNED, TOLD)

    about = ask_sales.parse(_typed(form, {"about": "When do we start?", "question": "Before or after Easter?"}))
    free = ask_sales.parse(_typed(form, {"about": "Not on the checklist", "question": "Which audit?"}))

    assert about == ask_sales.Submitted("h1", "start", "Before or after Easter?")
    assert free == ask_sales.Submitted("h1", None, "Which audit?")


def test_a_kickoff_comes_out_as_the_moment_that_was_picked() -> None:
    later = handoff(Status.KICKOFF_SCHEDULED, owner=PRIYA, kickoff_at=NOW)

    (picker,) = parts(kickoff.build(later, TOLD, ME), "datetimepicker")

    assert picker["initial_date_time"] == int(NOW.timestamp())
    assert kickoff.parse(_state("kickoff_at", {"selected_date_time": 1772874000})) == datetime(
        2026, 3, 7, 9, 0, tzinfo=UTC
    )


@pytest.mark.parametrize("picked", [None, "", "soon", 10**40, -(10**40), [], {}])
def test_a_moment_that_is_none_is_asked_for_again(picked: object) -> None:
    assert kickoff.parse(_state("kickoff_at", {"selected_date_time": picked})) is None
    assert kickoff.no_moment()["errors"] == {"kickoff_at": "Please choose a day and a time."}


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(kind=ReplyKind.ALREADY_YOURS, person=PRIYA), "This is yours already. Choose somebody else."),
        (Reply(kind=ReplyKind.ALREADY_OWNED, person=DANA), "Dana Wolf owns this already. Choose somebody else."),
        (
            Reply(kind=ReplyKind.NOT_ALLOWED, person=DANA),
            "Dana Wolf is a guest, and guests cannot own a handoff. Choose somebody else.",
        ),
    ],
)
def test_a_person_who_cannot_have_it_is_complained_about_in_the_form(reply: Reply, said: str) -> None:
    assert hand_over.answer(reply) == {"response_action": "errors", "errors": {"person": said}}


def test_somebody_who_is_not_asked_any_more_cannot_decline() -> None:
    assert "Priya Nair owns it." in seen(hand_over.decline(OWNED, TOLD, "U0DANA0001"))
    assert "Nobody owns it now." in seen(hand_over.decline(handoff(Status.UNCLAIMED), TOLD, "U0DANA0001"))


@pytest.mark.parametrize(
    ("reply", "action"),
    [
        (None, "update"),
        (Reply(), None),
        (Reply(kind=ReplyKind.STILL_MISSING), None),
        (Reply(kind=ReplyKind.OVER, status=Status.DONE), "update"),
        (Reply(kind=ReplyKind.WRONG_ANSWERS, complaints={"reason": "Say why."}), "errors"),
    ],
)
def test_a_form_closes_or_says_why_it_does_not(reply: Reply | None, action: str | None) -> None:
    given_ = forms.answer(reply, {"fields": "fields:0", "reason": "reason"})

    assert given_.get("response_action") == action
    assert refused_view(given_["view"]) == [] if action == "update" else True


def test_complaints_stand_under_their_blocks_and_the_others_under_the_first() -> None:
    reply = Reply(kind=ReplyKind.WRONG_ANSWERS, complaints={"reason": "Say why.", "fields": "Choose.", "x": "No."})

    answer = forms.answer(reply, {"fields": "fields:0", "reason": "reason"})

    assert answer["errors"] == {"reason": "Say why.", "fields:0": "Choose. No."}


@thoroughly
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | TEXTS.map(lambda text: text[:50]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(("state", "values", "reason", "value", "selected_options", "selected_option", "text")),
                inner,
                max_size=3,
            )
        ),
    )
)
def test_any_view_is_read(junk: Any) -> None:
    for view in (junk if isinstance(junk, dict) else {}, {"state": junk}, {"state": {"values": {"reason": junk}}}):
        assert all(isinstance(text, str) for text in forms.read(view).values())
        assert isinstance(send_back.parse(view).fields, tuple)
        assert kickoff.parse(view) is None


@thoroughly
@given(TEXTS, TEXTS, TEXTS)
def test_the_parts_of_a_form_are_taken_whatever_is_in_them(label: str, hint: str, initial: str) -> None:
    text = forms.text_input("b", label, hint, multiline=True, initial=initial, optional=True)

    assert refused_view(forms.form("c", label, hint or "Go", label, [text])) == []


def _state(block_id: str, value: dict[str, Any]) -> View:
    return {"private_metadata": "h1", "state": {"values": {block_id: {"value": value}}}}


def _typed(payload: View, typed: dict[str, Any]) -> View:
    """The view as Slack sends it after somebody filled it in."""
    view = slack_forms.new_view(ME, payload)
    for spot in slack_forms.fields(view.payload["blocks"]):
        if spot.block_id in typed:
            view.state[spot.block_id][spot.action_id] = Entry(fresh_workspace(), spot.element).value(
                typed[spot.block_id]
            )
    return {"private_metadata": view.payload["private_metadata"], "state": {"values": view.state}}
