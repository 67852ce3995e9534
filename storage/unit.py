"""One transaction as the core sees it (implements `handoff.ports.Unit`). Scoped to one workspace.

The statements stand at the end of the file, built once: building one costs a hundred times as much as running it.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, bindparam, insert, select, update
from sqlmodel import col

from handoff.decision import Decision
from handoff.errors import StorageError
from handoff.events import AnyEvent, Hint
from handoff.model import Handoff, Record, RecordRef
from handoff.notices import Nag, Notice
from handoff.ports import Finished, Leased
from handoff.workflow import Workflow
from storage import names, queue, search
from storage.gathering import Gathering, Write
from storage.queue import DUE, table
from storage.tables import HandoffRow, InboxRow, LogRow, OutboxRow, RecordRow, WorkflowRow, to_ms


class SqlUnit:
    """A piece of work's part in a transaction, scoped to one workspace (implements `handoff.ports.Unit`).

    What it saves is gathered, and written with what others save beside it.
    """

    def __init__(self, gathering: Gathering, workspace: str, workflows: dict[str, Workflow]) -> None:
        self._gathering = gathering
        self._workspace = workspace
        self._workflows = workflows
        self._names: dict[str, tuple[str, bool]] = {}  # as they were read, to see whether their words change

    def handoff(self, handoff_id: str) -> Handoff | None:
        """The handoff as stored."""
        return self._model(self._gathering.read((self._workspace, handoff_id), _HANDOFFS))

    def newest(self, workflow: str, ref: RecordRef) -> Handoff | None:
        """The newest handoff of a record in a workflow, over or not; the open one, if there is one."""
        which = {**self._record(ref), "of_workflow": workflow}
        return self._model(self._gathering.execute(_NEWEST, which).scalar_one_or_none())

    def workflow(self, edition: str) -> Workflow:
        """The text of a workflow as a handoff began with it."""
        if edition not in self._workflows:
            wanted = select(col(WorkflowRow.body)).where(col(WorkflowRow.edition) == edition)
            body = self._gathering.execute(wanted).scalar_one_or_none()
            if body is None:
                raise StorageError(f"The database has no workflow of edition {edition}: was a file restored in part?")
            self._workflows[edition] = Workflow.model_validate_json(body)
        return self._workflows[edition]

    def last_stage(self, ref: RecordRef) -> str | None:
        """The stage a record was last seen in."""
        return self._gathering.execute(_LAST_STAGE, self._record(ref)).scalar_one_or_none()

    def saw(self, record: Record, now: datetime) -> None:
        """Remember the stage a record is in."""
        values = {"stage": record.stage, "seen_at": to_ms(now)}
        if self._gathering.execute(_SEEN_AGAIN, {**self._record(record.ref), **values}).rowcount == 0:
            key = {"workspace": self._workspace, "key": record.ref.key}
            self._gathering.execute(_SEEN_FIRST, {**key, **values})

    def save(self, event: AnyEvent, decision: Decision, now: datetime) -> None:
        """Store the handoff, the event and the notices; void the waiting nags of cancelled ladders."""
        before = decision.handoff.version
        handoff = decision.handoff.model_copy(update={"version": before + 1})
        row = self._row(handoff, before)
        self._gathering.later(
            (self._workspace, handoff.id),
            {
                _BEGIN: [] if before else [row],
                _CHANGE: [row] if before else [],
                _LOG: [self._log(handoff, event, decision.remarks)],
                _VOID: [self._void(handoff.id, ladder, now) for ladder in decision.cancel],
                _put(self._gathering.dialect): [self._outbox(notice, now) for notice in decision.notices],
            },
        )
        name = (handoff.record.name, handoff.is_open)
        if before == 0 or name != self._names.get(handoff.id, name):
            names.remember_words(self._gathering.settled(), self._workspace, handoff)

    def finish(
        self, leased: Leased[Hint] | Leased[Notice], outcome: str, now: datetime, *, state: Finished = "done"
    ) -> bool:
        """Mark a row as done with, given up or skipped. False if the lease was lost: then store nothing."""
        which = queue_of(leased)
        return queue.finish(self._gathering.settled(), which, leased.id, leased.attempt, outcome, now, state=state)

    def _model(self, body: str | None) -> Handoff | None:
        if body is None:
            return None
        handoff = Handoff.model_validate_json(body)
        self._names[handoff.id] = (handoff.record.name, handoff.is_open)
        return handoff

    def _record(self, ref: RecordRef) -> dict[str, str]:
        return {"in_workspace": self._workspace, "of_record": ref.key}

    def _row(self, handoff: Handoff, before: int) -> dict[str, object]:
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
            return {**key, **age, **row}
        return {"in_workspace": self._workspace, "handoff_id": handoff.id, "before": before, **row}

    def _log(self, handoff: Handoff, event: AnyEvent, remarks: Collection[str]) -> dict[str, object]:
        return {
            "handoff_id": handoff.id,
            "version": handoff.version,
            "workspace": self._workspace,
            "kind": event.kind,
            "at": to_ms(event.at),
            "body": event.model_dump_json(),
            "remarks": "\n".join(remarks),
        }

    def _void(self, handoff_id: str, ladder: str, now: datetime) -> dict[str, object]:
        return {"in_workspace": self._workspace, "of_handoff": handoff_id, "at": to_ms(now), "of_ladder": ladder}

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
_HANDOFFS = (
    select(_handoffs.id, _handoffs.body)
    .where(_handoffs.id.in_(bindparam("handoff_ids", expanding=True)), _handoffs.workspace == _IN_WORKSPACE)
    .order_by(_handoffs.id)  # so that two who lock the same rows do not wait for each other
    .with_for_update()  # SQLite has no such words and needs none
)
_NEWEST = (
    select(_handoffs.body)
    .where(_handoffs.workspace == _IN_WORKSPACE, _handoffs.workflow == bindparam("of_workflow"))
    .where(_handoffs.record_key == bindparam("of_record"))
    .order_by(_handoffs.is_open.desc(), _handoffs.opened_at.desc())
    .limit(1)
    .with_for_update()
)
_BEGIN = Write(insert(table(HandoffRow)))
_CHANGE = Write(update(table(HandoffRow)).where(*_this_handoff, _handoffs.version == bindparam("before")), each=True)
_LOG = Write(insert(table(LogRow)))
_LAST_STAGE = select(_records.stage).where(*_this_record)
_SEEN_AGAIN = update(table(RecordRow)).where(*_this_record)
_SEEN_FIRST = insert(table(RecordRow))
_VOID = Write(
    update(table(OutboxRow))
    .where(_outbox.handoff_id == bindparam("of_handoff"), _outbox.workspace == _IN_WORKSPACE)
    .where(_outbox.state == DUE, _outbox.ladder == bindparam("of_ladder"))
    .where(_outbox.attempt == _outbox.clean)  # others may have been posted: they are looked for
    .values(state="void", outcome="overtaken by the deed", done_at=bindparam("at"))
)


@cache
def _put(dialect: str) -> Write:
    return Write(queue.putting(OutboxRow, dialect))
