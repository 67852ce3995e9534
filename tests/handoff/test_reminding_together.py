"""Several reminders in one message, which is never said twice though its answer is lost or its sender dies."""

from datetime import timedelta
from pathlib import Path

import pytest

from handoff.notices import Nag
from tests.factories import NOW, SAM, answered, workflow
from tests.fakes import Died, Seen, Trouble
from tests.handoff.bench import Bench, win

HOUR = timedelta(hours=1)


def nags(bench: Bench) -> list[Seen]:
    return [seen for seen in bench.slack.posts if isinstance(seen.notice, Nag)]


@pytest.mark.parametrize("trouble", [Trouble.LOST_DONE, Trouble.DIED_AFTER, Trouble.DIED_BEFORE, Trouble.LOST_UNDONE])
def test_a_message_with_several_reminders_is_never_said_twice(bench: Bench, trouble: Trouble) -> None:
    win(bench, 1, 2)
    bench.slack.weather.forecast.append(trouble)

    try:
        bench.work_after(2 * HOUR)
    except Died:
        bench.crash()
    for _ in range(3):  # each is looked for by itself, one after the other
        bench.work_after(timedelta(minutes=6))

    keys = [s.notice.key for s in nags(bench)]
    assert sorted(keys) == ["h1:nag:rep:0", "h2:nag:rep:0"]


def test_a_message_that_is_found_later_counts_once_for_whoever_got_it(bench: Bench) -> None:
    win(bench, 1, 2, 3)
    bench.slack.weather.forecast.append(Trouble.LOST_DONE)

    bench.work_after(2 * HOUR)
    for _ in range(200):  # each is looked for by itself, some moments after the other
        bench.work_after(timedelta(milliseconds=50))

    assert len({s.post.ts for s in nags(bench) if s.post}) == 1
    assert {bench.outcomes()[f"h{number}:nag:rep:0"][:4] for number in (1, 2, 3)} == {"said"}
    assert bench.store.reminded(SAM.slack_id or "", NOW) == 1


@pytest.mark.parametrize("trouble", [Trouble.LOST_DONE, Trouble.DIED_AFTER, Trouble.DIED_BEFORE, Trouble.LOST_UNDONE])
def test_a_group_is_reminded_in_each_channel_of_what_stands_there_and_never_twice(
    tmp_path: Path, trouble: Trouble
) -> None:
    bench = Bench(tmp_path, workflow(nags={"channel": [{"after": "2h", "to": "@delivery-leads"}]}))
    win(bench, 1, 2, 3)
    for handoff_id, channel in (("h1", "C0EAST"), ("h2", "C0WEST"), ("h3", "C0EAST")):
        bench.slack.channel = channel
        bench.flow.record(answered(handoff_id=handoff_id, at=bench.clock.now), bench.clock.now)
        bench.work()
    bench.slack.weather.forecast.append(trouble)

    try:
        bench.work_after(3 * HOUR)
    except Died:
        bench.crash()
    for _ in range(4):
        bench.work_after(timedelta(minutes=6))

    said = sorted((s.handoff.id, s.post.channel if s.post else "") for s in nags(bench))
    assert said == [("h1", "C0EAST"), ("h2", "C0WEST"), ("h3", "C0EAST")]
    bench.stop()
