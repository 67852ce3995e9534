"""A memory without a disk (implements `handoff.ports.Store`), for simulations of many handoffs over a long time.

It follows the rules of storage/ and keeps models as they are, without JSON; tests/storage/test_memory.py holds it
against the real one. It is not for several threads.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import TypeVar, cast

from handoff.decision import Decision
from handoff.errors import StorageError, StorageRefused
from handoff.events import AnyEvent, Hint
from handoff.model import Handoff, Record, RecordRef
from handoff.notices import Nag, Notice, To
from handoff.ports import Finished, Leased, Problem, QueueState, Skipped, Unit
from handoff.workflow import Workflow
from storage.names import words_of
from storage.search import quiet_until
from storage.tables import from_ms, to_ms
from tests.rows import Row, Rows

T = TypeVar("T")
_LAST_WORDS = timedelta(seconds=4)
_FIRST = ("collecting", "in_review", "unclaimed")  # somebody is waited for


class MemoryStore:
    """The memory of one workspace."""

    def __init__(self) -> None:
        self.inbox: Rows[Hint] = Rows()
        self.outbox: Rows[Notice] = Rows()
        self.handoffs: dict[str, Handoff] = {}
        self.workflows: dict[str, Workflow] = {}
        self.stages: dict[str, str] = {}
        self.logs: dict[str, list[tuple[AnyEvent, str]]] = {}
        self.of_record: dict[tuple[str, str], list[str]] = {}

    def remember(self, workflows: Collection[Workflow], now: datetime) -> None:  # noqa: ARG002
        self.workflows.update({w.edition: w for w in workflows})

    def resume(self, now: datetime) -> None:
        """Take over what a killed process left in hand, as SqlStore does where it is alone."""
        for queue in (self.inbox, self.outbox):
            for row in queue.due():
                if row.attempt > 0 and row.not_before > to_ms(now + _LAST_WORDS):
                    queue.retry(row.id, row.attempt, now + _LAST_WORDS, row.outcome, clean=False, looks=0)

    def take(self, hints: Sequence[Hint], now: datetime) -> int:
        return sum(self.taking(hints, now).result())

    def taking(self, hints: Sequence[Hint], now: datetime) -> Future[Sequence[bool]]:
        moment = to_ms(now)
        taken: Future[Sequence[bool]] = Future()
        new = {
            hint.key: self.inbox.put(Row(self.inbox.next_id(), hint.key, hint.ref.key, hint, moment, moment))
            for hint in sorted({hint.key: hint for hint in reversed(hints)}.values(), key=lambda hint: hint.key)
        }
        taken.set_result([new.pop(hint.key, False) for hint in hints])
        return taken

    def lease_hint(self, now: datetime, until: datetime) -> Leased[Hint] | None:
        row = self.inbox.take(now, until)
        return _leased(row, until) if row else None

    def lease_notice(self, now: datetime, until: datetime) -> Leased[Notice] | None:
        row = self.outbox.take(now, until)
        return _leased(row, until) if row else None

    def lease_alike(self, nag: Nag, now: datetime, until: datetime, most: int) -> Sequence[Leased[Notice]]:
        return [_leased(row, until) for row in self.outbox.take_alike(nag.recipient, now, until, most)]

    def reminded(self, recipient: str, since: datetime) -> int:
        return self.outbox.said_since(recipient, since)

    def coming(self, handoff_id: str, scope: str) -> Nag | None:
        rows = [row for row in self.outbox.group("handoff", handoff_id) if row.ladder == scope]
        nag = min(rows, key=lambda row: row.due_at).item if rows else None
        return nag if isinstance(nag, Nag) else None

    def retry(
        self, leased: Leased[Hint] | Leased[Notice], at: datetime, error: str, *, clean: bool, looks: int = 0
    ) -> None:
        self._queue(leased).retry(leased.id, leased.attempt, at, error, clean=clean, looks=looks)

    def write(self, work: Callable[[Unit], T], about: str | None = None) -> T:  # noqa: ARG002 -- reading is free here
        unit = MemoryUnit(self)
        try:
            return work(unit)
        except BaseException:
            unit.undo()
            raise

    def handoff(self, handoff_id: str) -> Handoff | None:
        return self.handoffs.get(handoff_id)

    def workflow(self, edition: str) -> Workflow:
        if edition not in self.workflows:
            raise StorageError(f"The database has no workflow of edition {edition}.")
        return self.workflows[edition]

    def last_stage(self, ref: RecordRef) -> str | None:
        return self.stages.get(ref.key)

    def search(self, name: str | None, limit: int, offset: int = 0, *, everything: bool = False) -> Sequence[Handoff]:
        found = [h for h in self.handoffs.values() if everything or h.is_open]
        if name is not None:
            sought = words_of(name)
            found = [h for h in found if sought and all(_has(h, word) for word in sought)]
        found.sort(key=lambda h: (to_ms(h.opened_at), h.id), reverse=everything)
        if name is None and not everything:
            found.sort(key=lambda h: h.status not in _FIRST)
        return found[offset : offset + limit]

    def of(self, slack_id: str, limit: int, offset: int = 0) -> Sequence[Handoff]:
        people = {h.id: (h.asked, h.owner) for h in self.handoffs.values() if h.is_open}
        found = [self.handoffs[i] for i, both in people.items() if slack_id in {p.slack_id for p in both if p}]
        return sorted(found, key=lambda h: (to_ms(h.opened_at), h.id))[offset : offset + limit]

    def resting(self, now: datetime, limit: int, offset: int = 0) -> Sequence[Handoff]:
        until = {h.id: quiet_until(h) or 0 for h in self.handoffs.values()}
        found = sorted(i for i, moment in until.items() if moment > to_ms(now))
        return [self.handoffs[i] for i in sorted(found, key=lambda i: until[i])][offset : offset + limit]

    def log(self, handoff_id: str) -> Sequence[tuple[AnyEvent, str]]:
        return self.logs.get(handoff_id, [])

    def count(self) -> Mapping[str, int]:
        counted: dict[str, int] = {}
        for h in self.handoffs.values():
            if h.is_open:
                counted[h.status.value] = counted.get(h.status.value, 0) + 1
        return counted

    def problems(self, late: datetime, limit: int, *, only_late: bool = False) -> Sequence[Problem]:
        found = [_problem("in", row) for row in _needing_somebody(self.inbox, to_ms(late))]
        found += [_problem("out", row) for row in _needing_somebody(self.outbox, to_ms(late))]
        found = [p for p in found if not (only_late and p.is_dead)]
        return sorted(found, key=lambda p: p.since)[:limit]

    def skipped(self, since: datetime, limit: int) -> Sequence[Skipped]:
        rows = [r for r in self.outbox.rows.values() if r.state == "skipped" and (r.done_at or 0) >= to_ms(since)]
        rows.sort(key=lambda row: (row.done_at, row.id), reverse=True)
        return [_skipped(row) for row in rows[:limit]]

    def revive(self, problem_id: str, now: datetime) -> bool:
        name, _, number = problem_id.partition("-")
        revive = {"in": self.inbox.revive, "out": self.outbox.revive}.get(name)
        return revive is not None and number.isdigit() and revive(int(number), now)

    def queues(self, now: datetime) -> Mapping[str, QueueState]:
        return {"inbox": _state(self.inbox, now), "outbox": _state(self.outbox, now)}

    def _queue(self, leased: Leased[Hint] | Leased[Notice]) -> "Rows[Hint] | Rows[Notice]":
        return self.inbox if isinstance(leased.item, Hint) else self.outbox


class MemoryUnit:
    """One transaction (implements `handoff.ports.Unit`): what it did is undone if it fails."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._undo: list[Callable[[], object]] = []

    def undo(self) -> None:
        """Take back everything, the last first."""
        while self._undo:
            self._undo.pop()()

    def handoff(self, handoff_id: str) -> Handoff | None:
        return self._store.handoff(handoff_id)

    def newest(self, workflow: str, ref: RecordRef) -> Handoff | None:
        known = [self._store.handoffs[i] for i in self._store.of_record.get((workflow, ref.key), ())]
        return max(known, key=lambda h: (h.is_open, to_ms(h.opened_at)), default=None)

    def workflow(self, edition: str) -> Workflow:
        return self._store.workflow(edition)

    def last_stage(self, ref: RecordRef) -> str | None:
        return self._store.last_stage(ref)

    def saw(self, record: Record, now: datetime) -> None:  # noqa: ARG002
        self._set(self._store.stages, record.ref.key, record.stage)

    def save(self, event: AnyEvent, decision: Decision, now: datetime) -> None:
        store, before = self._store, decision.handoff.version
        handoff = decision.handoff.model_copy(update={"version": before + 1})
        self._guard(handoff, before)
        self._set(store.handoffs, handoff.id, handoff)
        told = store.logs.setdefault(handoff.id, [])
        told.append((event, "\n".join(decision.remarks)))
        self._undo.append(told.pop)
        if decision.cancel:
            self._void(handoff.id, decision.cancel)
        for notice in decision.notices:
            self._put(notice, to_ms(now))

    def finish(
        self, leased: Leased[Hint] | Leased[Notice], outcome: str, now: datetime, *, state: Finished = "done"
    ) -> bool:
        queue = cast("Rows[object]", self._store._queue(leased))
        before = queue.rows[leased.id].outcome
        if not queue.finish(leased.id, leased.attempt, state, outcome, now):
            return False
        self._undo.append(lambda: queue.unfinish(queue.rows[leased.id], before))
        return True

    def _guard(self, handoff: Handoff, before: int) -> None:
        """What the database's own constraints refuse."""
        store, known = self._store, self._store.handoffs.get(handoff.id)
        of_record = store.of_record.setdefault((handoff.workflow, handoff.record.ref.key), [])
        others = (store.handoffs[i] for i in of_record if i != handoff.id)
        if (before == 0 and known is not None) or (handoff.is_open and any(h.is_open for h in others)):
            raise StorageRefused("The database refused: it is there already. Nothing was stored.")
        if before > 0 and (known is None or known.version != before):
            raise StorageRefused("The database refused: somebody else was quicker. Nothing was stored.")
        if before == 0:
            of_record.append(handoff.id)
            self._undo.append(of_record.pop)

    def _void(self, handoff_id: str, ladders: Collection[str]) -> None:
        outbox = self._store.outbox
        for row in list(outbox.group("handoff", handoff_id)):
            if row.ladder in ladders and row.attempt == row.clean:
                before = row.outcome
                outbox.void(row)
                self._undo.append(lambda row=row, before=before: outbox.unfinish(row, before))  # type: ignore[misc]

    def _put(self, notice: Notice, now: int) -> None:
        outbox = self._store.outbox
        lane, due_at = f"{notice.handoff_id}:{notice.lane}", to_ms(notice.due_at)
        row: Row[Notice] = Row(outbox.next_id(), notice.key, lane, notice, due_at, now, notice.handoff_id)
        if isinstance(notice, Nag):
            row.ladder, row.recipient = notice.scope, notice.recipient
        if outbox.put(row):
            self._undo.append(lambda: outbox.remove(row))

    def _set(self, where: dict[str, T], key: str, value: T) -> None:
        before = where.get(key)
        where[key] = value
        self._undo.append(lambda: where.pop(key) if before is None else where.__setitem__(key, before))


def _leased(row: Row[T], until: datetime) -> Leased[T]:
    created_at, due_at = from_ms(row.created_at), from_ms(row.due_at)
    doubts = max(row.attempt - 1 - row.clean, 0)
    return Leased(row.id, row.item, row.attempt, doubts, until, created_at, due_at, row.looks)


def _has(handoff: Handoff, sought: str) -> bool:
    return any(word.startswith(sought) for word in words_of(handoff.record.name))


def _problem(queue: str, row: "Row[Hint] | Row[Notice]") -> Problem:
    item = row.item
    what, subject = ("read_record", item.ref.key) if isinstance(item, Hint) else (item.kind, item.handoff_id)
    return Problem(f"{queue}-{row.id}", what, subject, row.outcome, from_ms(row.due_at), row.state == "dead")


def _skipped(row: "Row[Notice]") -> Skipped:
    to = row.item.to if isinstance(row.item, Nag) else To()
    whom = to.person.name if to.person else to.name or ""
    return Skipped(row.handoff_id, whom, row.outcome.removeprefix("put off: "), from_ms(row.done_at or 0))


def _needing_somebody(queue: Rows[T], late: int) -> list[Row[T]]:
    """Rows given up, and those that were due before `late` and that nothing holds back."""
    return [
        row
        for row in queue.rows.values()
        if row.state == "dead"
        or (row.state == "due" and max(row.due_at, row.not_before) < late and not queue.is_held_up(row))
    ]


def _state(queue: Rows[T], now: datetime) -> QueueState:
    due = [row.due_at for row in queue.due() if row.due_at <= to_ms(now)]
    dead = sum(row.state == "dead" for row in queue.rows.values())
    could = [max(r.due_at, r.not_before) for r in queue.due() if not queue.is_held_up(r)]
    idle = [at for at in could if at <= to_ms(now)]
    return QueueState(len(due), dead, *(from_ms(min(found)) if found else None for found in (due, idle)))
