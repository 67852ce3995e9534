"""An owner who does nothing: after the configured working time it is released and offered again, said aloud."""

from datetime import datetime

from handoff.decision import Decision
from handoff.model import Handoff, Status
from handoff.notices import SilenceEnds
from handoff.rules.case import Case, Notices
from handoff.rules.freeing import set_free


def begins(case: Case, handoff: Handoff, since: datetime) -> Notices:
    """Look again once an owner has had the time to do something; nothing where config sets no such time."""
    after = case.workflow.delivery.release_after
    if after is None or handoff.status is not Status.OWNED or handoff.owned_at is None:
        return ()
    calendar = case.calendars.of_person(handoff.owner)
    ends = calendar.opening(calendar.after(since, calendar.span(after)))
    return (SilenceEnds(owned_at=handoff.owned_at, **{**case.common("silence"), "due_at": ends}),)


def ended(case: Case) -> Decision:
    """Whoever has shown a sign of work, or is paused, keeps it and is looked at again; anybody else is released."""
    handoff = case.handoff
    quiet = handoff.quiet
    if quiet is not None and quiet.is_pause and quiet.until is None:
        return Decision(handoff=handoff, notices=begins(case, handoff, case.now))
    paused_until = quiet.until if quiet is not None and quiet.is_pause else None
    again = begins(case, handoff, max(_last_sign(handoff), paused_until or handoff.opened_at))
    if any(notice.due_at > case.now for notice in again):
        return Decision(handoff=handoff, notices=again)
    return set_free(case, None, "released_in_silence")


def _last_sign(handoff: Handoff) -> datetime:
    """When the owner last did something that Baton can see."""
    owner = handoff.owner
    signs = [handoff.owned_at or handoff.ready_at]
    signs += [tick.at for tick in handoff.ticks]
    signs += [q.at for q in handoff.questions if q.by.is_same(owner)]
    signs += [d.at for d in handoff.differences if d.by is not None and d.by.is_same(owner)]
    signs += [sent.at for sent in handoff.send_backs if sent.by.is_same(owner)]
    signs += [handoff.email.at] if handoff.email else []
    return max(signs)
