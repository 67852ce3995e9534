"""Finding handoffs: by who has to do with them, by how long they wait.

Every question is answered from an index and stops at its limit, so that years of handoffs do not make it slower. The
functions run inside the caller's transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, literal_column, or_, select, union_all
from sqlmodel import col

from handoff.model import OVER, Handoff, Status
from storage.tables import HandoffRow, OutboxRow, to_ms

ENDLESS = 2**53  # later than any moment
MOST_COUNTED = 1000  # per status; people read "1000 and more" as well as 84,213
_FIRST = (Status.COLLECTING, Status.IN_REVIEW, Status.UNCLAIMED)  # somebody is waited for
_THEN = (Status.OWNED, Status.KICKOFF_SCHEDULED)


def waiting(connection: Connection, workspace: str, limit: int, offset: int) -> Sequence[str]:
    """Open handoffs, those that wait for somebody first, the longest first."""
    bodies: list[str] = []
    for statuses in (_FIRST, _THEN):
        wanted = offset + limit - len(bodies)
        if wanted > 0:
            bodies += _of_statuses(connection, workspace, statuses, wanted)
    return bodies[offset : offset + limit]


def _of_statuses(connection: Connection, workspace: str, statuses: tuple[Status, ...], limit: int) -> Sequence[str]:
    """The oldest in any of these statuses: each status is read along the index, no further than the limit."""
    each = [
        select(col(HandoffRow.body), col(HandoffRow.opened_at))
        .where(*_in(workspace, status))
        .order_by(col(HandoffRow.opened_at))
        .limit(limit)
        .subquery()
        for status in statuses
    ]
    together = union_all(*(select(part) for part in each)).subquery()
    oldest: Any = select(together.c.body).order_by(together.c.opened_at).limit(limit)
    return connection.execute(oldest).scalars().all()


def newest(connection: Connection, workspace: str, limit: int, offset: int) -> Sequence[str]:
    """Every handoff, the newest first."""
    wanted = select(col(HandoffRow.body)).where(col(HandoffRow.workspace) == workspace)
    wanted = wanted.order_by(col(HandoffRow.opened_at).desc()).limit(limit).offset(offset)
    return connection.execute(wanted).scalars().all()


def of(connection: Connection, workspace: str, slack_id: str, limit: int, offset: int) -> Sequence[str]:
    """Open handoffs that a member answers for or owns, those that wait longest first."""
    mine = or_(col(HandoffRow.asked_id) == slack_id, col(HandoffRow.owner_id) == slack_id)
    wanted = select(col(HandoffRow.body)).where(col(HandoffRow.workspace) == workspace, mine)
    wanted = wanted.where(col(HandoffRow.is_open)).order_by(col(HandoffRow.opened_at))
    return connection.execute(wanted.limit(limit).offset(offset)).scalars().all()


def count(connection: Connection, workspace: str) -> dict[str, int]:
    """How many open handoffs stand in each status, up to `MOST_COUNTED`."""
    counted = {}
    for status in Status:
        if status in OVER:
            continue
        few = select(col(HandoffRow.id)).where(*_in(workspace, status)).limit(MOST_COUNTED).subquery()
        if number := connection.execute(select(func.count()).select_from(few)).scalar_one():
            counted[status.value] = number
    return counted


def _in(workspace: str, status: Status) -> tuple[Any, ...]:
    return col(HandoffRow.workspace) == workspace, col(HandoffRow.is_open), col(HandoffRow.status) == status.value


def reminded(connection: Connection, workspace: str, recipient: str, since: datetime) -> int:
    """How many messages with reminders a recipient got since a moment: those of one digest were said at one time."""
    said = (col(OutboxRow.state) == "done", col(OutboxRow.outcome) == "said", col(OutboxRow.done_at) >= to_ms(since))
    mine = (col(OutboxRow.workspace) == workspace, col(OutboxRow.recipient) == recipient)
    wanted = select(func.count(func.distinct(col(OutboxRow.done_at)))).where(*mine, *said)
    return connection.execute(wanted).scalar_one()


def coming(connection: Connection, workspace: str, handoff_id: str, scope: str) -> str | None:
    """The next reminder of one of a handoff's ladders."""
    mine = (col(OutboxRow.workspace) == workspace, col(OutboxRow.handoff_id) == handoff_id)
    waiting: tuple[Any, ...] = (literal_column("state = 'due'"), col(OutboxRow.ladder) == scope)
    wanted = select(col(OutboxRow.body)).where(*mine, *waiting).order_by(col(OutboxRow.due_at)).limit(1)
    return connection.execute(wanted).scalar_one_or_none()


def quiet_until(handoff: Handoff) -> int | None:
    """Until when a handoff under way is snoozed or paused, as it is stored; `ENDLESS` until somebody resumes it."""
    quiet = handoff.quiet if handoff.is_open else None
    if quiet is None:
        return None
    return to_ms(quiet.until) if quiet.until is not None else ENDLESS


def resting(connection: Connection, workspace: str, now: datetime, limit: int, offset: int) -> Sequence[str]:
    """Handoffs that are snoozed or paused at a moment, those that go on soonest first."""
    until = col(HandoffRow.quiet_until)
    wanted = select(col(HandoffRow.body)).where(col(HandoffRow.workspace) == workspace, until > to_ms(now))
    return connection.execute(wanted.order_by(until, col(HandoffRow.id)).limit(limit).offset(offset)).scalars().all()
