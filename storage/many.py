"""One statement for many rows.

Through values of its own for each row, PostgreSQL's driver reads the statement anew for every number of rows, and sends
or escapes each value by itself: that takes longer than storing them. So rows to insert go as one text of JSON.
https://www.postgresql.org/docs/current/functions-json.html#FUNCTIONS-JSON-PROCESSING-TABLE
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import (
    JSON,
    Connection,
    CursorResult,
    Executable,
    Insert,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
)

Row = Mapping[str, object]


def run_for(rows: Sequence[Row], statement: Executable, connection: Connection) -> CursorResult[Any]:
    """Run a statement for some rows, which all have the same columns."""
    if isinstance(statement, Insert) and connection.dialect.name == "postgresql":
        return connection.execute(_as_json(statement, tuple(rows[0])), {"rows": to_json(rows).decode()})
    return connection.execute(statement, rows)


@cache
def _as_json(statement: Insert, names: Sequence[str]) -> Insert:
    into = statement.table
    told = func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
    rows = told.table_valued(*(column(name, into.c[name].type) for name in names)).render_derived(with_types=True)
    return statement.from_select(names, select(rows))
