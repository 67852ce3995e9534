"""One statement for many rows.

SQLAlchemy looks at each value of each row, which takes longer than storing them. SQLite's driver wants nothing but the
values in their order. PostgreSQL's reads a statement anew for every number of rows, and sends or escapes each value by
itself: so rows to insert go as one text of JSON.
https://www.postgresql.org/docs/current/functions-json.html#FUNCTIONS-JSON-PROCESSING-TABLE
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from pydantic_core import to_json
from sqlalchemy import (
    JSON,
    Connection,
    CursorResult,
    Insert,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects import sqlite

Row = Mapping[str, object]
Change = Insert | Update


def run_for(rows: Sequence[Row], statement: Change, connection: Connection) -> CursorResult[Any]:
    """Run a statement for some rows, which all have the same columns."""
    names, dialect = tuple(rows[0]), connection.dialect.name
    if dialect == "postgresql" and isinstance(statement, Insert):
        return connection.execute(_as_json(statement, names), {"rows": to_json(rows).decode()})
    if dialect == "sqlite" and not statement.returning_column_descriptions:
        text, values_of = _as_text(statement, names)
        return connection.exec_driver_sql(text, [values_of(row) for row in rows])
    return connection.execute(statement, rows)


@cache
def _as_json(statement: Insert, names: Sequence[str]) -> Insert:
    into = statement.table
    told = func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
    rows = told.table_valued(*(column(name, into.c[name].type) for name in names)).render_derived(with_types=True)
    return statement.from_select(names, select(rows))


@cache
def _as_text(statement: Change, names: Sequence[str]) -> tuple[str, Callable[[Row], tuple[Any, ...]]]:
    compiled: Any = statement.compile(dialect=sqlite.dialect(), column_keys=list(names))
    return str(compiled), itemgetter(*compiled.positiontup)
