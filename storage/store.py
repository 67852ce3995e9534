"""The memory as the core sees it (implements `handoff.ports.Store`). Rows become models, and models rows, only here."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, func, insert, select, update
from sqlmodel import col

from handoff.decide import Decision
from handoff.errors import StorageError
from handoff.events import AnyEvent, Hint
from handoff.model import Handoff, Record, RecordRef
from handoff.notices import NOTICE, Nag, Notice
from handoff.ports import Leased, Unit
from handoff.workflow import Workflow
from storage import queue
from storage.engine import Conflict, Database
from storage.queue import Taken
from storage.tables import HandoffRow, InboxRow, LogRow, OutboxRow, RecordRow, WorkflowRow, from_ms, to_ms

T = TypeVar("T")
_LAST_WORDS = timedelta(seconds=4)


class SqlUnit:
    """One transaction on one connection, scoped to one workspace (implements `handoff.ports.Unit`)."""

    def __init__(self, connection: Connection, workspace: str, workflows: dict[str, Workflow]) -> None:
        self._connection = connection
        self._workspace = workspace
        self._workflows = workflows

    def handoff(self, handoff_id: str) -> Handoff | None:
        """The handoff as stored."""
        return self._one(col(HandoffRow.id) == handoff_id)

    def open_handoff(self, workflow: str, ref: RecordRef) -> Handoff | None:
        """The open handoff of a record in a workflow, if there is one."""
        return self._one(
            col(HandoffRow.workflow) == workflow, col(HandoffRow.record_key) == ref.key, col(HandoffRow.is_open)
        )

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

    def finish(self, leased: Leased[Hint] | Leased[Notice], outcome: str, now: datetime) -> bool:
        """Mark a row as done with. False if the lease was lost: then store nothing."""
        return queue.finish(self._connection, _queue_of(leased), leased.id, leased.attempt, outcome, now)

    def _one(self, *where: Any) -> Handoff | None:
        wanted = select(col(HandoffRow.body)).where(col(HandoffRow.workspace) == self._workspace, *where)
        if self._connection.dialect.name == "postgresql":
            wanted = wanted.with_for_update()
        body = self._connection.execute(wanted).scalar_one_or_none()
        return None if body is None else Handoff.model_validate_json(body)

    def _record(self, ref: RecordRef) -> tuple[Any, ...]:
        return col(RecordRow.workspace) == self._workspace, col(RecordRow.key) == ref.key

    def _save_handoff(self, handoff: Handoff, before: int) -> None:
        row = {
            "record_name": handoff.record.name,
            "status": handoff.status.value,
            "is_open": handoff.is_open,
            "version": handoff.version,
            "body": handoff.model_dump_json(),
        }
        if before == 0:
            key = {"id": handoff.id, "workspace": self._workspace, "workflow": handoff.workflow}
            age = {"record_key": handoff.record.ref.key, "opened_at": to_ms(handoff.opened_at)}
            self._connection.execute(insert(HandoffRow).values(**key, **age, **row))
            return
        mine = (col(HandoffRow.id) == handoff.id, col(HandoffRow.version) == before)
        if self._connection.execute(update(HandoffRow).where(*mine).values(**row)).rowcount == 0:
            raise Conflict(handoff.id)

    def _void(self, handoff_id: str, ladders: Collection[str], now: datetime) -> None:
        self._connection.execute(
            update(OutboxRow)
            .where(col(OutboxRow.handoff_id) == handoff_id, col(OutboxRow.workspace) == self._workspace)
            .where(col(OutboxRow.state) == "due", col(OutboxRow.ladder).in_(ladders))
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
            "ladder": notice.ladder if isinstance(notice, Nag) else None,
        }


class SqlStore:
    """The memory of one workspace (implements `handoff.ports.Store`)."""

    def __init__(self, database: Database, workspace: str) -> None:
        self._database = database
        self._workspace = workspace
        self._workflows: dict[str, Workflow] = {}

    def remember(self, workflows: Collection[Workflow], now: datetime) -> None:
        """Keep the text of these workflows for the handoffs that begin with them."""

        def work(connection: Connection) -> None:
            known = set(connection.execute(select(col(WorkflowRow.edition))).scalars())
            for w in workflows:
                if w.edition not in known:
                    row = {"edition": w.edition, "name": w.name, "body": w.model_dump_json(by_alias=True)}
                    connection.execute(insert(WorkflowRow).values(**row, first_seen=to_ms(now)))

        self._database.write(work)
        self._workflows.update({w.edition: w for w in workflows})

    def resume(self, now: datetime) -> None:
        """Take over what a killed process left in hand. Does nothing where other processes may be at work.

        Not at once: a request of the dead may still be on its way, and history must show it before anybody looks.
        """

        def work(connection: Connection) -> None:
            for which in (InboxRow, OutboxRow):
                queue.resume(connection, which, now + _LAST_WORDS)

        if self._database.alone:
            self._database.write(work)

    def take(self, hints: Sequence[Hint], now: datetime) -> int:
        """Put hints into the inbox, on disk when this returns. The number that were new."""
        moment = to_ms(now)
        rows: list[dict[str, object]] = [
            {
                "workspace": self._workspace,
                "key": hint.key,
                "lane": hint.ref.key,
                "body": hint.model_dump_json(),
                "state": "due",
                "due_at": moment,
                "created_at": moment,
            }
            for hint in hints
        ]
        return self._database.write(lambda connection: queue.put(connection, InboxRow, rows))

    def lease_hint(self, now: datetime, until: datetime) -> Leased[Hint] | None:
        """The next hint that is due, for this worker alone."""
        taken = self._lease(InboxRow, now, until)
        return _leased(taken, Hint.model_validate_json(taken.body), until) if taken else None

    def lease_notice(self, now: datetime, until: datetime) -> Leased[Notice] | None:
        """The next notice that is due, for this worker alone."""
        taken = self._lease(OutboxRow, now, until)
        return _leased(taken, NOTICE.validate_json(taken.body), until) if taken else None

    def retry(self, leased: Leased[Hint] | Leased[Notice], at: datetime, error: str, *, clean: bool) -> None:
        """Give a row back for another try at `at`."""

        def work(connection: Connection) -> None:
            queue.retry(connection, _queue_of(leased), leased.id, leased.attempt, at=at, error=error, clean=clean)

        self._database.write(work)

    def write(self, work: Callable[[Unit], T]) -> T:
        """Run `work` in one transaction, on disk when this returns."""
        return self._database.write(lambda connection: work(self._unit(connection)))

    def handoff(self, handoff_id: str) -> Handoff | None:
        """The handoff as stored."""
        return self._database.read(lambda connection: self._unit(connection).handoff(handoff_id))

    def workflow(self, edition: str) -> Workflow:
        """The text of a workflow as a handoff began with it."""
        if edition in self._workflows:
            return self._workflows[edition]
        return self._database.read(lambda connection: self._unit(connection).workflow(edition))

    def last_stage(self, ref: RecordRef) -> str | None:
        """The stage a record was last seen in."""
        return self._database.read(lambda connection: self._unit(connection).last_stage(ref))

    def search(self, name: str | None, limit: int) -> Sequence[Handoff]:
        """Open handoffs, those that wait longest first; with a name, those whose record's name contains it."""
        wanted = select(col(HandoffRow.body)).where(*self._open()).limit(limit)
        wanted = wanted.order_by(col(HandoffRow.status) == "owned", col(HandoffRow.opened_at))
        if name:
            wanted = wanted.where(col(HandoffRow.record_name).icontains(name, autoescape=True))
        bodies = self._database.read(lambda connection: connection.execute(wanted).scalars().all())
        return [Handoff.model_validate_json(body) for body in bodies]

    def count(self) -> Mapping[str, int]:
        """How many open handoffs stand in each status."""
        wanted = select(col(HandoffRow.status), func.count()).where(*self._open()).group_by(col(HandoffRow.status))
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return dict(rows)

    def _open(self) -> tuple[Any, ...]:
        return col(HandoffRow.workspace) == self._workspace, col(HandoffRow.is_open)

    def _unit(self, connection: Connection) -> SqlUnit:
        return SqlUnit(connection, self._workspace, self._workflows)

    def _lease(self, which: queue.Queue, now: datetime, until: datetime) -> Taken | None:
        return self._database.write(lambda c: queue.lease(c, which, self._workspace, now, until))


def _leased(taken: Taken, item: T, until: datetime) -> Leased[T]:
    return Leased(taken.id, item, taken.attempt, taken.doubtful, until, from_ms(taken.created_at))


def _queue_of(leased: Leased[Hint] | Leased[Notice]) -> queue.Queue:
    return InboxRow if isinstance(leased.item, Hint) else OutboxRow
