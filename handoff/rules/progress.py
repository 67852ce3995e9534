"""Where a handoff goes once sales has said something: it waits on, goes to the reviewers, or to delivery."""

from handoff import checklist
from handoff.decision import Decision, Reply, ReplyKind
from handoff.ladder import next_nag
from handoff.model import Flag, Handoff, Status, VerdictKind
from handoff.notices import PostBrief, PostReview
from handoff.rules.case import Case, Notices
from handoff.workflow import Workflow


def advance(case: Case, handoff: Handoff, said: Notices) -> Decision:
    """The handoff with its new answers, and everything that follows from them. `said` comes first."""
    if checklist.missing(case.workflow, handoff):
        if handoff.status is Status.COLLECTING:
            return Decision(handoff=handoff, notices=said, reply=Reply(kind=ReplyKind.STILL_MISSING))
        return _back_to_sales(case, handoff, said)
    handoff, reopened = _reopened(case, handoff)
    complete = handoff.model_copy(
        update={"completed_at": handoff.completed_at or case.event.at, "reminders": (), "wanted": ()}
    )
    said = (*said, *case.settled(), *reopened)
    if complete.undecided:
        return _to_reviewers(case, complete, said)
    return _to_delivery(case, complete, said)


def review_posts(case: Case, handoff: Handoff, places: tuple[int, ...]) -> tuple[Handoff, Notices, tuple[str, ...]]:
    """Ask the reviewers about these flags, and begin their ladders."""
    notices: Notices = ()
    remarks: tuple[str, ...] = ()
    if case.workflow.exceptions is None:
        return handoff, notices, remarks
    for place in places:
        common = case.common(f"review-{place}")
        notices += (PostReview(channel=case.workflow.exceptions.channel, flag=place, **common),)
        nags, said = next_nag(handoff, case.workflow, "reviewer", 0, case.now, case.event.trace, place)
        notices, remarks = notices + nags, remarks + said
    return handoff, notices, remarks


def with_flag(handoff: Handoff, place: int, flag: Flag) -> Handoff:
    """The handoff with one flag replaced."""
    flags = tuple(flag if i == place else f for i, f in enumerate(handoff.flags))
    return handoff.model_copy(update={"flags": flags})


def _reopened(case: Case, handoff: Handoff) -> tuple[Handoff, Notices]:
    """Flags that a reviewer returned to sales are decided anew, now that sales has answered."""
    places = tuple(
        i for i, f in enumerate(handoff.flags) if f.verdict is not None and f.verdict.kind is VerdictKind.RETURNED
    )
    for place in places:
        again = handoff.flags[place].model_copy(update={"verdict": None, "post": None, "step": 0})
        handoff = with_flag(handoff, place, again)
    handoff, notices, _ = review_posts(case, handoff, places)
    return handoff, notices


def _back_to_sales(case: Case, handoff: Handoff, said: Notices) -> Decision:
    collecting = handoff.model_copy(update={"status": Status.COLLECTING, "round": handoff.round + 1})
    collecting, nags, remarks = case.ladder_begins(collecting)
    status = case.status_written("waiting on sales")
    return Decision(handoff=collecting, notices=(*said, *nags, *status), remarks=remarks)


def _to_reviewers(case: Case, handoff: Handoff, said: Notices) -> Decision:
    reviewed = handoff.model_copy(update={"status": Status.IN_REVIEW})
    notices = (*said, *case.update_brief(), *case.status_written("in review"))
    return Decision(handoff=reviewed, notices=notices, cancel=("rep",))


def _to_delivery(case: Case, handoff: Handoff, said: Notices) -> Decision:
    ready = handoff.model_copy(update={"status": _with_whom(handoff), "briefed_at": case.event.at})
    if handoff.was_briefed:
        brief = (*case.update_brief(), *case.tell_delivery("ready_again", is_for_all=ready.owner is None))
        brief += case.tell_owner("ready_again", ready.owner)
    else:
        common = {**case.common("brief"), "key": f"{handoff.id}:brief"}
        brief = (PostBrief(channel=case.workflow.delivery.channel, **common),)
    ready, nags, remarks = case.ladder_begins(ready)
    status = case.status_written(standing(ready, case.workflow))
    return Decision(handoff=ready, notices=(*said, *brief, *nags, *status), cancel=("rep",), remarks=remarks)


def _with_whom(handoff: Handoff) -> Status:
    if handoff.owner is None:
        return Status.UNCLAIMED
    return Status.KICKOFF_SCHEDULED if handoff.kickoff_at else Status.OWNED


def standing(handoff: Handoff, workflow: Workflow) -> str:
    """Where a handoff stands, as the CRM record shows it."""
    match handoff.status:
        case Status.COLLECTING:
            return "waiting on sales"
        case Status.IN_REVIEW:
            return "in review"
        case Status.UNCLAIMED:
            return "waiting for an owner"
        case Status.OWNED:
            return f"owned by {handoff.owner.name if handoff.owner else workflow.delivery.channel}"
        case Status.KICKOFF_SCHEDULED:
            return f"kickoff on {handoff.kickoff_at:%Y-%m-%d}" if handoff.kickoff_at else "kickoff scheduled"
        case Status.DONE:
            return "done"
        case Status.CANCELLED:
            return "cancelled"
