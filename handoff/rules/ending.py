"""How a handoff ends before it is done, and how it comes back."""

from handoff.decision import Decision, ReplyKind
from handoff.events import RecordVanished, Reentered
from handoff.ladder import sales
from handoff.model import Ending, Handoff, Person, Status
from handoff.notices import AskRep, UpdateOffer, UpdateQuestion, UpdateReview
from handoff.rules import progress
from handoff.rules.case import Case, Notices, all_ladders


def cancelled(case: Case, because: str, reason: str, by: Person | None) -> Decision:
    """Stop the reminders, close every message that still asks for something, and say so to all who were asked."""
    handoff = case.handoff
    ending = Ending(because=because, at=case.event.at, reason=reason, by=by)
    over = handoff.model_copy(
        update={"status": Status.CANCELLED, "ending": ending, "reminders": (), "quiet": None, "offer": None}
    )
    notices: Notices = (*case.settled(), *case.update_ask(), *_closed(case))
    if by is None:
        notices += case.tell_sales("cancelled")
    notices += (*case.update_brief(), *case.tell_delivery("cancelled", by, is_for_all=True))
    notices += (*case.update_task(), *case.tell_owner("cancelled", handoff.owner, by))
    if because not in ("deleted", "merged"):
        notices += (*case.status_written("cancelled"), *case.noted("cancelled", by))
    return Decision(handoff=over, notices=notices, cancel=all_ladders(handoff))


def vanished(case: Case, event: RecordVanished) -> Decision:
    """The CRM has no such record any more."""
    if not case.handoff.is_open:
        return case.unchanged(ReplyKind.OVER)
    return cancelled(case, event.because, event.reason, None)


def reentered(case: Case, event: Reentered) -> Decision:
    """The same handoff goes on where it was, with what the record says now."""
    if case.handoff.is_open:
        return case.unchanged(ReplyKind.ALREADY_SO)
    handoff: Handoff = case.handoff.model_copy(
        update={
            "status": Status.COLLECTING,
            "ending": None,
            "record": event.record,
            "round": case.handoff.round + 1,
            "ask_post": None,
        }
    )
    ask = AskRep(to=sales(handoff, case.workflow), again="resumed", **case.common("ask"))
    told = case.tell_delivery("resumed", is_for_all=True)
    handoff, reviews, _ = progress.review_posts(case, handoff, handoff.undecided)
    decision = progress.advance(case, handoff, (ask, *told, *reviews))
    if decision.handoff.status is not Status.COLLECTING:
        return decision
    waiting, nags, remarks = case.ladder_begins(decision.handoff)
    notices = (*decision.notices, *case.update_brief(), *nags, *case.status_written("waiting on sales"))
    return Decision(handoff=waiting, notices=notices, remarks=remarks)


def _closed(case: Case) -> Notices:
    """The messages that ask somebody for something, brought up to date."""
    handoff = case.handoff
    reviews = tuple(UpdateReview(flag=i, **case.common(f"review-{i}-over")) for i in handoff.undecided)
    questions = tuple(
        UpdateQuestion(question_id=q.id, **case.common(f"question-{i}-over"))
        for i, q in enumerate(handoff.questions)
        if q.answer is None
    )
    offer = handoff.offer
    offers = (UpdateOffer(post=offer.post, **case.common("offer-over")),) if offer and offer.post else ()
    return (*reviews, *questions, *offers)
