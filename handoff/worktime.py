"""Working time: a moment and a span → the moment after that much of somebody's working time. Pure.

All moments are aware; what comes back is in UTC. A calendar is strict: where clocks are set forward or back, a working
day is cut rather than stretched, so that nothing falls outside the hours that its owner would read off a clock.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from handoff.terms import length
from handoff.workflow import WorkingHours

Holidays = Callable[[str, date], bool]  # whether a day is a public holiday in a country, such as PT

_DAY = timedelta(days=1)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONGEST_REST = 1100  # days; three years without a working day are a mistake, not a calendar


def no_holidays(_country: str, _day: date) -> bool:
    """A world without public holidays."""
    return False


@dataclass(frozen=True)
class Calendar:
    """When somebody works. Without `hours`, always. `country` decides on public holidays."""

    zone: tzinfo
    hours: WorkingHours | None = None
    country: str | None = None
    holidays: Holidays = no_holidays

    @property
    def day_length(self) -> timedelta:
        """How long a working day is; `1d` in handoffs.yml is one of these."""
        if self.hours is None:
            return _DAY
        opens, closes = _clock(self.hours.from_), _clock(self.hours.to)
        span = datetime.combine(date.min, closes) - datetime.combine(date.min, opens)
        return span if span > timedelta() else span + _DAY  # it crosses midnight, or is the whole day

    def is_open(self, moment: datetime) -> bool:
        """Whether it is working time."""
        return self.opening(moment) == moment

    def opening(self, moment: datetime) -> datetime:
        """The moment itself if it is working time, else when working time begins next."""
        if self.hours is None:
            return moment.astimezone(UTC)
        return next(max(opens, moment.astimezone(UTC)) for opens, closes in self._days_from(moment) if closes > moment)

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The moment when `span` of working time has passed since `start`."""
        if self.hours is None:
            return start.astimezone(UTC) + span
        for opens, closes in self._days_from(start):
            begins = max(opens, start)
            there = max(closes - begins, timedelta())
            if there > span:
                return (begins + span).astimezone(UTC)
            span -= there
        raise AssertionError("unreachable")  # pragma: no cover -- _days_from never ends without raising

    def span(self, duration: str) -> timedelta:
        """How much working time `30s`, `15m`, `2h` or `1d` is."""
        whole = length(duration)
        return (whole // _DAY) * self.day_length if duration.strip().endswith("d") else whole

    def _days_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working days that may still be going on at a moment or come later: when each opens and closes, in UTC.

        Raises:
            ValueError: there is none for years.
        """
        day = moment.astimezone(self.zone).date() - 2 * _DAY  # one that crosses midnight began the day before
        rest = 0
        while rest < _LONGEST_REST:
            if (hours := self._day(day)) is not None:
                yield hours
            rest = 0 if hours else rest + 1
            day += _DAY
        raise ValueError("This calendar has no working day for years: check working_hours.")

    def _day(self, day: date) -> tuple[datetime, datetime] | None:
        hours = self.hours
        if hours is None or _WEEKDAYS[day.weekday()] not in hours.days:
            return None
        if self.country is not None and self.holidays(self.country, day):
            return None
        return _hours(self.zone, day, hours.from_, hours.to)


AROUND_THE_CLOCK = Calendar(UTC)


@lru_cache(2048)  # a few days of each zone and hours, asked for again by every reminder
def _hours(zone: tzinfo, day: date, from_: str, to: str) -> tuple[datetime, datetime] | None:
    """When a working day opens and closes, in UTC; None for one that the clocks of a zone leave out."""
    opens = max(_at(zone, day, from_))
    closes = min(_at(zone, day if to > from_ else day + _DAY, to))
    exists = opens.astimezone(zone).date() == day  # islands have skipped a day to move across the date line
    return (opens, closes) if exists and opens < closes else None


def _at(zone: tzinfo, day: date, clock: str) -> tuple[datetime, datetime]:
    """Both moments that a clock's time can mean on a day; they differ only where clocks are changed."""
    local = datetime.combine(day, _clock(clock), zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)


@lru_cache(256)
def _clock(text: str) -> time:
    hours, _, minutes = text.partition(":")
    return time(int(hours), int(minutes))
