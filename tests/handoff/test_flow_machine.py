"""Any order of webhooks, edits, answers, claims, reviews, failures, crashes and time: the promises hold throughout."""

import os
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from handoff.decide import Reply, ReplyKind
from handoff.events import AnyEvent, Assigned, Claimed, OfferAnswered, Released, Said, Unsaid
from handoff.leases import LEASE
from handoff.model import Handoff, Status
from handoff.notices import Nag, PostBrief, SettleNag
from tests.factories import DANA, claimed, record, whole_workflow
from tests.fakes import Died, Trouble
from tests.handoff import promises
from tests.handoff.bench import Bench
from tests.handoff.deals import DEALS, EDITED, Deals
from tests.handoff.deeds import ALL, FITTING, Deed, Whim, next_step, whims

pytestmark = pytest.mark.long

RUNS = int(os.environ.get("MACHINE_RUNS", "12"))  # a few seconds; set it to 300 for a long look
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
    """Three deals, the people who have to do with them, and a world in which anything may fail."""

    @initialize(begun=st.booleans())
    def start(self, begun: bool) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.workflow = whole_workflow()
        self.bench = Bench(Path(self._folder.name), self.workflow)
        self.bench.slack.lag = timedelta(seconds=2)
        self.owners: dict[str, str] = {}
        self.stories: dict[str, promises.Story] = {}
        self.deals = Deals(self.bench, won=begun)
        self.bench.work()

    @rule(deal=st.sampled_from(DEALS), won=st.booleans(), then=THEN)
    def webhook(self, deal: int, won: bool, then: Then) -> None:
        """The deal moves, and the CRM says that something did."""
        self.deals.move(deal, won=won)
        new = self.deals.hint(deal)
        self._go_on(then)

        assert new == 1

    @rule(deal=st.sampled_from(DEALS), then=THEN)
    def vanish(self, deal: int, then: Then) -> None:
        """The deal is deleted, and restored later."""
        before = self.bench.crm.records.pop(record(deal).ref.key)
        self.deals.hint(deal)
        self._go_on(then)
        self.bench.crm.put_record(before)
        self.deals.hint(deal)

    @rule(deal=st.sampled_from(DEALS), name=st.sampled_from(EDITED), said=st.booleans(), then=THEN)
    def edit(self, deal: int, name: str, said: bool, then: Then) -> None:
        """Somebody writes into the CRM; the hint of it may be long in coming."""
        self.deals.write_over(deal, name)
        if said:
            self.deals.hint(deal)
        self._go_on(then)

    @rule(deal=st.sampled_from(DEALS), discount=st.sampled_from(["0", "15"]), then=THEN)
    def discount(self, deal: int, discount: str, then: Then) -> None:
        """A condition of the checklist becomes true or false."""
        self.deals.put(deal, discount=discount)
        self.deals.hint(deal)
        self._go_on(then)

    @precondition(lambda self: self.deals.hints)
    @rule(data=st.data())
    def redelivery(self, data: st.DataObject) -> None:
        """A hint that arrived before arrives again."""
        again = data.draw(st.sampled_from(self.deals.hints))

        assert self.bench.flow.take([again], self.bench.clock.now) == 0

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), then=THEN)
    def as_it_should_be(self, data: st.DataObject, then: Then) -> None:
        """Somebody does what is waited for."""
        self._do(next_step(data.draw(st.sampled_from(self.under_way)), self.workflow, self.bench.clock.now))
        self._go_on(then)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), whim=whims(), then=THEN)
    def something_fitting(self, data: st.DataObject, whim: Whim, then: Then) -> None:
        """Somebody does what the status of a handoff lets people think of."""
        handoff = data.draw(st.sampled_from(self.under_way))
        self._whim(handoff, data.draw(st.sampled_from(FITTING[handoff.status])), whim)
        self._go_on(then)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), whims=st.lists(whims(), min_size=3, max_size=6))
    def several_at_once(self, data: st.DataObject, whims: list[Whim]) -> None:
        """Several people act on one handoff, and on its deal in the CRM, before anything is said."""
        handoff = data.draw(st.sampled_from(self.under_way))
        deal = int(handoff.record.ref.id)
        for whim in whims:
            if whim.in_crm == "discount":
                self.deals.put(deal, discount="15" if whim.yes else "0")
            elif whim.in_crm == "goals":
                self.deals.write_over(deal, "buyer_goals")
            if whim.in_crm is not None:
                self.deals.hint(deal)
                self._read()
            now = self.bench.handoff(handoff.id)
            self._whim(now, data.draw(st.sampled_from(FITTING.get(now.status, ALL))), whim)

    @precondition(lambda self: self.all)
    @rule(data=st.data(), deed=st.sampled_from(ALL), whim=whims())
    def anything(self, data: st.DataObject, deed: Deed, whim: Whim) -> None:
        """Somebody presses what an old message still shows."""
        self._whim(data.draw(st.sampled_from(self.all)), deed, whim)

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
    def the_promises_hold(self) -> None:
        self.all = sorted(self.bench.everything(), key=lambda h: h.id)
        self.under_way = [h for h in self.all if h.is_open]
        self._every_handoff_keeps_its_promises()
        self._what_is_said_is_true_and_said_once()
        self._the_owner_is_whoever_was_told_so()
        self._one_open_handoff_per_record()
        self.deals.nobody_is_overwritten_unseen(self.all)

    def _every_handoff_keeps_its_promises(self) -> None:
        waiting = self.bench.due()
        for handoff in self.all:
            story = self.stories.setdefault(handoff.id, promises.Story(self.workflow))
            if story.state is None or story.state.version < handoff.version:
                story.goes_on(self.bench.log(handoff.id))
            assert story.state == handoff
            promises.a_status_means_what_it_says(handoff, self.workflow)
            promises.one_reminder_waits_for_each_deed(handoff, self.workflow, waiting)

    def _what_is_said_is_true_and_said_once(self) -> None:
        keys = [seen.notice.key for seen in self.bench.slack.posts]

        assert len(keys) == len(set(keys))
        for seen in self.bench.slack.posts:
            promises.what_was_said_was_true(seen, self.workflow)

    def _the_owner_is_whoever_was_told_so(self) -> None:
        assert self.owners == {h.id: h.owner.name for h in self.all if h.owner}

    def _one_open_handoff_per_record(self) -> None:
        records = [h.record.ref.key for h in self.under_way]

        assert len(records) == len(set(records))

    def teardown(self) -> None:
        """The weather clears: what was taken in is worked off, and every handoff can still be brought to its end."""
        try:
            self._settle()
            for deal in DEALS:
                assert any(h.record.ref.key == record(deal).ref.key for h in self.bench.everything())
            for _ in range(20):
                for handoff in self.bench.handoffs():
                    assert self._do(next_step(handoff, self.workflow, self.bench.clock.now)).kind is ReplyKind.DONE
                self.bench.work_after(timedelta(hours=1))
                self.the_promises_hold()
            assert self.bench.handoffs() == []
            self.bench.work_after(timedelta(days=60))
            assert (self.bench.unread(), self.bench.due()) == (0, [])
            self._nothing_untrue_stands()
        finally:
            self.bench.stop()
            self._folder.cleanup()

    def _settle(self) -> None:
        self.bench.people.is_down = False
        for weather in (self.bench.slack.weather, self.bench.crm.weather):
            weather.forecast.clear()
        for _ in range(2):
            self.bench.work_after(timedelta(hours=1))
        for deal in DEALS:
            self.deals.move(deal, won=True)
            self.deals.hint(deal)
        self.bench.work_after(timedelta(days=2))

    def _nothing_untrue_stands(self) -> None:
        """Every brief was posted or refused, and every reminder that is known to stand was taken back."""
        settled = set()
        for handoff in self.bench.everything():
            told = [e for e in self.bench.log(handoff.id) if isinstance(e, Said | Unsaid)]
            settled |= {(handoff.id, e.notice.post) for e in told if isinstance(e.notice, SettleNag)}
            was_refused = any(isinstance(e.notice, PostBrief) for e in told if isinstance(e, Unsaid))
            assert handoff.brief_post or was_refused or handoff.status is Status.CANCELLED
        outcomes = self.bench.outcomes()  # of what was given up after days nobody knows whether it stands there
        nags = [s for s in self.bench.slack.posts if isinstance(s.notice, Nag)]
        known = {(s.handoff.id, s.post) for s in nags if not outcomes[s.notice.key].startswith("Given up")}
        assert known <= settled

    def _whim(self, handoff: Handoff, deed: Deed, whim: Whim) -> None:
        reply = self._do(deed(handoff, whim, self.bench.clock.now))
        after = self.bench.handoff(handoff.id)

        assert (after.version > handoff.version) == (reply.kind in (ReplyKind.DONE, ReplyKind.STILL_MISSING))
        self.bench.clock.advance(timedelta(seconds=1))

    def _do(self, event: AnyEvent) -> Reply:
        before = self.bench.store.handoff(event.handoff_id)
        reply = self.bench.flow.record(event, self.bench.clock.now)
        if reply.kind is ReplyKind.DONE:
            match event:
                case Claimed():
                    assert event.handoff_id not in self.owners
                    self.owners[event.handoff_id] = event.by.name
                case Assigned():
                    self.owners[event.handoff_id] = event.to.name
                case OfferAnswered(accepts=True):
                    self.owners[event.handoff_id] = event.by.name
                case Released():
                    assert before is not None
                    assert event.by.is_same(before.owner)
                    del self.owners[event.handoff_id]
        return reply

    def _go_on(self, then: Then) -> None:
        meanwhile = {"another worker": self._another_worker, "a claim": self._claim_meanwhile}
        for weather, mishaps in ((self.bench.slack.weather, then.slack), (self.bench.crm.weather, then.crm)):
            weather.forecast.extend(meanwhile.get(mishap) or Trouble(mishap) for mishap in mishaps)
        try:
            self.bench.work_after(then.pause)
        except Died:
            self.bench.crash()

    def _read(self) -> None:
        try:
            self.bench.flow.read_due(self.bench.clock.now)
        except Died:
            self.bench.crash()

    def _another_worker(self) -> None:
        """The lease runs out and somebody else does the same piece of work."""
        now = self.bench.clock.advance(LEASE)
        self.bench.flow.read_due(now)
        self.bench.flow.deliver_due(now)

    def _claim_meanwhile(self) -> None:
        for handoff in self.bench.handoffs():
            self._do(claimed(DANA, handoff_id=handoff.id, at=self.bench.clock.now))


TestBatonMachine = BatonMachine.TestCase
TestBatonMachine.settings = settings(
    max_examples=RUNS, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
