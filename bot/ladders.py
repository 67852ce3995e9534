"""`baton ladder`: when each rung would fall for somebody who is waited for from a moment on. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

from bot.public_holidays import is_holiday
from handoff.calendars import Calendars
from handoff.errors import ConfigError
from handoff.ladder import address, due, rungs_of
from handoff.model import Handoff, Person, Record, RecordRef, Status
from handoff.notices import Ladder, To
from handoff.terms import Rung
from handoff.workflow import Workflow
from handoff.worktime import Calendar

_WAITS_FOR = {
    "rep": "while the rep has not answered",
    "reviewer": "while a flag is not decided",
    "channel": "while nobody owns it",
    "owner": "while no kickoff is booked",
}
_DAYS = {"mon": "Mon", "tue": "Tue", "wed": "Wed", "thu": "Thu", "fri": "Fri", "sat": "Sat", "sun": "Sun"}


def lines(workflow: Workflow, start: datetime, zone: str, email: str | None = None) -> Iterator[str]:
    """Every ladder of a workflow, one line per rung, in the time zone of a person whose address may be given.

    Reminders to others fall into their own hours, which only Slack knows; here all keep to this person's. A rung that
    would reach nobody is passed over, and its line says why.
    """
    person = Person(name=email or "the rep", email=email, zone=zone)
    calendar = Calendars(workflow, is_holiday).of_person(person)
    yield f"{workflow.title}. Waiting since {_shown(start, zone)} ({zone})."
    yield f"Working time: {_hours(calendar)}."
    for name in get_args(Ladder):
        yield ""
        yield f"{name}: {_WAITS_FOR[name]}"
        yield from _rungs(workflow, name, start, calendar, _imagined(workflow, person, start))
    yield ""
    yield "Whoever else is reminded is reminded in their own working time, so at other times than these if it differs."
    if email is None:
        yield "With --person and an e-mail address, what the file says of that person counts: hours, holidays, manager."


def _rungs(workflow: Workflow, name: Ladder, start: datetime, calendar: Calendar, handoff: Handoff) -> Iterator[str]:
    since, step = start, 0
    while found := due(rungs_of(workflow, name), step, since, calendar):
        rung, since = found
        step += 1
        to = address(rung.to, handoff, workflow)
        if isinstance(to, To):
            since = calendar.opening(since)
            yield f"  {step:>2}. {_shown(since, str(calendar.zone))}  {_who(rung.to, to)}  ({_after(rung)})"
        else:
            yield f"  {step:>2}. passed over, because {to}  ({_after(rung)}, to {rung.to})"
    if step == 0:
        yield "  no reminders"


def _imagined(workflow: Workflow, person: Person, start: datetime) -> Handoff:
    """A handoff that this person answers for and owns, so that rungs find whom they mean."""
    record = Record(ref=RecordRef(system="manual", object="deal", id="0"), name="")
    facts = {"id": "", "workspace": "", "workflow": workflow.name, "edition": "", "opened_at": start}
    return Handoff(record=record, status=Status.OWNED, asked=person, owner=person, owned_at=start, **facts)


def _hours(calendar: Calendar) -> str:
    if calendar.hours is None:
        return "around the clock"
    days = ", ".join(_DAYS[day] for day in calendar.hours.days)
    holidays = f", except public holidays in {calendar.country}" if calendar.country else ""
    return f"{days}, {calendar.hours.from_} to {calendar.hours.to}{holidays}"


def moment(text: str, zone: str, now: datetime) -> datetime:
    """The moment that somebody wrote, in their zone; now if nothing.

    Raises:
        ConfigError: the text is no moment, or the zone no zone; it says what to write.
    """
    try:
        there = ZoneInfo(zone)
    except (ValueError, OSError, KeyError) as e:
        raise ConfigError(f"{zone!r} is not a time zone. Write one such as Europe/Lisbon.") from e
    if not text:
        return now.astimezone(there)
    try:
        written = datetime.fromisoformat(text)
    except ValueError as e:
        raise ConfigError(f"{text!r} is not a moment. Write one such as 2026-03-06T16:00.") from e
    return written if written.tzinfo else written.replace(tzinfo=there)


def _shown(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M}"


def _after(rung: Rung) -> str:
    return f"every {rung.every}" if rung.every else f"after {rung.after}"


def _who(told: str, to: To) -> str:
    return f"{told} ({to.name})" if to.name and to.name != told else told
