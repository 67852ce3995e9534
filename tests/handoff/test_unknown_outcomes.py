"""What may have been said is looked for once it can be there, and anew after each time it may have been said."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from handoff.errors import OutcomeUnknown
from handoff.leases import LEASE, ONE_CALL
from handoff.outbox import pause
from handoff.outside import SECOND_LOOK
from tests.factories import NOW, hint, record, workflow
from tests.fakes import Died, HeldUp, Trouble
from tests.handoff.bench import Bench

ASK = "h1:ask"
TEN = timedelta(seconds=10)
HOUR = timedelta(hours=1)
LITTLE = timedelta(milliseconds=1)


@pytest.fixture
def won(tmp_path: Path) -> Bench:
    """A deal is won, and sales is about to be asked."""
    bench = Bench(tmp_path)
    bench.crm.put_record(record())
    bench.flow.take([hint()], NOW)
    while bench.flow.read_due(NOW):
        pass
    return bench


def timed_out() -> None:
    """Slack did it, and its answer did not come for ten seconds."""
    raise OutcomeUnknown("Slack did not answer in time.", NOW + TEN)


def looks(bench: Bench) -> int:
    """How often the question was looked for in vain."""
    return [what for what, facts in bench.seen if facts.get("notice") == "ask_rep"].count("notice_not_found")


@pytest.mark.parametrize(("trouble", "took"), [(timed_out, TEN), (Trouble.LOST_DONE, timedelta())])
def test_what_may_have_been_said_is_looked_for_a_pause_after_the_answer_was_given_up(
    won: Bench, trouble: Trouble | Callable[[], object], took: timedelta
) -> None:
    won.slack.weather.forecast.append(trouble)
    won.work()

    won.work_after(took + pause(ASK, 1) - LITTLE)
    before = won.outcomes()[ASK]
    won.work_after(2 * LITTLE)

    assert before != "said"
    assert won.outcomes()[ASK] == "said"
    assert len(won.slack.posts) == 1


def test_what_was_said_once_more_and_may_have_been_is_looked_for_as_often_as_before(won: Bench) -> None:
    won.slack.weather.forecast.extend([Trouble.LOST_UNDONE] * 2)
    won.work()

    seen = []
    for wait in (pause(ASK, 1) + LITTLE, SECOND_LOOK, pause(ASK, 4) + LITTLE, SECOND_LOOK):
        won.work_after(wait)
        seen.append((looks(won), len(won.slack.posts)))

    assert seen == [(1, 0), (2, 0), (3, 0), (4, 1)]


def test_what_may_have_been_said_before_a_kill_is_looked_for_twice_after_it(won: Bench) -> None:
    won.slack.weather.forecast.extend([Trouble.LOST_UNDONE, Trouble.DIED_BEFORE])
    won.work()
    won.work_after(pause(ASK, 1) + LITTLE)
    with pytest.raises(Died):
        won.work_after(SECOND_LOOK)
    won.crash()

    seen = []
    for wait in (LEASE, SECOND_LOOK):
        won.work_after(wait)
        seen.append((looks(won), len(won.slack.posts)))

    assert seen == [(3, 0), (4, 1)]


def test_it_is_said_however_long_it_takes_to_look_for_it(won: Bench) -> None:
    """Whoever has looked for long has no time left to say it, and does so at the next attempt."""
    won.slack.weather.forecast.append(Trouble.LOST_UNDONE)
    won.slack.looking = LEASE - ONE_CALL + LITTLE
    won.work()

    for _ in range(4):
        won.work_after(LEASE)

    assert (looks(won), len(won.slack.posts)) == (2, 1)


def test_what_was_held_is_looked_for_no_more_often_once_history_can_be_read(tmp_path: Path) -> None:
    bench = Bench(tmp_path, workflow(defaults={"when_unsure": "hold"}))
    bench.crm.put_record(record(owner=None))
    bench.slack.is_hidden = True
    bench.slack.weather.forecast.append(Trouble.LOST_UNDONE)
    bench.flow.take([hint()], NOW)
    bench.work()
    for _ in range(5):
        bench.work_after(HOUR)

    bench.slack.is_hidden = False
    for wait in (HOUR, SECOND_LOOK):
        bench.work_after(wait)

    assert (looks(bench), [seen.notice.key for seen in bench.slack.posts].count(ASK)) == (2, 1)


def test_what_is_always_too_late_is_given_up_and_told(won: Bench) -> None:
    won.slack.weather.forecast.extend([HeldUp(lambda: won.clock.advance(LEASE))] * 20)
    won.work()

    for _ in range(20):
        won.work_after(timedelta(hours=6))

    assert won.outcomes()[ASK].startswith("Given up. It was held up")
