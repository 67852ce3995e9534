"""Who owns the next step: claimed, assigned, handed over, released. At most one person does."""

from typing import Any

from handoff.decision import Decision, Reply, ReplyKind
from handoff.events import Act, Assigned, Claimed, OfferAnswered, Offered, Released
from handoff.ladder import sales
from handoff.model import Handoff, Offer, Person, Status
from handoff.notices import AskTakeOver, OfferEnds, PostTask, TellRep, To, UpdateOffer
from handoff.rights import may
from handoff.rules import progress
from handoff.rules.case import Case, Notices
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
    if not may(case.workflow.delivery.may_claim, event):
        return not_allowed(case, case.workflow.delivery.may_claim)
    return _owned(case, event.by, event.by)


def assigned(case: Case, event: Assigned) -> Decision:
    """Somebody who may claim makes another person the owner, or a new owner out of the old one."""
    handoff = case.handoff
    if handoff.status is not Status.UNCLAIMED and handoff.status not in WITH_OWNER:
        return case.unchanged(ReplyKind.NOT_NOW if handoff.is_open else ReplyKind.OVER)
    if event.to.is_same(handoff.owner):
        return case.unchanged(ReplyKind.ALREADY_OWNED, handoff.owner, handoff.owned_at)
    if not may(case.workflow.delivery.may_claim, event):
        return not_allowed(case, case.workflow.delivery.may_claim)
    if event.to.is_guest:
        return case.unchanged(ReplyKind.NOT_ALLOWED, event.to)
    before = handoff.owner
    return _owned(case, event.to, event.by).also(*case.tell_owner("taken_away", before, event.by))


def offered(case: Case, event: Offered) -> Decision:
    """The owner asks somebody else. It stays with the owner until the other accepts."""
    handoff = case.handoff
    if refused := only_the_owner(case, event):
        return refused
    if event.to.is_same(handoff.owner):
        return case.unchanged(ReplyKind.ALREADY_YOURS, handoff.owner, handoff.owned_at)
    offer = Offer(to=event.to, by=event.by, note=event.note.strip(), at=event.at)
    ask = AskTakeOver(to=To(person=event.to), **case.common("offer"))
    ends = case.now + length(case.workflow.delivery.hand_over_within)
    bounce = OfferEnds(to=To(person=event.by), offered_at=event.at, **{**case.common("offer-ends"), "due_at": ends})
    asked = handoff.model_copy(update={"offer": offer})
    return Decision(handoff=asked, notices=(*_withdrawn(case), ask, bounce, *case.update_brief()))


def offer_answered(case: Case, event: OfferAnswered) -> Decision:
    """The other person accepts and is the owner, or it stays where it was."""
    handoff, offer = case.handoff, case.handoff.offer
    if offer is None:
        return case.unchanged(ReplyKind.OVER if not handoff.is_open else ReplyKind.NOT_NOW, handoff.owner)
    if not event.by.is_same(offer.to):
        return case.unchanged(ReplyKind.NOT_YOURS, offer.to)
    if not event.accepts:
        kept = handoff.model_copy(update={"offer": None})
        told = case.tell_owner("kept", handoff.owner, event.by)
        return Decision(handoff=kept, notices=(*_withdrawn(case), *told, *case.update_brief()))
    return _owned(case, offer.to, event.by).also(*case.tell_owner("taken_over", handoff.owner, event.by))


def released(case: Case, event: Released) -> Decision:
    """The owner gives it back, and the channel is asked again."""
    if refused := only_the_owner(case, event):
        return refused
    free: Handoff = case.handoff.model_copy(
        update={
            "status": Status.UNCLAIMED,
            "owner": None,
            "owned_at": None,
            "offer": None,
            "kickoff_at": None,
            "briefed_at": event.at,
            "reminders": (),
            "round": case.handoff.round + 1,
        }
    )
    free, nags, remarks = case.ladder_begins(free)
    told = (*case.update_brief(), *case.tell_delivery("released", event.by, is_for_all=True), *_withdrawn(case))
    owner = {case.workflow.write_back.owner: ""} if case.workflow.write_back.owner else {}
    status = case.status_written("waiting for an owner", owner)
    return Decision(handoff=free, notices=(*told, *case.settled(), *nags, *status), cancel=("owner",), remarks=remarks)


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


def _owned(case: Case, owner: Person, by: Person) -> Decision:
    """One owner from now on: the brief, sales, the record and the owner are told, and the first task is there."""
    handoff = case.handoff
    status = Status.KICKOFF_SCHEDULED if handoff.kickoff_at else Status.OWNED
    taken: dict[str, Any] = {"status": status, "owner": owner, "owned_at": case.event.at, "reminders": ()}
    taken |= {"offer": None, "round": handoff.round + (handoff.owner is not None)}
    taken |= {"task_at": handoff.task_at or (case.event.at if case.workflow.first_task else None)}
    owned, nags, remarks = case.ladder_begins(handoff.model_copy(update=taken))
    fields = {case.workflow.write_back.owner: owner.name} if case.workflow.write_back.owner else {}
    told = TellRep(to=sales(handoff, case.workflow), **_told_once(case))
    notices: Notices = (*case.update_brief(), *case.settled(), told, *_task(case), *_withdrawn(case))
    notices += (*case.tell_owner("yours", owner, by), *nags)
    notices += case.status_written(progress.standing(owned, case.workflow), fields)
    return Decision(handoff=owned, notices=notices, cancel=("rep", "channel", "owner"), remarks=remarks)


def _told_once(case: Case) -> dict[str, Any]:
    """Sales is told of the first owner under a key of its own, of later ones by version."""
    common = case.common("owned")
    return {**common, "key": f"{case.handoff.id}:owned"} if case.handoff.round == 0 else common


def _task(case: Case) -> Notices:
    """The first task, created by the first owner; a later one finds it as it is."""
    if case.workflow.first_task is None:
        return ()
    if case.handoff.task_at is not None:
        return case.update_task()
    return (PostTask(**{**case.common("task"), "key": f"{case.handoff.id}:task"}),)


def _withdrawn(case: Case) -> Notices:
    """An offer that is still open in somebody's direct message says so no more."""
    offer = case.handoff.offer
    return (UpdateOffer(post=offer.post, **case.common("offer-over")),) if offer and offer.post else ()
