"""Whatever shares a transaction comes to the same as one piece after the other, whatever the pieces are."""

import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from handoff.decide import decide
from handoff.errors import StorageError
from handoff.events import AnyEvent, RecordChanged
from handoff.forgetting import Granted, record_wish
from handoff.notices import Nag
from handoff.ports import Leased, Unit
from handoff.workflow import Workflow
from storage.engine import Database, open_database
from storage.gathering import About, Gathering, Later
from storage.queue import table
from storage.store import SqlStore
from storage.tables import HandoffRow, InboxRow, LogRow, OutboxRow, RecordRow, WordRow
from tests.factories import NOW, SAM, answered, claimed, did, hint, record, said, stage_entered, workflow
from tests.migrated import migrated_file
from tests.storage.sharing import one_transaction

T = TypeVar("T")
Piece = Callable[["Side", datetime], Any]
WORKFLOW: Workflow = workflow(write_back={}, first_task=None)
WORKSPACES = ("T0TEST0001", "T0TEST0002")
ROWS = (HandoffRow, WordRow, LogRow, RecordRow, InboxRow, OutboxRow)
ACTS = ("answered", "claimed", "released", "snoozed", "renamed", "not_needed")


class Handing:
    """A database (`storage.engine.Database`) that says when work was handed to it, and how often it was run."""

    def __init__(self, database: Database) -> None:
        self.inner, self.alone, self.handed, self.runs = database, database.alone, Event(), 0
        self.read, self.learn, self.scour, self.close = database.read, database.learn, database.scour, database.close

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        return self.gather(lambda gathering: work(gathering.settled()))

    def gather(self, work: Callable[[Gathering], T | Later[T]], about: About | None = None) -> Future[T]:
        def counted(gathering: Gathering) -> T | Later[T]:
            self.runs += 1
            return work(gathering)

        return self._said(self.inner.gather(counted, about))

    def write(self, work: Callable[[Connection], T]) -> T:
        return self.submit(work).result()

    def _said(self, future: Future[T]) -> Future[T]:
        self.handed.set()
        return future


class Side:
    """One database with two workspaces of equal ids in it, and the leases that were taken from it."""

    def __init__(self, folder: str, name: str) -> None:
        migrated_file(Path(folder, name))
        self.database = Handing(open_database(f"sqlite:///{folder}/{name}"))
        self.stores = [SqlStore(self.database, workspace) for workspace in WORKSPACES]
        for store in self.stores:
            store.remember([WORKFLOW], NOW)
        self.leased: list[Leased[Any]] = []

    def alone(self, pieces: list[Piece], now: datetime) -> list[Any]:
        return self._noted([_outcome(piece, self, now) for piece in pieces])

    def together(self, pieces: list[Piece], now: datetime) -> list[Any]:
        with ThreadPoolExecutor(len(pieces)) as pool:
            with one_transaction(self.database.inner):
                running = [self._begin(pool, piece, now) for piece in pieces]
            return self._noted([future.result(20) for future in running])

    def _noted(self, outcomes: list[Any]) -> list[Any]:
        self.leased += [outcome for outcome in outcomes if isinstance(outcome, Leased)]
        return outcomes

    def _begin(self, pool: ThreadPoolExecutor, piece: Piece, now: datetime) -> Future[Any]:
        """Let a piece be handed over before the next one is."""
        self.database.handed.clear()
        running = pool.submit(_outcome, piece, self, now)
        running.add_done_callback(lambda _: self.database.handed.set())
        self.database.handed.wait(10)
        return running

    def rows(self) -> list[list[str]]:
        wanted = [select(table(row)) for row in ROWS]
        return self.database.read(lambda c: [sorted(map(repr, c.execute(one).all())) for one in wanted])


def _outcome(piece: Piece, side: Side, now: datetime) -> Any:
    try:
        return piece(side, now)
    except (StorageError, ZeroDivisionError) as e:
        return type(e)


def _event(number: int, kind: str, now: datetime) -> AnyEvent:
    facts: dict[str, Any] = {"handoff_id": f"h{number}", "at": now}
    if kind == "answered":
        return answered(**facts)
    if kind == "claimed":
        return claimed(**facts)
    if kind == "renamed":
        return RecordChanged(record=record(number, name=f"Renamed {now.minute}"), via="hubspot", trace="t", **facts)
    more = {"until": now + timedelta(hours=5)} if kind == "snoozed" else {}
    why = {"reason": "They have cancelled it"} if kind == "not_needed" else {}
    event: AnyEvent = did(kind, SAM, **facts, **more, **why)
    return event


def _apply(unit: Unit, event: AnyEvent, now: datetime) -> Any:
    handoff = unit.handoff(event.handoff_id)
    if handoff is None:
        return "unknown"
    decision = decide(handoff, event, WORKFLOW, now)
    if decision.counts:
        unit.save(event, decision, now)
    return handoff.version, decision.reply


def act(number: int, which: int, where: int) -> Piece:
    def piece(side: Side, now: datetime) -> Any:
        event = _event(number, ACTS[which % len(ACTS)], now)
        return side.stores[where].write(lambda unit: _apply(unit, event, now), about=event.handoff_id)

    return piece


def act_twice(number: int, which: int, where: int) -> Piece:
    """Two events of one handoff, the second decided on what the first came to, without another look."""

    def piece(side: Side, now: datetime) -> Any:
        until = tuple(now + timedelta(hours=hours) for hours in (5, 6 + which))

        def work(unit: Unit) -> Any:
            handoff = unit.handoff(f"h{number}")
            for moment in until if handoff else ():
                event = did("snoozed", SAM, handoff_id=f"h{number}", at=now, until=moment)
                decision = decide(handoff, event, WORKFLOW, now)
                if decision.counts:
                    unit.save(event, decision, now)
                    handoff = decision.handoff.model_copy(update={"version": decision.handoff.version + 1})
            return handoff and handoff.version

        return side.stores[where].write(work)

    return piece


def begin(number: int, which: int, where: int) -> Piece:
    def piece(side: Side, now: datetime) -> Any:
        about = record(which % 4)
        event = stage_entered(handoff_id=f"h{number}", record=about, workspace=WORKSPACES[where], at=now)

        def work(unit: Unit) -> Any:
            known, seen = unit.newest(WORKFLOW.name, about.ref), unit.last_stage(about.ref)
            unit.saw(about, now)
            if unit.handoff(f"h{number}") is None and (known is None or not known.is_open):
                unit.save(event, decide(None, event, WORKFLOW, now), now)
            return known, seen

        return side.stores[where].write(work)

    return piece


def hints(number: int, which: int, where: int) -> Piece:
    some = [hint(number), hint(which, key="twice"), hint(number)]
    return lambda side, now: side.stores[where].taking(some, now).result()


def lease(number: int, which: int, where: int) -> Piece:
    def piece(side: Side, now: datetime) -> Any:
        store, until = side.stores[where], now + timedelta(minutes=which)
        return store.lease_hint(now, until) if number == 0 else store.lease_notice(now + timedelta(days=number), until)

    return piece


def finish(number: int, which: int, where: int) -> Piece:
    def piece(side: Side, now: datetime) -> Any:
        if not side.leased:
            return None
        leased = side.leased[number % len(side.leased)]

        def work(unit: Unit) -> Any:
            if not unit.finish(leased, "said", now):
                return "lost"
            is_nag = isinstance(leased.item, Nag)
            return _apply(unit, said(leased.item, handoff_id=leased.item.handoff_id, at=now), now) if is_nag else "done"

        return side.stores[where].write(work)

    return piece if which else lambda side, now: _retry(side, number, where, now)


def _retry(side: Side, number: int, where: int, now: datetime) -> None:
    if side.leased:
        leased = side.leased[number % len(side.leased)]
        side.stores[where].retry(leased, now, "no answer", clean=number % 2 == 0)


def forget(number: int, which: int, where: int) -> Piece:
    return lambda side, now: side.stores[where].forget(f"h{number}", record_wish(), now, rehearsal=which > 0)


def fail(number: int, which: int, where: int) -> Piece:
    """Somebody who fails after all, or has decided on what is not so any more."""

    def piece(side: Side, now: datetime) -> Any:
        event = did("snoozed", SAM, handoff_id=f"h{number}", at=now, until=now + timedelta(hours=9))

        def work(unit: Unit) -> Any:
            if (handoff := unit.handoff(event.handoff_id)) is not None:
                for _ in range(1 + which % 2):
                    unit.save(event, decide(handoff, event, WORKFLOW, now), now)
            return 1 // (which % 2)

        return side.stores[where].write(work, about=event.handoff_id)

    return piece


KINDS = (act, act, act, act, act_twice, begin, hints, lease, lease, finish, forget)
WHO = st.tuples(st.integers(0, 3), st.integers(0, 5), st.sampled_from([0, 0, 0, 1]))
BATCH = st.tuples(
    st.lists(st.tuples(st.sampled_from(KINDS), WHO), min_size=2, max_size=9),
    st.sampled_from([None, None, None, fail]),
    WHO,
)
BEGUN = [begin(n, n, where) for n in (0, 1, 2) for where in (0, 1)] + [act(0, 0, 0), act(1, 0, 0), act(1, 1, 0)]


@given(st.lists(BATCH, min_size=1, max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_pieces_that_share_a_transaction_come_to_the_same_as_one_by_one(batches: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shared, alone = Side(folder, "shared.db"), Side(folder, "alone.db")
        try:
            for side in (shared, alone):
                side.alone(BEGUN, NOW)
            for number, (kinds, failing, who) in enumerate(batches, 1):
                now = NOW + timedelta(minutes=number)
                pieces = [kind(*given) for kind, given in kinds] + ([failing(*who)] if failing else [])
                before = [side.database.runs for side in (shared, alone)]
                outcomes = shared.together(pieces, now)
                assert outcomes == alone.alone(pieces, now)
                assert shared.rows() == alone.rows()
                runs = [side.database.runs - was for side, was in zip((shared, alone), before, strict=True)]
                fails = any(isinstance(one, type | Granted) for one in outcomes)
                assert fails or runs[0] == runs[1]  # nobody was run again without need
        finally:
            shared.database.close()
            alone.database.close()
