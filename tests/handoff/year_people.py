"""Sixty people in twelve zones: when they work, who is whose manager, and when they are away."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from handoff.courtesy import Presence
from handoff.model import Person
from handoff.notices import To
from handoff.workflow import PersonNote, Workflow, WorkingHours
from tests import factories

BEGINS = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)  # a Monday
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONES = (
    *("Europe/Lisbon", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "America/St_Johns"),
    *("America/Santiago", "Africa/Johannesburg", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo"),
    *("Australia/Adelaide", "Pacific/Auckland"),
)
OFFICE = WorkingHours.model_validate({"days": WEEK[:5], "from": "09:00", "to": "17:30"})
HOURS: tuple[WorkingHours | None, ...] = (
    *(None, None, None),  # as everybody
    WorkingHours.model_validate({"days": ("tue", "wed", "thu", "fri", "sat"), "from": "07:00", "to": "15:00"}),
    WorkingHours.model_validate({"days": ("mon", "wed", "fri"), "from": "12:15", "to": "20:45"}),
    WorkingHours.model_validate({"days": WEEK[:5], "from": "22:00", "to": "06:00"}),
)
COUNTRIES = (None, None, "PT", "NZ")
EVERYBODYS_COUNTRY, OFFICE_ZONE = "US", "Europe/Lisbon"
MOST_A_DAY = 3
REPS, DELIVERY, MANAGERS = (
    slice(0, 36),
    slice(36, 52),
    slice(52, 60),
)  # the last manager reviews, the one before stands in


def _person(number: int) -> Person:
    zone = ZONES[number % len(ZONES)]
    mail, member = f"p{number}@example.com", f"U0PERSON{number:02d}"
    return Person(name=f"Person {number}", email=mail, slack_id=member, zone=zone)


PEOPLE = tuple(_person(number) for number in range(60))
BY_MAIL = {str(person.email): person for person in PEOPLE}
REVIEWER, BACKUP = PEOPLE[59], PEOPLE[58]


def _note(number: int) -> PersonNote:
    manager = PEOPLE[MANAGERS][number % 6].email if number < MANAGERS.start else BACKUP.email
    hours, country = HOURS[number * 7 % len(HOURS)], COUNTRIES[number // 12 % len(COUNTRIES)]
    return PersonNote(manager=manager, holidays=country, working_hours=hours)


NOTES: Mapping[str, PersonNote] = {str(person.email): _note(number) for number, person in enumerate(PEOPLE)}


@cache
def workflow() -> Workflow:
    """Two questions, four ladders, everybody's hours."""
    return factories.workflow(
        defaults={
            "backup_rep": BACKUP.email,
            "ops_channel": "#ops",
            "time_zone": OFFICE_ZONE,
            "working_hours": OFFICE,
            "holidays": EVERYBODYS_COUNTRY,
            "max_nags_per_person_per_day": MOST_A_DAY,
        },
        people=NOTES,
        trigger={"crm": "manual"},
        checklist=[f for f in factories.CHECKLIST if f["key"] in ("promised", "next_step")],
        exceptions={"flags": ["Custom Scope"], "channel": "#reviews", "reviewers": [REVIEWER.email]},
        first_task=None,
        write_back={},
        nags={
            **factories.workflow().nags.model_dump(exclude_none=True),
            "reviewer": [{"after": "4h", "to": "reviewer"}, {"after": "1d", "to": "ops_channel"}],
            "owner": [{"after": "2d", "to": "owner"}, {"after": "4d", "to": "manager of owner"}],
        },
    )


@dataclass(frozen=True)
class Change:
    """From a moment on Slack says this of a person."""

    at: datetime
    person: Person
    presence: Presence


def changes(rng: random.Random, days: int) -> Iterator[Change]:
    """A year of absences, of hours in which somebody is not to be disturbed, of moves and of leaving for good."""
    for number, person in enumerate(PEOPLE):
        zone = str(person.zone)
        moves = BEGINS + timedelta(days=5 + 7 * rng.randrange(days // 7), hours=12)  # on a Saturday
        elsewhere = rng.choice(ZONES) if number % 9 == 0 else zone
        yield Change(moves, person, Presence(zone=elsewhere))
        for _ in range(6):
            begins = BEGINS + timedelta(minutes=rng.randrange(days * 1440))
            here = elsewhere if begins > moves else zone
            yield Change(begins, person, Presence(zone=here, is_away=True))
            back = begins + timedelta(minutes=rng.randrange(300, 15_000))
            yield Change(back, person, Presence(zone=elsewhere if back > moves else zone))
        for _ in range(25):
            begins = BEGINS + timedelta(minutes=rng.randrange(days * 1440))
            until = begins + timedelta(minutes=rng.randrange(10, 600))
            yield Change(begins, person, Presence(zone=elsewhere if begins > moves else zone, quiet_until=until))
        if number in (7, 40):
            gone = BEGINS + timedelta(days=days // 2 + number)
            yield Change(gone, person, Presence(is_gone=True))


def meant(to: To) -> Person | None:
    """The person that a notice is for; None for a channel or a group."""
    return to.person or BY_MAIL.get(to.name or "")


def is_at_work(person: Person | None, zone: str | None, moment: datetime) -> bool:
    """Whether somebody who looks at their own clock and calendar would say that they are at work."""
    note = NOTES[str(person.email)] if person else PersonNote()
    hours = note.working_hours if isinstance(note.working_hours, WorkingHours) else OFFICE
    local = moment.astimezone(ZoneInfo(zone or (person.zone if person else None) or OFFICE_ZONE))
    clock, day = f"{local:%H:%M}", local.date()
    if hours.from_ > hours.to and clock < hours.to:  # the night shift of yesterday
        day -= timedelta(days=1)
    elif not (hours.from_ <= clock and (clock < hours.to or hours.from_ > hours.to)):
        return False
    return WEEK[day.weekday()] in hours.days and day not in _holidays(note.holidays or EVERYBODYS_COUNTRY, day.year)


@cache
def _holidays(country: str, year: int) -> Mapping[date, str]:
    return dict(holidays.country_holidays(country, years=year))
