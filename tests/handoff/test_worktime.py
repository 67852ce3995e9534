"""Working time in every zone: never outside the hours a person reads off their own clock, and never backwards."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.workflow import WorkingHours
from handoff.worktime import Calendar, no_holidays

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONES = sorted(zone for zone in available_timezones() if zone not in ("localtime", "Factory"))
OFFICE = WorkingHours.model_validate({"days": WEEK[:5], "from": "09:00", "to": "17:30"})
NIGHT = WorkingHours.model_validate({"days": WEEK[:5], "from": "22:00", "to": "06:00"})


def hours(days: tuple[str, ...], opens: str, closes: str) -> WorkingHours:
    return WorkingHours.model_validate({"days": days, "from": opens, "to": closes})


def calendar(zone: str = "Europe/Lisbon", working: WorkingHours | None = OFFICE, **more: object) -> Calendar:
    return Calendar(ZoneInfo(zone), working, **more)  # type: ignore[arg-type]


def at(text: str, zone: str = "Europe/Lisbon") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def by_the_wall_clock(moment: datetime, zone: str, working: WorkingHours) -> bool:
    """Whether somebody who looks at their own clock would say that they are at work."""
    local = moment.astimezone(ZoneInfo(zone))
    clock, today = f"{local.hour:02}:{local.minute:02}", WEEK[local.weekday()]
    yesterday = WEEK[local.weekday() - 1]
    if working.from_ < working.to:
        return today in working.days and working.from_ <= clock < working.to
    return (today in working.days and clock >= working.from_) or (yesterday in working.days and clock < working.to)


CLOCKS = st.builds(lambda h, m: f"{h:02d}:{m:02d}", st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
DAYS = st.sets(st.sampled_from(WEEK), min_size=1).map(lambda days: tuple(sorted(days)))
HOURS = st.builds(hours, DAYS, CLOCKS, CLOCKS)
MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
QUARTER = timedelta(minutes=15)
CHANGES = [
    datetime(2026, month, day, 12, tzinfo=UTC) for month, day in ((3, 5), (3, 26), (4, 2), (10, 1), (10, 22), (10, 29))
]
SPANS = st.timedeltas(timedelta(), timedelta(hours=40))


@given(st.sampled_from(ZONES), HOURS, MOMENTS, SPANS)
@settings(max_examples=150, deadline=None)
def test_what_is_due_falls_into_working_hours_in_any_zone(
    zone: str, working: WorkingHours, start: datetime, span: timedelta
) -> None:
    mine = calendar(zone, working)

    due = mine.after(start, span)

    assert due >= start
    assert by_the_wall_clock(due, zone, working)
    assert mine.is_open(due)


@given(st.sampled_from(ZONES), HOURS, MOMENTS, SPANS, SPANS)
@settings(max_examples=80, deadline=None)
def test_more_working_time_is_never_sooner(
    zone: str, working: WorkingHours, start: datetime, less: timedelta, more: timedelta
) -> None:
    mine = calendar(zone, working)

    assert mine.after(start, less) <= mine.after(start, less + more)
    assert mine.after(start, less) == mine.after(start, less)


@given(st.sampled_from(ZONES), HOURS, MOMENTS, SPANS)
@settings(max_examples=80, deadline=None)
def test_a_later_start_is_never_due_sooner(zone: str, working: WorkingHours, start: datetime, later: timedelta) -> None:
    mine = calendar(zone, working)

    assert mine.after(start, timedelta(hours=3)) <= mine.after(start + later, timedelta(hours=3))


def worked(start: datetime, end: datetime, zone: str, working: WorkingHours) -> timedelta:
    """How much working time lies between, read off a clock every quarter of an hour."""
    steps = round((end - start) / QUARTER)
    return sum((QUARTER for i in range(steps) if by_the_wall_clock(start + i * QUARTER, zone, working)), timedelta())


def unlike() -> list[str]:
    """One zone for each way in which clocks are set on the days of a year: the others are the same by another name."""
    days = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(365)]
    found = {tuple(day.astimezone(ZoneInfo(zone)).utcoffset() for day in days): zone for zone in ZONES}
    return sorted(found.values())


@pytest.mark.parametrize("zone", unlike())
def test_in_every_zone_working_time_is_what_the_clock_on_the_wall_says(zone: str) -> None:
    """Every zone there is, half-hour ones too, in weeks in which clocks are changed, by day and across midnight."""
    for working in (OFFICE, NIGHT):
        mine = calendar(zone, working)
        for first in CHANGES:
            start = mine.opening(first)
            end = mine.after(start, timedelta(hours=20))

            found = worked(start, end, zone, working)

            assert by_the_wall_clock(end, zone, working)
            # Strict: an hour that a clock shows twice, or never, is not worked.
            assert timedelta(hours=20) <= found <= timedelta(hours=21)


@pytest.mark.parametrize(
    ("zone", "day", "fold", "opens"),
    [
        ("America/New_York", "2026-11-01 01:30", 0, "2026-11-01 06:30"),  # shown twice: the second counts
        ("America/New_York", "2026-11-01 01:30", 1, "2026-11-01 06:30"),
        ("America/New_York", "2026-03-08 02:30", 0, "2026-03-08 07:30"),  # never shown: an hour later by the old clock
        ("Australia/Lord_Howe", "2026-04-05 01:45", 0, "2026-04-04 15:15"),  # half an hour
    ],
)
def test_a_day_that_begins_in_a_change_of_clocks_begins_late_rather_than_early(
    zone: str, day: str, fold: int, opens: str
) -> None:
    moment = at(day, zone).replace(fold=fold)
    clock = f"{moment:%H:%M}"

    found = calendar(zone, hours(WEEK, clock, "23:00")).opening(moment.astimezone(UTC) - timedelta(hours=2))

    assert found == datetime.fromisoformat(opens).replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns"])
def test_every_minute_around_a_change_of_clocks_agrees_with_the_wall_clock(zone: str) -> None:
    night = hours(WEEK, "01:30", "02:30")
    mine = calendar(zone, night)
    for month, day in ((3, 7), (3, 28), (10, 3), (10, 24), (10, 31)):
        for minute in range(0, 2 * 24 * 60, 10):
            moment = datetime(2026, month, day, tzinfo=UTC) + timedelta(minutes=minute)
            if mine.is_open(moment):
                assert by_the_wall_clock(moment, zone, night)


@pytest.mark.parametrize(
    ("start", "duration", "due"),
    [
        ("2026-03-02 10:00", "2h", "2026-03-02 12:00"),
        ("2026-03-02 16:30", "2h", "2026-03-03 10:00"),
        ("2026-03-06 16:00", "1d", "2026-03-09 16:00"),  # Friday to Monday
        ("2026-03-07 12:00", "1h", "2026-03-09 10:00"),  # asked on a Saturday
        ("2026-03-02 08:00", "30m", "2026-03-02 09:30"),
        ("2026-03-02 17:30", "15m", "2026-03-03 09:15"),
        ("2026-03-27 16:00", "1d", "2026-03-30 16:00"),  # clocks go forward on the Sunday between
    ],
)
def test_durations_count_working_time(start: str, duration: str, due: str) -> None:
    mine = calendar()

    assert mine.after(at(start), mine.span(duration)) == at(due)


def test_a_working_day_that_crosses_midnight_belongs_to_the_day_it_began() -> None:
    mine = calendar("Asia/Kolkata", NIGHT)

    assert mine.opening(at("2026-03-07 03:00", "Asia/Kolkata")) == at("2026-03-07 03:00", "Asia/Kolkata")  # Friday's
    assert mine.opening(at("2026-03-07 07:00", "Asia/Kolkata")) == at("2026-03-09 22:00", "Asia/Kolkata")
    assert mine.day_length == timedelta(hours=8)


def test_a_public_holiday_is_no_working_day() -> None:
    mine = calendar(country="PT", holidays=lambda country, day: (country, day) == ("PT", date(2026, 4, 3)))

    assert mine.after(at("2026-04-02 17:00"), timedelta(hours=1)) == at("2026-04-06 09:30")
    assert not no_holidays("PT", date(2026, 4, 3))


def test_without_hours_time_counts_around_the_clock() -> None:
    mine = calendar(working=None)

    assert mine.after(at("2026-03-07 23:00"), mine.span("1d")) == at("2026-03-08 23:00")
    assert mine.is_open(at("2026-03-07 23:00"))


def test_a_calendar_without_any_working_day_says_so() -> None:
    with pytest.raises(ValueError, match="no working day"):
        calendar(country="PT", holidays=lambda _country, _day: True).opening(at("2026-03-02 10:00"))


def test_a_day_that_an_island_skipped_is_no_working_day() -> None:
    friday = hours(("fri",), "09:00", "17:00")

    due = calendar("Pacific/Apia", friday).opening(datetime(2011, 12, 29, 20, 0, tzinfo=UTC))

    assert due == at("2012-01-06 09:00", "Pacific/Apia")


def test_the_same_time_twice_is_a_whole_day() -> None:
    mine = calendar(working=hours(("mon",), "08:00", "08:00"))

    assert mine.day_length == timedelta(days=1)
    assert mine.is_open(at("2026-03-03 07:59"))
    assert not mine.is_open(at("2026-03-03 08:00"))
