"""Two replicas on one PostgreSQL with one Slack, one CRM and one clock between them; the outside is in memory."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from threading import RLock
from typing import Any, TypeVar

from sqlalchemy import text

from handoff.decide import Reply, decide
from handoff.events import AnyEvent
from handoff.flow import Flow
from handoff.model import Handoff
from handoff.ports import Unit
from storage.engine import Database, open_database
from storage.migrate import migrate
from storage.store import SqlStore
from tests.factories import DANA, NOW, PRIYA, RUI, SAM, hint, record, stage_entered, workflow
from tests.fakes import Clock, Died, FakeCrm, FakePeople, FakeSpeaker, Weather

DEALS = (1, 2, 3)
WORKFLOW = workflow()
T = TypeVar("T")
_ENOUGH = 1000
_TABLES = ("handoffs", "log", "records", "inbox", "outbox")
_numbers = count(1)


class OneAtATime(Weather):
    """Weather over one Slack and one CRM that answer one request at a time, whichever replica it comes from.

    Time goes by only between two of them, so that whoever was in time is so when the request is answered.
    """

    def __init__(self, lock: AbstractContextManager[bool]) -> None:
        super().__init__()
        self._lock = lock

    def ask(self, act: Callable[[], T]) -> T:
        with self._lock:
            return super().ask(act)


class Outside:
    """What both replicas share: time, Slack, the CRM, and a database with two workspaces of equal ids in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        number = next(_numbers)
        self.workspace, self.neighbour = f"T{number:09}", f"N{number:09}"
        self.clock = Clock(NOW)
        self.slack = FakeSpeaker(self.clock)
        self.slack.lag = timedelta(seconds=2)
        self.crm = FakeCrm(self.clock)
        self.people = FakePeople((SAM, RUI, PRIYA, DANA))
        self.lock = RLock()
        self.slack.weather, self.crm.weather, self.people.weather = (OneAtATime(self.lock) for _ in range(3))
        self.ids = count(1)
        self.eye = open_database(url)
        migrate(self.eye)
        self._begin_the_neighbours()
        self.before = self.rows_of_the_neighbour()

    def pass_time(self, by: timedelta) -> None:
        """While nothing is being asked of Slack or the CRM."""
        with self.lock:
            self.clock.advance(by)

    def rows(self, wanted: str, workspace: str) -> list[Any]:
        return list(self.eye.read(lambda c: c.execute(text(wanted), {"workspace": workspace}).all()))

    def rows_of_the_neighbour(self) -> list[list[Any]]:
        wanted = "SELECT * FROM {} WHERE workspace = :workspace ORDER BY 1, 2"
        return [self.rows(wanted.format(table), self.neighbour) for table in _TABLES]

    def handoffs(self) -> list[Handoff]:
        bodies = self.rows("SELECT body FROM handoffs WHERE workspace = :workspace ORDER BY id", self.workspace)
        return [Handoff.model_validate_json(row[0]) for row in bodies]

    def _begin_the_neighbours(self) -> None:
        store = SqlStore(self.eye, self.neighbour)
        store.remember([WORKFLOW], NOW)
        store.take([hint(deal) for deal in DEALS], NOW)
        for deal in DEALS:
            event = stage_entered(workspace=self.neighbour, handoff_id=f"h{deal}", record=record(deal, name="Theirs"))

            def begin(unit: Unit, event: AnyEvent = event) -> None:
                unit.save(event, decide(None, event, WORKFLOW, NOW), NOW)

            store.write(begin)


@dataclass
class Replica:
    """One Baton with its own connections and its own idea of the time."""

    outside: Outside
    skew: timedelta

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.database: Database = open_database(self.outside.url)
        store = SqlStore(self.database, self.outside.workspace)
        store.remember([WORKFLOW], self.now)
        store.resume(self.now)
        self.flow = Flow(
            workspace=self.outside.workspace,
            workflows={WORKFLOW.name: WORKFLOW},
            store=store,
            speaker=self.outside.slack,
            people=self.outside.people,
            crms={"hubspot": self.outside.crm},
            new_id=lambda: f"h{next(self.outside.ids)}",
            wake_readers=lambda: None,
            wake_speakers=lambda: None,
            watch=lambda _what, _facts: None,
            defaults=WORKFLOW.defaults,
        )

    def crash(self) -> None:
        """Forget everything that is not in the database; what was in hand stays leased."""
        self.database.close()
        self.start()

    @property
    def now(self) -> datetime:
        return self.outside.clock.now + self.skew

    def work(self) -> None:
        """Work off what is due; a death in the middle of it leaves the rest to the other one."""
        try:
            for _ in range(_ENOUGH):
                if not self.flow.read_due(self.now) and not self.flow.deliver_due(self.now):
                    return
        except Died:
            self.crash()
            return
        raise AssertionError("the work never ends")

    def record(self, event: AnyEvent) -> Reply:
        return self.flow.record(event, self.now)
