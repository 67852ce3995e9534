"""Who owns the next step: claimed, assigned, handed over, released. At most one person does."""

from typing import Any

from handoff import first_task
from handoff.decision import Decision, Reply, ReplyKind
from handoff.events import Act, Assigned, Claimed, OfferAnswered, Offered, Released
from handoff.ladder import sales
from handoff.model import Handoff, Offer, Person, Status
from handoff.notices import AskTakeOver, OfferEnds, PostTask, TellRep, To
from handoff.rights import may
from handoff.rules import progress, silence
from handoff.rules.case import Case, Notices, standing
from handoff.rules.freeing import set_free
from handoff.terms import length
from handoff.workflow import May

WITH_OWNER = (Status.OWNED, Status.KICKOFF_SCHEDULED)


def claimed(case: Case, event: Claimed) -> Decision:
    """The first who presses has it; everybody else is told who."""
    handoff = case.handoff
    if not handoff.is_open:
        return case.unchanged(ReplyKind.OVER)
    if handoff.status in (Status.COLLECTING, Status.IN_REVIEW):
        return case.unchanged(ReplyKind.NOT_READY)
    if handoff.owner is not None:
        mine = event.by.is_same(handoff.owner)
        kind = ReplyKind.ALREADY_YOURS if mine else ReplyKind.ALREADY_OWNED
        return case.unchanged(kind, handoff.owner, handoff.owned_at or case.now)
    if not may(case.workflow.delivery.may_claim, event, case.workflow.delivery.channel):
        return not_allowed(case, case.workflow.delivery.may_claim)
    return _owned(case, event.by, event.by)


def assigned(case: Case, event: Assigned) -> Decision:
    """Somebody who may claim makes another person the owner, or a new owner out of the old one."""
    handoff = case.handoff
    if handoff.status is not Status.UNCLAIMED and handoff.status not in WITH_OWNER:
        return case.unchanged(ReplyKind.NOT_NOW if handoff.is_open else ReplyKind.OVER)
    if event.to.is_same(handoff.owner):
        return case.unchanged(ReplyKind.ALREADY_OWNED, handoff.owner, handoff.owned_at)
    if not may(case.workflow.delivery.may_claim, event, case.workflow.delivery.channel):
        return not_allowed(case, case.workflow.delivery.may_claim)
    if event.to.is_guest:
        return case.unchanged(ReplyKind.NOT_ALLOWED, event.to)
    before = handoff.owner
    return _owned(case, event.to, event.by, event.note).also(
        *case.tell_owner("taken_away", before, event.by, event.note)
    )


def offered(case: Case, event: Offered) -> Decision:
    """The owner asks somebody else. It stays with the owner until the other accepts."""
    handoff = case.handoff
    if refused := only_the_owner(case, event):
        return refused
    if event.to.is_same(handoff.owner):
        return case.unchanged(ReplyKind.ALREADY_YOURS, handoff.owner, handoff.owned_at)
    if event.to.is_guest:
        return case.unchanged(ReplyKind.NOT_ALLOWED, event.to)
    if handoff.offer is not None and event.to.is_same(handoff.offer.to):
        return case.unchanged(ReplyKind.ALREADY_SO, handoff.offer.to, handoff.offer.at)
    offer = Offer(to=event.to, by=event.by, note=event.note.strip(), at=event.at)
    ask = AskTakeOver(to=To(person=event.to), **case.common("offer"))
    ends = case.now + length(case.workflow.delivery.hand_over_within)
    bounce = OfferEnds(to=To(person=event.by), offered_at=event.at, **{**case.common("offer-ends"), "due_at": ends})
    asked = handoff.model_copy(update={"offer": offer})
    return Decision(handoff=asked, notices=(*case.withdrawn(), ask, bounce, *case.update_brief()))


def offer_answered(case: Case, event: OfferAnswered) -> Decision:
    """The other person accepts and is the owner, or it stays where it was."""
    handoff, offer = case.handoff, case.handoff.offer
    if offer is None:
        return case.unchanged(ReplyKind.OVER if not handoff.is_open else ReplyKind.NOT_NOW, handoff.owner)
    if not event.by.is_same(offer.to):
        return case.unchanged(ReplyKind.NOT_YOURS, offer.to)
    if not event.accepts:
        kept = handoff.model_copy(update={"offer": None})
        told = case.tell_owner("kept", handoff.owner, event.by, event.reason)
        return Decision(handoff=kept, notices=(*case.withdrawn(), *told, *case.update_brief()))
    return _owned(case, offer.to, event.by).also(*case.tell_owner("taken_over", handoff.owner, event.by))


def released(case: Case, event: Released) -> Decision:
    """The owner gives it back: the channel is asked again, unless reviewers or sales have something to say first."""
    if refused := only_the_owner(case, event):
        return refused
    return set_free(case, event.by, "released", event.reason)


def only_the_owner(case: Case, event: Act) -> Decision | None:
    """Why somebody may not do what only the owner can; None if they may."""
    handoff = case.handoff
    if not handoff.is_open:
        return case.unchanged(ReplyKind.OVER)
    if handoff.status not in WITH_OWNER:
        return case.unchanged(ReplyKind.NOT_NOW)
    if event.by.is_guest or not event.by.is_same(handoff.owner):
        return case.unchanged(ReplyKind.NOT_YOURS, handoff.owner)
    return None


def not_allowed(case: Case, names: May) -> Decision:
    """The workflow names others for this."""
    named = (case.workflow.delivery.channel,) if names == "channel" else tuple(names)
    return Decision(
        handoff=case.handoff,
        reply=Reply(kind=ReplyKind.NOT_ALLOWED, names=named, status=case.handoff.status),
    )


def _owned(case: Case, owner: Person, by: Person, note: str = "") -> Decision:
    """One owner from now on: the brief, sales, the record and the owner are told, and the first task is there."""
    handoff = case.handoff
    status = Status.KICKOFF_SCHEDULED if handoff.kickoff_at else Status.OWNED
    taken: dict[str, Any] = {
        "status": status,
        "owner": owner,
        "owned_at": case.event.at,
        "reminders": standing(handoff),
    }
    taken |= {"offer": None, "round": handoff.round + (handoff.owner is not None)}
    owned, nags, remarks = case.ladder_begins(_with_task(case, handoff.model_copy(update=taken)))
    fields = {case.workflow.write_back.owner: owner.name} if case.workflow.write_back.owner else {}
    told = TellRep(to=sales(handoff, case.workflow), **_told_once(case))
    notices: Notices = (*case.update_brief(), *case.settled(), told, *_task(case), *case.withdrawn())
    notices += (*case.tell_owner("yours", owner, by, note), *nags, *silence.begins(case, owned, case.event.at))
    notices += case.status_written(progress.shown(owned, case.workflow), fields)
    return Decision(handoff=owned, notices=notices, cancel=("rep", "channel", "owner"), remarks=remarks)


def _told_once(case: Case) -> dict[str, Any]:
    """Sales is told of the first owner under a key of its own, of later ones by version."""
    common = case.common("owned")
    is_first = case.handoff.round == 0 and case.handoff.owner is None
    return {**common, "key": f"{case.handoff.id}:owned"} if is_first else common


def _with_task(case: Case, owned: Handoff) -> Handoff:
    """The first owner's claim creates the task, due in their working time; a later owner finds it as it is."""
    if owned.task_at is not None or case.workflow.first_task is None:
        return owned
    due = first_task.falls_due(owned, case.calendars, case.event.at)
    return owned.model_copy(update={"task_at": case.event.at, "task_due": due})


def _task(case: Case) -> Notices:
    """The first task, created by the first owner; a later one finds it as it is."""
    if case.workflow.first_task is None:
        return ()
    if case.handoff.task_at is not None:
        return case.update_task()
    return (PostTask(**{**case.common("task"), "key": f"{case.handoff.id}:task"}),)
