"""What pieces of work leave to be written together at the end of the transaction that they share.

Whatever its size, a statement costs more than a row: on PostgreSQL a journey to the server, on both some preparing.
Thirty clicks in one transaction bring the same few statements, so each is run once with the rows of all thirty.
Nobody reads past what is gathered: whoever asks for more than a handoff that none of it is about has it written first.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, CursorResult, Executable

from storage.failures import Conflict
from storage.many import Change, Row, run_for

T = TypeVar("T")
About = tuple[str, str]  # a workspace, and one of its handoffs: the same id may be another handoff elsewhere


@dataclass(frozen=True)
class Write:
    """A statement for rows that are gathered. `each` must find its row; else somebody else was there first.

    Those are run before all others: what stumbles over the traces of somebody else would say so in other words.
    """

    statement: Change
    each: bool = False


@dataclass(frozen=True)
class Later(Generic[T]):
    """What a piece of work comes to once what it left is written."""

    value: Callable[[], T]


class Gathering:
    """One transaction, and what is still to be written in it."""

    def __init__(self, connection: Connection, expected: Collection[About] = ()) -> None:
        """`expected` are the handoffs that pieces of work are going to read."""
        self._connection = connection
        self._expected = set(expected)
        self._ahead: dict[About, str | None] = {}
        self._waiting: dict[Write, list[Row]] = {}
        self._about: set[About] = set()
        self._new: dict[Change, list[Row]] = {}
        self._added: set[object] = set()

    @property
    def dialect(self) -> str:
        """What the database speaks."""
        return self._connection.dialect.name

    def settled(self) -> Connection:
        """The connection, with everything written that was gathered. Raises Conflict if a row was changed before."""
        self._ahead.clear()  # whatever is done with the connection may change them
        waiting, self._waiting, self._about = self._waiting, {}, set()
        for write, rows in sorted(waiting.items(), key=lambda one: not one[0].each):
            if rows and run_for(rows, write.statement, self._connection).rowcount < len(rows) and write.each:
                raise Conflict
        new, self._new = self._new, {}
        for statement, rows in new.items():
            if rows:
                self._added.update(tuple(row) for row in run_for(rows, statement, self._connection))
        return self._connection

    def execute(self, statement: Executable, given: Row | Sequence[Row] | None = None) -> CursorResult[Any]:
        """Run a statement after everything that was gathered."""
        return self.settled().execute(statement, given)

    def read(self, about: About, statement: Executable) -> str | None:
        """The body of a handoff, by a statement for `handoff_ids` that reads all that are expected `in_workspace`."""
        if about in self._about:
            self.settled()
        if about not in self._ahead:
            workspace, _ = about
            wanted = sorted(id_ for its, id_ in {about, *self._expected} if its == workspace)
            found = self._connection.execute(statement, {"in_workspace": workspace, "handoff_ids": wanted}).all()
            bodies = {**dict.fromkeys(wanted), **{row.id: row.body for row in found}}
            self._ahead |= {(workspace, id_): body for id_, body in bodies.items()}
        self._expected.discard(about)
        return self._ahead.pop(about)

    def later(self, about: About, writes: Mapping[Write, Sequence[Row]]) -> None:
        """Write rows at the end. Statements that depend on each other are all named every time, in their order."""
        if about in self._about:
            self.settled()  # what was said to begin may be said to end
        self._about.add(about)
        for write, rows in writes.items():
            self._waiting.setdefault(write, []).extend(rows)

    def adding(self, statement: Change, rows: Sequence[Row], key: Sequence[str]) -> Later[Sequence[bool]]:
        """Add rows at the end; the statement leaves alone and does not return `key`s there are: whether each is new.

        They are added in the order of their keys: else two who bring the same in another would wait for each other.
        """
        keyed = [(tuple(row[name] for name in key), row) for row in rows]
        self._new.setdefault(statement, []).extend(row for _, row in sorted(keyed, key=itemgetter(0)))
        return Later(lambda: [self._is_mine(its) for its, _ in keyed])

    def _is_mine(self, key: object) -> bool:
        """Whether a key was added; of two who bring the same, only the first is told so."""
        is_added = key in self._added
        self._added.discard(key)
        return is_added
