"""What a tick costs when few of many reminders are due, beside one scheduled job per reminder."""

import contextlib
import pickle
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from benchmarks.filling import WORKSPACE
from benchmarks.parts import postgres
from benchmarks.report import Section, Table
from handoff.model import Person
from handoff.notices import Nag, To
from storage.engine import Database, open_database
from storage.migrate import migrate
from storage.store import SqlStore
from storage.tables import HandoffRow, OutboxRow, to_ms

DUE = 100  # reminders of a tick, each to another person
PEOPLE = 2000
ROUNDS = 7
LEASE = timedelta(seconds=60)
MOST_TOGETHER = 15
NEXT = timedelta(days=1)  # until the rung after this one
_CHUNK = 20_000
_FAR = timedelta(days=30)
_START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_MARK = "987654321"


def measure(*, quick: bool) -> Section:
    """The same tick with more and more handoffs that wait, on both engines, in both designs."""
    sizes = (1_000, 10_000, 100_000) if quick else (1_000, 10_000, 100_000, 1_000_000)
    columns: dict[str, dict[int, float]] = {}
    began = time.monotonic()
    for size in sizes:
        with postgres() as address, tempfile.TemporaryDirectory(prefix="baton-bench-") as folder:
            for engine, url in (("SQLite", f"sqlite:///{folder}/baton.db"), ("PostgreSQL", address)):
                columns.setdefault(f"Baton, {engine}", {})[size] = _baton(url, size)
                beside = url.replace("baton.db", "jobs.db")
                columns.setdefault(f"a job each, {engine}", {})[size] = _jobs(beside, size)
    return _section(sizes, columns, time.monotonic() - began)


def _median(tick: Callable[[int], int]) -> float:
    """Milliseconds of a tick that works off everything that is due; the first one warms up."""
    seconds = []
    for number in range(ROUNDS + 1):
        began = time.perf_counter()
        done = tick(number)
        seconds.append(time.perf_counter() - began)
        assert done == DUE, f"{done} reminders were worked off, not {DUE}"
    return 1000 * median(seconds[1:])


def _moment(number: int) -> datetime:
    """When the reminders of a round are due."""
    return _START + number * timedelta(minutes=1)


def _baton(url: str, size: int) -> float:
    database = open_database(url)
    try:
        migrate(database)
        _fill(database, size)
        store = SqlStore(database, WORKSPACE)
        return _median(lambda number: _tick(store, _moment(number)))
    finally:
        database.close()


def _tick(store: SqlStore, now: datetime) -> int:
    """Lease, ask what Flow asks, finish: each reminder by itself, as it must be when Slack is asked in between."""
    done = 0
    while leased := store.lease_notice(now, now + LEASE):
        nag = leased.item
        assert isinstance(nag, Nag)
        group = [leased, *store.lease_alike(nag, now, now + LEASE, MOST_TOGETHER - 1)]
        store.reminded(nag.recipient, now - timedelta(hours=12))
        for one in group:
            assert store.write(lambda unit, one=one: unit.finish(one, "said", now))  # type: ignore[misc]
        done += len(group)
    return done


def _fill(database: Database, size: int) -> None:
    """Handoffs that wait for an owner, each with its next reminder far away; `DUE` of them due in each round."""
    whom = To(person=Person(name="Rep", slack_id=f"U0REP{_MARK}"))
    nag = Nag(key=f"h{_MARK}:nag", handoff_id=f"h{_MARK}", due_at=_START, lane="rep", ladder="rep", step=0, to=whom)
    soon = (ROUNDS + 1) * DUE
    indexes = [index for row in (HandoffRow, OutboxRow) for index in row.metadata.tables[row.__tablename__].indexes]
    for index in indexes:
        database.write(index.drop)
    for first in range(0, size, _CHUNK):
        facts: dict[str, Any] = {
            "first": first,
            "end": min(first + _CHUNK, size),
            "workspace": WORKSPACE,
            "body": nag.model_dump_json(),
            "mark": _MARK,
            "people": PEOPLE,
            "soon": soon,
            "per_round": DUE,
            "start": to_ms(_START),
            "far": to_ms(_START + _FAR),
        }

        def work(connection: Connection, facts: dict[str, Any] = facts) -> None:
            connection.execute(text(_HANDOFFS), facts)
            connection.execute(text(_NAGS), facts)

        database.write(work)
    for index in indexes:  # built once, in order, instead of a million times in any order
        database.write(index.create)
    database.write(lambda connection: connection.execute(text("ANALYZE")))


_NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT CAST(:first AS BIGINT) UNION ALL SELECT i + 1 FROM n "
    "WHERE i + 1 < CAST(:end AS BIGINT)) "
)
_ID = "'h' || CAST(i * 2654435761 % 4294967296 AS TEXT)"
_WHO = "'U0REP' || CAST(i % CAST(:people AS BIGINT) AS TEXT)"
_HANDOFFS = (
    "INSERT INTO handoffs "
    "(id, workspace, workflow, record_key, record_name, status, is_open, version, opened_at, asked_id, body) "
    f"{_NUMBERS} SELECT {_ID}, :workspace, 'sales', 'hubspot\\:deal\\:' || CAST(i AS TEXT), "
    f"'Deal ' || CAST(i AS TEXT), 'collecting', true, 3, CAST(:start AS BIGINT) + i, {_WHO}, '{{}}' FROM n"
)
_NAGS = (
    "INSERT INTO outbox "
    "(workspace, key, lane, body, state, due_at, created_at, handoff_id, ladder, recipient) "
    f"{_NUMBERS} SELECT :workspace, {_ID} || '\\:nag', {_ID} || '\\:rep', "
    f"replace(replace(CAST(:body AS TEXT), 'h' || CAST(:mark AS TEXT), {_ID}), "
    f"'U0REP' || CAST(:mark AS TEXT), {_WHO}), 'due', CASE WHEN i < CAST(:soon AS BIGINT) "
    "THEN CAST(:start AS BIGINT) + (i / CAST(:per_round AS BIGINT)) * 60000 ELSE CAST(:far AS BIGINT) + i END, "
    f"CAST(:start AS BIGINT), {_ID}, 'rep', {_WHO} FROM n"
)


def remind(handoff_id: str) -> None:
    """What a scheduled job would do; here it says nothing."""


def _jobs(url: str, size: int) -> float:
    """APScheduler with its SQLAlchemy job store: the same reminders, one job each."""
    with _engine(url) as engine:
        scheduler = BackgroundScheduler(timezone=UTC)  # never started: its tick is made by hand
        store = SQLAlchemyJobStore(engine=engine)
        store.start(scheduler, "default")
        _fill_jobs(scheduler, store, engine, size)
        return _median(lambda number: _tick_of_jobs(store, _moment(number)))


def _tick_of_jobs(store: Any, now: datetime) -> int:
    """What its scheduler does when it wakes: read the due jobs, set each to its next moment, look when to wake."""
    due = store.get_due_jobs(now)
    for job in due:
        job.next_run_time = now + NEXT
        store.update_job(job)
    store.get_next_run_time()
    return len(due)


def _fill_jobs(scheduler: Any, store: Any, engine: Engine, size: int) -> None:
    """The rows that `add_job` would write, in bulk: one by one they would take an hour at a million."""
    usual = {"misfire_grace_time": 60, "coalesce": True, "max_instances": 1, "next_run_time": _START + _FAR}
    state = scheduler.add_job(remind, "interval", days=1, args=("h0",), id="h0", **usual).__getstate__()
    insert, soon = store.jobs_t.insert(), (ROUNDS + 1) * DUE
    for first in range(0, size, _CHUNK):
        rows = []
        for i in range(first, min(first + _CHUNK, size)):
            at = _moment(i // DUE) if i < soon else _START + _FAR + timedelta(milliseconds=i)
            name = f"h{i * 2_654_435_761 % 4_294_967_296}"
            mine = {**state, "id": name, "args": (name,), "next_run_time": at}
            rows.append({"id": name, "next_run_time": at.timestamp(), "job_state": pickle.dumps(mine, 5)})
        with engine.begin() as connection:
            connection.execute(insert, rows)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


@contextlib.contextmanager
def _engine(url: str) -> Iterator[Engine]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed)
    try:
        yield engine
    finally:
        engine.dispose()


_DIFFERENCE = (
    "The job store's rows were written in bulk. Its tick writes once per reminder where Baton writes twice (lease, "
    "done): a job that was read before a crash is run again, and two processes on one job store both run it."
)


def _section(sizes: Sequence[int], columns: dict[str, dict[int, float]], took: float) -> Section:
    head = ["open handoffs", *(f"{name}, ms" for name in columns)]
    rows = [[f"{size:,}", *(f"{times[size]:.0f}" for times in columns.values())] for size in sizes]
    grown = [f"**{times[sizes[-1]] / times[sizes[0]]:.2f}**" for times in columns.values()]
    return Section(
        "A tick of reminders",
        f"With {DUE} reminders due, a tick takes the same time within a factor of 2 whether 1,000 or 1,000,000 "
        "handoffs are open.",
        f"{DUE} due reminders to as many people, each leased, counted for its person and finished in transactions of "
        "its own, as it must be when Slack is asked in between; without Slack. Beside it what most people would write: "
        "one APScheduler job per reminder in its SQLAlchemy job store; read what is due, write each job's next moment, "
        f"look when to wake next. Medians of {ROUNDS} ticks.",
        [Table(head, [*rows, [f"{sizes[-1]:,} against {sizes[0]:,}", *grown]])],
        [
            _DIFFERENCE,
            f"Filling and measuring took {took:.0f} s.",
        ],
    )
