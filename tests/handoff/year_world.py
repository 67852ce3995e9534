"""A year of one office, lived from one event to the next: two replicas on one memory, and an unsteady Slack."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from bot.public_holidays import is_holiday
from handoff.decision import ReplyKind
from handoff.flow import Flow
from handoff.leases import LEASE
from storage.tables import from_ms
from tests.factories import record, stage_entered
from tests.fakes import Clock, Died, FakePeople, Trouble
from tests.handoff.year_deeds import deed, patience, stuck_at
from tests.handoff.year_people import BACKUP, BEGINS, PEOPLE, REPS, Change, changes, workflow
from tests.handoff.year_slack import YearSlack
from tests.memory import MemoryStore

DAYS = 365
TROUBLES = (Trouble.UNREACHABLE, Trouble.LOST_DONE, Trouble.LOST_UNDONE, Trouble.DIED_BEFORE, Trouble.DIED_AFTER)
SHARE_OF_TROUBLE = 0.02
OUTAGES = (timedelta(minutes=45), timedelta(hours=5), timedelta(minutes=20), timedelta(hours=7))


class Year:
    """Everything that happens in it; `slack` and `store` tell afterwards what did."""

    def __init__(self, seed: int, handoffs: int) -> None:
        self.rng = random.Random(seed)
        self.clock = Clock(BEGINS)
        self.store = MemoryStore()
        self.store.remember([workflow()], BEGINS)
        self.people = FakePeople(PEOPLE)
        self.slack = YearSlack(self.clock, self.store, self.people)
        self.flows = [self._flow(), self._flow()]
        self.deaths = self.overslept = 0
        self._turn = 0
        self._order = count()
        self._acts: list[tuple[datetime, int, Callable[[], None]]] = []
        self._plan(handoffs)

    def live(self) -> None:
        """Until nothing is left to do and the last ladder has ended."""
        while True:
            ours = self.store.outbox.next_moment(self.clock.now)
            moments = [*([from_ms(ours)] if ours else []), *([self._acts[0][0]] if self._acts else [])]
            if not moments:
                return
            self.clock.now = max(self.clock.now, min(moments))
            while self._acts and self._acts[0][0] <= self.clock.now:
                heappop(self._acts)[2]()
            self._work()

    def _flow(self) -> Flow:
        """A replica; another one after it died."""
        return Flow(
            workspace="T0YEAR",
            workflows={workflow().name: workflow()},
            store=self.store,
            speaker=self.slack,
            people=self.people,
            crms={},
            new_id=str,
            wake_readers=lambda: None,
            wake_speakers=lambda: None,
            watch=lambda what, facts: None,  # noqa: ARG005
            defaults=workflow().defaults,
            holidays=is_holiday,
        )

    def _plan(self, handoffs: int) -> None:
        for change in changes(self.rng, DAYS):
            self._at((change.at - BEGINS), lambda change=change: self._change(change))  # type: ignore[misc]
        for number in range(handoffs):
            when = self._moment() if number % 3 else self._last_day()
            self._at(when, lambda number=number: self._begin(number))  # type: ignore[misc]
        for outage in OUTAGES:
            self._at(self._moment(), lambda outage=outage: self._go_down(outage))  # type: ignore[misc]

    def _moment(self) -> timedelta:
        return timedelta(seconds=self.rng.randrange(DAYS * 86_400))

    def _last_day(self) -> timedelta:
        """When most is won: on the last day of a quarter. Then people have several handoffs at once."""
        ends = timedelta(days=DAYS * self.rng.randrange(1, 5) // 4)
        return ends - timedelta(seconds=self.rng.randrange(86_400))

    def _at(self, after: timedelta, act: Callable[[], None]) -> None:
        heappush(self._acts, (BEGINS + after, next(self._order), act))

    def _change(self, change: Change) -> None:
        known = self.people.presences.get(str(change.person.slack_id))
        if known is None or not known.is_gone:
            self.people.presences[str(change.person.slack_id)] = change.presence

    def _go_down(self, outage: timedelta) -> None:
        self.slack.down_until = self.clock.now + outage

    def _begin(self, number: int) -> None:
        rep = PEOPLE[REPS][self.rng.randrange(36)]
        deal = record(number, ref={"system": "manual", "object": "deal", "id": str(number)}, owner=rep)
        event = stage_entered(handoff_id=f"h{number}", at=self.clock.now, record=deal, rep=rep, backup=BACKUP)
        reply = self._any_flow().start(event, workflow().name, self.clock.now)
        assert reply.kind is ReplyKind.DONE
        self._go_on(f"h{number}", 0, stuck_at(self.rng))

    def _go_on(self, handoff_id: str, before: int, stuck: object) -> None:
        handoff = self.store.handoffs[handoff_id]
        if handoff.is_open and handoff.status is not stuck:
            when = self.clock.now + patience(self.rng) - BEGINS
            self._at(when, lambda: self._do(handoff_id, before, stuck))

    def _do(self, handoff_id: str, before: int, stuck: object) -> None:
        event = deed(self.store.handoffs[handoff_id], self.rng, self.clock.now, before)
        if event is not None:
            self._any_flow().record(event, self.clock.now)
            self._go_on(handoff_id, before + 1, stuck)

    def _any_flow(self) -> Flow:
        return self.flows[self.rng.randrange(2)]

    def _work(self) -> None:
        """Both replicas, in turn, until nothing is due. One that dies is started again."""
        forecast = self.slack.weather.forecast
        while True:
            self._turn ^= 1
            if not forecast and self.rng.random() < SHARE_OF_TROUBLE:
                forecast.append(self._trouble())
            self.clock.advance(timedelta(milliseconds=1))  # as everything takes its time
            try:
                if not self.flows[self._turn].deliver_due(self.clock.now):
                    return
            except Died:
                self.deaths += 1
                self.flows[self._turn] = self._flow()

    def _trouble(self) -> Trouble | Callable[[], object]:
        place = self.rng.randrange(len(TROUBLES) + 1)
        return TROUBLES[place] if place < len(TROUBLES) else self._oversleep

    def _oversleep(self) -> None:
        """A request hangs for so long that its lease runs out, and the other replica goes on."""
        self.overslept += 1
        self.clock.advance(LEASE + timedelta(seconds=1))
        while self.flows[self._turn ^ 1].deliver_due(self.clock.now):
            self.clock.advance(timedelta(milliseconds=1))
