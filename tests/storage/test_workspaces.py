"""Two workspaces with equal ids in one database: whatever happens in one, nothing of it is seen in the other."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handoff.decide import decide
from handoff.errors import HandoffUnknown, StorageError
from handoff.events import AnyEvent
from handoff.ports import Unit
from handoff.workflow import Workflow
from storage.engine import Database
from storage.store import SqlStore
from tests.factories import ANSWERS, NOW, answered, claimed, hint, record, stage_entered, workflow

SOON = timedelta(seconds=40)
IDS = st.integers(1, 2)  # few, so that both have the same
RUNS = itertools.count()
WORKFLOW: Workflow = workflow()


@dataclass
class Workspace:
    """One workspace as its bot knows it. Whatever is put into it carries its mark."""

    mark: str
    store: SqlStore
    now: datetime = NOW
    known: set[str] = field(default_factory=set)

    def handle(self, event: AnyEvent) -> None:
        """Send an event through a transaction, as the flow does."""

        def work(unit: Unit) -> None:
            decision = decide(unit.handoff(event.handoff_id), event, WORKFLOW, self.now)
            if decision.counts:
                unit.save(event, decision, self.now)

        try:
            self.store.write(work)
        except (StorageError, HandoffUnknown):  # such as a second handoff of one record
            return
        self.known.add(event.handoff_id)

    def seen(self) -> str:
        """Everything that can be read here, as text. Reading changes nothing."""
        late = self.now + timedelta(days=365)
        parts: list[Any] = [self.store.handoff(f"h{n}") for n in (1, 2)]
        parts += [self.store.last_stage(record(n).ref) for n in (1, 2)]
        parts += [self.store.search(None, 99), self.store.count()]
        parts += [self.store.problems(late, 99), self.store.queues(late)]
        return repr(parts)


def begin(here: Workspace, number: int) -> None:
    marked = record(number, name=f"{here.mark} {number}")
    here.handle(stage_entered(handoff_id=f"h{number}", workspace=here.mark, record=marked, at=here.now))


def answer(here: Workspace, number: int) -> None:
    given_ = {**ANSWERS, "promised": f"{here.mark} was promised"}
    here.handle(answered(given_, handoff_id=f"h{number}", at=here.now))


def claim(here: Workspace, number: int) -> None:
    here.handle(claimed(handoff_id=f"h{number}", at=here.now))


def take(here: Workspace, number: int) -> None:
    here.store.take([hint(number, stage=here.mark)], here.now)


def see(here: Workspace, number: int) -> None:
    here.store.write(lambda unit: unit.saw(record(number, stage=here.mark), here.now))


def work_off_a_hint(here: Workspace, number: int) -> None:
    leased = here.store.lease_hint(here.now, here.now + SOON)
    if leased is not None:
        assert leased.item.stage == here.mark
        here.store.write(lambda unit: unit.finish(leased, here.mark, here.now, state="dead" if number == 1 else "done"))


def work_off_a_notice(here: Workspace, number: int) -> None:
    leased = here.store.lease_notice(here.now, here.now + SOON)
    if leased is not None:
        assert leased.item.handoff_id in here.known
        here.store.write(lambda unit: unit.finish(leased, here.mark, here.now, state="dead" if number == 1 else "done"))


def give_back(here: Workspace, number: int) -> None:
    leased = here.store.lease_notice(here.now, here.now + SOON)
    if leased is not None:
        here.store.retry(leased, here.now + number * SOON, here.mark, clean=number == 1)


def revive(here: Workspace, number: int) -> None:
    for problem in here.store.problems(here.now, 99)[:number]:
        here.store.revive(problem.id, here.now)


def wait(here: Workspace, number: int) -> None:
    here.now += number * timedelta(hours=3)


DEEDS: tuple[Callable[[Workspace, int], None], ...] = (
    *(begin, answer, claim, take, see, work_off_a_hint, work_off_a_notice, give_back, revive, wait),
)
STEPS = st.lists(st.tuples(st.sampled_from((0, 1)), st.sampled_from(DEEDS), IDS), max_size=25)
BOTH_AT_ONCE = [(who, deed, n) for deed in DEEDS for n in (1, 2) for who in (0, 1)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=BOTH_AT_ONCE)
def test_nothing_of_one_workspace_is_seen_in_the_other(database: Database, steps: list[Any]) -> None:
    run = next(RUNS)
    both = [Workspace(f"T{name}{run}", SqlStore(database, f"T{name}{run}")) for name in ("LEFT", "RIGHT")]
    both[0].store.remember([WORKFLOW], NOW)

    for who, deed, number in steps:
        here, there = both[who], both[1 - who]
        before = there.seen()
        deed(here, number)
        assert there.seen() == before

    assert [here.mark in there.seen() for here, there in (both, reversed(both))] == [False, False]


def test_equal_ids_do_not_stand_in_each_others_way(database: Database) -> None:
    both = [Workspace(f"T0{name}", SqlStore(database, f"T0{name}")) for name in ("LEFT", "RIGHT")]
    both[0].store.remember([WORKFLOW], NOW)

    for deed in (begin, answer, claim):
        for here in both:
            deed(here, 1)

    names = [[found.record.name for found in here.store.search(None, 9)] for here in both]
    assert names == [["T0LEFT 1"], ["T0RIGHT 1"]]
    assert [here.store.count() for here in both] == [{"owned": 1}, {"owned": 1}]


def test_number_of_a_problem_of_another_workspace_revives_nothing(database: Database) -> None:
    left, right = (Workspace(f"T0{name}", SqlStore(database, f"T0{name}")) for name in ("LEFT", "RIGHT"))
    take(left, 1)
    work_off_a_hint(left, 1)
    (problem,) = left.store.problems(NOW, 9)

    assert not right.store.revive(problem.id, NOW)
    assert left.store.problems(NOW, 9) == [problem]


def test_what_waits_in_one_workspace_holds_up_nothing_in_the_other(database: Database) -> None:
    left, right = (Workspace(f"T0{name}", SqlStore(database, f"T0{name}")) for name in ("LEFT", "RIGHT"))
    take(left, 1)
    take(right, 1)

    leased = right.store.lease_hint(NOW, NOW + SOON)

    assert leased is not None
    assert leased.item.stage == right.mark
