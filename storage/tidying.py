"""Clearing away rows of inbox and outbox whose work is done, so that they do not grow for ever.

A row's key protects from the same thing a second time. So a row stays far longer than any CRM delivers a change again
(hours, at most days), and a notice as long as its handoff is open. What was given up stays until somebody sees to it.
The log, which tells what was done, is not touched.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlmodel import col

from storage.engine import Database
from storage.queue import Queue
from storage.tables import HandoffRow, InboxRow, OutboxRow, to_ms

_TOGETHER = 250  # so that nobody waits long for the writer


def clear_away(database: Database, workspace: str, before: datetime) -> int:
    """Delete some rows that were done before a moment; how many. They are looked for beside whoever writes."""
    gone = 0
    for rows in (InboxRow, OutboxRow):
        ids = database.read(lambda c, rows=rows: _done(c, rows, workspace, before))  # type: ignore[misc]
        if ids:
            gone += database.write(
                lambda c, rows=rows, ids=ids: c.execute(delete(rows).where(col(rows.id).in_(ids))).rowcount  # type: ignore[misc]
            )
    return gone


def _done(connection: Connection, rows: Queue, workspace: str, before: datetime) -> list[int]:
    done = (col(rows.state).in_(("done", "void", "skipped")), col(rows.done_at) < to_ms(before))
    wanted = select(col(rows.id)).where(col(rows.workspace) == workspace, *done)
    if rows is OutboxRow:
        under_way = select(col(HandoffRow.id)).where(
            col(HandoffRow.workspace) == workspace,
            col(HandoffRow.id) == col(OutboxRow.handoff_id),
            col(HandoffRow.is_open),
        )
        wanted = wanted.where(~under_way.exists())
    return [id_ for id_ in connection.execute(wanted.order_by(col(rows.id)).limit(_TOGETHER)).scalars() if id_]
