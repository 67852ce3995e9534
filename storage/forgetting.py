"""Finding and rewriting what is to be forgotten. What it means to forget is decided in `handoff/forgetting.py`.

A wish is granted handoff by handoff, each in one transaction. The functions run inside the caller's.
"""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, update
from sqlmodel import col

from handoff import forgetting
from handoff.events import EVENT
from handoff.forgetting import Granted, Wish
from handoff.model import Handoff, Person
from handoff.notices import NOTICE, Nag
from handoff.workflow import Workflow
from storage.gathering import Gathering
from storage.tables import HandoffRow, LogRow, OutboxRow, WorkflowRow
from storage.unit import SqlUnit

_NOBODY = "forgotten@forgotten.invalid"  # in the text of a workflow an address must stay one


def of_record(connection: Connection, workspace: str, record_key: str) -> list[str]:
    """The handoffs of a record."""
    wanted = select(col(HandoffRow.id)).where(col(HandoffRow.workspace) == workspace)
    return list(connection.execute(wanted.where(col(HandoffRow.record_key) == record_key)).scalars())


def naming(connection: Connection, workspace: str, texts: Collection[str]) -> list[str]:
    """The handoffs in whose rows any of these texts stands. Reads every row."""
    found: set[str] = set()
    handoff, log, outbox = HandoffRow, LogRow, OutboxRow
    for row, id_, columns in (
        (handoff, col(handoff.id), (col(handoff.body),)),
        (log, col(log.handoff_id), (col(log.body), col(log.remarks))),
        (outbox, col(outbox.handoff_id), (col(outbox.body), col(outbox.outcome))),
    ):
        within = [_has(column, text) for column in columns for text in texts]
        found.update(connection.execute(select(id_).where(col(row.workspace) == workspace, or_(*within))).scalars())
    return sorted(found)


def _has(column: Any, text: str) -> Any:
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    return func.lower(column).contains(written.lower(), autoescape=True) | column.contains(written, autoescape=True)


def persons(connection: Connection, workspace: str, handoff_ids: Collection[str]) -> Iterator[Person]:
    """Every person who is named in these handoffs, their log or their notices."""
    for handoff_id in handoff_ids:
        for body in _bodies(connection, HandoffRow, "id", workspace, handoff_id):
            yield from forgetting.persons_in(Handoff.model_validate_json(body))
        for body in _bodies(connection, LogRow, "handoff_id", workspace, handoff_id):
            yield from forgetting.persons_in(EVENT.validate_json(body))
        for body in _bodies(connection, OutboxRow, "handoff_id", workspace, handoff_id):
            yield from forgetting.persons_in(NOTICE.validate_json(body))


def _bodies(connection: Connection, row: Any, key: str, workspace: str, handoff_id: str) -> Iterator[str]:
    wanted = select(row.body).where(row.workspace == workspace, getattr(row, key) == handoff_id)
    yield from connection.execute(wanted).scalars()


def grant(gathering: Gathering, unit: SqlUnit, workspace: str, handoff_id: str, wish: Wish, now: datetime) -> Granted:
    """Cover one handoff and everything that was stored about it."""
    handoff = unit.handoff(handoff_id)
    if handoff is None:
        return Granted(is_ended=False, messages=0, rows=0)
    stored = _bodies(gathering.settled(), LogRow, "handoff_id", workspace, handoff_id)
    log = [EVENT.validate_json(body) for body in stored]
    messages = forgetting.forget(unit, handoff, log, wish, now)
    connection = gathering.settled()
    rows = _cover_log(connection, workspace, handoff_id, wish) + _cover_outbox(connection, workspace, handoff_id, wish)
    return Granted(handoff.is_open and wish.what == "record", messages, rows)


def _cover_log(connection: Connection, workspace: str, handoff_id: str, wish: Wish) -> int:
    mine = (col(LogRow.workspace) == workspace, col(LogRow.handoff_id) == handoff_id)
    wanted = select(col(LogRow.version), col(LogRow.body), col(LogRow.remarks)).where(*mine)
    changed = 0
    for version, body, remarks in connection.execute(wanted).all():
        covered, plain = wish.cover.over(EVENT.validate_json(body)).model_dump_json(), wish.plain(remarks)
        if (covered, plain) != (body, remarks):
            which = update(LogRow).where(*mine, col(LogRow.version) == version)
            changed += connection.execute(which.values(body=covered, remarks=plain)).rowcount
    return changed


def _cover_outbox(connection: Connection, workspace: str, handoff_id: str, wish: Wish) -> int:
    mine = (col(OutboxRow.workspace) == workspace, col(OutboxRow.handoff_id) == handoff_id)
    columns: Any = (OutboxRow.id, OutboxRow.state, OutboxRow.body, OutboxRow.outcome)
    changed = 0
    for id_, state, body, outcome in connection.execute(select(*columns).where(*mine)).all():
        before, plain = NOTICE.validate_json(body), wish.plain(outcome)
        is_waiting = state in ("due", "dead")  # what was given up may be tried again
        notice = forgetting.covered_in_waiting(before, wish.cover) if is_waiting else wish.cover.over(before)
        covered = notice.model_dump_json()
        if (covered, plain) != (body, outcome):
            recipient = notice.recipient if isinstance(notice, Nag) else None
            which = update(OutboxRow).where(col(OutboxRow.id) == id_)
            values = {"body": covered, "outcome": plain, "recipient": recipient}
            changed += connection.execute(which.values(**values)).rowcount
    return changed


def cover_workflows(connection: Connection, email: str) -> int:
    """Take an address out of the texts of workflows that handoffs began with."""
    changed = 0
    wanted = select(col(WorkflowRow.edition), col(WorkflowRow.body)).where(_has(col(WorkflowRow.body), email))
    for edition, body in connection.execute(wanted).all():
        text = forgetting.without(body, [email], _NOBODY)
        Workflow.model_validate_json(text)
        which = update(WorkflowRow).where(col(WorkflowRow.edition) == edition)
        changed += connection.execute(which.values(body=text)).rowcount
    return changed
