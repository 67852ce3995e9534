"""An owner who does nothing: asked half-way, and after the configured working time released, said aloud."""

from datetime import datetime, timedelta

from handoff.decision import Decision
from handoff.model import Handoff, Status
from handoff.notices import SilenceEnds, Tell, To
from handoff.rules.case import Case, Notices
from handoff.rules.freeing import set_free
from handoff.worktime import Calendar


def begins(case: Case, handoff: Handoff, since: datetime) -> Notices:
    """Look once half of the time has passed to do something; nothing where config sets no such time."""
    calendar = case.calendars.of_person(handoff.owner)
    half = _time(case, calendar) / 2
    return _look(case, handoff, calendar, since, half, is_check=True) if half else ()


def goes_on(case: Case, decision: Decision) -> Decision:
    """The same decision; an owner to whom it comes back, answered or resumed, is looked at from then on."""
    before, after = case.handoff, decision.handoff
    is_back = after.status is Status.OWNED and before.status is not Status.OWNED and after.owned_at == before.owned_at
    return decision.also(*begins(case, after, case.event.at)) if is_back else decision


def ended(case: Case, look: SilenceEnds) -> Decision:
    """Whoever has shown a sign of work, or rests, is looked at again. Anybody else is asked, then released."""
    handoff, quiet = case.handoff, case.handoff.quiet
    if quiet is not None and quiet.until is None:
        return Decision(handoff=handoff, notices=begins(case, handoff, case.now))
    rests_until = quiet.until if quiet is not None and quiet.until is not None else handoff.opened_at
    since = max(_last_sign(handoff), rests_until)
    calendar = case.calendars.of_person(handoff.owner)
    whole = _time(case, calendar)
    if calendar.after(since, whole / 2 if look.is_check else whole) > case.now:
        return Decision(handoff=handoff, notices=begins(case, handoff, since))
    if not look.is_check:
        return set_free(case, None, "released_in_silence")
    ends = _look(case, handoff, calendar, case.now, whole - whole / 2, is_check=False)
    return Decision(handoff=handoff, notices=(*_asked(case, ends), *ends))


def _asked(case: Case, ends: tuple[SilenceEnds, ...]) -> Notices:
    """A gentle check, with the time when it is offered to others."""
    to, common = To(person=case.handoff.owner), case.common("owner-silent")
    return tuple(Tell(lane="owner", what="silent", to=to, until=end.due_at, **common) for end in ends)


def _time(case: Case, calendar: Calendar) -> timedelta:
    after = case.workflow.delivery.release_after
    return calendar.span(after) if after is not None else timedelta()


def _look(
    case: Case, handoff: Handoff, calendar: Calendar, since: datetime, after: timedelta, *, is_check: bool
) -> tuple[SilenceEnds, ...]:
    if handoff.status is not Status.OWNED or handoff.owned_at is None:
        return ()
    common = {**case.common("silence"), "due_at": calendar.opening(calendar.after(since, after))}
    return (SilenceEnds(owned_at=handoff.owned_at, ready_at=handoff.ready_at, is_check=is_check, **common),)


def _last_sign(handoff: Handoff) -> datetime:
    """When the owner last did something that Baton can see."""
    owner, quiet = handoff.owner, handoff.quiet
    signs = [handoff.owned_at or handoff.ready_at, handoff.ready_at]
    signs += [tick.at for tick in handoff.ticks]
    signs += [q.at for q in handoff.questions if q.by.is_same(owner)]
    signs += [d.at for d in handoff.differences if d.by is not None and d.by.is_same(owner)]
    signs += [sent.at for sent in handoff.send_backs if sent.by.is_same(owner)]
    signs += [quiet.at] if quiet is not None and quiet.by.is_same(owner) else []
    signs += [handoff.email.at] if handoff.email else []
    return max(signs)
