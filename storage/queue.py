"""Lease, retry, done: the one mechanism that inbox and outbox share.

A due row is taken by one UPDATE that sets the end of its lease and raises `attempt`; finishing is fenced by
`attempt`, so that a worker that comes too late changes nothing. Rows of one lane are taken in their order. The
functions run inside the caller's transaction. What runs for every request or piece of work is built once and kept:
building a statement costs a hundred times as much as running it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Insert,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import col

from storage.tables import InboxRow, OutboxRow, to_ms

Queue = type[InboxRow] | type[OutboxRow]
KEY = ("workspace", "key")
MOST_DOUBT = 3  # attempts of unknown outcome for which a reminder holds up those to the same recipient
DUE: ColumnElement[str] = literal_column(
    "'due'"
)  # in the statement's text: by a bound value, PostgreSQL would not find the partial indexes


@dataclass(frozen=True)
class Taken:
    """A row as it was leased."""

    id: int
    body: str
    attempt: int
    doubts: int
    created_at: int
    due_at: int
    looks: int


def lease(connection: Connection, queue: Queue, workspace: str, now: datetime, until: datetime) -> Taken | None:
    """Take the row that has been due longest and whose lane nothing older holds up."""
    given = {"in_workspace": workspace, "now": to_ms(now), "until": to_ms(until)}
    taken = _taken(connection, _lease(queue), given)
    return taken[0] if taken else None


def lease_alike(
    connection: Connection, workspace: str, recipient: str, now: datetime, until: datetime, most: int
) -> list[Taken]:
    """Take reminders to the same recipient that are due as well, up to `most`; none that may have been posted."""
    given = {"in_workspace": workspace, "to_recipient": recipient, "now": to_ms(now), "until": to_ms(until)}
    return _taken(connection, _lease_alike(), {**given, "most": most})


def finish(
    connection: Connection, queue: Queue, id_: int, attempt: int, outcome: str, now: datetime, *, state: str = "done"
) -> bool:
    """Mark a leased row as done or dead. False if the lease was lost to a later attempt or the row was voided."""
    done = {"to_state": state, "to_outcome": outcome[:500], "at": to_ms(now)}
    return connection.execute(_finish(queue), {"row_id": id_, "row_attempt": attempt, **done}).rowcount == 1


def retry(  # noqa: PLR0913 -- the row, and what its next try must know
    connection: Connection,
    queue: Queue,
    id_: int,
    attempt: int,
    *,
    at: datetime,
    error: str,
    clean: bool,
    looks: int = 0,
) -> bool:
    """Give a leased row back for another try at `at`."""
    more = {"at": to_ms(at), "to_outcome": error[:500], "more_clean": int(clean), "more_looks": looks}
    return connection.execute(_retry(queue), {"row_id": id_, "row_attempt": attempt, **more}).rowcount == 1


def resume(connection: Connection, queue: Queue, by: datetime) -> None:
    """Let every row that was tried before be tried again by a moment, whatever its lease or pause said."""
    late = (col(queue.state) == "due", col(queue.attempt) > 0, col(queue.not_before) > to_ms(by))
    connection.execute(update(queue).where(*late).values(not_before=to_ms(by)))


def revive(connection: Connection, queue: Queue, workspace: str, id_: int, now: datetime) -> bool:
    """Make a dead row due again, as of now. What is doubtful about it stays so."""
    dead = (col(queue.workspace) == workspace, col(queue.id) == id_, col(queue.state) == "dead")
    due = {"state": "due", "due_at": to_ms(now), "not_before": 0, "done_at": None}
    return connection.execute(update(queue).where(*dead).values(**due)).rowcount == 1


@cache
def adding(queue: Queue, dialect: str) -> Insert:
    """The statement that adds rows and returns the keys of those that were new, by `KEY`."""
    return putting(queue, dialect).returning(*(table(queue).c[name] for name in KEY))


@cache
def putting(queue: Queue, dialect: str) -> Insert:
    """The statement that adds rows and leaves those alone whose key is there."""
    upsert = postgresql_insert if dialect == "postgresql" else sqlite_insert
    statement = upsert(table(queue)).on_conflict_do_nothing(index_elements=KEY)
    return statement.execution_options(preserve_rowcount=True)  # else it is not kept for an INSERT


def table(row: type[Any]) -> Table:
    """The table of a kind of row, for statements that are built once."""
    found: Table = row.__table__
    return found


def _taken(connection: Connection, statement: ReturningUpdate[Any], given: dict[str, object]) -> list[Taken]:
    return [
        Taken(id_, body, attempt, max(attempt - 1 - clean, 0), created_at, due_at, looks)
        for id_, body, attempt, clean, created_at, due_at, looks in sorted(connection.execute(statement, given))
    ]


@cache
def _lease(queue: Queue) -> ReturningUpdate[Any]:
    free = _free(queue)
    if queue is OutboxRow:  # as one of two it is asked of the few rows looked at, not joined with all
        free = free.where(or_(table(OutboxRow).c.recipient.is_(None), ~_behind_another_reminder()))
    return _take(queue, table(queue).c.id == free.limit(1).with_for_update(skip_locked=True).scalar_subquery())


def _behind_another_reminder() -> ColumnElement[bool]:
    """Whether an older reminder to the same recipient is due: whoever takes that one takes this one with it.

    One that surely was not said holds up nobody, nor does one that its own lane holds up: it may be days until it is
    taken. One that may have been said counts for its recipient's day, so it does.
    """
    row, older = table(OutboxRow).c, table(OutboxRow).alias("older_reminder")
    before = or_(older.c.due_at < row.due_at, and_(older.c.due_at == row.due_at, older.c.id < row.id))
    return (
        select(older.c.id)
        .where(older.c.workspace == row.workspace, older.c.recipient == row.recipient, older.c.state == DUE)
        .where(older.c.due_at <= row.due_at, before, or_(older.c.outcome == "", _in_doubt(older)))
        .where(~held_up(OutboxRow, older, "older_of_its_lane"))
        .exists()
    )


def _in_doubt(row: FromClause) -> ColumnElement[bool]:
    """Whether a row that failed before may have been said for all that: not for long, then it holds up nobody."""
    return row.c.attempt.between(row.c.clean + 1, row.c.clean + MOST_DOUBT)


@cache
def _lease_alike() -> ReturningUpdate[Any]:
    row = table(OutboxRow).c
    alike = _free(OutboxRow).where(row.recipient == bindparam("to_recipient"), row.attempt == row.clean)
    return _take(OutboxRow, row.id.in_(alike.limit(bindparam("most")).with_for_update(skip_locked=True)))


def _free(queue: Queue) -> Select[Any]:
    """The rows that may be taken now, in their order."""
    row = table(queue)
    now: ColumnElement[int] = bindparam("now")
    return (
        select(row.c.id)
        .where(row.c.workspace == bindparam("in_workspace"), row.c.state == DUE)
        .where(row.c.due_at <= now, row.c.not_before <= now, ~held_up(queue, row, "older"))
        .order_by(row.c.due_at, row.c.id)
    )


def held_up(queue: Queue, row: FromClause, name: str) -> ColumnElement[bool]:
    """Whether something older of its lane is due. `name` is what the statement calls that."""
    older = table(queue).alias(name)
    return (
        select(older.c.id)
        .where(older.c.workspace == row.c.workspace, older.c.lane == row.c.lane)
        .where(older.c.state == DUE, older.c.due_at <= row.c.due_at, older.c.id < row.c.id)
        .exists()
    )


def _take(queue: Queue, which: ColumnElement[bool]) -> ReturningUpdate[Any]:
    row = table(queue).c
    return (
        update(table(queue))
        .where(which)
        .values(not_before=bindparam("until"), attempt=row.attempt + 1)
        .returning(row.id, row.body, row.attempt, row.clean, row.created_at, row.due_at, row.looks)
    )


@cache
def _finish(queue: Queue) -> Update:
    done: dict[str, Any] = {
        "state": bindparam("to_state"),
        "outcome": bindparam("to_outcome"),
        "done_at": bindparam("at"),
    }
    return _mine(queue).values(**done)


@cache
def _retry(queue: Queue) -> Update:
    row = table(queue).c
    counted = {"clean": row.clean + bindparam("more_clean"), "looks": row.looks + bindparam("more_looks")}
    return _mine(queue).values(not_before=bindparam("at"), outcome=bindparam("to_outcome"), **counted)


def _mine(queue: Queue) -> Update:
    """The row that a worker leased, as long as nobody leased it after."""
    row = table(queue).c
    fence = (row.id == bindparam("row_id"), row.attempt == bindparam("row_attempt"))
    return update(table(queue)).where(*fence, row.state == DUE)
