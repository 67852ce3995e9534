"""What years of handoffs do to the speed of what people and the clock ask for."""

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks import crowded
from benchmarks.configs import shipped
from benchmarks.filling import WORKSPACE, Filler, analyse, filler, handoff_id
from benchmarks.parts import postgres
from benchmarks.report import Section, Table
from handoff import decide
from handoff.events import Claimed, Hint
from handoff.model import Person, Post, RecordRef
from handoff.ports import Unit
from storage.engine import Database, open_database
from storage.store import SqlStore

Work = Callable[[SqlStore, int], object]
WHO = Person(name="Priya Nair", email="priya@example.com", slack_id="U0PRIYA")
WAITING_BEFORE = 200  # unclaimed handoffs in the database that counts as empty, so that there is something to claim
ROUNDS = 30
LATER = timedelta(seconds=40)


def measure(*, quick: bool) -> Section:
    """The same calls on a nearly empty and on a full database, on both engines."""
    past, waiting = (100_000, 10_000) if quick else (1_000_000, 100_000)
    columns: dict[str, dict[str, float]] = {}
    took: dict[str, float] = {}
    with postgres() as address, tempfile.TemporaryDirectory(prefix="baton-bench-") as folder:
        for engine, url in (("SQLite", f"sqlite:///{folder}/baton.db"), ("PostgreSQL", address)):
            with _opened(url, folder) as (database, fill):
                fill.unclaimed(1, WAITING_BEFORE)
                analyse(database)
                columns[f"{engine}, empty"] = _times(database, fill, first=1)
                began = time.monotonic()
                fill.past(10_000_000, past)
                fill.unclaimed(1001, waiting)
                analyse(database)
                took[engine] = time.monotonic() - began
                columns[f"{engine}, full"] = _times(database, fill, first=1001)
    return _section(columns, past, waiting, took)


@contextlib.contextmanager
def _opened(url: str, folder: str) -> Iterator[tuple[Database, Filler]]:
    config = Path(folder, "handoffs.yml")
    config.write_text(shipped(nags=False), encoding="utf-8")
    database = open_database(url)
    try:
        yield database, filler(database, config, Post(channel="C0DELIVERY", ts="1772442000.000200"))
    finally:
        database.close()


def _times(database: Database, fill: Filler, first: int) -> dict[str, float]:
    """The median of each call in milliseconds, in the order of the table."""
    store = SqlStore(database, WORKSPACE)
    store.remember([fill.workflow], datetime.now(UTC))
    calls: dict[str, Work] = {
        "claim": lambda s, i: _claim(s, handoff_id(first + i)),
        "webhook to inbox": lambda s, i: s.take([_hint(first, i)], datetime.now(UTC)),
        "lease and finish a hint": lambda s, _: _work_off(s),
        "tick with nothing due": lambda s, _: s.lease_notice(
            datetime.now(UTC) - timedelta(days=900), datetime.now(UTC)
        ),
        "/handoff status, first page": lambda s, _: s.search(None, 20),
        "/handoff status, the numbers": lambda s, _: s.count(),
        "/handoff status Deal 1001 (part of a name)": lambda s, _: s.search("Deal 1001", 20),
        "/handoff status Deal 1 (twenty in both)": lambda s, _: s.search("Deal 1", 20),
        "/handoff history Deal 1 (over or not)": lambda s, _: s.search("Deal 1", 20, everything=True),
        "/handoff history of one": lambda s, i: s.log(handoff_id(first + i)),
        "/handoff problems, first page": lambda s, _: _problems(s),
        "newest of all, first page": lambda s, _: s.search(None, 20, everything=True),
        "Home tab (5 of one's own, 200 others)": lambda s, _: (s.of(crowded.slack_id(7), 5), s.search(None, 200)),
        "is this record's handoff open": lambda s, i: s.write(lambda u: _is_open(u, first + i)),
        "what is late (audit)": lambda s, _: s.problems(datetime.now(UTC) - timedelta(minutes=5), 20),
        "depth of the queues (/metrics)": lambda s, _: s.queues(datetime.now(UTC)),
    }
    return {name: _median(store, call) for name, call in calls.items()}


def _median(store: SqlStore, call: Work) -> float:
    seconds = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        call(store, number)
        seconds.append(time.perf_counter() - began)
        if sum(seconds) > 20:
            break
    return 1000 * median(seconds)


def _claim(store: SqlStore, handoff: str) -> None:
    now = datetime.now(UTC)
    event = Claimed(handoff_id=handoff, at=now, via="button", by=WHO)

    def work(unit: Unit) -> None:
        found = unit.handoff(handoff)
        assert found is not None
        unit.save(event, decide.decide(found, event, unit.workflow(found.edition), now), now)

    store.write(work)


def _hint(first: int, number: int) -> Hint:
    ref = RecordRef(system="hubspot", object="deal", id=str(first + number))
    return Hint(key=f"hubspot:{first}:{number}", ref=ref, at=datetime.now(UTC), stage="closedwon")


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


def _section(columns: dict[str, dict[str, float]], past: int, waiting: int, took: dict[str, float]) -> Section:
    rows = []
    for name in next(iter(columns.values())):
        row = [name]
        for engine in took:
            empty, full = columns[f"{engine}, empty"][name], columns[f"{engine}, full"][name]
            row += [f"{empty:.1f}", f"{full:.1f}", f"**{full / empty:.1f}**"]
        rows.append(row)
    head = [""] + [f"{engine}, {what}" for engine in took for what in ("empty, ms", "full, ms", "ratio")]
    return Section(
        "Growth",
        "1,000,000 past handoffs and 100,000 open: claim, status, tick and first page of anything within 2× of an "
        "empty database, on both engines.",
        f"{past:,} handoffs that were taken long ago (each with five log entries and four notices that were said) and "
        f"{waiting:,} that wait for an owner, against {WAITING_BEFORE} that wait. Medians of {ROUNDS} calls to the "
        "store, without Slack or HTTP, which would only flatter the ratio.",
        [Table(head, rows)],
        [
            "Nothing in the nearly empty database is called Deal 1001: that ratio compares twenty handoffs with none.",
            f"Filling took {', '.join(f'{s:.0f} s on {e}' for e, s in took.items())}.",
        ],
    )
