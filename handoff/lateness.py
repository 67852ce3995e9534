"""Whether a handoff is overdue: it waits although the last rung of its ladder fell due. Pure.

Where no ladder leads to a last rung, a span of working time stands in for it. See docs/decisions/0014.
"""

from datetime import datetime

from handoff.calendars import Calendars
from handoff.decision import Decision
from handoff.ladder import LADDERS, goes_on, last_due, rungs_of, waited_for
from handoff.model import Handoff, Status
from handoff.notices import Ladder, Nag
from handoff.rules.progress import with_flag
from handoff.workflow import Workflow

_WITHOUT_LADDER = "5d"  # a working week
_AFTER_KICKOFF = "1d"  # to say that it is done


def overdue_since(handoff: Handoff, calendars: Calendars, now: datetime) -> datetime | None:
    """Since when it waits for longer than its whole ladder; None if it does not, is over, or is paused or snoozed."""
    quiet = handoff.quiet
    is_quiet = quiet is not None and (quiet.until is None or quiet.until > now)
    if not handoff.is_open or is_quiet:
        return None
    late = _late_at(handoff, calendars)
    return late if late is not None and late < now else None


def at_the_top(decision: Decision, workflow: Workflow) -> Decision:
    """The same decision; its handoff remembers when the last rung of a ladder falls due, once that rung is written."""
    handoff = decision.handoff
    for nag in (notice for notice in decision.notices if isinstance(notice, Nag)):
        late_at = None if goes_on(handoff, workflow, nag.ladder, nag.step + 1) else nag.due_at
        known = handoff if nag.flag is None else handoff.flags[nag.flag]
        if known.late_at == late_at:
            continue
        if nag.flag is None:
            handoff = handoff.model_copy(update={"late_at": late_at})
        else:
            flag = handoff.flags[nag.flag].model_copy(update={"late_at": late_at})
            handoff = with_flag(handoff, nag.flag, flag)
    return decision.model_copy(update={"handoff": handoff}) if handoff is not decision.handoff else decision


def _late_at(handoff: Handoff, calendars: Calendars) -> datetime | None:
    """When it will be overdue; None while its ladder has a rung to come."""
    if handoff.status is Status.KICKOFF_SCHEDULED:
        owner = calendars.of_person(handoff.owner)
        return owner.after(handoff.kickoff_at or _waits_since(handoff), owner.span(_AFTER_KICKOFF))
    if handoff.status is Status.IN_REVIEW:
        found = [_flag_late_at(handoff, calendars, place) for place in handoff.undecided]
        return min((late for late in found if late is not None), default=None)
    return _at_last(handoff, calendars, LADDERS[handoff.status], handoff.step, handoff.late_at)


def _flag_late_at(handoff: Handoff, calendars: Calendars, place: int) -> datetime | None:
    flag = handoff.flags[place]
    return _at_last(handoff, calendars, "reviewer", flag.step, flag.late_at, place)


def _at_last(
    handoff: Handoff, calendars: Calendars, name: Ladder, step: int, known: datetime | None, flag: int | None = None
) -> datetime | None:
    """When the last rung of a ladder fell due. `step` is the rung that comes next.

    Not known of a ladder that ended before Baton remembered it, and of one that reaches nobody: then it is counted.
    """
    if known is not None or goes_on(handoff, calendars.workflow, name, step):
        return known
    calendar = calendars.of(waited_for(name, handoff, calendars.workflow, flag))
    since = _waits_since(handoff)
    if goes_on(handoff, calendars.workflow, name, 0):
        return last_due(rungs_of(calendars.workflow, name), since, calendar)
    return calendar.after(since, calendar.span(_WITHOUT_LADDER))


def _waits_since(handoff: Handoff) -> datetime:
    """Since when it stands where it stands."""
    match handoff.status:
        case Status.OWNED | Status.KICKOFF_SCHEDULED:
            return handoff.owned_at or handoff.ready_at
        case Status.UNCLAIMED | Status.IN_REVIEW:
            return handoff.ready_at
        case _:
            return handoff.send_backs[-1].at if handoff.send_backs else handoff.opened_at
