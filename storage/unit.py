"""One transaction as the core sees it (implements `handoff.ports.Unit`). Scoped to one workspace.

The statements stand at the end of the file, built once: building one costs a hundred times as much as running it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, bindparam, insert, literal_column, select, update
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
from storage.many import Row
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
        self._stored: dict[str, Row] = {}  # the columns of handoffs as they stand, to see what changes

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
        columns, stored = _columns(handoff), self._stored.get(handoff.id, {})
        changed = {name: value for name, value in columns.items() if name not in stored or stored[name] != value}
        self._stored[handoff.id] = columns
        written = changed if self._gathering.dialect == "sqlite" else columns
        self._gathering.later(
            (self._workspace, handoff.id),
            {
                _BEGIN: [] if before else [self._new(handoff, columns)],
                _change(tuple(written)): [self._changed(handoff, before, written)] if before else [],
                _LOG: [self._log(handoff, event, decision.remarks)],
                _VOID: [self._void(handoff.id, ladder, now) for ladder in decision.cancel],
                _put(self._gathering.dialect): [self._outbox(notice, now) for notice in decision.notices],
            },
        )
        if "record_name" in changed or "is_open" in changed:
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
        self._stored[handoff.id] = _columns(handoff)
        return handoff

    def _record(self, ref: RecordRef) -> dict[str, str]:
        return {"in_workspace": self._workspace, "of_record": ref.key}

    def _new(self, handoff: Handoff, columns: Row) -> Row:
        key = {"id": handoff.id, "workspace": self._workspace, "workflow": handoff.workflow}
        age = {"record_key": handoff.record.ref.key, "opened_at": to_ms(handoff.opened_at)}
        return {**key, **age, **columns, "version": handoff.version, "body": handoff.model_dump_json()}

    def _changed(self, handoff: Handoff, before: int, written: Row) -> Row:
        which = {"in_workspace": self._workspace, "handoff_id": handoff.id, "before": before}
        return {**which, **written, "version": handoff.version, "body": handoff.model_dump_json()}

    def _log(self, handoff: Handoff, event: AnyEvent, remarks: Collection[str]) -> Row:
        return {
            "handoff_id": handoff.id,
            "version": handoff.version,
            "workspace": self._workspace,
            "kind": event.kind,
            "at": to_ms(event.at),
            "body": event.model_dump_json(),
            "remarks": "\n".join(remarks),
        }

    def _void(self, handoff_id: str, ladder: str, now: datetime) -> Row:
        return {"in_workspace": self._workspace, "of_handoff": handoff_id, "at": to_ms(now), "of_ladder": ladder}

    def _outbox(self, notice: Notice, now: datetime) -> Row:
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


def _columns(handoff: Handoff) -> Row:
    """What stands beside the body to find a handoff by, and may change."""
    return {
        "record_name": handoff.record.name,
        "status": handoff.status.value,
        "is_open": handoff.is_open,
        "asked_id": handoff.asked.slack_id if handoff.asked else None,
        "owner_id": handoff.owner.slack_id if handoff.owner else None,
        "quiet_until": search.quiet_until(handoff),
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
_LOG = Write(insert(table(LogRow)))
_LAST_STAGE = select(_records.stage).where(*_this_record)
_SEEN_AGAIN = update(table(RecordRow)).where(*_this_record)
_SEEN_FIRST = insert(table(RecordRow))
_VOID = Write(
    update(table(OutboxRow))
    .where(_outbox.handoff_id == bindparam("of_handoff"), _outbox.workspace == _IN_WORKSPACE)
    .where(_outbox.state == DUE, _outbox.ladder == bindparam("of_ladder"))
    .where(_outbox.attempt == _outbox.clean)  # others may have been posted: they are looked for
    .values(state=literal_column("'void'"), outcome=literal_column("'overtaken by the deed'"))
    .values(done_at=bindparam("at"))
)


@cache
def _change(columns: Sequence[str]) -> Write:
    """Change these columns of a handoff, its body and its version.

    SQLite writes an index anew for each column that is named, changed or not. PostgreSQL does not, and one statement
    for all that many pieces of work change costs it less than one for each kind of change.
    """
    this = update(table(HandoffRow)).where(*_this_handoff, _handoffs.version == bindparam("before"))
    return Write(this.values({name: bindparam(name) for name in (*columns, "version", "body")}), each=True)


@cache
def _put(dialect: str) -> Write:
    return Write(queue.putting(OutboxRow, dialect))
