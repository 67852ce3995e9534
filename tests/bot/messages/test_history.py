"""What the history of a handoff tells, and to whom."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import happenings, history
from handoff import events
from handoff.events import EVENT, AnyEvent
from handoff.model import Difference, Handoff, Question, Status, VerdictKind
from handoff.notices import NOTICE, SilenceEnds, To
from tests.bot.hostile import TEXTS, Case, cases, thoroughly
from tests.bot.reading import everything, parts, pings, refused, refused_view, seen
from tests.factories import (
    DANA,
    NOW,
    PRIYA,
    SAM,
    answered,
    ask_rep,
    claimed,
    field,
    handoff,
    nag,
    record,
    said,
    unsaid,
    workflow,
)
from tests.factories import stage_entered as entered

FINANCE = ("@finance",)
SECRET = "margin-of-31-percent"
RESTRICTED = workflow(
    checklist=[
        field(key="promised").model_dump(),
        field(key="next_step").model_dump(),
        field(key="pricing", ask="What is the margin?", visible_to=["@finance"]).model_dump(),
    ]
)
COMMON: dict[str, Any] = {"handoff_id": "h1", "at": NOW, "via": "button", "by": SAM}
FROM_CRM: dict[str, Any] = {"handoff_id": "h1", "at": NOW, "via": "hubspot"}
ABOUT_PRICING = Question(
    id="q1", about="pricing", text="Which margin?", by=PRIYA, to=SAM, at=NOW, is_to_sales=True, answer=SECRET
)
APART = Difference(key="pricing", theirs="5", ours=SECRET, at=NOW, is_for_sales=False)
HANDOFF = handoff(Status.UNCLAIMED, questions=(ABOUT_PRICING,), differences=(APART,))

ONE_OF_EACH: list[tuple[AnyEvent, str]] = [
    (entered(), "Deal 1 reached Closed Won in HubSpot; Sam Rivers hands it over."),
    (entered(by=PRIYA, via="modal"), "Priya Nair started this handoff for Sam Rivers, in a form."),
    (events.RecordChanged(**FROM_CRM, record=record()), "Deal 1 was changed in HubSpot."),
    (events.Reentered(**FROM_CRM, record=record()), "Deal 1 entered its stage again: the handoff goes on."),
    (events.RecordVanished(**FROM_CRM, because="merged"), "Deal 1 was merged in HubSpot."),
    (
        events.Forgotten(**{**FROM_CRM, "via": "operator"}, what="record"),
        "Baton covered everything that was said, as this record was to be forgotten, by the operator.",
    ),
    (
        events.Forgotten(**{**FROM_CRM, "via": "operator"}, what="person"),
        "Baton covered a name, as somebody asked to be forgotten, by the operator.",
    ),
    (
        answered({"promised": "Two integrations"}),
        "Sam Rivers answered “What is the scope?” “Two integrations”, in a form.",
    ),
    (
        answered({}, waived={"next_step": "They said so"}, flags=("Risk",)),
        "Sam Rivers said that “What is the scope?” does not apply; raised the flag Risk, in a form.",
    ),
    (answered({}), "Sam Rivers answered nothing, in a form."),
    (
        events.Drafted(**COMMON, answers={"promised": "Two"}),
        "Sam Rivers saved as a draft “What is the scope?” “Two”, with a button.",
    ),
    (events.Replied(**COMMON | {"via": "thread"}, text="Friday"), "Sam Rivers answered in the thread, in the thread."),
    (events.PassedOn(**COMMON, to=DANA, note="Hers"), "Sam Rivers passed it on to Dana Wolf: “Hers”, with a button."),
    (
        events.NotNeeded(**COMMON, reason="A renewal"),
        "Sam Rivers said that no handoff is needed: “A renewal”, with a button.",
    ),
    (
        events.QuestionAsked(**COMMON, question_id="q2", text="When?", to=DANA),
        "Sam Rivers asked Dana Wolf: “When?”, with a button.",
    ),
    (events.QuestionAsked(**COMMON, question_id="q2", text="When?"), "Sam Rivers asked sales: “When?”, with a button."),
    (
        events.QuestionAnswered(**COMMON, question_id="q1", text=SECRET),
        "Sam Rivers answered a question, with a button.",
    ),
    (
        events.QuestionAnswered(**COMMON, question_id="q9", text="May"),
        "Sam Rivers answered a question: “May”, with a button.",
    ),
    (events.Flagged(**COMMON, flag="Risk", note="IT"), "Sam Rivers raised the flag Risk: “IT”, with a button."),
    (
        events.Reviewed(**COMMON, flag=4, verdict=VerdictKind.RETURNED, reason="No scope"),
        "Sam Rivers returned to sales a flag: “No scope”, with a button.",
    ),
    (claimed(), "Priya Nair took ownership, with a button."),
    (events.Assigned(**COMMON, to=DANA), "Sam Rivers made Dana Wolf the owner, with a button."),
    (
        events.Offered(**COMMON, to=DANA, note="Leave"),
        "Sam Rivers asked Dana Wolf to take it over: “Leave”, with a button.",
    ),
    (events.OfferAnswered(**COMMON, accepts=True), "Sam Rivers took it over, with a button."),
    (events.OfferAnswered(**COMMON, accepts=False), "Sam Rivers did not take it over, with a button."),
    (
        events.Released(**COMMON, reason="Too much"),
        "Sam Rivers gave it back to the channel: “Too much”, with a button.",
    ),
    (
        events.SentBack(**COMMON, fields=("promised", "gone"), reason="Vague"),
        "Sam Rivers sent back “What is the scope?”, gone, because “Vague”, with a button.",
    ),
    (
        events.KickoffScheduled(**COMMON, kickoff_at=NOW),
        "Sam Rivers booked the kickoff for 02 Mar 2026 09:00 UTC, with a button.",
    ),
    (events.Finished(**COMMON), "Sam Rivers said that the handoff is done, with a button."),
    (events.Ticked(**COMMON, done=(0,)), "Sam Rivers ticked the first task: 1 step done, with a button."),
    (events.EmailSaved(**COMMON, subject="Hi", body="x"), "Sam Rivers saved the welcome e-mail, with a button."),
    (
        events.Chosen(**COMMON, difference=0, kept="theirs"),
        "Sam Rivers kept HubSpot’s value for “What is the margin?”, with a button.",
    ),
    (
        events.Chosen(**COMMON, difference=7, kept="ours"),
        "Sam Rivers kept the handoff’s value for a field, with a button.",
    ),
    (
        events.Snoozed(**COMMON, until=NOW),
        "Sam Rivers snoozed the reminders until 02 Mar 2026 09:00 UTC, with a button.",
    ),
    (events.Paused(**COMMON | {"via": "command"}), "Sam Rivers paused the reminders, with /handoff."),
    (events.Unpaused(**COMMON), "Sam Rivers resumed the reminders, with a button."),
    (said(nag()), "Baton reminded Sam Rivers."),
    (
        events.PutOff(**FROM_CRM | {"via": "clock"}, notice=nag(), until=NOW, reason="it is night there"),
        "Baton put the reminder to Sam Rivers off until 02 Mar 2026 09:00 UTC: it is night there, by the clock.",
    ),
    (
        events.PutOff(**FROM_CRM | {"via": "outbox"}, notice=nag(), until=NOW, reason="they left", to=To(person=DANA)),
        "Baton did not remind Sam Rivers, but Dana Wolf instead: they left.",
    ),
    (said(nag(to=To(name="#delivery"))), "Baton reminded #delivery."),
    (said(ask_rep()), "Baton asked Sam Rivers for what is missing."),
    (said(ask_rep(is_complete=True)), "Baton told Sam Rivers that every answer is there."),
    (
        said(SilenceEnds(key="h1:x", handoff_id="h1", due_at=NOW, owned_at=NOW, is_check=True)),
        "Baton looked whether anything was heard of the owner.",
    ),
    (unsaid(nag()), "Baton could not do this: “reminded Sam Rivers” (is_archived)."),
]


def line_of(event: AnyEvent, *roles: str, about: Handoff = HANDOFF) -> str:
    view = history.view(about, [(event, "")], RESTRICTED, NOW, roles)
    return seen(list(parts(view, "rich_text"))).replace("\n", "")


@pytest.mark.parametrize(("event", "told"), ONE_OF_EACH, ids=lambda value: getattr(value, "kind", ""))
def test_each_event_is_one_sentence(event: AnyEvent, told: str) -> None:
    assert line_of(event) == told


def test_every_kind_of_event_has_its_sentence() -> None:
    kinds = {get_args(model.model_fields["kind"].annotation)[0] for model in _kinds(events.AnyEvent)}

    assert kinds == {event.kind for event, _ in ONE_OF_EACH}
    assert {get_args(model.model_fields["kind"].annotation)[0] for model in _kinds(NOTICE._type)} >= set(
        happenings._SAID
    )


def _kinds(union: Any) -> list[Any]:
    return list(get_args(get_args(union)[0]))


@pytest.mark.parametrize(
    "event",
    [
        answered({"pricing": SECRET}),
        events.Drafted(**COMMON, answers={"pricing": SECRET}),
        events.Replied(**COMMON, text=SECRET),
        events.QuestionAnswered(**COMMON, question_id="q1", text=SECRET),
    ],
    ids=lambda event: event.kind,
)
def test_a_restricted_answer_is_shown_only_to_those_who_may_read_it(event: AnyEvent) -> None:
    assert SECRET not in line_of(event)
    assert SECRET not in line_of(event, "@delivery-leads")
    assert SECRET in line_of(event, *FINANCE)
    assert SECRET not in everything(history.lines(HANDOFF, [(event, "")], RESTRICTED, ()))


def test_a_choice_never_shows_values() -> None:
    assert SECRET not in line_of(events.Chosen(**COMMON, difference=0, kept="ours"))


def test_a_reminder_that_was_passed_over_says_why() -> None:
    log = [(claimed(), "rep ladder, step 3 passed over: no manager is known for the rep")]

    assert "step 3 passed over" in seen(history.view(HANDOFF, log, RESTRICTED, NOW))


def test_the_newest_stands_last_and_the_older_on_other_pages() -> None:
    log = [(claimed(at=NOW + timedelta(minutes=n), via=f"way {n}"), "") for n in range(45)]

    first = history.view(HANDOFF, log, RESTRICTED, NOW)
    (earlier,) = parts(first, "button")
    second = history.view(HANDOFF, log, RESTRICTED, NOW, (), int(earlier["value"].partition("|")[2]))
    last = history.view(HANDOFF, log, RESTRICTED, NOW, (), 10**9)

    assert "26 to 45 of 45" in seen(first)
    assert seen(first).rindex("way 44") > seen(first).rindex("way 43")
    assert "6 to 25 of 45" in seen(second)
    assert [b["text"]["text"] for b in parts(second, "button")] == ["Earlier", "Later"]
    assert [b["text"]["text"] for b in parts(last, "button")] == ["Later"]


def test_a_history_without_events_is_shown() -> None:
    assert "Nothing has happened yet." in seen(history.view(HANDOFF, [], RESTRICTED, NOW))


def test_the_form_and_the_message_tell_the_same() -> None:
    log = [(event, "") for event, _ in ONE_OF_EACH[:5]]

    _, message, older, newer = history.lines(HANDOFF, log, RESTRICTED, ())

    assert seen(message) == seen(history.view(HANDOFF, log, RESTRICTED, NOW)["blocks"])
    assert (older, newer) == (None, None)


@thoroughly
@given(cases(), TEXTS, st.integers(0, 60))
def test_the_history_is_taken_whatever_is_in_it(case: Case, text: str, passed: int) -> None:
    keys = [f.key for f in case.workflow.checklist][:20]
    person = SAM.model_copy(update={"name": text or "x"})
    hostile: list[AnyEvent] = [
        answered(dict.fromkeys(keys, text), by=person, flags=(text,), via=text),
        events.SentBack(**COMMON | {"by": person}, fields=(*keys, text), reason=text),
        events.Replied(**COMMON | {"by": person}, text=text),
        unsaid(nag(to=To(name=text)), text),
    ]
    log = [(event, text) for event in hostile] * 12

    view = history.view(case.handoff, log, case.workflow, NOW, (), passed)
    told, message, _, _ = history.lines(case.handoff, log, case.workflow, (), passed)

    assert refused_view(view) == []
    assert refused(told, message) == []
    assert pings(told, message) | pings("", view["blocks"]) == set()
    assert EVENT.validate_json(hostile[0].model_dump_json()) == hostile[0]
