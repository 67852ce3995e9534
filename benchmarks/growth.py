"""What years of handoffs do to the speed of what people and the clock ask for."""

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import psycopg

from benchmarks import crowded
from benchmarks.configs import shipped
from benchmarks.filling import WORKSPACE, Filler, filler, handoff_id, settle
from benchmarks.parts import postgres
from benchmarks.report import Section, Table
from handoff import decide
from handoff.events import Claimed, Hint
from handoff.model import Person, Post, RecordRef
from handoff.ports import Unit
from storage.engine import Database, open_database
from storage.store import SqlStore

ROUNDS = 30
LATER = timedelta(seconds=40)
WHO = Person(name="Priya Nair", email="priya@example.com", slack_id="U0PRIYA")
WAITING_BEFORE = 200  # unclaimed handoffs in the database that counts as empty, so that there is something to claim
PAST_FROM = 10_000_000  # numbers that no name of those who wait begins with


@dataclass(frozen=True)
class Side:
    """One of the two databases that are compared; `waiting` handoffs, numbered from one, wait for an owner."""

    database: Database
    fill: Filler
    store: SqlStore
    waiting: int


Work = Callable[[Side, int], object]


def measure(*, quick: bool) -> Section:
    """The same calls on a nearly empty and on a full database, in turns, on both engines."""
    past, waiting = (100_000, 10_000) if quick else (1_000_000, 100_000)
    columns: dict[str, dict[str, tuple[float, float]]] = {}
    took: dict[str, float] = {}
    for engine, urls in (("SQLite", _files), ("PostgreSQL", _databases)):
        with urls() as (small, large), _side(small, WAITING_BEFORE) as empty, _side(large, waiting) as full:
            began = time.monotonic()
            full.fill.past(PAST_FROM, past)
            for side in (empty, full):
                side.fill.unclaimed(1, side.waiting)
                settle(side.database)
            took[engine] = time.monotonic() - began
            columns[engine] = {name: _medians(empty, full, call) for name, call in _CALLS.items()}
    return _section(columns, past, waiting, took)


@contextlib.contextmanager
def _files() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as folder:
        yield f"sqlite:///{folder}/small.db", f"sqlite:///{folder}/large.db"


@contextlib.contextmanager
def _databases() -> Iterator[tuple[str, str]]:
    with postgres() as address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE small")
        yield address.replace("/bench?", "/small?"), address


@contextlib.contextmanager
def _side(url: str, waiting: int) -> Iterator[Side]:
    database = open_database(url)
    try:
        with tempfile.TemporaryDirectory(prefix="baton-bench-") as folder:
            config = Path(folder, "handoffs.yml")
            config.write_text(shipped(nags=False), encoding="utf-8")
            fill = filler(database, config, Post(channel="C0DELIVERY", ts="1772442000.000200"))
        store = SqlStore(database, WORKSPACE)
        store.remember([fill.workflow], datetime.now(UTC))
        yield Side(database, fill, store, waiting)
    finally:
        database.close()


def _medians(empty: Side, full: Side, call: Work) -> tuple[float, float]:
    """Of both, in milliseconds. They take turns, so that what else the machine does slows both."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS):
        for side, mine in zip((empty, full), seconds, strict=True):
            began = time.perf_counter()
            call(side, number)
            mine.append(time.perf_counter() - began)
        if sum(map(sum, seconds)) > 30:
            break
    return 1000 * median(seconds[0]), 1000 * median(seconds[1])


def _claim(store: SqlStore, handoff: str) -> None:
    now = datetime.now(UTC)
    event = Claimed(handoff_id=handoff, at=now, via="button", by=WHO)

    def work(unit: Unit) -> None:
        found = unit.handoff(handoff)
        assert found is not None
        unit.save(event, decide.decide(found, event, unit.workflow(found.edition), now), now)

    store.write(work)


def _hint(number: int) -> Hint:
    ref = RecordRef(system="hubspot", object="deal", id=str(number))
    return Hint(key=f"hubspot:{number}", ref=ref, at=datetime.now(UTC), stage="closedwon")


def _work_off(store: SqlStore) -> None:
    now = datetime.now(UTC)
    leased = store.lease_hint(now, now + LATER)
    assert leased is not None
    store.write(lambda unit: unit.finish(replace(leased), "read", now))


def _problems(store: SqlStore) -> None:
    now = datetime.now(UTC)
    store.problems(now - timedelta(minutes=5), 20)
    store.skipped(now - timedelta(days=7), 20)


def _is_open(unit: Unit, number: int) -> bool:
    return unit.newest("sales-to-delivery", RecordRef(system="hubspot", object="deal", id=str(number))) is not None


def _find(side: Side, name: str, wanted: int, *, everything: bool = False) -> None:
    found = len(side.store.search(name, 20, everything=everything))
    assert found == wanted, f"{found} of {wanted} for {name}"


_CALLS: dict[str, Work] = {
    "claim": lambda s, i: _claim(s.store, handoff_id(1 + i)),
    "webhook to inbox": lambda s, i: s.store.take([_hint(1 + i)], datetime.now(UTC)),
    "lease and finish a hint": lambda s, _: _work_off(s.store),
    "tick with nothing due": lambda s, _: s.store.lease_notice(
        datetime.now(UTC) - timedelta(days=900), datetime.now(UTC)
    ),
    "/handoff status, first page": lambda s, _: s.store.search(None, 20),
    "/handoff status, the numbers": lambda s, _: s.store.count(),
    "/handoff status, a whole name": lambda s, _: _find(s, f"Deal {s.waiting - 1}", 1),
    "/handoff status Deal 1 (part of many names)": lambda s, _: _find(s, "Deal 1", 20),
    "/handoff history Deal 1 (over or not)": lambda s, _: _find(s, "Deal 1", 20, everything=True),
    "/handoff history of one": lambda s, i: s.store.log(handoff_id(1 + i)),
    "/handoff problems, first page": lambda s, _: _problems(s.store),
    "newest of all, first page": lambda s, _: s.store.search(None, 20, everything=True),
    "Home tab (5 of one's own, 200 others)": lambda s, _: (
        s.store.of(crowded.slack_id(7), 5),
        s.store.search(None, 200),
    ),
    "is this record's handoff open": lambda s, i: s.store.write(lambda unit: _is_open(unit, 1 + i)),
    "what is late (audit)": lambda s, _: s.store.problems(datetime.now(UTC) - timedelta(minutes=5), 20),
    "depth of the queues (/metrics)": lambda s, _: s.store.queues(datetime.now(UTC)),
}


def _section(
    columns: dict[str, dict[str, tuple[float, float]]], past: int, waiting: int, took: dict[str, float]
) -> Section:
    rows = []
    for name in _CALLS:
        row = [name]
        for engine in took:
            empty, full = columns[engine][name]
            row += [f"{empty:.1f}", f"{full:.1f}", f"**{full / empty:.1f}**"]
        rows.append(row)
    head = [""] + [f"{engine}, {what}" for engine in took for what in ("empty, ms", "full, ms", "ratio")]
    return Section(
        "Growth",
        "1,000,000 past handoffs and 100,000 open: claim, status, tick and first page of anything within 2× of an "
        "empty database, on both engines.",
        f"{past:,} handoffs that were taken long ago (each with five log entries and four notices that were said) and "
        f"{waiting:,} that wait for an owner, against {WAITING_BEFORE} that wait. Medians of {ROUNDS} calls to the "
        "store, without Slack or HTTP, which would only flatter the ratio. Both databases are asked in turns, and find "
        "equally much.",
        [Table(head, rows)],
        [
            "Then PostgreSQL did what autovacuum does by itself (VACUUM ANALYZE), and SQLite what Baton asks of it.",
            f"Filling took {', '.join(f'{s:.0f} s on {e}' for e, s in took.items())}.",
        ],
    )
