"""Where a handoff goes once sales has said something: it waits on, goes to the reviewers, or to delivery."""

from handoff import checklist
from handoff.decision import Decision, Reply, ReplyKind
from handoff.events import Reentered
from handoff.ladder import next_nag, sales
from handoff.model import Flag, Handoff, Status, VerdictKind
from handoff.notices import AskRep, Nag, PostBrief, PostReview
from handoff.rules.case import OF_STATES, Case, Notices, standing
from handoff.workflow import Workflow


def advance(case: Case, handoff: Handoff, said: Notices) -> Decision:
    """The handoff with its new answers, and everything that follows from them. `said` comes first."""
    if checklist.missing(case.workflow, handoff):
        if handoff.status is Status.COLLECTING:
            return Decision(handoff=handoff, notices=said, reply=Reply(kind=ReplyKind.STILL_MISSING))
        return waits_for_sales(case, handoff, said)
    handoff, reopened = _reopened(case, handoff)
    told = {"completed_at": handoff.completed_at or case.event.at, "reminders": standing(handoff), "wanted": ()}
    complete = handoff.model_copy(update=told)
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
        begins = handoff.flags[place].model_copy(update={"step": 0, "late_at": None})
        handoff = with_flag(handoff, place, begins)
        common = case.common(f"review-{place}")
        notices += (PostReview(channel=case.workflow.exceptions.channel, flag=place, **common),)
        nags, said = next_nag(handoff, case.calendars, "reviewer", 0, case.now, case.event.trace, place)
        notices, remarks = notices + nags, remarks + said
    return handoff, notices, remarks


def reviewers_go_on(case: Case, decision: Decision) -> Decision:
    """A new round voids every reminder of the one before: those of flags that are still undecided begin in it too."""
    after = decision.handoff
    if after.round == case.handoff.round or not after.is_open:
        return decision
    notices = tuple(n for n in decision.notices if not isinstance(n, Nag) or n.round == after.round)
    begun, remarks = {n.flag for n in notices if isinstance(n, Nag)}, decision.remarks
    for place in after.undecided:
        if place not in begun:
            step = after.flags[place].step
            nags, more = next_nag(after, case.calendars, "reviewer", step, case.now, case.event.trace, place)
            notices, remarks = notices + nags, remarks + more
    void = (f"reviewer:{place}" for place in case.handoff.undecided)
    cancel = tuple(dict.fromkeys((*decision.cancel, *void)))
    return decision.model_copy(update={"notices": notices, "cancel": cancel, "remarks": remarks})


def with_flag(handoff: Handoff, place: int, flag: Flag) -> Handoff:
    """The handoff with one flag replaced."""
    flags = tuple(flag if i == place else f for i, f in enumerate(handoff.flags))
    return handoff.model_copy(update={"flags": flags})


def waits_for_sales(case: Case, handoff: Handoff, said: Notices) -> Decision:
    """Something is missing that was not before: sales is asked once more."""
    waiting = {"status": Status.COLLECTING, "reminders": standing(handoff), "round": handoff.round + 1}
    collecting, nags, remarks = case.ladder_begins(handoff.model_copy(update={**waiting, "ask_post": None}))
    ask = AskRep(to=sales(handoff, case.workflow), **case.common("ask-anew"))
    status = case.status_written(shown(collecting, case.workflow))
    notices = (*said, *case.settled(), *case.close_ask(), ask, *nags, *status)
    return Decision(handoff=collecting, notices=notices, cancel=OF_STATES, remarks=remarks)


def _reopened(case: Case, handoff: Handoff) -> tuple[Handoff, Notices]:
    """Flags that a reviewer returned to sales are decided anew, now that sales has answered."""
    places = tuple(
        i for i, f in enumerate(handoff.flags) if f.verdict is not None and f.verdict.kind is VerdictKind.RETURNED
    )
    for place in places:
        again = handoff.flags[place].model_copy(update={"verdict": None, "post": None})
        handoff = with_flag(handoff, place, again)
    if places:  # their first reminders were said before: these are others
        handoff = handoff.model_copy(update={"round": handoff.round + 1})
    handoff, notices, _ = review_posts(case, handoff, places)
    return handoff, notices


def _to_reviewers(case: Case, handoff: Handoff, said: Notices) -> Decision:
    reviewed = handoff.model_copy(update={"status": Status.IN_REVIEW})
    notices = (*said, *case.update_brief(), *case.status_written("in review"))
    return Decision(handoff=reviewed, notices=notices, cancel=("rep",))


def _to_delivery(case: Case, handoff: Handoff, said: Notices) -> Decision:
    ready = handoff.model_copy(update={"status": _with_whom(handoff), "briefed_at": case.event.at})
    if handoff.brief_post is not None:
        brief = case.update_brief()
        if not isinstance(case.event, Reentered):  # that it is back was said already
            brief += case.tell_delivery("ready_again", is_for_all=ready.owner is None)
            brief += case.tell_owner("ready_again", ready.owner)
    else:
        common = case.common("brief-anew")  # pulled back before it was posted: it goes out under another key
        common = common if handoff.was_briefed else {**common, "key": f"{handoff.id}:brief"}
        brief = (PostBrief(channel=case.workflow.delivery.channel, **common),)
    ready, nags, remarks = case.ladder_begins(ready)
    status = case.status_written(shown(ready, case.workflow))
    return Decision(handoff=ready, notices=(*said, *brief, *nags, *status), cancel=("rep",), remarks=remarks)


def _with_whom(handoff: Handoff) -> Status:
    if handoff.owner is None:
        return Status.UNCLAIMED
    return Status.KICKOFF_SCHEDULED if handoff.kickoff_at else Status.OWNED


def without_owner(handoff: Handoff, workflow: Workflow) -> Status:
    """Where a handoff belongs that nobody owns."""
    if checklist.missing(workflow, handoff):
        return Status.COLLECTING
    return Status.IN_REVIEW if handoff.undecided else Status.UNCLAIMED


def shown(handoff: Handoff, workflow: Workflow) -> str:
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
        case _:
            return handoff.status.value
