"""Every statement that reads or changes rows of a workspace says of which: the wall that PostgreSQL does not build.

See docs/decisions/0022: row level security would guard against a forgotten `WHERE workspace = …`, and so does this, for
both engines and at no cost to whoever runs Baton.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from handoff.decide import decide
from handoff.forgetting import record_wish
from handoff.ports import Leased, Unit
from storage.engine import Database
from storage.store import SqlStore
from storage.unit import SqlUnit
from tests.factories import ANSWERS, NOW, answered, hint, nag, record, stage_entered, workflow
from tests.storage.hearing import heard

SOON, LONG_AGO = NOW + timedelta(seconds=40), NOW + timedelta(days=400)
WORKFLOW, REF = workflow(), record().ref
TABLES = r"(?:handoffs|words|log|records|inbox|outbox)"
FROM = re.compile(rf"\b(?:FROM|JOIN|UPDATE|INTO) {TABLES}\b")
WITHIN = re.compile(r"\bworkspace = |\(workspace|, workspace\b(?=[^()]*\) (?:VALUES|SELECT)\b)")
BY_NUMBER = re.compile(r"WHERE (?:inbox|outbox)\.id (?:= |IN \()")  # rows by the numbers under which they were read


def begin(store: SqlStore, number: int = 1) -> None:
    started = stage_entered(handoff_id=f"h{number}", workspace="T0TEST0001", record=record(number))

    def work(unit: Unit) -> None:
        unit.save(started, decide(None, started, WORKFLOW, NOW), NOW)

    store.write(work)


def a_hint(store: SqlStore) -> Leased[Any]:
    store.take([hint(1)], NOW)
    leased = store.lease_hint(NOW, SOON)
    assert leased is not None
    return leased


def answer(store: SqlStore) -> None:
    begin(store)
    given = answered(ANSWERS, handoff_id="h1")
    store.write(lambda unit: unit.save(given, decide(unit.handoff("h1"), given, WORKFLOW, NOW), NOW))


def clear_away(store: SqlStore) -> None:
    leased = a_hint(store)
    store.write(lambda unit: unit.finish(leased, "", NOW))
    assert store.clear_away(LONG_AGO) == 1


def story(store: SqlStore) -> None:
    begin(store)
    assert list(store.story(handoff="h1", record=REF.key, since=NOW))


def persons(store: SqlStore) -> None:
    begin(store)
    assert store.persons(["h1"])


def forget(store: SqlStore) -> None:
    begin(store)
    store.forget("h1", record_wish(), NOW)


# Every deed of a store and of a unit of work, by its name: one that is new needs a line here.
OF_STORE: dict[str, Callable[[SqlStore], object]] = {
    "remember": lambda s: s.remember([workflow(title="Another")], NOW),
    "take": lambda s: s.take([hint(1)], NOW),
    "taking": lambda s: s.taking([hint(1)], NOW).result(),
    "lease_hint": a_hint,
    "lease_notice": lambda s: s.lease_notice(NOW, SOON),
    "lease_alike": lambda s: s.lease_alike(nag(), NOW, SOON, 9),
    "reminded": lambda s: s.reminded("U0SAM00001", NOW),
    "coming": lambda s: s.coming("h1", "rep"),
    "retry": lambda s: s.retry(a_hint(s), SOON, "", clean=True),
    "write": answer,
    "handoff": lambda s: s.handoff("h1"),
    "workflow": lambda s: s.workflow(WORKFLOW.edition),
    "last_stage": lambda s: s.last_stage(REF),
    "search": lambda s: [s.search(name, 9, everything=every) for name in (None, "deal 1") for every in (True, False)],
    "of": lambda s: s.of("U0SAM00001", 9),
    "resting": lambda s: s.resting(NOW, 9),
    "log": lambda s: s.log("h1"),
    "count": lambda s: s.count(),
    "problems": lambda s: s.problems(NOW, 9),
    "skipped": lambda s: s.skipped(NOW, 9),
    "revive": lambda s: s.revive("in-1", NOW),
    "queues": lambda s: s.queues(NOW),
    "clear_away": clear_away,
    "story": story,
    "of_record": lambda s: s.of_record(REF.key),
    "naming": lambda s: s.naming(["Deal 1"]),
    "persons": persons,
    "forget": forget,
}
OF_UNIT: dict[str, Callable[[SqlStore], object]] = {
    "handoff": lambda s: s.write(lambda unit: unit.handoff("h1")),
    "newest": lambda s: s.write(lambda unit: unit.newest(WORKFLOW.name, REF)),
    "workflow": lambda s: s.write(lambda unit: unit.workflow(WORKFLOW.edition)),
    "last_stage": lambda s: s.write(lambda unit: unit.last_stage(REF)),
    "saw": lambda s: s.write(lambda unit: unit.saw(record(), NOW)),
    "save": answer,
    "finish": clear_away,
}
OF_NO_WORKSPACE = {"resume", "scour", "learn"}  # who owns the file takes over all; and space and numbers are no rows


def homeless(statements: list[str]) -> list[str]:
    """The statements that touch more tables of a workspace than they name workspaces."""
    return [text for text in statements if _tables(text) > len(WITHIN.findall(text))]


def _tables(text: str) -> int:
    return len(FROM.findall(text)) - len(BY_NUMBER.findall(text))


@pytest.mark.parametrize(("kind", "deeds"), [(SqlStore, OF_STORE), (SqlUnit, OF_UNIT)])
def test_every_deed_is_listened_to(kind: type[Any], deeds: dict[str, Any]) -> None:
    public = {name for name in vars(kind) if not name.startswith("_")}

    assert set(deeds) == public - OF_NO_WORKSPACE


def test_every_statement_names_its_workspace(database: Database) -> None:
    for number, deed in enumerate([*OF_STORE.values(), *OF_UNIT.values()]):
        store = SqlStore(database, f"T0{number}")
        store.remember([WORKFLOW], NOW)
        with heard() as said:
            deed(store)
        assert homeless(said) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT handoffs.body FROM handoffs WHERE handoffs.id = ?",
        "SELECT words.word FROM words WHERE words.workspace = ? AND EXISTS (SELECT 1 FROM handoffs)",
        "UPDATE outbox SET state='void' WHERE outbox.handoff_id = ?",
        "UPDATE inbox SET attempt=2 WHERE inbox.id = (SELECT inbox.id FROM inbox WHERE inbox.state = 'due')",
        "INSERT INTO log (handoff_id, version) VALUES (?, ?)",
        "INSERT INTO log (handoff_id, version) SELECT told.handoff_id, told.version FROM json_to_recordset(?) AS told",
    ],
)
def test_statement_without_a_workspace_is_found(text: str) -> None:
    assert homeless([text]) == [text]
