"""Lease, retry, done: the one mechanism that inbox and outbox share.

A due row is taken by one UPDATE that sets the end of its lease and raises `attempt`; finishing is fenced by
`attempt`, so that a worker that comes too late changes nothing. Rows of one lane are taken in their order. The
functions run inside the caller's transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import aliased
from sqlmodel import col

from storage.tables import InboxRow, OutboxRow, to_ms

Queue = type[InboxRow] | type[OutboxRow]


@dataclass(frozen=True)
class Taken:
    """A row as it was leased."""

    id: int
    body: str
    attempt: int
    doubtful: bool
    created_at: int
    due_at: int
    looks: int


def put(connection: Connection, queue: Queue, rows: list[dict[str, object]]) -> int:
    """Add rows; those whose key is already there are left alone. The number added."""
    if not rows:
        return 0
    upsert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = upsert(queue).values(rows).on_conflict_do_nothing(index_elements=["workspace", "key"])
    return len(connection.execute(statement.returning(col(queue.id))).all())


def lease(connection: Connection, queue: Queue, workspace: str, now: datetime, until: datetime) -> Taken | None:
    """Take the row that has been due longest and whose lane nothing older holds up."""
    row, older = queue, aliased(queue)
    moment = to_ms(now)
    held_up = (
        select(col(older.id))
        .where(col(older.workspace) == col(row.workspace), col(older.lane) == col(row.lane))
        .where(col(older.state) == "due", col(older.due_at) <= col(row.due_at), col(older.id) < col(row.id))
        .exists()
    )
    chosen = (
        select(col(row.id))
        .where(col(row.workspace) == workspace, col(row.state) == "due")
        .where(col(row.due_at) <= moment, col(row.not_before) <= moment, ~held_up)
        .order_by(col(row.due_at), col(row.id))
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    columns = (queue.id, queue.body, queue.attempt, queue.clean, queue.created_at, queue.due_at, queue.looks)
    taken: Any = connection.execute(
        update(queue)
        .where(col(queue.id) == chosen)
        .values(not_before=to_ms(until), attempt=col(queue.attempt) + 1)
        .returning(*(col(column) for column in columns))
    ).one_or_none()
    if taken is None:
        return None
    id_, body, attempt, clean, created_at, due_at, looks = taken
    return Taken(id_, body, attempt, attempt - 1 > clean, created_at, due_at, looks)


def finish(
    connection: Connection, queue: Queue, id_: int, attempt: int, outcome: str, now: datetime, *, state: str = "done"
) -> bool:
    """Mark a leased row as done or dead. False if the lease was lost to a later attempt or the row was voided."""
    done = {"state": state, "outcome": outcome[:500], "done_at": to_ms(now)}
    return _fenced(connection, queue, id_, attempt, done)


def retry(  # noqa: PLR0913 -- the row, and what its next try must know
    connection: Connection,
    queue: Queue,
    id_: int,
    attempt: int,
    *,
    at: datetime,
    error: str,
    clean: bool,
    looked: bool = False,
) -> bool:
    """Give a leased row back for another try at `at`."""
    values: dict[str, object] = {"not_before": to_ms(at), "outcome": error[:500]}
    values |= {"clean": col(queue.clean) + 1} if clean else {}
    values |= {"looks": col(queue.looks) + 1} if looked else {}
    return _fenced(connection, queue, id_, attempt, values)


def resume(connection: Connection, queue: Queue, by: datetime) -> None:
    """Let every row that was tried before be tried again by a moment, whatever its lease or pause said."""
    late = (col(queue.state) == "due", col(queue.attempt) > 0, col(queue.not_before) > to_ms(by))
    connection.execute(update(queue).where(*late).values(not_before=to_ms(by)))


def revive(connection: Connection, queue: Queue, workspace: str, id_: int, now: datetime) -> bool:
    """Make a dead row due again, as of now. What is doubtful about it stays so."""
    dead = (col(queue.workspace) == workspace, col(queue.id) == id_, col(queue.state) == "dead")
    due = {"state": "due", "due_at": to_ms(now), "not_before": 0, "done_at": None}
    return connection.execute(update(queue).where(*dead).values(**due)).rowcount == 1


def _fenced(connection: Connection, queue: Queue, id_: int, attempt: int, values: dict[str, object]) -> bool:
    mine = (col(queue.id) == id_, col(queue.attempt) == attempt, col(queue.state) == "due")
    return connection.execute(update(queue).where(*mine).values(**values)).rowcount == 1
