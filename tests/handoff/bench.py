"""The real flow on a real SQLite file, with the outside in memory."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlmodel import col, select

from handoff.events import EVENT, AnyEvent
from handoff.flow import Flow
from handoff.model import Handoff
from handoff.notices import NOTICE, Ladder, Nag, Notice
from handoff.workflow import Workflow
from handoff.worktime import Holidays, no_holidays
from storage.engine import Database, open_database
from storage.migrate import migrate
from storage.store import SqlStore
from storage.tables import InboxRow, LogRow, OutboxRow
from tests.factories import BEA, DANA, NOW, PRIYA, RUI, SAM, hint, record, workflow
from tests.fakes import Clock, FakeCrm, FakePeople, FakeSpeaker
from tests.migrated import migrated_file

WORKSPACE = "T0TEST0001"
_ENOUGH = 1000


class Bench:
    """One Baton that can be killed and started again on the same database, at `url` or a file of its own.

    `seen` is what it told its watcher.
    """

    def __init__(self, folder: Path, *workflows: Workflow, url: str | None = None) -> None:
        self.workflows = {w.name: w for w in workflows or (workflow(),)}
        self.clock = Clock(NOW)
        self.slack = FakeSpeaker(self.clock)
        self.crm = FakeCrm(self.clock)
        self.people = FakePeople((SAM, RUI, BEA, PRIYA, DANA))
        self.seen: list[tuple[str, Mapping[str, object]]] = []
        self.wakes = 0
        self._file = None if url else folder / "baton.db"
        self._url = url or f"sqlite:///{self._file}"
        self._ids = count(1)
        self.holidays: Holidays = no_holidays
        self.start()

    def start(self) -> None:
        if self._file is not None and not self._file.exists():
            migrated_file(self._file)
        self.database: Database = open_database(self._url)
        if self._file is None:
            migrate(self.database)  # what an earlier release left is brought up first
        self.store = SqlStore(self.database, WORKSPACE)
        self.store.remember(self.workflows.values(), self.clock.now)
        self.store.resume(self.clock.now)
        self.flow = Flow(
            workspace=WORKSPACE,
            workflows=self.workflows,
            store=self.store,
            speaker=self.slack,
            people=self.people,
            crms={"hubspot": self.crm},
            new_id=lambda: f"h{next(self._ids)}",
            wake_readers=self._wake,
            wake_speakers=self._wake,
            watch=lambda what, facts: self.seen.append((what, facts)),
            defaults=next(iter(self.workflows.values())).defaults,
            holidays=self.holidays,
        )

    def stop(self) -> None:
        self.database.close()

    def crash(self) -> None:
        """Forget everything that is not on disk."""
        self.stop()
        self.start()

    def work(self) -> None:
        """Work off everything that is due now."""
        for _ in range(_ENOUGH):
            if not self.flow.read_due(self.clock.now) and not self.flow.deliver_due(self.clock.now):
                return
        raise AssertionError("the work never ends")

    def work_after(self, pause: timedelta) -> None:
        """Let time go by, then work off what is due."""
        self.clock.advance(pause)
        self.work()

    def handoff(self, handoff_id: str = "h1") -> Handoff:
        found = self.store.handoff(handoff_id)
        assert found is not None
        return found

    def handoffs(self) -> list[Handoff]:
        """Those that are under way."""
        return list(self.store.search(None, _ENOUGH))

    def everything(self) -> list[Handoff]:
        """Those that are over as well."""
        return list(self.store.search(None, _ENOUGH, everything=True))

    def log(self, handoff_id: str = "h1") -> list[AnyEvent]:
        wanted = select(LogRow.body).where(LogRow.handoff_id == handoff_id).order_by(col(LogRow.version))
        bodies = self.database.read(lambda connection: connection.execute(wanted).scalars().all())
        return [EVENT.validate_json(body) for body in bodies]

    def due_nags(self, handoff_id: str = "h1") -> list[Ladder]:
        """The ladders of the reminders that wait."""
        return [n.ladder for n in self.due() if isinstance(n, Nag) and n.handoff_id == handoff_id]

    def due(self) -> list[Notice]:
        """The notices that are not done with, those of later included."""
        wanted = select(OutboxRow.body).where(OutboxRow.state == "due").order_by(col(OutboxRow.id))
        bodies = self.database.read(lambda connection: connection.execute(wanted).scalars().all())
        return [NOTICE.validate_json(body) for body in bodies]

    def unread(self) -> int:
        """How many hints are not done with."""
        wanted = select(InboxRow.id).where(InboxRow.state == "due")
        return len(self.database.read(lambda connection: connection.execute(wanted).scalars().all()))

    def outcomes(self) -> dict[str, str]:
        """What became of each notice, by its key."""
        wanted = select(OutboxRow.key, OutboxRow.outcome)
        return dict(self.database.read(lambda c: [(row[0], row[1]) for row in c.execute(wanted).all()]))

    def _wake(self) -> None:
        self.wakes += 1


def win(bench: Bench, *deals: int) -> None:
    """Deals are won, and what follows from that is done."""
    for deal in deals:
        bench.crm.put_record(record(deal))
        bench.flow.take([hint(deal)], bench.clock.now)
    bench.work()
