"""How a handoff ends before it is done."""

from handoff.decision import Decision, ReplyKind
from handoff.events import RecordVanished
from handoff.model import Ending, Person, Status
from handoff.notices import UpdateDifference, UpdateQuestion, UpdateReview
from handoff.rules.case import Case, Notices, all_ladders


def cancelled(case: Case, because: str, reason: str, by: Person | None) -> Decision:
    """Stop the reminders, close every message that still asks for something, and say so to all who were asked."""
    handoff = case.handoff
    ending = Ending(because=because, at=case.event.at, reason=reason, by=by)
    over = handoff.model_copy(
        update={"status": Status.CANCELLED, "ending": ending, "reminders": (), "quiet": None, "offer": None}
    )
    ladders = all_ladders(handoff)
    notices: Notices = (*case.settled(ladders), *case.update_ask(), *closed(case))
    if by is None:
        notices += case.tell_sales("cancelled")
    notices += (*case.update_brief(), *case.tell_delivery("cancelled", by, is_for_all=True))
    notices += (*case.update_task(), *case.tell_owner("cancelled", handoff.owner, by))
    if because not in ("deleted", "merged", "forgotten"):
        notices += (*case.status_written("cancelled"), *case.noted("cancelled", by))
    return Decision(handoff=over, notices=notices, cancel=ladders)


def vanished(case: Case, event: RecordVanished) -> Decision:
    """The CRM has no such record any more."""
    if not case.handoff.is_open:
        return case.unchanged(ReplyKind.OVER)
    return cancelled(case, event.because, event.reason, None)


def closed(case: Case) -> Notices:
    """The messages that ask somebody for something, brought up to date."""
    handoff = case.handoff
    reviews = tuple(UpdateReview(flag=i, **case.common(f"review-{i}-over")) for i in handoff.undecided)
    questions = tuple(
        UpdateQuestion(question_id=q.id, **case.common(f"question-{i}-over"))
        for i, q in enumerate(handoff.questions)
        if q.answer is None
    )
    differences = tuple(
        UpdateDifference(lane="rep" if d.is_for_sales else "delivery", difference=i, **case.common(f"differ-{i}-over"))
        for i, d in enumerate(handoff.differences)
        if d.kept is None
    )
    return (*reviews, *questions, *differences, *case.withdrawn())
