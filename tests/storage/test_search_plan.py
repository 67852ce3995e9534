"""However many handoffs there are, the engines read no more of them for what a person asks."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, event

from storage import names, search
from storage.engine import Database, SharedDatabase
from tests.factories import NOW
from tests.handoff.bench import WORKSPACE
from tests.storage.crowd import fill

MANY, MORE = 1500, 4500
ASKED: dict[str, Callable[[Connection], object]] = {
    "the numbers": lambda c: search.count(c, WORKSPACE),
    "what waits": lambda c: search.waiting(c, WORKSPACE, 20, 0),
    "everything": lambda c: search.newest(c, WORKSPACE, 20, 0),
    "somebody's": lambda c: search.of(c, WORKSPACE, "U0SAM00001", 20, 0),
    "nobody's": lambda c: search.of(c, WORKSPACE, "U0NOBODY01", 20, 0),
    "what rests": lambda c: search.resting(c, WORKSPACE, NOW - timedelta(days=1), 20, 0),
    "a common word": lambda c: names.named(c, WORKSPACE, "deal", 20, 0, everything=False),
    "a common beginning": lambda c: names.named(c, WORKSPACE, "d", 20, 0, everything=False),
    "two common words": lambda c: names.named(c, WORKSPACE, "deal north", 20, 0, everything=False),
    "a name over or not": lambda c: names.named(c, WORKSPACE, "deal north", 20, 0, everything=True),
}


def test_a_page_is_read_alike_among_many_and_among_many_more(database: Database) -> None:
    fill(database, [f"Deal {n} North" for n in range(MANY)])
    among_many = {what: _read(database, ask) for what, ask in ASKED.items()}
    fill(database, [f"Deal {n} North" for n in range(MANY, MANY + MORE)], first=MANY)

    among_more = {what: _read(database, ask) for what, ask in ASKED.items()}

    assert {what: (among_many[what], n) for what, n in among_more.items() if n > 1.2 * among_many[what]} == {}


def test_what_is_in_a_status_is_found_without_passing_by_what_is_in_others(database: Database) -> None:
    fill(database, [f"Deal {n}" for n in range(MANY)])

    plans = [*_plans(database, ASKED["the numbers"]), *_plans(database, ASKED["what waits"])]

    found = [line for plan in plans for line in plan if "handoffs" in line and "Key:" not in line]
    assert len(found) >= 8
    assert [line for line in found if not re.search("(INDEX|Scan using) handoffs_by_age", line)] == []


def test_the_numbers_are_read_in_an_index_alone(database: Database) -> None:
    fill(database, [f"Deal {n}" for n in range(MANY)])
    database.scour()  # PostgreSQL then knows which rows everybody can see, as it does by itself sooner or later

    (plan,) = _plans(database, ASKED["the numbers"])

    found = [line for line in plan if "handoffs" in line]
    assert len(found) == 5
    assert [
        line for line in found if not re.search("(COVERING INDEX|Index Only Scan using) handoffs_by_age", line)
    ] == []


def _plans(database: Any, ask: Callable[[Connection], object]) -> list[list[str]]:
    """How the engine would go about each statement of a question."""
    explain = "EXPLAIN" if isinstance(database, SharedDatabase) else "EXPLAIN QUERY PLAN"
    plans = []
    for statement, given in _said(database, ask):
        lines = database.read(lambda c, s=statement, g=given: c.exec_driver_sql(f"{explain} {s}", g).all())
        plans.append([str(line[-1]) for line in lines])
    return plans


def _read(database: Database, ask: Callable[[Connection], object]) -> float:
    """How much an engine does: steps of SQLite's machine, or rows that the busiest part of PostgreSQL's plans saw."""
    if not isinstance(database, SharedDatabase):
        return database.read(lambda connection: _steps(connection, ask))
    plans = [database.read(lambda c, one=one: _plan(c, *one)) for one in _said(database, ask)]  # type: ignore[misc]
    return max(rows for plan in plans for rows in _rows(plan))


def _said(database: Any, ask: Callable[[Connection], object]) -> list[tuple[str, Any]]:
    """The statements in which an engine is asked, with their values."""
    said: list[tuple[str, Any]] = []

    def hear(*heard: Any) -> None:
        said.append((heard[2], heard[3]))

    event.listen(database.engine, "before_cursor_execute", hear)
    database.read(ask)
    event.remove(database.engine, "before_cursor_execute", hear)
    return [one for one in said if one[0] != "BEGIN"]


def _steps(connection: Connection, ask: Callable[[Connection], object]) -> int:
    steps: list[None] = []
    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(lambda: steps.append(None), 10)
    ask(connection)
    driver.set_progress_handler(None, 0)
    return len(steps)


def _plan(connection: Connection, statement: str, given: Any) -> dict[str, Any]:
    said = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", given).scalar_one()
    found: dict[str, Any] = (said if isinstance(said, list) else json.loads(said))[0]["Plan"]
    return found


def _rows(plan: dict[str, Any]) -> Iterator[float]:
    yield plan["Actual Loops"] * (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0))
    for part in plan.get("Plans", ()):
        yield from _rows(part)
