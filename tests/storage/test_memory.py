"""The memory of simulations answers as the real one does, whatever is asked of both in whatever order."""

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff.decide import decide
from handoff.errors import StorageError
from handoff.notices import Nag
from handoff.ports import Finished, Leased, Store, Unit
from handoff.workflow import Workflow
from storage.engine import open_database
from storage.store import SqlStore
from tests.factories import NOW, PRIYA, SAM, answered, claimed, did, hint, record, said, stage_entered, workflow
from tests.handoff.bench import WORKSPACE
from tests.memory import MemoryStore
from tests.migrated import migrated_file

MINUTE = timedelta(minutes=1)
WORKFLOW: Workflow = workflow(write_back={}, first_task=None)
ACTS = ("answered", "claimed", "released", "snoozed", "not_needed", "finished")


class Both:
    """The two memories, asked the same. `leased` are leases that nobody gave back."""

    def __init__(self, *stores: Store) -> None:
        self.stores = stores
        self.now = NOW
        self.leased: list[Leased[Any]] = []
        for store in stores:
            store.remember([WORKFLOW], NOW)

    def ask(self, what: Callable[[Store], Any]) -> Any:
        """What both answer; an error counts as an answer, by its kind."""
        self.now += timedelta(milliseconds=1)
        one, other = (_answer(what, store) for store in self.stores)
        assert one == other
        return one


def _answer(what: Callable[[Store], Any], store: Store) -> Any:
    try:
        return what(store)
    except (StorageError, ZeroDivisionError) as e:
        return type(e)


def _decided(unit: Unit, handoff_id: str, event: Any, now: datetime) -> Any:
    handoff = unit.handoff(handoff_id)
    decision = decide(handoff, event, WORKFLOW, now)
    if decision.counts:
        unit.save(event, decision, now)
    return decision


def begin(both: Both, n: int, m: int) -> None:
    event = stage_entered(handoff_id=f"h{n}", record=record(m), at=both.now)

    def work(unit: Unit) -> Any:
        known = unit.newest(WORKFLOW.name, event.record.ref)
        unit.save(event, decide(None, event, WORKFLOW, both.now), both.now)
        unit.saw(event.record, both.now)
        return known, unit.last_stage(event.record.ref)

    both.ask(lambda store: store.write(work))


def act(both: Both, n: int, m: int) -> None:
    facts: dict[str, Any] = {"handoff_id": f"h{n}", "at": both.now}
    kind = ACTS[m % len(ACTS)]
    if kind == "answered":
        event: Any = answered(**facts)
    elif kind == "claimed":
        event = claimed(**facts)
    elif kind == "snoozed":
        event = did(kind, SAM, until=both.now + timedelta(hours=5), **facts)
    else:
        event = did(kind, PRIYA, **facts, **({"reason": "They have cancelled it"} if kind == "not_needed" else {}))
    if both.stores[0].handoff(f"h{n}") is not None:
        both.ask(lambda store: store.write(lambda unit: _decided(unit, f"h{n}", event, both.now)))


def late(both: Both, n: int, m: int) -> None:  # noqa: ARG001
    """Two who decided on the same state, or somebody whose transaction fails at the end."""
    handoff = both.stores[0].handoff(f"h{n}")
    if handoff is None:
        return
    event = did("snoozed", SAM, until=both.now + timedelta(hours=1), handoff_id=handoff.id, at=both.now)
    decision = decide(handoff, event, WORKFLOW, both.now)

    def work(unit: Unit) -> None:
        unit.save(event, decision, both.now)
        unit.save(event, decision, both.now)

    both.ask(lambda store: store.write(work))


def lease(both: Both, n: int, m: int) -> None:
    until = both.now + m * MINUTE
    found = both.ask(lambda store: store.lease_notice(both.now, until))
    if found is not None:
        both.leased.append(found)
        if isinstance(found.item, Nag):
            both.leased += both.ask(lambda store: store.lease_alike(found.item, both.now, until, 1 + n))


def hints(both: Both, n: int, m: int) -> None:
    both.ask(lambda store: store.taking([hint(n), hint(m, key="twice"), hint(n)], both.now).result())
    found = both.ask(lambda store: store.lease_hint(both.now, both.now + m * MINUTE))
    both.leased += [found] if found else []


def finish(both: Both, n: int, m: int) -> None:
    """A lease, live or lost, is finished as said, as dead, or in a transaction that fails."""
    if not both.leased:
        return
    leased = both.leased[n % len(both.leased)]

    def work(unit: Unit) -> Any:
        said_as = "said as C1:1.0" if n % 3 == 0 else "said"
        ends: tuple[tuple[str, Finished], ...] = (("given up", "dead"), ("away", "skipped"), (said_as, "done"))
        outcome, state = ends[min(m, 2)]
        done = unit.finish(leased, outcome, both.now, state=state)
        if done and m > 0 and isinstance(leased.item, Nag):
            about = leased.item.handoff_id
            _decided(unit, about, said(leased.item, handoff_id=about, at=both.now), both.now)
        return done, 1 // (m - 1)  # the second kind fails

    both.ask(lambda store: store.write(work))


def work_off(both: Both, n: int, m: int) -> None:
    """Everything that is due is said, but for some reminders, whose lease runs out unanswered."""
    kept = n
    while found := both.ask(lambda store: store.lease_notice(both.now, both.now + MINUTE)):
        if isinstance(found.item, Nag) and kept > 0:
            kept -= 1
            both.leased.append(found)
        else:
            both.leased = [found]
            finish(both, 0, 2 + m % 3)


def retry(both: Both, n: int, m: int) -> None:
    if both.leased:
        leased, at = both.leased[n % len(both.leased)], both.now + m * MINUTE
        both.ask(lambda store: store.retry(leased, at, "no answer", clean=m % 2 == 0, looks=m % 3))


def wait(both: Both, n: int, m: int) -> None:
    both.now += timedelta(minutes=[1, 30, 61, 300, 1500][m] * (n + 1))


def look(both: Both, n: int, m: int) -> None:
    ask, today = both.ask, NOW + m * timedelta(hours=8)
    ask(lambda store: [store.reminded(who, today) for who in ("U0SAM00001", "#delivery", "rui@example.com")])
    ask(lambda store: (store.count(), store.of("U0SAM00001", 2 + n, m), store.of("U0PRIYA001", 9)))
    ask(lambda store: [store.search(name, 3, n, everything=m > 2) for name in (None, "deal", f"Deal {n}", "!")])
    ask(lambda store: (store.log(f"h{n}"), store.handoff(f"h{n}"), store.last_stage(record(m).ref)))
    ask(lambda store: (store.resting(both.now, 2 + n, m), store.skipped(today, 3)))
    ask(lambda store: store.coming(f"h{n}", ("rep", "channel", "owner", "reviewer:0", "rep")[m]))
    ask(lambda store: (store.queues(both.now), store.problems(both.now - 5 * MINUTE, 20)))
    ask(lambda store: [store.revive(which, both.now) for which in (f"out-{n}", f"in-{m}", "out-x", "else-1")])


def restart(both: Both, n: int, m: int) -> None:  # noqa: ARG001
    both.ask(lambda store: store.resume(both.now))  # type: ignore[attr-defined]


CALLS = (begin, act, act, late, lease, lease, lease, hints, finish, finish, retry, wait, wait, look, work_off, restart)
PRELUDE = ((begin, 0, 0), (begin, 1, 1), (begin, 2, 2), (work_off, 0, 0), (wait, 0, 3))


@given(st.lists(st.tuples(st.sampled_from(CALLS), st.integers(0, 4), st.integers(0, 4)), min_size=10, max_size=50))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_memory_without_a_disk_answers_as_the_real_one(calls: list[tuple[Any, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        migrated_file(Path(folder, "baton.db"))
        database = open_database(f"sqlite:///{folder}/baton.db")
        both = Both(SqlStore(database, WORKSPACE), MemoryStore())
        try:
            for call, n, m in (*PRELUDE, *calls):
                call(both, n, m)
            look(both, 0, 0)
        finally:
            database.close()
