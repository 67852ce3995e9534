"""`baton forget`: what is to be forgotten, what that would change, and doing it.

What forgetting means stands in `handoff/forgetting.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handoff.errors import ConfigError
from handoff.forgetting import Archive, Granted, Wish, person_wish, record_wish
from handoff.terms import is_email


@dataclass(frozen=True)
class Task:
    """What to forget, and in which handoffs. `email` is None for a record."""

    about: str
    wish: Wish
    handoffs: Sequence[str]
    email: str | None = None


def task(archive: Archive, record: str | None, person: str | None, names: Sequence[str]) -> Task:
    """What a person at the command line means.

    Raises:
        ConfigError: it is no record and no person.
        StorageError: the database does not answer.
    """
    if person is None:
        if record is None or record.count(":") < 2:
            raise ConfigError(f"{record!r} names no record. Put its system, kind and id: hubspot:deal:123.")
        return Task(record, record_wish(), archive.of_record(record))
    if not is_email(person):
        raise ConfigError(f"{person!r} is no e-mail address. Put the one that Slack or the CRM knows them by.")
    known = archive.persons(archive.naming((person, *names)))
    wish = person_wish(person, known, names)
    return Task(person, wish, archive.naming((*wish.texts, *wish.ids)), person)


def outlook(archive: Archive, task: Task, now: datetime) -> str:
    """What would be changed, found out by doing it and taking it back."""
    if not task.handoffs:
        return f"Nothing is stored about {task.about}."
    looked_for = f"Looked for: {', '.join(task.wish.texts)}.\n" if task.wish.texts else ""
    rehearsed = [archive.forget(handoff_id, task.wish, now, rehearsal=True) for handoff_id in task.handoffs]
    return looked_for + _counted("Would be covered", rehearsed)


def carry_out(archive: Archive, task: Task, now: datetime) -> str:
    """Do it, leave nothing of it in the database, and look once more."""
    done = _counted("Covered", [archive.forget(h, task.wish, now) for h in task.handoffs])
    archive.scour(task.email)
    if left := archive.naming((task.email,)) if task.email else ():
        return f"{done}\nIt came back in {len(left)} handoff(s): somebody is at work on them. Say the same again."
    return f"{done}\nNothing of it is left in the database. A running Baton changes the messages within a minute."


def _counted(what: str, granted: Sequence[Granted]) -> str:
    ended = sum(one.is_ended for one in granted)
    cancelled = f", {ended} of them open and cancelled with it" if ended else ""
    rows, messages = sum(one.rows for one in granted), sum(one.messages for one in granted)
    places = f"{rows} row(s) of log and outbox, {messages} message(s) in Slack"
    return f"{what}: {len(granted)} handoff(s){cancelled}; {places}."
