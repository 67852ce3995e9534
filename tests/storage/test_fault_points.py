"""Every call to the outside of a whole story goes wrong in every way, one at a time, on both engines.

`Died` is the process killed before the call went out or before its answer was stored; between two calls there is only
the database, whose transactions are whole or not at all.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from handoff.model import Status
from handoff.notices import Nag
from tests.factories import ANSWERS, DANA, PRIYA, answered, claimed, hint, record
from tests.fakes import Died, Trouble, Weather
from tests.handoff.bench import Bench

SLACK_CALLS = 11  # ask, reminder, ask updated, reminder settled, brief, reminder; then of the claim:
# brief updated, reminder settled, rep told, task, owner told
CRM_CALLS = 7  # record read, status, values read, answers, note, status, owner and status
LONG_ENOUGH = timedelta(minutes=2)  # for every lease and pause to run out


@pytest.fixture
def bench(url: str, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, url=url)
    yield made
    made.stop()


@pytest.mark.parametrize("trouble", [t for t in Trouble if t is not Trouble.REFUSED])
@pytest.mark.parametrize("call", range(SLACK_CALLS))
def test_story_ends_the_same_when_one_call_to_slack_goes_wrong(bench: Bench, call: int, trouble: Trouble) -> None:
    _let_one_go_wrong(bench.slack.weather, call, trouble)

    _play(bench)

    _has_ended_well(bench)


@pytest.mark.parametrize("trouble", [t for t in Trouble if t is not Trouble.REFUSED])
@pytest.mark.parametrize("call", range(CRM_CALLS))
def test_story_ends_the_same_when_one_call_to_the_crm_goes_wrong(bench: Bench, call: int, trouble: Trouble) -> None:
    _let_one_go_wrong(bench.crm.weather, call, trouble)

    _play(bench)

    _has_ended_well(bench)


def test_second_worker_adopts_what_the_first_one_posted_before_its_lease_ran_out(bench: Bench) -> None:
    bench.crm.put_record(record(1))
    bench.flow.take([hint(1)], bench.clock.now)
    bench.flow.read_due(bench.clock.now)

    def meanwhile() -> None:
        bench.clock.advance(LONG_ENOUGH)
        bench.work()  # somebody else takes the row while the first one has posted and not yet said so

    bench.slack.weather.forecast.append(meanwhile)
    while bench.flow.deliver_due(bench.clock.now):
        pass

    assert [s.notice.kind for s in bench.slack.posts] == ["ask_rep"]
    assert bench.handoff().ask_post == bench.slack.posts[0].post


def _let_one_go_wrong(weather: Weather, call: int, trouble: Trouble) -> None:
    weather.forecast.extend([_nothing] * call)
    weather.forecast.append(trouble)


def _nothing() -> None:
    """All goes well."""


def _play(bench: Bench) -> None:
    """The whole story, with reminders, by people who go on when something seems stuck."""
    bench.crm.put_record(record(1))
    bench.flow.take([hint(1)], bench.clock.now)
    _work(bench)
    bench.clock.advance(timedelta(hours=2))
    _work(bench)
    bench.flow.record(answered(ANSWERS, at=bench.clock.now), bench.clock.now)
    _work(bench)
    bench.clock.advance(timedelta(hours=1))
    _work(bench)
    for person in (PRIYA, DANA):
        bench.flow.record(claimed(person, at=bench.clock.now), bench.clock.now)
    _work(bench)


def _work(bench: Bench) -> None:
    """Work until nothing is due, starting again whenever the process dies."""
    for _ in range(6):
        try:
            bench.work()
        except Died:
            bench.crash()
        bench.clock.advance(LONG_ENOUGH)
    bench.work()


def _has_ended_well(bench: Bench) -> None:
    said = Counter(s.notice.key for s in bench.slack.posts)
    handoff = bench.handoff()
    assert set(said.values()) == {1}
    assert {"h1:ask", "h1:brief", "h1:owned", "h1:task", "h1:nag:rep:0", "h1:nag:channel:0"} <= set(said)
    assert list(bench.crm.notes.values()) == ["answered goals, contact, start"]
    assert handoff.status is Status.OWNED
    assert handoff.owner == PRIYA
    assert handoff.brief_post == next(s.post for s in bench.slack.posts if s.notice.kind == "post_brief")
    assert bench.slack.updates[-1].handoff.owner == PRIYA
    fields = bench.crm.records[record(1).ref.key].fields
    assert fields["handoff_status"] == f"owned by {PRIYA.name}"
    assert fields["delivery_owner"] == PRIYA.name
    assert fields["buyer_goals"] == ANSWERS["goals"]
    assert [n for n in bench.due() if isinstance(n, Nag)] == []
    assert bench.unread() == 0
