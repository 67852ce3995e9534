"""`baton ladder`: when each rung would fall for somebody who is waited for from a moment on. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from bot.public_holidays import is_holiday
from handoff.calendars import Calendars
from handoff.errors import ConfigError
from handoff.ladder import due, rungs_of
from handoff.model import Person
from handoff.notices import Ladder
from handoff.workflow import Workflow

_WAITS_FOR = {
    "rep": "answers from the rep",
    "reviewer": "a reviewer's decision",
    "channel": "somebody to take it",
    "owner": "a kickoff",
}


def lines(workflow: Workflow, start: datetime, zone: str, email: str | None = None) -> Iterator[str]:
    """Every ladder of a workflow, one line per rung, in the time zone of a person whose address may be given.

    Reminders to others fall into their own hours, which only Slack knows; here all keep to this person's.
    """
    person = Person(name="", email=email, zone=zone)
    calendar = Calendars(workflow, is_holiday).of_person(person)
    hours = calendar.hours
    kept = f"{', '.join(hours.days)}, {hours.from_} to {hours.to}" if hours else "around the clock"
    yield f"{workflow.title}, waiting from {_shown(start, zone)} {zone}. Working time: {kept}."
    for name in get_args(Ladder):
        yield ""
        yield f"{name} (waits for {_WAITS_FOR[name]})"
        since, step = start, 0
        rungs = rungs_of(workflow, name)
        while found := due(rungs, step, since, calendar):
            rung, since = found[0], calendar.opening(found[1])
            step += 1
            yield f"  {step:>2}. {_shown(since, zone)}  to {rung.to}  ({_after(since - start)})"
        if step == 0:
            yield "  no reminders"


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


def _after(span: timedelta) -> str:
    days, rest = divmod(int(span.total_seconds()), 86_400)
    hours, minutes = divmod(rest // 60, 60)
    parts = [f"{n} {unit}" for n, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if n]
    return f"{' '.join(parts) or 'at once'} later" if parts else "at once"
