"""One transaction as the core sees it (implements `handoff.ports.Unit`). Scoped to one workspace.

The statements stand at the end of the file, built once: building one costs a hundred times as much as running it.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, bindparam, insert, select, update
from sqlmodel import col

from handoff.decision import Decision
from handoff.errors import StorageError
from handoff.events import AnyEvent, Hint
from handoff.model import Handoff, Record, RecordRef
from handoff.notices import Nag, Notice
from handoff.ports import Finished, Leased
from handoff.workflow import Workflow
from storage import queue, search
from storage.engine import Conflict
from storage.queue import DUE, table
from storage.tables import HandoffRow, InboxRow, LogRow, OutboxRow, RecordRow, WorkflowRow, to_ms


class SqlUnit:
    """One transaction on one connection, scoped to one workspace (implements `handoff.ports.Unit`)."""

    def __init__(self, connection: Connection, workspace: str, workflows: dict[str, Workflow]) -> None:
        self._connection = connection
        self._workspace = workspace
        self._workflows = workflows
        self._names: dict[str, tuple[str, bool]] = {}  # as they were read, to see whether their words change

    def handoff(self, handoff_id: str) -> Handoff | None:
        """The handoff as stored."""
        return self._one(_HANDOFF, handoff_id=handoff_id)

    def newest(self, workflow: str, ref: RecordRef) -> Handoff | None:
        """The newest handoff of a record in a workflow, over or not; the open one, if there is one."""
        return self._one(_NEWEST, of_workflow=workflow, of_record=ref.key)

    def workflow(self, edition: str) -> Workflow:
        """The text of a workflow as a handoff began with it."""
        if edition not in self._workflows:
            wanted = select(col(WorkflowRow.body)).where(col(WorkflowRow.edition) == edition)
            body = self._connection.execute(wanted).scalar_one_or_none()
            if body is None:
                raise StorageError(f"The database has no workflow of edition {edition}: was a file restored in part?")
            self._workflows[edition] = Workflow.model_validate_json(body)
        return self._workflows[edition]

    def last_stage(self, ref: RecordRef) -> str | None:
        """The stage a record was last seen in."""
        return self._connection.execute(_LAST_STAGE, self._record(ref)).scalar_one_or_none()

    def saw(self, record: Record, now: datetime) -> None:
        """Remember the stage a record is in."""
        values = {"stage": record.stage, "seen_at": to_ms(now)}
        if self._connection.execute(_SEEN_AGAIN, {**self._record(record.ref), **values}).rowcount == 0:
            key = {"workspace": self._workspace, "key": record.ref.key}
            self._connection.execute(_SEEN_FIRST, {**key, **values})

    def save(self, event: AnyEvent, decision: Decision, now: datetime) -> None:
        """Store the handoff, the event and the notices; void the waiting nags of cancelled ladders."""
        before = decision.handoff.version
        handoff = decision.handoff.model_copy(update={"version": before + 1})
        self._save_handoff(handoff, before)
        self._connection.execute(
            _LOG,
            {
                "handoff_id": handoff.id,
                "version": handoff.version,
                "workspace": self._workspace,
                "kind": event.kind,
                "at": to_ms(event.at),
                "body": event.model_dump_json(),
                "remarks": "\n".join(decision.remarks),
            },
        )
        if decision.cancel:
            self._void(handoff.id, decision.cancel, now)
        queue.put(self._connection, OutboxRow, [self._outbox(n, now) for n in decision.notices])

    def finish(
        self, leased: Leased[Hint] | Leased[Notice], outcome: str, now: datetime, *, state: Finished = "done"
    ) -> bool:
        """Mark a row as done with, given up or skipped. False if the lease was lost: then store nothing."""
        which = queue_of(leased)
        return queue.finish(self._connection, which, leased.id, leased.attempt, outcome, now, state=state)

    def _one(self, wanted: Select[str], **which: str) -> Handoff | None:
        body = self._connection.execute(wanted, {"in_workspace": self._workspace, **which}).scalar_one_or_none()
        if body is None:
            return None
        handoff = Handoff.model_validate_json(body)
        self._names[handoff.id] = (handoff.record.name, handoff.is_open)
        return handoff

    def _record(self, ref: RecordRef) -> dict[str, str]:
        return {"in_workspace": self._workspace, "of_record": ref.key}

    def _save_handoff(self, handoff: Handoff, before: int) -> None:
        self._save_row(handoff, before)
        name = (handoff.record.name, handoff.is_open)
        if before == 0 or name != self._names.get(handoff.id, name):
            search.remember_words(self._connection, self._workspace, handoff)

    def _save_row(self, handoff: Handoff, before: int) -> None:
        row = {
            "record_name": handoff.record.name,
            "status": handoff.status.value,
            "is_open": handoff.is_open,
            "version": handoff.version,
            "asked_id": handoff.asked.slack_id if handoff.asked else None,
            "owner_id": handoff.owner.slack_id if handoff.owner else None,
            "quiet_until": search.quiet_until(handoff),
            "body": handoff.model_dump_json(),
        }
        if before == 0:
            key = {"id": handoff.id, "workspace": self._workspace, "workflow": handoff.workflow}
            age = {"record_key": handoff.record.ref.key, "opened_at": to_ms(handoff.opened_at)}
            self._connection.execute(_BEGIN, {**key, **age, **row})
            return
        mine = {"in_workspace": self._workspace, "handoff_id": handoff.id, "before": before}
        if self._connection.execute(_CHANGE, {**mine, **row}).rowcount == 0:
            raise Conflict(handoff.id)

    def _void(self, handoff_id: str, ladders: Collection[str], now: datetime) -> None:
        which = {"in_workspace": self._workspace, "of_handoff": handoff_id, "at": to_ms(now)}
        self._connection.execute(_VOID, [{**which, "of_ladder": ladder} for ladder in ladders])

    def _outbox(self, notice: Notice, now: datetime) -> dict[str, object]:
        return {
            "workspace": self._workspace,
            "key": notice.key,
            "lane": f"{notice.handoff_id}:{notice.lane}",
            "body": notice.model_dump_json(),
            "state": "due",
            "due_at": to_ms(notice.due_at),
            "created_at": to_ms(now),
            "handoff_id": notice.handoff_id,
            "ladder": notice.scope if isinstance(notice, Nag) else None,
            "recipient": notice.recipient if isinstance(notice, Nag) else None,
        }


def queue_of(leased: Leased[Hint] | Leased[Notice]) -> queue.Queue:
    """Which queue a leased row is of."""
    return InboxRow if isinstance(leased.item, Hint) else OutboxRow


_IN_WORKSPACE: ColumnElement[str] = bindparam("in_workspace")
_handoffs, _records, _outbox = table(HandoffRow).c, table(RecordRow).c, table(OutboxRow).c
_this_handoff = (_handoffs.id == bindparam("handoff_id"), _handoffs.workspace == _IN_WORKSPACE)
_this_record = (_records.workspace == _IN_WORKSPACE, _records.key == bindparam("of_record"))
_HANDOFF = select(_handoffs.body).where(*_this_handoff).with_for_update()  # SQLite has no such words and needs none
_NEWEST = (
    select(_handoffs.body)
    .where(_handoffs.workspace == _IN_WORKSPACE, _handoffs.workflow == bindparam("of_workflow"))
    .where(_handoffs.record_key == bindparam("of_record"))
    .order_by(_handoffs.is_open.desc(), _handoffs.opened_at.desc())
    .limit(1)
    .with_for_update()
)
_BEGIN = insert(table(HandoffRow))
_CHANGE = update(table(HandoffRow)).where(*_this_handoff, _handoffs.version == bindparam("before"))
_LOG = insert(table(LogRow))
_LAST_STAGE = select(_records.stage).where(*_this_record)
_SEEN_AGAIN = update(table(RecordRow)).where(*_this_record)
_SEEN_FIRST = insert(table(RecordRow))
_VOID = (
    update(table(OutboxRow))
    .where(_outbox.handoff_id == bindparam("of_handoff"), _outbox.workspace == _IN_WORKSPACE)
    .where(_outbox.state == DUE, _outbox.ladder == bindparam("of_ladder"))
    .where(_outbox.attempt == _outbox.clean)  # others may have been posted: they are looked for
    .values(state="void", outcome="overtaken by the deed", done_at=bindparam("at"))
)
