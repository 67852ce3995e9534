"""A worker that is held up for longer than its lease, just before it speaks: somebody else has said it meanwhile."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from handoff.flow import Flow
from handoff.leases import LEASE
from handoff.model import Status
from storage.store import SqlStore
from tests.factories import DANA, PRIYA, answered, claimed, did, record
from tests.fakes import HeldUp
from tests.handoff.bench import WORKSPACE, Bench, win

TOO_LONG = LEASE + timedelta(seconds=1)
LOOKS_LAST = timedelta(seconds=10)  # of whoever looks for it in vain, before it is said again


@pytest.fixture
def bench(url: str, tmp_path: Path) -> Iterator[Bench]:
    """The first worker."""
    made = Bench(tmp_path, url=url)
    yield made
    made.stop()


@pytest.fixture
def second(bench: Bench) -> Flow:
    """Another worker on the same database."""
    return replace(bench.flow, store=SqlStore(bench.database, WORKSPACE))


def held_up(bench: Bench, second: Flow, and_then: Callable[[], object] = lambda: None) -> HeldUp:
    """The first is held up for longer than its lease, and the second does all that is due."""

    def meanwhile() -> None:
        bench.clock.advance(TOO_LONG)
        _work(bench, second)
        and_then()

    return HeldUp(meanwhile)


def _work(bench: Bench, flow: Flow) -> None:
    for _ in range(3):
        while flow.deliver_due(bench.clock.now):
            pass
        bench.clock.advance(LOOKS_LAST)


def keys(bench: Bench) -> list[str]:
    return [seen.notice.key for seen in bench.slack.posts]


def test_message_is_said_once(bench: Bench, second: Flow) -> None:
    bench.slack.weather.forecast.append(held_up(bench, second))

    win(bench, 1)

    assert keys(bench) == ["h1:ask"]
    assert bench.handoff().ask_post == bench.slack.posts[0].post


def test_reminders_in_one_message_are_said_once(bench: Bench, second: Flow) -> None:
    win(bench, 1, 2)
    bench.slack.weather.forecast.append(held_up(bench, second))

    bench.work_after(timedelta(hours=2))
    bench.work_after(LOOKS_LAST)

    assert sorted(keys(bench)[2:]) == ["h1:nag:rep:0", "h2:nag:rep:0"]


def test_older_value_is_not_written_over_a_newer_one(bench: Bench, second: Flow) -> None:
    def they_answer() -> None:
        second.record(answered(at=bench.clock.now), bench.clock.now)
        _work(bench, second)

    bench.crm.weather.forecast += [lambda: None, held_up(bench, second, they_answer)]  # the record is read first

    win(bench, 1)

    assert bench.handoff().status is Status.UNCLAIMED
    assert bench.crm.records[record(1).ref.key].fields["handoff_status"] == "waiting for an owner"


def test_older_state_of_a_message_is_not_drawn_over_a_newer_one(bench: Bench, second: Flow) -> None:
    def another_takes_it() -> None:
        now = bench.clock.now
        second.record(did("released", PRIYA, at=now), now)
        second.record(claimed(DANA, at=now), now)
        _work(bench, second)

    win(bench, 1)
    bench.flow.record(answered(at=bench.clock.now), bench.clock.now)
    bench.work()
    bench.flow.record(claimed(PRIYA, at=bench.clock.now), bench.clock.now)
    bench.slack.weather.forecast.append(held_up(bench, second, another_takes_it))

    bench.work()

    drawn = [seen.handoff.owner for seen in bench.slack.updates if seen.notice.kind == "update_brief"]
    assert drawn[-1] == DANA


def test_what_nobody_else_took_is_said_at_the_next_try_without_a_look(bench: Bench) -> None:
    bench.slack.weather.forecast.append(HeldUp(lambda: bench.clock.advance(TOO_LONG)))

    win(bench, 1)

    assert keys(bench) == ["h1:ask"]
    assert {what for what, _ in bench.seen} >= {"notice_waits", "notice_said"}
    assert not {what for what, _ in bench.seen} & {"notice_found", "notice_not_found"}


def test_whoever_was_held_up_for_a_moment_speaks(bench: Bench) -> None:
    bench.slack.weather.forecast.append(HeldUp(lambda: bench.clock.advance(LEASE / 2)))

    win(bench, 1)

    assert keys(bench) == ["h1:ask"]
    assert "notice_waits" not in [what for what, _ in bench.seen]
