"""The memory as the core sees it (implements `handoff.ports.Store`). Rows become models, and models rows, only here."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, bindparam, insert, select
from sqlmodel import col

from handoff.events import EVENT, AnyEvent, Hint
from handoff.forgetting import Granted, Wish
from handoff.model import Handoff, Person, RecordRef
from handoff.notices import NOTICE, Nag, Notice
from handoff.ports import Happened, Leased, Problem, QueueState, Skipped, Unit
from handoff.workflow import Workflow
from storage import forgetting, names, problems, queue, search, story, tidying
from storage.engine import Database
from storage.gathering import Gathering
from storage.queue import Taken
from storage.tables import HandoffRow, InboxRow, LogRow, OutboxRow, WorkflowRow, from_ms, to_ms
from storage.unit import SqlUnit, queue_of

T = TypeVar("T")
_LAST_WORDS = timedelta(seconds=4)
_rows = queue.table(HandoffRow).c
_HANDOFF = select(_rows.body).where(_rows.id == bindparam("handoff_id"), _rows.workspace == bindparam("in_workspace"))


class _Rehearsed(Exception):
    """Takes a transaction back and says what it would have done."""

    def __init__(self, granted: Granted) -> None:
        super().__init__()
        self.granted = granted


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
        return sum(self.taking(hints, now).result())

    def taking(self, hints: Sequence[Hint], now: datetime) -> Future[Sequence[bool]]:
        """Begin to put hints into the inbox; once they are on disk, whether each was new."""
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
        return self._database.gather(lambda g: g.adding(queue.adding(InboxRow, g.dialect), rows, queue.KEY))

    def lease_hint(self, now: datetime, until: datetime) -> Leased[Hint] | None:
        """The next hint that is due, for this worker alone."""
        taken = self._lease(InboxRow, now, until)
        return _leased(taken, Hint.model_validate_json(taken.body), until) if taken else None

    def lease_notice(self, now: datetime, until: datetime) -> Leased[Notice] | None:
        """The next notice that is due, for this worker alone."""
        taken = self._lease(OutboxRow, now, until)
        return _leased(taken, NOTICE.validate_json(taken.body), until) if taken else None

    def lease_alike(self, nag: Nag, now: datetime, until: datetime, most: int) -> Sequence[Leased[Notice]]:
        """Other reminders to the same recipient that are due as well, for this worker alone."""
        taken = self._database.write(lambda c: queue.lease_alike(c, self._workspace, nag.recipient, now, until, most))
        return [_leased(one, NOTICE.validate_json(one.body), until) for one in taken]

    def reminded(self, recipient: str, since: datetime) -> int:
        """How many messages with reminders a recipient got since a moment."""
        return self._database.read(lambda c: search.reminded(c, self._workspace, recipient, since))

    def coming(self, handoff_id: str, scope: str) -> Nag | None:
        """The next reminder of one of a handoff's ladders, if one waits."""
        body = self._database.read(lambda c: search.coming(c, self._workspace, handoff_id, scope))
        notice = NOTICE.validate_json(body) if body else None
        return notice if isinstance(notice, Nag) else None

    def retry(
        self, leased: Leased[Hint] | Leased[Notice], at: datetime, error: str, *, clean: bool, looks: int = 0
    ) -> None:
        """Give a row back for another try at `at`."""
        which, facts = queue_of(leased), {"error": error, "clean": clean, "looks": looks}

        def work(connection: Connection) -> None:
            queue.retry(connection, which, leased.id, leased.attempt, at=at, **facts)  # type: ignore[arg-type]

        self._database.write(work)

    def write(self, work: Callable[[Unit], T], about: str | None = None) -> T:
        """Run `work` in one transaction, on disk when this returns."""
        which = None if about is None else (self._workspace, about)
        return self._database.gather(lambda gathering: work(self._unit(gathering)), which).result()

    def handoff(self, handoff_id: str) -> Handoff | None:
        """The handoff as stored."""
        which = {"in_workspace": self._workspace, "handoff_id": handoff_id}
        body = self._database.read(lambda connection: connection.execute(_HANDOFF, which).scalar_one_or_none())
        return None if body is None else Handoff.model_validate_json(body)

    def workflow(self, edition: str) -> Workflow:
        """The text of a workflow as a handoff began with it."""
        if edition in self._workflows:
            return self._workflows[edition]
        return self._database.read(lambda connection: self._unit(Gathering(connection)).workflow(edition))

    def last_stage(self, ref: RecordRef) -> str | None:
        """The stage a record was last seen in."""
        return self._database.read(lambda connection: self._unit(Gathering(connection)).last_stage(ref))

    def search(self, name: str | None, limit: int, offset: int = 0, *, everything: bool = False) -> Sequence[Handoff]:
        """Open handoffs, those that wait longest first; with a name, those with words that begin so."""

        def work(c: Connection) -> Sequence[str]:
            if name is not None:
                return names.named(c, self._workspace, name, limit, offset, everything=everything)
            return (search.newest if everything else search.waiting)(c, self._workspace, limit, offset)

        return [Handoff.model_validate_json(body) for body in self._database.read(work)]

    def of(self, slack_id: str, limit: int, offset: int = 0) -> Sequence[Handoff]:
        """Open handoffs that a member answers for or owns, those that wait longest first."""
        found = self._database.read(lambda c: search.of(c, self._workspace, slack_id, limit, offset))
        return [Handoff.model_validate_json(body) for body in found]

    def resting(self, now: datetime, limit: int, offset: int = 0) -> Sequence[Handoff]:
        """Handoffs that are snoozed or paused at a moment, those that go on soonest first."""
        found = self._database.read(lambda c: search.resting(c, self._workspace, now, limit, offset))
        return [Handoff.model_validate_json(body) for body in found]

    def log(self, handoff_id: str) -> Sequence[tuple[AnyEvent, str]]:
        """Everything that happened to a handoff, oldest first, each with its remarks."""
        wanted = (
            select(col(LogRow.body), col(LogRow.remarks))
            .where(col(LogRow.handoff_id) == handoff_id, col(LogRow.workspace) == self._workspace)
            .order_by(col(LogRow.version))
        )
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return [(EVENT.validate_json(body), remarks) for body, remarks in rows]

    def count(self) -> Mapping[str, int]:
        """How many open handoffs stand in each status, up to `MOST_COUNTED`."""
        return self._database.read(lambda c: search.count(c, self._workspace))

    def problems(self, late: datetime, limit: int, *, only_late: bool = False) -> Sequence[Problem]:
        """Rows given up, unless `only_late`, and rows due before `late` that have no live lease; oldest first."""
        return self._database.read(lambda c: problems.found(c, self._workspace, late, limit, only_late=only_late))

    def skipped(self, since: datetime, limit: int) -> Sequence[Skipped]:
        """Reminders that whoever was meant did not get, the newest first."""
        return self._database.read(lambda c: problems.skipped(c, self._workspace, since, limit))

    def revive(self, problem_id: str, now: datetime) -> bool:
        """Make a dead row due again. False if there is no such dead row."""
        return self._database.write(lambda c: problems.revive(c, self._workspace, problem_id, now))

    def queues(self, now: datetime) -> Mapping[str, QueueState]:
        """How inbox and outbox stand."""
        return self._database.read(lambda c: problems.state(c, self._workspace, now))

    def clear_away(self, before: datetime) -> int:
        """Delete some rows of work that was done before a moment; how many."""
        return tidying.clear_away(self._database, self._workspace, before)

    def learn(self) -> None:
        """Let the database see how much there is by now."""
        self._database.learn()

    def story(
        self, *, handoff: str | None = None, record: str | None = None, since: datetime | None = None
    ) -> Iterator[Happened]:
        """The whole log, or that of one handoff or record, read in pages beside whoever writes."""
        after: tuple[int, str] | None = None
        wanted = story.Wanted(handoff, record, since)
        while True:
            page = self._database.read(partial(story.page, workspace=self._workspace, wanted=wanted, after=after))
            yield from page.happened
            if (after := page.after) is None:
                return

    def of_record(self, record: str) -> Sequence[str]:
        """The handoffs of a record, by its key."""
        return self._database.read(lambda c: forgetting.of_record(c, self._workspace, record))

    def naming(self, texts: Collection[str]) -> Sequence[str]:
        """The handoffs about which anything is stored that has one of these texts in it."""
        return self._database.read(lambda c: forgetting.naming(c, self._workspace, texts))

    def persons(self, handoff_ids: Collection[str]) -> Collection[Person]:
        """Every person whom anything names that is stored about these handoffs."""
        return self._database.read(lambda c: list(forgetting.persons(c, self._workspace, handoff_ids)))

    def forget(self, handoff_id: str, wish: Wish, now: datetime, *, rehearsal: bool = False) -> Granted:
        """Cover one handoff and all that is stored about it; decide what follows in Slack. All of it or nothing."""

        def work(gathering: Gathering) -> Granted:
            granted = forgetting.grant(gathering, self._unit(gathering), self._workspace, handoff_id, wish, now)
            if rehearsal:
                raise _Rehearsed(granted)
            return granted

        try:
            return self._database.gather(work).result()
        except _Rehearsed as e:
            return e.granted

    def scour(self, email: str | None = None) -> None:
        """Leave nothing of what was forgotten: an address in the texts of workflows, and what rows said before."""
        if email is not None:
            self._database.write(lambda c: forgetting.cover_workflows(c, email))
        self._database.scour()

    def _unit(self, gathering: Gathering) -> SqlUnit:
        return SqlUnit(gathering, self._workspace, self._workflows)

    def _lease(self, which: queue.Queue, now: datetime, until: datetime) -> Taken | None:
        return self._database.write(lambda c: queue.lease(c, which, self._workspace, now, until))


def _leased(taken: Taken, item: T, until: datetime) -> Leased[T]:
    created_at, due_at = from_ms(taken.created_at), from_ms(taken.due_at)
    return Leased(taken.id, item, taken.attempt, taken.doubts, until, created_at, due_at, taken.looks)
