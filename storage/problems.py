"""What needs a person: rows that were given up, and rows that are due and nobody works on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, func, literal_column, or_, select
from sqlmodel import col

from handoff.events import Hint
from handoff.notices import NOTICE, Nag, To
from handoff.ports import Problem, QueueState, Skipped
from storage import queue
from storage.tables import InboxRow, OutboxRow, from_ms, to_ms

_QUEUES: Mapping[str, queue.Queue] = {"in": InboxRow, "out": OutboxRow}


def found(
    connection: Connection, workspace: str, late: datetime, limit: int, *, only_late: bool = False
) -> list[Problem]:
    """Rows given up, unless `only_late`, and rows due before `late` that have had no live lease since; oldest first.

    What stands behind another row of its lane is not one of these: that row may be, if nobody works on it.
    """
    problems: list[Problem] = []
    for name, rows in _QUEUES.items():
        is_late = (col(rows.due_at) < to_ms(late), col(rows.not_before) < to_ms(late))
        overdue = and_(col(rows.state) == "due", *is_late, ~queue.held_up(rows, queue.table(rows), "older"))
        columns: Any = (rows.id, rows.state, rows.body, rows.outcome, rows.due_at)
        wanted: Any = select(*columns).where(col(rows.workspace) == workspace)
        wanted = wanted.where(overdue if only_late else or_(col(rows.state) == "dead", overdue))
        wanted = wanted.order_by(col(rows.id)).limit(limit)
        problems += [_problem(name, *row) for row in connection.execute(wanted)]
    return sorted(problems, key=lambda p: p.since)[:limit]


def skipped(connection: Connection, workspace: str, since: datetime, limit: int) -> list[Skipped]:
    """Reminders that whoever was meant did not get, the newest first."""
    columns: Any = (OutboxRow.body, OutboxRow.outcome, OutboxRow.done_at)
    mine: Any = (col(OutboxRow.workspace) == workspace, literal_column("state = 'skipped'"))
    wanted: Any = select(*columns).where(*mine, col(OutboxRow.done_at) >= to_ms(since))
    wanted = wanted.order_by(col(OutboxRow.done_at).desc(), col(OutboxRow.id).desc()).limit(limit)
    return [_skipped(*row) for row in connection.execute(wanted)]


def _skipped(body: str, outcome: str, done_at: int) -> Skipped:
    notice = NOTICE.validate_json(body)
    to = notice.to if isinstance(notice, Nag) else To()
    whom = to.person.name if to.person else to.name or ""
    return Skipped(notice.handoff_id, whom, outcome.removeprefix("put off: "), from_ms(done_at))


def revive(connection: Connection, workspace: str, problem_id: str, now: datetime) -> bool:
    """Make a dead row due again. False if there is no such dead row."""
    name, _, number = problem_id.partition("-")
    if name not in _QUEUES or not (number.isascii() and number.isdigit()) or len(number) > 18:
        return False
    return queue.revive(connection, _QUEUES[name], workspace, int(number), now)


def state(connection: Connection, workspace: str, now: datetime) -> dict[str, QueueState]:
    """How inbox and outbox stand. What is due later is not waiting yet and does not count."""
    names: dict[str, queue.Queue] = {"inbox": InboxRow, "outbox": OutboxRow}
    return {name: _state(connection, rows, workspace, now) for name, rows in names.items()}


def _state(connection: Connection, rows: queue.Queue, workspace: str, now: datetime) -> QueueState:
    mine = col(rows.workspace) == workspace
    due = (mine, col(rows.state) == "due", col(rows.due_at) <= to_ms(now))
    waiting, oldest = connection.execute(select(func.count(), func.min(col(rows.due_at))).where(*due)).one()
    dead = connection.execute(select(func.count()).where(mine, col(rows.state) == "dead")).scalar_one()
    idle = connection.execute(_idle_since(rows).where(*due, col(rows.not_before) <= to_ms(now))).scalar_one()
    return QueueState(waiting, dead, *(from_ms(at) if at is not None else None for at in (oldest, idle)))


def _idle_since(rows: queue.Queue) -> Any:
    """Since when the oldest row could be taken that no lease, no pause and no older row of its lane holds back."""
    since = case((col(rows.not_before) > col(rows.due_at), col(rows.not_before)), else_=col(rows.due_at))
    return select(func.min(since)).where(~queue.held_up(rows, queue.table(rows), "older"))


def _problem(queue_name: str, id_: Any, row_state: str, body: str, outcome: str, due_at: int) -> Problem:
    if queue_name == "in":
        what, subject = "read_record", Hint.model_validate_json(body).ref.key
    else:
        notice = NOTICE.validate_json(body)
        what, subject = notice.kind, notice.handoff_id
    return Problem(f"{queue_name}-{id_}", what, subject, outcome, from_ms(due_at), row_state == "dead")
