"""Finding handoffs: by who has to do with them, by how long they wait.

Every question is answered from an index and stops at its limit, so that years of handoffs do not make it slower. Of
those that were opened in the same millisecond the ids decide, so that pages show each once. The functions run inside
the caller's transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, bindparam, case, cast, func, literal, literal_column, select, union, union_all
from sqlmodel import col

from handoff.model import OVER, Handoff, Status
from handoff.ports import MOST_COUNTED
from storage.tables import HandoffRow, OutboxRow, to_ms

ENDLESS = 2**53  # later than any moment
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
    what = (col(HandoffRow.body), col(HandoffRow.opened_at), col(HandoffRow.id))
    each = [_oldest(what, workspace, one).order_by(col(HandoffRow.id)).limit(limit).subquery() for one in statuses]
    together = union_all(*(select(part) for part in each)).subquery()
    oldest: Any = select(together.c.body).order_by(together.c.opened_at, together.c.id).limit(limit)
    return connection.execute(oldest).scalars().all()


def newest(connection: Connection, workspace: str, limit: int, offset: int) -> Sequence[str]:
    """Every handoff, the newest first."""
    wanted = select(col(HandoffRow.body)).where(col(HandoffRow.workspace) == workspace)
    wanted = wanted.order_by(col(HandoffRow.opened_at).desc(), col(HandoffRow.id).desc()).limit(limit).offset(offset)
    return connection.execute(wanted).scalars().all()


def of(connection: Connection, workspace: str, slack_id: str, limit: int, offset: int) -> Sequence[str]:
    """Open handoffs that a member answers for or owns, those that wait longest first."""
    row, wanted = HandoffRow, offset + limit
    opened = (col(row.workspace) == workspace, col(row.is_open))
    each = [
        select(col(row.id), col(row.opened_at))
        .where(*opened, whose == slack_id)
        .order_by(col(row.opened_at), col(row.id))
        .limit(wanted)
        for whose in (col(row.asked_id), col(row.owner_id))
    ]
    mine = union(*(select(part.subquery()) for part in each)).subquery()  # once, where both are true
    few: Any = select(mine.c.id).order_by(mine.c.opened_at, mine.c.id).limit(limit).offset(offset)
    bodies = select(col(row.body)).where(col(row.workspace) == workspace, col(row.id).in_(few))
    return connection.execute(bodies.order_by(col(row.opened_at), col(row.id))).scalars().all()


def count(connection: Connection, workspace: str) -> dict[str, int]:
    """How many open handoffs stand in each status, up to `MOST_COUNTED`: read in the index alone."""
    found = connection.execute(_NUMBERS, {"in_workspace": workspace})
    return {status: number for status, number in found if number}


def only_workspace(connection: Connection) -> str | None:
    """The workspace whose handoffs these are, if all are of one."""
    workspace = col(HandoffRow.workspace)  # each by itself is the end of an index; together they would be a scan
    ends = (select(end(workspace)).scalar_subquery() for end in (func.min, func.max))
    first, last = connection.execute(select(*ends)).one()
    return first if first == last else None


def _oldest(what: tuple[Any, ...], workspace: Any, status: Status) -> Any:
    """A select of the open handoffs in one status, those that wait longest first, along `handoffs_by_age`.

    The status is a range of one, and sorted by: PostgreSQL knows that what is equal needs no sorting, and as soon goes
    along `handoffs_by_opening` past everything in other statuses, which can be years of handoffs.
    """
    mine = (col(HandoffRow.workspace) == workspace, col(HandoffRow.is_open))
    one = col(HandoffRow.status).between(status.value, status.value)
    return select(*what).where(*mine, one).order_by(col(HandoffRow.status), col(HandoffRow.opened_at))


def reminded(connection: Connection, workspace: str, recipient: str, since: datetime) -> int:
    """How many messages with reminders a recipient got since a moment.

    Those of one digest were said at one time; or, if they were only found later, as one message.
    """
    outcome, done_at = col(OutboxRow.outcome), col(OutboxRow.done_at)
    said = (col(OutboxRow.state) == "done", outcome.like("said%"), done_at >= to_ms(since))
    mine = (col(OutboxRow.workspace) == workspace, col(OutboxRow.recipient) == recipient)
    message = case((outcome == "said", cast(done_at, Text)), else_=outcome)
    wanted = select(func.count(func.distinct(message))).where(*mine, *said)
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


def _number(status: Status) -> Any:
    few = _oldest((literal_column("1"),), bindparam("in_workspace"), status).limit(MOST_COUNTED)
    return select(literal(status.value), func.count()).select_from(few.subquery())


_NUMBERS = union_all(*(_number(status) for status in Status if status not in OVER))
