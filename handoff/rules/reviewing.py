"""Exceptions: flags go up, reviewers decide. Nothing reaches delivery before they have."""

from handoff import quality
from handoff.decision import Decision, Reply, ReplyKind
from handoff.events import Flagged, Reviewed
from handoff.model import WITH_DELIVERY, Status, Verdict, VerdictKind
from handoff.notices import UpdateReview
from handoff.rights import deciders, decides, may
from handoff.rules import progress
from handoff.rules.answering import new_flag
from handoff.rules.case import Case, standing
from handoff.rules.delivering import back_to_sales, wrong_return
from handoff.rules.owning import not_allowed
from handoff.workflow import May

_LIKE = {
    VerdictKind.APPROVED: "We did the same for two clinics last year",
    VerdictKind.CONDITIONS: "Only if the export is signed off before the kickoff",
    VerdictKind.RETURNED: "The scope has no date",
}


def flagged(case: Case, event: Flagged) -> Decision:
    """A review item goes up. A brief that nobody has taken waits for it; an owner goes on meanwhile."""
    handoff, exceptions = case.handoff, case.workflow.exceptions
    if not handoff.is_open:
        return case.unchanged(ReplyKind.OVER)
    if exceptions is None or event.flag not in exceptions.flags:
        return case.wrong({"flag": "This workflow has no such flag."})
    if up := next((f for f in handoff.flags if f.name == event.flag and f.verdict is None), None):
        return case.unchanged(ReplyKind.ALREADY_SO, up.by, up.at)
    place = len(handoff.flags)
    raised = handoff.model_copy(
        update={"flags": (*handoff.flags, new_flag(event.flag, event.note, event.by, event.at))}
    )
    if handoff.status is not Status.UNCLAIMED:
        raised, reviews, remarks = progress.review_posts(case, raised, (place,))
        told = (*case.update_ask(), *case.update_brief())
        return Decision(handoff=raised, notices=(*reviews, *told), remarks=remarks)
    held = raised.model_copy(
        update={"status": Status.IN_REVIEW, "reminders": standing(handoff), "round": handoff.round + 1}
    )
    held, reviews, remarks = progress.review_posts(case, held, (place,))
    notices = (*reviews, *case.update_brief(), *case.settled(), *case.status_written("in review"))
    return Decision(handoff=held, notices=notices, cancel=("channel",), remarks=remarks)


def reviewed(case: Case, event: Reviewed) -> Decision:
    """The first decision on a flag stands."""
    handoff, exceptions = case.handoff, case.workflow.exceptions
    if not handoff.is_open:
        return case.unchanged(ReplyKind.OVER)
    if exceptions is None or not 0 <= event.flag < len(handoff.flags):
        return case.unchanged(ReplyKind.NOT_NOW)
    flag = handoff.flags[event.flag]
    if flag.verdict is not None:
        return case.unchanged(ReplyKind.ALREADY_DECIDED, flag.verdict.by, flag.verdict.at)
    reviewers: May = exceptions.reviewers or "channel"
    if not may(reviewers, event, exceptions.channel):
        return not_allowed(case, exceptions.reviewers or (exceptions.channel,))
    if not decides(exceptions, flag, event.by):
        reply = Reply(kind=ReplyKind.OWN_FLAG, names=deciders(exceptions, flag) or (exceptions.channel,))
        return Decision(handoff=handoff, reply=reply)
    returns = event.verdict is VerdictKind.RETURNED
    complaint = quality.reason_complaint(event.reason, like=_LIKE[event.verdict])
    wrong = wrong_return(case, event.fields, event.reason) if returns else {"reason": complaint} if complaint else {}
    if wrong:
        return case.wrong(wrong)
    verdict = Verdict(kind=event.verdict, reason=event.reason.strip(), by=event.by, at=event.at)
    cancel = (f"reviewer:{event.flag}",)
    decided = progress.with_flag(handoff, event.flag, flag.model_copy(update={"verdict": verdict}))
    decided = decided.model_copy(update={"reminders": standing(handoff, cancel)})
    said = (UpdateReview(flag=event.flag, **case.common(f"review-{event.flag}")), *case.settled(cancel))
    if returns and (handoff.status is Status.IN_REVIEW or handoff.status in WITH_DELIVERY):
        decision = back_to_sales(case, event.fields, verdict.reason, event.by, decided, said)
    elif handoff.status is Status.IN_REVIEW and not decided.undecided:
        decision = progress.advance(case, decided, (*said, *case.update_ask()))
    else:
        if returns:  # sales is still at it: what the reviewer wants goes onto their list
            decided = decided.model_copy(update={"wanted": tuple(dict.fromkeys((*decided.wanted, *event.fields)))})
        decision = Decision(handoff=decided, notices=(*said, *case.update_ask(), *case.update_brief()))
    return decision.model_copy(update={"cancel": (*decision.cancel, *cancel)})
