"""Whether a handoff is overdue. Pure. Counted around the clock, as the ladders are."""

from datetime import datetime, timedelta

from handoff.ladder import LADDERS, rungs_of
from handoff.model import Handoff, Status
from handoff.notices import Ladder
from handoff.terms import Rung, length
from handoff.workflow import Workflow

_WITHOUT_LADDER = timedelta(days=7)
_AFTER_KICKOFF = timedelta(days=1)  # to say that it is done


def overdue_since(handoff: Handoff, workflow: Workflow, now: datetime) -> datetime | None:
    """Since when it waits for longer than its whole ladder; None if it does not, is over, or is paused or snoozed."""
    quiet = handoff.quiet
    is_quiet = quiet is not None and (quiet.until is None or quiet.until > now)
    if not handoff.is_open or is_quiet:
        return None
    late = _late_at(handoff, workflow)
    return late if late < now else None


def waits_since(handoff: Handoff) -> datetime:
    """Since when it stands where it stands."""
    match handoff.status:
        case Status.OWNED:
            return handoff.owned_at or handoff.ready_at
        case Status.UNCLAIMED | Status.IN_REVIEW:
            return handoff.ready_at
        case Status.COLLECTING:
            return handoff.send_backs[-1].at if handoff.send_backs else handoff.opened_at
        case _:
            return handoff.kickoff_at or handoff.opened_at


def _late_at(handoff: Handoff, workflow: Workflow) -> datetime:
    if handoff.status is Status.KICKOFF_SCHEDULED:
        return waits_since(handoff) + _AFTER_KICKOFF
    ladder: Ladder | None = "reviewer" if handoff.status is Status.IN_REVIEW else LADDERS.get(handoff.status)
    rungs = rungs_of(workflow, ladder) if ladder else ()
    return waits_since(handoff) + (_whole(rungs) if rungs else _WITHOUT_LADDER)


def _whole(rungs: tuple[Rung, ...]) -> timedelta:
    """How long a ladder takes from its start to its last reminder."""
    after = max((length(r.after) for r in rungs if r.after), default=timedelta())
    return after + sum((length(r.every) * (r.at_most or 1) for r in rungs if r.every), timedelta())
