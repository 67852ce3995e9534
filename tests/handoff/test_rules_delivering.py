"""Delivery sends back, schedules the kickoff, ticks steps, words the e-mail, finishes."""

from datetime import timedelta
from typing import Any

import pytest

from handoff.decide import ReplyKind
from handoff.model import Email, Offer, Question, Reminder, Status, Tick
from handoff.notices import (
    AskRep,
    Nag,
    SettleNag,
    Tell,
    To,
    UpdateBrief,
    UpdateOffer,
    UpdateQuestion,
    UpdateReview,
    UpdateTask,
    WriteBack,
    WriteNote,
)
from handoff.rights import outsider_of
from tests.factories import ANSWERS, DANA, NOW, PRIYA, REASON, SAM, record, whole_workflow
from tests.handoff.deciding import LATER, POST, after, changes_nothing, flag, of_kind, whole

HOUR = timedelta(hours=1)
WITH_DELIVERY = [Status.UNCLAIMED, Status.OWNED, Status.KICKOFF_SCHEDULED]

OUTSIDE = outsider_of("#delivery")


@pytest.mark.parametrize("status", WITH_DELIVERY)
def test_what_is_sent_back_asks_sales_for_the_named_fields_only_and_keeps_its_owner(status: Status) -> None:
    case = whole(status, reminders=(Reminder(ladder="owner", post=POST),))

    decision = after(case, "sent_back", PRIYA, fields=("start", "goals"), reason=f" {REASON} ")

    back = decision.handoff
    assert (back.status, back.owner, back.answers) == (Status.COLLECTING, case.owner, case.answers)
    assert back.wanted == ("goals", "start")
    assert [(s.fields, s.reason, s.by, s.at) for s in back.send_backs] == [(("start", "goals"), REASON, PRIYA, LATER)]
    assert [(n.to, n.again) for n in of_kind(decision, AskRep)] == [(To(person=SAM), "sent_back")]
    assert [(n.ladder, n.round, n.due_at) for n in of_kind(decision, Nag)] == [("rep", 1, LATER + 2 * HOUR)]
    assert [n.post for n in of_kind(decision, SettleNag)] == [POST]
    assert [n.what for n in of_kind(decision, Tell)] == ["sent_back"]
    assert [(n.what, n.by, n.keys) for n in of_kind(decision, WriteNote)] == [("sent_back", PRIYA, ("start", "goals"))]
    assert set(decision.cancel) == {"rep", "channel", "owner"}


@pytest.mark.parametrize("status", WITH_DELIVERY)
def test_what_was_sent_back_returns_to_where_it_was_once_it_is_answered(status: Status) -> None:
    back = after(whole(status), "sent_back", PRIYA, fields=("goals",), reason=REASON).handoff

    half = after(back, "answered", answers={"kickoff": "Call"})
    whole_again = after(back, "answered", answers={"goals": "Fewer late invoices"})

    assert half.reply.kind is ReplyKind.STILL_MISSING
    assert (whole_again.handoff.status, whole_again.handoff.owner) == (status, back.owner)
    news = [(n.what, n.lane) for n in of_kind(whole_again, Tell)]
    assert news == [("ready_again", "delivery"), *([("ready_again", "owner")] if back.owner else [])]


def test_what_is_sent_back_withdraws_an_offer_that_is_open() -> None:
    offer = Offer(to=DANA, by=PRIYA, note="", at=NOW, post=POST)

    decision = after(whole(Status.OWNED, offer=offer), "sent_back", PRIYA, fields=("goals",), reason=REASON)

    assert decision.handoff.offer is None
    assert [n.post for n in of_kind(decision, UpdateOffer)] == [POST]


@pytest.mark.parametrize(
    ("status", "facts", "kind", "wrong"),
    [
        (Status.COLLECTING, {}, ReplyKind.NOT_NOW, set()),
        (Status.CANCELLED, {}, ReplyKind.OVER, set()),
        (Status.OWNED, {"roles": (OUTSIDE,)}, ReplyKind.NOT_ALLOWED, set()),
        (Status.OWNED, {"fields": ()}, ReplyKind.WRONG_ANSWERS, {"fields"}),
        (Status.OWNED, {"fields": ("budget",)}, ReplyKind.WRONG_ANSWERS, {"fields"}),
        (Status.OWNED, {"fields": ("goals", "pricing")}, ReplyKind.WRONG_ANSWERS, {"fields"}),
        (Status.OWNED, {"reason": "n/a"}, ReplyKind.WRONG_ANSWERS, {"reason"}),
        (Status.OWNED, {"reason": "", "fields": ()}, ReplyKind.WRONG_ANSWERS, {"reason", "fields"}),
    ],
    ids=[
        "sales has it",
        "over",
        "not a member",
        "no field",
        "unknown",
        "not on this checklist",
        "no reason",
        "nothing",
    ],
)
def test_nothing_is_sent_back(status: Status, facts: dict[str, Any], kind: ReplyKind, wrong: set[str]) -> None:
    before = whole(status)

    decision = after(before, "sent_back", DANA, **{"fields": ("goals",), "reason": REASON, **facts})

    assert (decision.reply.kind, set(decision.reply.complaints)) == (kind, wrong)
    assert changes_nothing(decision, before)


def test_a_field_with_a_condition_can_be_sent_back_where_it_belongs_on_the_checklist() -> None:
    case = whole(Status.OWNED, record=record(fields={"discount": "15"}))

    assert after(case, "sent_back", fields=("pricing",), reason=REASON).handoff.wanted == ("pricing",)


def test_a_kickoff_stops_the_last_reminders_and_is_told_to_all() -> None:
    stands = (Reminder(ladder="owner", post=POST), Reminder(ladder="reviewer:0", post=POST))

    decision = after(whole(Status.OWNED, reminders=stands), "kickoff_scheduled", PRIYA, kickoff_at=LATER)

    assert (decision.handoff.status, decision.handoff.kickoff_at) == (Status.KICKOFF_SCHEDULED, LATER)
    assert decision.cancel == ("owner",)
    assert of_kind(decision, Nag) == []
    assert [n.ladder for n in of_kind(decision, SettleNag)] == ["owner"]
    assert decision.handoff.reminders == stands[1:]
    assert [(n.what, n.lane) for n in of_kind(decision, Tell)] == [("kickoff", "delivery"), ("kickoff", "rep")]
    assert [n.fields for n in of_kind(decision, WriteBack)] == [{"handoff_status": "kickoff on 2026-03-02"}]


def test_a_kickoff_can_be_moved_and_not_scheduled_twice() -> None:
    before = whole(Status.KICKOFF_SCHEDULED)

    moved = after(before, "kickoff_scheduled", PRIYA, kickoff_at=LATER)
    again = after(before, "kickoff_scheduled", PRIYA, kickoff_at=NOW)

    assert moved.handoff.kickoff_at == LATER
    assert again.reply.kind is ReplyKind.ALREADY_SO
    assert changes_nothing(again, before)


def test_what_is_done_closes_every_message_that_still_asks_for_something() -> None:
    asked = Question(id="q1", about=None, text="Who?", by=PRIYA, to=SAM, at=NOW, is_to_sales=True, post=POST)
    heard = asked.model_copy(update={"id": "q2", "answer": "Ana"})
    stands = (Reminder(ladder="owner", post=POST), Reminder(ladder="reviewer:0", post=POST))
    offer = Offer(to=DANA, by=PRIYA, note="", at=NOW, post=POST)
    waiting = {"questions": (asked, heard), "offer": offer, "flags": (flag(),), "reminders": stands}

    decision = after(whole(Status.OWNED, task_at=NOW, **waiting), "finished", PRIYA)

    done = decision.handoff
    assert (done.status, done.finished_at, done.offer, done.reminders) == (Status.DONE, LATER, None, ())
    assert [n.question_id for n in of_kind(decision, UpdateQuestion)] == ["q1"]
    assert [n.flag for n in of_kind(decision, UpdateReview)] == [0]
    assert [n.post for n in of_kind(decision, UpdateOffer)] == [POST]
    assert [(n.ladder, n.lane) for n in of_kind(decision, SettleNag)] == [("owner", "owner"), ("reviewer", "review")]
    assert set(decision.cancel) == {"rep", "channel", "owner", "reviewer:0"}
    assert (len(of_kind(decision, UpdateTask)), len(of_kind(decision, UpdateBrief))) == (1, 1)
    assert [n.fields for n in of_kind(decision, WriteBack)] == [{"handoff_status": "done"}]
    assert [n.what for n in of_kind(decision, WriteNote)] == ["done"]


def test_steps_are_ticked_and_whoever_was_first_stays_named() -> None:
    case = whole(Status.OWNED, task_at=NOW, ticks=(Tick(step=0, by=DANA, at=NOW),))

    decision = after(case, "ticked", PRIYA, done=(0, 1, 7))

    assert decision.handoff.ticks == (Tick(step=0, by=DANA, at=NOW), Tick(step=1, by=PRIYA, at=LATER))
    assert [n.kind for n in decision.notices] == ["update_task"]


def test_a_step_that_is_unticked_is_open_again() -> None:
    case = whole(Status.OWNED, ticks=(Tick(step=0, by=PRIYA, at=NOW),))

    assert after(case, "ticked", PRIYA, done=()).handoff.ticks == ()


@pytest.mark.parametrize("flow", [whole_workflow(), whole_workflow(first_task=None)])
def test_ticks_that_change_nothing_are_told_so(flow: Any) -> None:
    before = whole(Status.OWNED)

    decision = after(before, "ticked", PRIYA, done=(7,), flow=flow)

    assert decision.reply.kind is ReplyKind.ALREADY_SO
    assert changes_nothing(decision, before)


def test_the_owners_words_of_the_welcome_e_mail_are_kept_and_nothing_is_sent() -> None:
    decision = after(whole(Status.OWNED), "email_saved", PRIYA, subject=" Welcome ", body=" Hello ")

    assert decision.handoff.email == Email(subject="Welcome", body="Hello", by=PRIYA, at=LATER)
    assert decision.notices == ()


def test_an_e_mail_without_words_is_not_kept() -> None:
    before = whole(Status.OWNED)

    decision = after(before, "email_saved", PRIYA, subject=" ", body="")

    assert set(decision.reply.complaints) == {"subject", "body"}
    assert changes_nothing(decision, before)


def test_every_answer_stays_on_the_brief_through_a_send_back() -> None:
    back = after(whole(Status.OWNED), "sent_back", fields=("goals",), reason=REASON).handoff

    assert {a.key for a in back.answers} == set(ANSWERS)
