"""When the first task is due. Pure."""

from datetime import datetime

from handoff.calendars import Calendars
from handoff.model import Handoff


def due(handoff: Handoff, calendars: Calendars) -> datetime | None:
    """When it is due, on the owner's clock: stored when it was created, so that no hand-over moves it.

    None while nobody has taken it. Counted anew for a task that was created before its due date was stored.
    """
    if handoff.task_at is None:
        return None
    calendar = calendars.of_person(handoff.owner)
    found = handoff.task_due or falls_due(handoff, calendars, handoff.task_at)
    return found.astimezone(calendar.zone) if found is not None else None


def falls_due(handoff: Handoff, calendars: Calendars, since: datetime) -> datetime | None:
    """When a task that is created at `since` is due, in the working time of the owner; None if there is none."""
    told = calendars.workflow.first_task
    if told is None:
        return None
    calendar = calendars.of_person(handoff.owner)
    return calendar.after(since, calendar.span(told.due))
