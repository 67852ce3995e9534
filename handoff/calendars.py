"""Whose working time counts: one's own zone, hours and holidays, else those of a group, else the workflow's. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from handoff.model import Person
from handoff.notices import To
from handoff.terms import may_be_group
from handoff.workflow import PersonNote, Workflow, WorkingHours
from handoff.worktime import Calendar, Holidays, no_holidays

T = TypeVar("T")


def groups_noted(workflows: Iterable[Workflow]) -> frozenset[str]:
    """The user groups of which config says something: a person's groups matter only where it does."""
    return frozenset(name for workflow in workflows for name in workflow.people if may_be_group(name))


@dataclass(frozen=True)
class Calendars:
    """The calendars of one workflow. `holidays` says what is a public holiday.

    `known` are people as Slack knows them now: whoever config only names may be among them.
    """

    workflow: Workflow
    holidays: Holidays = no_holidays
    known: tuple[Person, ...] = ()

    def of(self, to: To | None) -> Calendar:
        """The calendar of whoever is meant: a person's, or what config says of a channel or a group."""
        if to is None or to.person is not None or not to.name:
            return self.of_person(to.person if to else None)
        name = to.name.casefold()
        found = (p for p in self.known if name in (str(p.email).casefold(), str(p.slack_id).casefold()))
        return self.of_person(next(found, None), to.name)

    def of_person(self, person: Person | None, name: str | None = None) -> Calendar:
        """The calendar of a person, or of whoever config calls `name`; without either, the workflow's."""
        defaults, notes = self.workflow.defaults, self._notes(person, name)
        hours = _first(note.working_hours for note in notes) or defaults.working_hours
        told = _first(note.time_zone for note in notes)
        return Calendar(
            zone=_zone(person.zone if person is not None else None) or ZoneInfo(told or defaults.time_zone),
            hours=hours if isinstance(hours, WorkingHours) else None,
            country=_first(note.holidays for note in notes) or defaults.holidays,
            holidays=self.holidays,
        )

    def _notes(self, person: Person | None, name: str | None) -> list[PersonNote]:
        """What config says of somebody, what it says of them alone first; of several groups in the file's order."""
        notes = self.workflow.notes
        if not notes:
            return []
        own = [name] if person is None else [person.email, person.slack_id, name]
        groups = {group.casefold() for group in person.groups} if person is not None else set()
        mine = [key.casefold() for key in own if key]
        theirs = [note for key, note in notes.items() if key in groups] if groups else []
        return [notes[key] for key in mine if key in notes] + theirs


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


@lru_cache(1024)  # ZoneInfo keeps the last eight; every other one it reads from its file again
def _zone(name: str | None) -> ZoneInfo | None:
    """A zone as Slack names it; None for one that is not known here."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):
        return None
