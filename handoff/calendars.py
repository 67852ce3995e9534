"""Whose working time counts: a person's own zone, hours and holidays, or the workflow's. Pure."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from handoff.model import Person
from handoff.notices import To
from handoff.terms import is_email
from handoff.workflow import PersonNote, Workflow
from handoff.worktime import Calendar, Holidays, no_holidays


@dataclass(frozen=True)
class Calendars:
    """The calendars of one workflow. `holidays` says what is a public holiday."""

    workflow: Workflow
    holidays: Holidays = no_holidays

    def of(self, to: To | None) -> Calendar:
        """The calendar of whoever is meant. A channel or a group keeps the hours of the workflow."""
        return self.of_person(to.person if to else None, to.name if to else None)

    def of_person(self, person: Person | None, email: str | None = None) -> Calendar:
        """The calendar of a person; config may know them by their e-mail address."""
        defaults = self.workflow.defaults
        email = person.email if person is not None else email
        note = (self.workflow.people.get(email) if email and is_email(email) else None) or PersonNote()
        hours = note.working_hours or defaults.working_hours
        return Calendar(
            zone=_zone(person.zone if person is not None else None) or ZoneInfo(defaults.time_zone),
            hours=None if hours == "always" else hours,
            country=note.holidays or defaults.holidays,
            holidays=self.holidays,
        )


def _zone(name: str | None) -> ZoneInfo | None:
    """A zone as Slack names it; None for one that is not known here."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):
        return None
