"""Any order of webhooks, answers, claims, failures, crashes and time: the promises hold at every moment."""

import os
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from handoff import checklist
from handoff.decide import Decision, Reply, ReplyKind, decide
from handoff.events import AnyEvent, Hint, Said, StageEntered, Unsaid
from handoff.flow import LEASE
from handoff.model import Handoff, Person, Status
from handoff.notices import Nag, PostBrief
from tests.factories import (
    ANSWERS,
    CHANNEL_STEPS,
    CHECKLIST,
    DANA,
    FILLED,
    PRIYA,
    REP_STEPS,
    RUI,
    SAM,
    answered,
    claimed,
    hint,
    record,
    workflow,
)
from tests.fakes import Died, Trouble
from tests.handoff.bench import Bench

RUNS = int(os.environ.get("MACHINE_RUNS", "25"))  # a few seconds; set it to 1000 for a long look
DEALS = (1, 2, 3)
NOT_IN_SLACK = Person(name="Gone Away", email="gone@example.com")
STEPS = {"rep": REP_STEPS, "channel": CHANNEL_STEPS}
ALL_IN_CRM = tuple({"crm": field["key"], **field} for field in CHECKLIST)
SPOKEN = {"promised": ANSWERS["promised"], "next_step": ANSWERS["next_step"]}
LADDER_OF = {Status.COLLECTING: ["rep"], Status.UNCLAIMED: ["channel"], Status.OWNED: []}
POOR = {
    "partial": {"goals": ANSWERS["goals"], "contact": ANSWERS["contact"]},
    "wrong kind": {**ANSWERS, "start": "soon"},
    "too early": {**ANSWERS, "start": "2026-02-01"},
    "empty": {**ANSWERS, "promised": "   "},
}
PAUSES = st.sampled_from([timedelta(seconds=1), LEASE, timedelta(minutes=6), timedelta(hours=2), timedelta(days=1)])
MISHAPS = st.lists(st.sampled_from([*Trouble, "another worker", "a claim"]), max_size=3)


@dataclass(frozen=True)
class Then:
    """How life goes on after a deed: time goes by, and what becomes of the next requests to Slack and to the CRM."""

    pause: timedelta
    slack: list[str]
    crm: list[str]


THEN = st.builds(Then, PAUSES, MISHAPS, MISHAPS)


class BatonMachine(RuleBasedStateMachine):
    """Deal 1 is Sam's and empty, deal 2 is complete in the CRM, deal 3 belongs to somebody Slack does not know."""

    @initialize(begun=st.booleans())
    def start(self, begun: bool) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.bench = Bench(Path(self._folder.name), workflow(checklist=ALL_IN_CRM))
        self.bench.slack.lag = timedelta(seconds=2)
        self.hints: list[Hint] = []
        self.winners: dict[str, str] = {}
        self.bench.crm.put(record(1))
        self.bench.crm.put(record(2, fields={**FILLED, **SPOKEN, "discount": "0"}))
        self.bench.crm.put(record(3, owner=NOT_IN_SLACK))
        for deal in DEALS:
            self._webhook(deal, won=begun)
        self.bench.work()

    @rule(deal=st.sampled_from(DEALS), won=st.booleans(), then=THEN)
    def webhook(self, deal: int, won: bool, then: Then) -> None:
        """The deal moves, and the CRM says that something did."""
        new = self._webhook(deal, won=won)
        self._go_on(then)

        assert new == 1

    @precondition(lambda self: self.hints)
    @rule(data=st.data())
    def redelivery(self, data: st.DataObject) -> None:
        """A hint that arrived before arrives again."""
        again = data.draw(st.sampled_from(self.hints))

        new = self.bench.flow.take([again], self.bench.clock.now)

        assert new == 0

    @precondition(lambda self: self.bench.handoffs())
    @rule(data=st.data(), by=st.sampled_from([SAM, RUI]), then=THEN)
    def answer(self, data: st.DataObject, by: Person, then: Then) -> None:
        handoff = self._any_handoff(data)

        reply = self._record(answered(by=by, handoff_id=handoff.id, at=self.bench.clock.now))
        self._go_on(then)

        open_before = handoff.status is Status.COLLECTING
        assert reply.kind is (ReplyKind.DONE if open_before else ReplyKind.ALREADY_COMPLETE)

    @precondition(lambda self: self.bench.handoffs())
    @rule(data=st.data(), what=st.sampled_from(sorted(POOR)))
    def answer_poorly(self, data: st.DataObject, what: str) -> None:
        before = self._any_handoff(data)

        reply = self._record(answered(POOR[what], handoff_id=before.id, at=self.bench.clock.now))

        if what == "partial" and before.status is Status.COLLECTING:
            assert reply.kind in (ReplyKind.STILL_MISSING, ReplyKind.DONE)
        else:
            assert reply.kind in (ReplyKind.WRONG_ANSWERS, ReplyKind.ALREADY_COMPLETE)
            assert self.bench.handoff(before.id) == before

    @precondition(lambda self: self.bench.handoffs())
    @rule(data=st.data(), people=st.lists(st.sampled_from([PRIYA, DANA, SAM]), min_size=1, max_size=3), then=THEN)
    def claim(self, data: st.DataObject, people: list[Person], then: Then) -> None:
        handoff = self._any_handoff(data)

        for person in people:
            self._claim(handoff, person)
        self._go_on(then)

    @rule(then=THEN)
    def tick(self, then: Then) -> None:
        self._go_on(then)

    @rule(down=st.booleans())
    def member_list(self, down: bool) -> None:
        self.bench.people.is_down = down

    @rule(then=THEN)
    def crash(self, then: Then) -> None:
        self.bench.crash()
        self._go_on(then)

    @invariant()
    def nothing_is_said_twice(self) -> None:
        keys = [seen.notice.key for seen in self.bench.slack.posts]

        assert len(keys) == len(set(keys))

    @invariant()
    def delivery_sees_only_what_is_complete(self) -> None:
        (workflow,) = self.bench.workflows.values()
        briefs = [seen.handoff for seen in self.bench.slack.posts if isinstance(seen.notice, PostBrief)]
        moved_on = [h for h in self.bench.handoffs() if h.status is not Status.COLLECTING]

        assert all(not checklist.missing(workflow, handoff) for handoff in (*briefs, *moved_on))

    @invariant()
    def nags_fit_what_is_waited_for(self) -> None:
        for seen in self.bench.slack.posts:
            if isinstance(seen.notice, Nag):
                assert LADDER_OF[seen.handoff.status] == [seen.notice.ladder]

    @invariant()
    def one_nag_waits_until_the_ladder_ends(self) -> None:
        for handoff in self.bench.handoffs():
            told = [e.notice for e in self.bench.log(handoff.id) if isinstance(e, Said | Unsaid)]
            ended = {n.ladder for n in told if isinstance(n, Nag) and n.step == STEPS[n.ladder] - 1}

            assert self.bench.due_nags(handoff.id) == [name for name in LADDER_OF[handoff.status] if name not in ended]

    @invariant()
    def one_owner_and_it_is_whoever_was_told_so(self) -> None:
        owners = {h.id: h.owner.name for h in self.bench.handoffs() if h.owner}

        assert owners == self.winners

    @invariant()
    def one_open_handoff_per_record(self) -> None:
        records = [h.record.ref.key for h in self.bench.handoffs()]

        assert len(records) == len(set(records))

    @invariant()
    def the_log_tells_the_whole_story(self) -> None:
        for handoff in self.bench.handoffs():
            assert self._replayed(handoff) == handoff

    def teardown(self) -> None:
        """The weather clears: what was taken in is worked off to the end."""
        try:
            self._settle()
            said = {seen.notice.key for seen in self.bench.slack.posts}
            for deal in DEALS:
                assert any(h.record.ref.key == record(deal).ref.key for h in self.bench.handoffs())
            for handoff in self.bench.handoffs():
                key = f"{handoff.id}:ask" if handoff.status is Status.COLLECTING else f"{handoff.id}:brief"
                refused = {e.notice.key for e in self.bench.log(handoff.id) if isinstance(e, Unsaid)}
                assert said & {key, f"{key}:fallback"} or f"{key}:fallback" in refused
            assert (self.bench.unread(), self.bench.due()) == (0, [])
            self.nothing_is_said_twice()
        finally:
            self.bench.stop()
            self._folder.cleanup()

    def _settle(self) -> None:
        self.bench.people.is_down = False
        for weather in (self.bench.slack.weather, self.bench.crm.weather):
            weather.forecast.clear()
        self.bench.work_after(timedelta(hours=1))
        for deal in DEALS:
            self._move(deal, won=True)
        last = [hint(deal, key=f"last:{deal}") for deal in DEALS]
        self.bench.flow.take(last, self.bench.clock.now)
        for _ in range(REP_STEPS + CHANNEL_STEPS):
            self.bench.work_after(timedelta(days=2))

    def _go_on(self, then: Then) -> None:
        meanwhile = {"another worker": self._another_worker, "a claim": self._claim_meanwhile}
        for weather, mishaps in ((self.bench.slack.weather, then.slack), (self.bench.crm.weather, then.crm)):
            weather.forecast.extend(meanwhile.get(mishap) or Trouble(mishap) for mishap in mishaps)
        try:
            self.bench.work_after(then.pause)
        except Died:
            self.bench.crash()

    def _webhook(self, deal: int, *, won: bool) -> int:
        self._move(deal, won=won)
        self.hints.append(hint(deal, key=f"hint:{len(self.hints)}"))
        return self.bench.flow.take([self.hints[-1]], self.bench.clock.now)

    def _move(self, deal: int, *, won: bool) -> None:
        stage = ("closedwon", "Closed Won") if won else ("talks", "Talks")
        before = self.bench.crm.records[record(deal).ref.key]
        self.bench.crm.put(before.model_copy(update={"stage": stage[0], "stage_label": stage[1]}))

    def _any_handoff(self, data: st.DataObject) -> Handoff:
        return data.draw(st.sampled_from(sorted(self.bench.handoffs(), key=lambda h: h.id)))

    def _record(self, event: AnyEvent) -> Reply:
        return self.bench.flow.record(event, self.bench.clock.now)

    def _claim(self, handoff: Handoff, person: Person) -> None:
        reply = self._record(claimed(person, handoff_id=handoff.id, at=self.bench.clock.now))
        if reply.kind is ReplyKind.DONE:
            assert handoff.id not in self.winners
            self.winners[handoff.id] = person.name

    def _another_worker(self) -> None:
        """The lease runs out and somebody else does the same piece of work."""
        now = self.bench.clock.advance(LEASE)
        self.bench.flow.read_due(now)
        self.bench.flow.deliver_due(now)

    def _claim_meanwhile(self) -> None:
        for handoff in self.bench.handoffs():
            self._claim(handoff, DANA)

    def _replayed(self, handoff: Handoff) -> Handoff:
        state: Handoff | None = None
        for event in self.bench.log(handoff.id):
            assert isinstance(event, StageEntered) == (state is None)
            decision: Decision = decide(state, event, self.bench.store.workflow(handoff.edition), event.at)
            state = decision.handoff.model_copy(update={"version": decision.handoff.version + 1})
        assert state is not None
        return state


TestBatonMachine = BatonMachine.TestCase
TestBatonMachine.settings = settings(max_examples=RUNS, stateful_step_count=20, deadline=None)
