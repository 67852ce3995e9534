"""A queue in memory, by the rules of storage/queue.py: leases, lanes in their order, fences, keys that are unique.

Moments are whole milliseconds, as in the database. It is not for several threads.
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import Generic, TypeVar

from storage.queue import MOST_DOUBT
from storage.tables import to_ms

T = TypeVar("T")


@dataclass(slots=True)
class Row(Generic[T]):
    """A row of inbox or outbox; the fields are those of `storage.tables.QueueRow`."""

    id: int
    key: str
    lane: str
    item: T
    due_at: int
    created_at: int
    handoff_id: str = ""
    ladder: str | None = None
    recipient: str | None = None
    state: str = "due"
    not_before: int = 0
    attempt: int = 0
    clean: int = 0
    looks: int = 0
    outcome: str = ""
    done_at: int | None = None

    @property
    def said(self) -> tuple[int, str] | None:
        """When it was said, and in which message: those of one digest were said at one time, or are found as one."""
        if self.done_at is None or self.state != "done" or not self.outcome.startswith("said"):
            return None
        return self.done_at, str(self.done_at) if self.outcome == "said" else self.outcome


@dataclass
class Rows(Generic[T]):
    """One queue. What is due is found by the moment it wakes at, not by looking at every row."""

    rows: dict[int, Row[T]] = field(default_factory=dict)
    _keys: set[str] = field(default_factory=set)
    _waiting: list[tuple[int, int]] = field(default_factory=list)  # (when it wakes, id), a heap
    _ready: list[tuple[int, int]] = field(default_factory=list)  # (due since, id), a heap
    _groups: dict[tuple[str, str], dict[int, Row[T]]] = field(default_factory=dict)  # due rows of a lane, a recipient …
    _said: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # recipient → when, in which message; sorted

    def put(self, row: Row[T]) -> bool:
        """Add a row; False if its key is already there."""
        if row.key in self._keys:
            return False
        self._keys.add(row.key)
        self.rows[row.id] = row
        self._begin(row)
        return True

    def remove(self, row: Row[T]) -> None:
        """Take back a row that was just added."""
        del self.rows[row.id]
        self._keys.discard(row.key)
        self._end(row)

    def next_id(self) -> int:
        """The id of the next row: like the database, one more than the highest."""
        return next(reversed(self.rows), 0) + 1

    def take(self, now: datetime, until: datetime) -> Row[T] | None:
        """Lease the row that has been due longest and whose lane nothing older holds up."""
        moment, passed_over, found = to_ms(now), list[tuple[int, int]](), None
        self._wake(moment)
        while self._ready and found is None:
            due_at, id_ = heappop(self._ready)
            row = self.rows.get(id_)
            if row is None or row.state != "due" or row.due_at != due_at:
                continue
            if max(row.due_at, row.not_before) > moment:
                heappush(self._waiting, (max(row.due_at, row.not_before), id_))
            elif self.is_held_up(row) or self._is_behind_another(row):
                passed_over.append((due_at, id_))
            else:
                found = self._lease(row, until)
        for entry in passed_over:
            heappush(self._ready, entry)
        return found

    def take_alike(self, recipient: str, now: datetime, until: datetime, most: int) -> list[Row[T]]:
        """Lease rows for the same recipient that are due as well; none that may have been said."""
        moment = to_ms(now)
        free = [
            row
            for row in self.group("recipient", recipient)
            if max(row.due_at, row.not_before) <= moment and row.attempt == row.clean and not self.is_held_up(row)
        ]
        chosen = sorted(free, key=lambda row: (row.due_at, row.id))[:most]
        return [self._lease(row, until) for row in sorted(chosen, key=lambda row: row.id)]

    def group(self, kind: str, name: str) -> Collection[Row[T]]:
        """The due rows of a `lane`, a `recipient` or a `handoff`."""
        return self._groups.get((kind, name), {}).values()

    def finish(self, id_: int, attempt: int, state: str, outcome: str, now: datetime) -> bool:
        """Mark a leased row as done with. False if the lease was lost to a later attempt."""
        row = self.rows[id_]
        if row.attempt != attempt or row.state != "due":
            return False
        row.state, row.outcome, row.done_at = state, outcome[:500], to_ms(now)
        self._end(row)
        if row.recipient is not None and (said := row.said) is not None:
            insort(self._said.setdefault(row.recipient, []), said)
        return True

    def unfinish(self, row: Row[T], outcome: str) -> None:
        """Take back that a row was finished or voided; `outcome` is what stood there before."""
        if row.recipient is not None and (said := row.said) is not None:
            self._said[row.recipient].remove(said)
        row.state, row.outcome, row.done_at = "due", outcome, None
        self._begin(row)

    def void(self, row: Row[T]) -> None:
        """The deed overtook it."""
        row.state, row.outcome = "void", "overtaken by the deed"
        self._end(row)

    def retry(self, id_: int, attempt: int, at: datetime, error: str, *, clean: bool, looks: int) -> None:
        """Give a leased row back for another try at `at`."""
        row = self.rows[id_]
        if row.attempt == attempt and row.state == "due":
            row.not_before, row.outcome = to_ms(at), error[:500]
            row.clean += clean
            row.looks += looks
            heappush(self._waiting, (max(row.due_at, row.not_before), id_))

    def revive(self, id_: int, now: datetime) -> bool:
        """Make a dead row due again, as of now."""
        row = self.rows.get(id_)
        if row is None or row.state != "dead":
            return False
        row.state, row.due_at, row.not_before = "due", to_ms(now), 0
        self._begin(row)
        return True

    def said_since(self, recipient: str, since: datetime) -> int:
        """How many messages a recipient got since a moment."""
        said = self._said.get(recipient, [])
        return len({message for _, message in said[bisect_left(said, (to_ms(since), "")) :]})

    def next_moment(self, now: datetime) -> int | None:
        """When the next row wakes after now. A row that another one of its lane holds up waits for that one."""
        self._wake(to_ms(now))
        return self._waiting[0][0] if self._waiting else None

    def due(self) -> Iterator[Row[T]]:
        """Every row that is not done with, those of later included."""
        return (row for row in self.rows.values() if row.state == "due")

    def _wake(self, moment: int) -> None:
        while self._waiting:
            wakes, id_ = self._waiting[0]
            row = self.rows.get(id_)
            is_stale = row is None or row.state != "due" or wakes != max(row.due_at, row.not_before)
            if wakes > moment and not is_stale:
                return
            heappop(self._waiting)
            if row is not None and not is_stale:
                heappush(self._ready, (row.due_at, id_))

    def is_held_up(self, row: Row[T]) -> bool:
        """Whether something older of its lane is due."""
        return any(other.id < row.id and other.due_at <= row.due_at for other in self.group("lane", row.lane))

    def _is_behind_another(self, row: Row[T]) -> bool:
        """Whether an older row for the same recipient is due: whoever takes that one takes this one with it."""
        same = self.group("recipient", row.recipient) if row.recipient is not None else ()
        return any(
            (other.due_at, other.id) < (row.due_at, row.id)
            and (not other.outcome or 0 < other.attempt - other.clean <= MOST_DOUBT)
            and not self.is_held_up(other)
            for other in same
        )

    def _lease(self, row: Row[T], until: datetime) -> Row[T]:
        row.not_before, row.attempt = to_ms(until), row.attempt + 1
        heappush(self._waiting, (max(row.due_at, row.not_before), row.id))
        return row

    def _begin(self, row: Row[T]) -> None:
        for group in _groups(row):
            self._groups.setdefault(group, {})[row.id] = row
        heappush(self._waiting, (max(row.due_at, row.not_before), row.id))

    def _end(self, row: Row[T]) -> None:
        for group in _groups(row):
            del self._groups[group][row.id]
            if not self._groups[group]:
                del self._groups[group]


def _groups(row: Row[T]) -> Iterator[tuple[str, str]]:
    yield "lane", row.lane
    if row.handoff_id:
        yield "handoff", row.handoff_id
    if row.recipient is not None:
        yield "recipient", row.recipient
