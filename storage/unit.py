"""One transaction as the core sees it (implements `handoff.ports.Unit`). Scoped to one workspace."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from handoff.decision import Decision
from handoff.errors import StorageError
from handoff.events import AnyEvent, Hint
from handoff.model import Handoff, Record, RecordRef
from handoff.notices import Nag, Notice
from handoff.ports import Leased
from handoff.workflow import Workflow
from storage import queue, search
from storage.engine import Conflict
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
        return self._one(col(HandoffRow.id) == handoff_id)

    def newest(self, workflow: str, ref: RecordRef) -> Handoff | None:
        """The newest handoff of a record in a workflow, over or not; the open one, if there is one."""
        of_this = col(HandoffRow.workflow) == workflow, col(HandoffRow.record_key) == ref.key
        return self._one(*of_this, newest_first=True)

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
        wanted = select(col(RecordRow.stage)).where(*self._record(ref))
        return self._connection.execute(wanted).scalar_one_or_none()

    def saw(self, record: Record, now: datetime) -> None:
        """Remember the stage a record is in."""
        values = {"stage": record.stage, "seen_at": to_ms(now)}
        changed = self._connection.execute(update(RecordRow).where(*self._record(record.ref)).values(**values))
        if changed.rowcount == 0:
            self._connection.execute(insert(RecordRow).values(workspace=self._workspace, key=record.ref.key, **values))

    def save(self, event: AnyEvent, decision: Decision, now: datetime) -> None:
        """Store the handoff, the event and the notices; void the waiting nags of cancelled ladders."""
        before = decision.handoff.version
        handoff = decision.handoff.model_copy(update={"version": before + 1})
        self._save_handoff(handoff, before)
        self._connection.execute(
            insert(LogRow).values(
                handoff_id=handoff.id,
                version=handoff.version,
                workspace=self._workspace,
                kind=event.kind,
                at=to_ms(event.at),
                body=event.model_dump_json(),
                remarks="\n".join(decision.remarks),
            )
        )
        if decision.cancel:
            self._void(handoff.id, decision.cancel, now)
        queue.put(self._connection, OutboxRow, [self._outbox(n, now) for n in decision.notices])

    def finish(self, leased: Leased[Hint] | Leased[Notice], outcome: str, now: datetime, *, dead: bool = False) -> bool:
        """Mark a row as done with, or as dead. False if the lease was lost: then store nothing."""
        which, state = queue_of(leased), "dead" if dead else "done"
        return queue.finish(self._connection, which, leased.id, leased.attempt, outcome, now, state=state)

    def _one(self, *where: Any, newest_first: bool = False) -> Handoff | None:
        wanted = select(col(HandoffRow.body)).where(col(HandoffRow.workspace) == self._workspace, *where)
        if newest_first:
            wanted = wanted.order_by(col(HandoffRow.is_open).desc(), col(HandoffRow.opened_at).desc()).limit(1)
        if self._connection.dialect.name == "postgresql":
            wanted = wanted.with_for_update()
        body = self._connection.execute(wanted).scalar_one_or_none()
        if body is None:
            return None
        handoff = Handoff.model_validate_json(body)
        self._names[handoff.id] = (handoff.record.name, handoff.is_open)
        return handoff

    def _record(self, ref: RecordRef) -> tuple[Any, ...]:
        return col(RecordRow.workspace) == self._workspace, col(RecordRow.key) == ref.key

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
            "body": handoff.model_dump_json(),
        }
        if before == 0:
            key = {"id": handoff.id, "workspace": self._workspace, "workflow": handoff.workflow}
            age = {"record_key": handoff.record.ref.key, "opened_at": to_ms(handoff.opened_at)}
            self._connection.execute(insert(HandoffRow).values(**key, **age, **row))
            return
        mine = (col(HandoffRow.id) == handoff.id, col(HandoffRow.workspace) == self._workspace)
        unchanged = col(HandoffRow.version) == before
        if self._connection.execute(update(HandoffRow).where(*mine, unchanged).values(**row)).rowcount == 0:
            raise Conflict(handoff.id)

    def _void(self, handoff_id: str, ladders: Collection[str], now: datetime) -> None:
        self._connection.execute(
            update(OutboxRow)
            .where(col(OutboxRow.handoff_id) == handoff_id, col(OutboxRow.workspace) == self._workspace)
            .where(col(OutboxRow.state) == "due", col(OutboxRow.ladder).in_(ladders))
            .where(col(OutboxRow.attempt) == col(OutboxRow.clean))  # others may have been posted: they are looked for
            .values(state="void", outcome="overtaken by the deed", done_at=to_ms(now))
        )

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
        }


def queue_of(leased: Leased[Hint] | Leased[Notice]) -> queue.Queue:
    """Which queue a leased row is of."""
    return InboxRow if isinstance(leased.item, Hint) else OutboxRow
