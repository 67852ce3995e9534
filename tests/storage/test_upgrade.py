"""A database that an earlier release left behind goes on with today's code: see tests/samples/releases/README.md."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

from handoff.decide import ReplyKind, decide
from handoff.model import Handoff, Post
from handoff.notices import Nag, Notice
from handoff.workflow import Workflow
from storage.engine import Database, open_database
from storage.migrate import current, migrate, newest
from storage.store import SqlStore
from storage.tables import from_ms
from tests.factories import DANA, PRIYA, claimed, record
from tests.fakes import FakeSpeaker
from tests.handoff.bench import WORKSPACE, Bench
from tests.samples.releases.make import BODIES, NEIGHBOUR, vocabulary

FOLDER = Path(__file__).parents[1] / "samples/releases"
RELEASES = sorted((f.name for f in FOLDER.iterdir() if (f / "stored.json").exists()), key=lambda n: n.split("."))
HELD = {  # what each release must have left behind for its sample to prove anything
    "0.1.0": {
        "handoffs": {"collecting", "unclaimed", "owned"},
        "inbox": {"done", "due", "dead"},
        "outbox": {"done", "due", "dead", "void"},
    }
}

RULED_OTHERWISE = {  # where today's rules say something else of the same events, and why
    "0.1.0": r"\.answers\[\d+\]\.(source|by|at)",  # an answer that repeats what the CRM says is still the CRM's
}


class Slack(FakeSpeaker):
    """A Slack that does not mind that a workflow kept since an earlier release has a longer text today."""

    def speak(self, notice: Notice, handoff: Handoff, workflow: Workflow, until: datetime) -> Post | None:
        return super().speak(notice, handoff.model_copy(update={"edition": workflow.edition}), workflow, until)


@dataclass(frozen=True)
class Left:
    """A database as a release left it behind."""

    release: str
    url: str

    @property
    def revision(self) -> str:
        return str(json.loads((FOLDER / self.release / "stored.json").read_text(encoding="utf-8"))["revision"])


@pytest.fixture(params=RELEASES)
def left(request: pytest.FixtureRequest, empty_url: str) -> Left:
    """The sample of a release, on either engine."""
    engine = empty_url.partition(":")[0]
    script = (FOLDER / request.param / f"{engine}.sql").read_text(encoding="utf-8")
    if engine == "sqlite":
        with closing(sqlite3.connect(empty_url.removeprefix("sqlite:///"))) as file:
            file.executescript(script)
    else:
        empty = open_database(empty_url)
        empty.write(lambda connection: connection.exec_driver_sql(script))
        empty.close()
    return Left(request.param, empty_url)


@pytest.fixture
def database(left: Left) -> Iterator[Database]:
    """The sample, opened and not yet brought up to date."""
    with closing(open_database(left.url)) as opened:
        yield opened


def _woken(left: Left, folder: Path) -> Bench:
    """Today's Baton on that database, ten minutes after the old one was stopped."""
    bench = Bench(folder, url=left.url)
    bench.slack = Slack(bench.clock)
    bench._ids = count(100)
    last = "SELECT max(at) FROM (SELECT max(created_at) AS at FROM outbox UNION SELECT max(done_at) FROM outbox) t"
    bench.clock.now = from_ms(bench.database.read(lambda c: int(c.execute(text(last)).scalar_one())) + 600_000)
    for number in range(1, 10):
        bench.crm.put_record(record(number))
    bench.crash()
    return bench


def test_sample_holds_rows_in_every_state(left: Left, database: Database) -> None:
    for table, states in HELD[left.release].items():
        column = "status" if table == "handoffs" else "state"
        wanted = text(f"SELECT DISTINCT {column} FROM {table}")  # noqa: S608 -- names from the table above
        assert set(database.read(lambda c, w=wanted: c.execute(w).scalars().all())) == states  # type: ignore[misc]


def test_database_of_an_earlier_release_gets_todays_shape_once(left: Left, database: Database) -> None:
    before = current(database)

    done = [migrate(database), migrate(database)]

    assert before == left.revision
    assert done == [left.revision != newest(), False]
    assert current(database) == newest()
    assert database.read(lambda c: compare_metadata(MigrationContext.configure(c), SQLModel.metadata)) == []


def test_every_row_of_an_earlier_release_can_be_read(database: Database) -> None:
    migrate(database)

    for table, model in BODIES.items():
        wanted = text(f"SELECT body FROM {table}")  # noqa: S608 -- names from our own table of models
        bodies = database.read(lambda c, w=wanted: c.execute(w).scalars().all())  # type: ignore[misc]
        assert bodies
        for body in bodies:
            assert _lost(json.loads(body), json.loads(model.dump_json(model.validate_json(body), by_alias=True))) == []


def _lost(before: object, now: object, at: str = "") -> list[str]:
    """The places of what was said before and is not said now. What is said now besides does not count."""
    if isinstance(before, dict) and isinstance(now, dict):
        return [place for key in before for place in _lost(before[key], now.get(key), f"{at}.{key}")]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return [place for n, part in enumerate(before) for place in _lost(part, now[n], f"{at}[{n}]")]
    return [] if before == now else [f"{at}: {before} is now {now}"]


def test_log_of_an_earlier_release_tells_the_state_that_it_stored(left: Left, database: Database) -> None:
    stored = text("SELECT body FROM handoffs")
    bodies = database.read(lambda c: c.execute(stored).scalars().all())
    migrate(database)

    for body in bodies:
        handoff = Handoff.model_validate_json(body)
        store = SqlStore(database, handoff.workspace)
        told: Handoff | None = None
        for event, _ in store.log(handoff.id):
            after = decide(told, event, store.workflow(handoff.edition), event.at).handoff
            told = after.model_copy(update={"version": after.version + 1})
        assert told is not None
        told_as_kept = told.model_copy(update={"edition": handoff.edition})
        lost = _lost(json.loads(body), json.loads(told_as_kept.model_dump_json()))
        assert [place for place in lost if not re.match(RULED_OTHERWISE.get(left.release, "$"), place)] == []


def test_what_an_earlier_release_left_to_say_is_said_once(left: Left, tmp_path: Path) -> None:
    bench = _woken(left, tmp_path)
    neighbours = {"h1:ask", "h1:crm-status:v1"}  # of the same keys as our own, which were said long ago
    due = {n.key for n in bench.due() if n.due_at <= bench.clock.now and not isinstance(n, Nag)} - neighbours
    said_before = {key for key, outcome in bench.outcomes().items() if outcome == "said"} - neighbours

    bench.work()

    said = [seen.notice.key for seen in (*bench.slack.posts, *bench.slack.updates)]
    assert due
    assert {bench.outcomes()[key] for key in due} == {"said"}
    assert not set(said) & said_before
    assert max(Counter(said).values()) == 1
    assert bench.unread() == 0
    assert bench.handoff("h100").record.name == "Deal 9"
    bench.stop()


def test_handoffs_of_an_earlier_release_can_be_claimed_and_their_reminders_stop(left: Left, tmp_path: Path) -> None:
    bench = _woken(left, tmp_path)
    waiting = [h.id for h in bench.handoffs() if h.status == "unclaimed"]

    first = [bench.flow.record(claimed(PRIYA, handoff_id=id_, at=bench.clock.now), bench.clock.now) for id_ in waiting]
    second = [bench.flow.record(claimed(DANA, handoff_id=id_, at=bench.clock.now), bench.clock.now) for id_ in waiting]

    assert waiting
    assert {reply.kind for reply in first} == {ReplyKind.DONE}
    assert {(reply.kind, reply.person) for reply in second} == {(ReplyKind.ALREADY_OWNED, PRIYA)}
    assert [bench.due_nags(id_) for id_ in waiting if "channel" in bench.due_nags(id_)] == []
    bench.stop()


def test_neighbours_rows_wait_for_the_neighbours_own_baton(left: Left, tmp_path: Path) -> None:
    bench = _woken(left, tmp_path)
    store = SqlStore(bench.database, NEIGHBOUR)
    before = [store.handoff("h1"), store.queues(bench.clock.now)]

    bench.work()

    assert before == [store.handoff("h1"), store.queues(bench.clock.now)]
    assert store.queues(bench.clock.now)["outbox"].due > 0
    assert {h.workspace for h in bench.handoffs()} == {WORKSPACE}
    bench.stop()


def test_new_words_in_what_is_stored_come_with_a_new_revision() -> None:
    last = json.loads((FOLDER / RELEASES[-1] / "stored.json").read_text(encoding="utf-8"))
    new = set(vocabulary()) - set(last["vocabulary"])

    assert not new or newest() != last["revision"], f"an older replica cannot see that it is overtaken: {sorted(new)}"
