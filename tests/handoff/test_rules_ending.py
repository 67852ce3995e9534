"""How a handoff ends before it is done, and how the same one comes back."""

from typing import Any

import pytest

from handoff.decide import Decision, ReplyKind, decide, on_reading
from handoff.events import RecordChanged, RecordVanished, Reentered, StageEntered
from handoff.model import Ending, Handoff, Question, Quiet, Record, Reminder, Status, Verdict
from handoff.notices import (
    AskDifference,
    AskRep,
    Nag,
    PostReview,
    SettleNag,
    Tell,
    To,
    UpdateBrief,
    UpdateQuestion,
    UpdateReview,
    UpdateTask,
    WriteBack,
    WriteNote,
)
from handoff.rules.progress import shown
from tests.factories import ANSWERS, DANA, MAX, NOW, PRIYA, REASON, SAM, answer, record
from tests.handoff.deciding import LATER, POST, RISK, SCOPE, WHOLE, after, changes_nothing, flag, of_kind, whole

FACTS: dict[str, Any] = {"handoff_id": "h1", "at": LATER, "via": "hubspot"}
ENDED = Ending(because="stage_left", at=NOW, reason="Talks")
TALKS = record(stage="talks", stage_label="Talks")


def vanish(case: Handoff, because: str = "deleted") -> Decision:
    event = RecordVanished.model_validate({**FACTS, "because": because, "reason": "There is no such deal."})
    return decide(case, event, WHOLE, LATER)


def come_back(case: Handoff, now: Record | None = None) -> Decision:
    return decide(case, Reentered(record=now or record(), **FACTS), WHOLE, LATER)


def cancelled(status: Status = Status.COLLECTING, **changes: Any) -> Handoff:
    """A handoff that was cancelled in some status."""
    case = whole(status, ending=ENDED, **changes)
    return case.model_copy(update={"status": Status.CANCELLED})


@pytest.mark.parametrize("because", ["deleted", "merged"])
def test_a_record_that_is_gone_cancels_the_handoff_and_is_not_written_to(because: str) -> None:
    decision = vanish(whole(Status.OWNED, task_at=NOW), because)

    ending = decision.handoff.ending
    assert ending is not None
    assert (decision.handoff.status, ending.because, ending.by) == (Status.CANCELLED, because, None)
    assert of_kind(decision, WriteBack) == []
    assert of_kind(decision, WriteNote) == []
    assert [(n.what, n.lane) for n in of_kind(decision, Tell)] == [
        ("cancelled", "rep"),
        ("cancelled", "delivery"),
        ("cancelled", "owner"),
    ]
    assert (len(of_kind(decision, UpdateTask)), len(of_kind(decision, UpdateBrief))) == (1, 1)


def test_a_cancelled_handoff_closes_what_still_asks_for_something_and_stops_every_reminder() -> None:
    asked = Question(id="q1", about=None, text="Who?", by=PRIYA, to=SAM, at=NOW, is_to_sales=True)
    stands = (Reminder(ladder="owner", post=POST), Reminder(ladder="reviewer:0", post=POST))
    quiet = Quiet(by=SAM, at=NOW, until=None)

    decision = vanish(whole(Status.OWNED, questions=(asked,), flags=(flag(),), reminders=stands, quiet=quiet))

    assert [n.question_id for n in of_kind(decision, UpdateQuestion)] == ["q1"]
    assert [n.flag for n in of_kind(decision, UpdateReview)] == [0]
    assert [n.ladder for n in of_kind(decision, SettleNag)] == ["owner", "reviewer"]
    assert set(decision.cancel) == {"rep", "channel", "owner", "reviewer:0"}
    assert (decision.handoff.reminders, decision.handoff.quiet) == ((), None)


def test_a_handoff_that_delivery_never_saw_is_cancelled_without_a_word_to_it() -> None:
    decision = vanish(whole())

    assert [(n.what, n.lane) for n in of_kind(decision, Tell)] == [("cancelled", "rep")]
    assert of_kind(decision, UpdateBrief) == []


@pytest.mark.parametrize("status", [Status.DONE, Status.CANCELLED])
def test_what_is_over_is_not_cancelled(status: Status) -> None:
    assert vanish(whole(status)).reply.kind is ReplyKind.OVER


def test_the_same_handoff_goes_on_where_sales_was_asked() -> None:
    decision = come_back(cancelled(round=1, answers=(answer("goals"),)))

    back = decision.handoff
    assert (back.id, back.status, back.ending, back.round) == ("h1", Status.COLLECTING, None, 2)
    assert [(n.to, n.again) for n in of_kind(decision, AskRep)] == [(To(person=SAM), "resumed")]
    assert [(n.ladder, n.round) for n in of_kind(decision, Nag)] == [("rep", 2)]
    assert back.answer("goals") == answer("goals")


@pytest.mark.parametrize("status", [Status.UNCLAIMED, Status.OWNED, Status.KICKOFF_SCHEDULED])
def test_the_same_handoff_goes_on_with_the_owner_it_had_and_delivery_is_told_once(status: Status) -> None:
    decision = come_back(cancelled(status))

    assert (decision.handoff.status, decision.handoff.owner) == (status, whole(status).owner)
    assert [(n.what, n.is_for_all) for n in of_kind(decision, Tell) if n.lane == "delivery"] == [("resumed", True)]
    assert of_kind(decision, UpdateBrief)


def test_flags_that_are_undecided_go_to_the_reviewers_again_and_hold_the_handoff() -> None:
    returned = Verdict(kind="returned", reason=REASON, by=MAX, at=NOW)

    decision = come_back(cancelled(Status.IN_REVIEW, flags=(flag(SCOPE), flag(RISK, verdict=returned))))

    assert decision.handoff.status is Status.IN_REVIEW
    assert sorted(n.flag for n in of_kind(decision, PostReview)) == [0, 1]
    assert sorted((n.scope, n.round) for n in of_kind(decision, Nag)) == [("reviewer:0", 2), ("reviewer:1", 2)]


def test_what_the_record_says_otherwise_by_now_is_asked_about() -> None:
    decision = come_back(cancelled(Status.OWNED), record(fields={"buyer_goals": "Another goal altogether"}))

    assert [d.theirs for d in decision.handoff.differences] == ["Another goal altogether"]
    assert len(of_kind(decision, AskDifference)) == 1


def test_what_the_record_answers_by_now_is_not_asked() -> None:
    known = tuple(answer(key) for key in ANSWERS if key != "goals")

    decision = come_back(cancelled(answers=known), record(fields={"buyer_goals": "Fewer late invoices"}))

    assert decision.handoff.status is Status.UNCLAIMED


def test_what_is_under_way_does_not_come_back_twice() -> None:
    before = whole(Status.OWNED)

    assert come_back(before).reply.kind is ReplyKind.ALREADY_SO
    assert changes_nothing(come_back(before), before)


@pytest.mark.parametrize(
    ("known", "now", "before", "kind"),
    [
        (None, record(), "talks", StageEntered),
        (None, record(), "closedwon", None),
        (None, TALKS, "closedwon", None),
        (whole(), record(), "talks", RecordChanged),
        (whole(Status.OWNED), TALKS, "closedwon", RecordChanged),
        (whole(Status.DONE), record(), "talks", StageEntered),
        (whole(Status.DONE), TALKS, "closedwon", None),
        (cancelled(), record(), "talks", Reentered),
        (cancelled(), record(), "", Reentered),
        (cancelled(), record(), "closedwon", None),
    ],
    ids=["new", "stood there", "left", "entered", "left while open", "done", "left", "again", "restored", "stands"],
)
def test_what_a_read_of_the_record_means(known: Handoff | None, now: Record, before: str, kind: type | None) -> None:
    assert on_reading(WHOLE, known, now, before) is kind


def test_reviewers_who_are_asked_again_are_reminded_from_the_first_rung_and_are_not_late() -> None:
    reminded = flag(step=2, late_at=NOW)

    decision = come_back(cancelled(Status.IN_REVIEW, flags=(reminded,)))

    assert decision.handoff.flags == (flag(step=0, late_at=None),)
    assert [(n.flag, n.step) for n in of_kind(decision, Nag)] == [(0, 0)]


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status.COLLECTING, "waiting on sales"),
        (Status.IN_REVIEW, "in review"),
        (Status.UNCLAIMED, "waiting for an owner"),
        (Status.OWNED, "owned by Priya Nair"),
        (Status.KICKOFF_SCHEDULED, "kickoff on 2026-03-02"),
        (Status.DONE, "done"),
        (Status.CANCELLED, "cancelled"),
    ],
)
def test_the_record_shows_where_the_handoff_stands(status: Status, text: str) -> None:
    assert shown(whole(status), WHOLE) == text


def test_who_said_that_it_is_not_needed_is_not_told_so() -> None:
    decision = after(whole(Status.IN_REVIEW, owner=DANA), "not_needed", DANA, reason=REASON)

    assert [(n.what, n.lane) for n in of_kind(decision, Tell)] == [("cancelled", "delivery")]
