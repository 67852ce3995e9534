"""Whether somebody may be reminded now, and if not, until when they are left alone and why. Pure.

It is asked just before a reminder is sent: what was right when the row was written may be wrong by now.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from handoff.model import Model, Person
from handoff.worktime import Calendar


class Presence(Model):
    """What Slack says of a person now. `is_away`: their status says so; `quiet_until`: do not disturb until then.

    `zone` and `groups` are None if Slack does not say.
    """

    zone: str | None = None
    groups: tuple[str, ...] | None = None
    is_gone: bool = False
    is_away: bool = False
    quiet_until: AwareDatetime | None = None


@dataclass(frozen=True)
class Rest:
    """Not now: `until` then, for this reason. `instead`: somebody else is reminded. `is_gone`: for good."""

    until: datetime
    reason: str
    instead: bool = False
    is_gone: bool = False


def rest(
    person: Person | None, presence: Presence, calendar: Calendar, said_today: int, most: int, now: datetime
) -> Rest | None:
    """Why a reminder waits; None if it may go out. `said_today` counts their reminders since their midnight."""
    if presence.is_gone:
        reason = "their Slack account is deactivated" if person else "Slack does not know them"
        return Rest(now, reason, instead=True, is_gone=True)
    if presence.is_away:
        return Rest(now, "away, by their status in Slack", instead=True)
    opens = calendar.opening(now)
    if opens > now:
        return Rest(opens, "outside their working hours")
    if presence.quiet_until is not None and presence.quiet_until > now:
        return Rest(calendar.opening(presence.quiet_until), "they asked Slack not to be disturbed")
    if person is not None and said_today >= most:
        return Rest(next_morning(calendar, now), f"reminded {said_today} times today already")
    return None


def next_morning(calendar: Calendar, now: datetime) -> datetime:
    """When the working day after this one begins."""
    local = now.astimezone(calendar.zone)
    midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), calendar.zone)
    return calendar.opening(midnight)


def day_began(calendar: Calendar, now: datetime) -> datetime:
    """The midnight before, on the person's own clock."""
    return datetime.combine(now.astimezone(calendar.zone).date(), datetime.min.time(), calendar.zone)
