"""An owner who does nothing is released, and whoever shows a sign of work is not."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from handoff.events import Act, Assigned, Finished, KickoffScheduled, Paused, SentBack, Snoozed, Ticked
from handoff.model import Status
from handoff.notices import Tell
from tests.factories import DANA, NOW, PRIYA, REASON, answered, claimed, hint, record, workflow
from tests.handoff.bench import Bench

DAY = timedelta(days=1)


@pytest.fixture
def owned(tmp_path: Path) -> Iterator[Bench]:
    """Priya owns it since Monday nine; two days without a sign of work and it is offered again."""
    bench = Bench(tmp_path, workflow(delivery={"channel": "#delivery", "release_after": "2d"}))
    bench.crm.put_record(record())
    bench.flow.take([hint()], NOW)
    bench.work()
    bench.flow.record(answered(), NOW)
    bench.flow.record(claimed(), NOW)
    bench.work()
    yield bench
    bench.stop()


def act(bench: Bench, kind: type[Act], **more: Any) -> None:
    facts = {"handoff_id": "h1", "at": bench.clock.now, "via": "button", "by": PRIYA}
    bench.flow.record(kind.model_validate({**facts, **more}), bench.clock.now)  # type: ignore[arg-type]
    bench.work()


def let_go_by(bench: Bench, days: int) -> None:
    for _ in range(2 * days):
        bench.work_after(DAY / 2)


def told(bench: Bench) -> set[str]:
    return {s.notice.lane for s in bench.slack.posts if isinstance(s.notice, Tell) and "silence" in s.notice.what}


def asked(bench: Bench) -> list[Tell]:
    """The gentle checks."""
    return [s.notice for s in bench.slack.posts if isinstance(s.notice, Tell) and s.notice.what == "silent"]


def test_a_silent_owner_is_asked_half_way_and_told_until_when(owned: Bench) -> None:
    owned.work_after(DAY - timedelta(minutes=1))
    before = asked(owned)
    owned.work_after(timedelta(minutes=1))

    (check,) = asked(owned)
    assert before == []
    assert check.to is not None
    assert check.to.person == PRIYA
    assert check.until == NOW + 2 * DAY
    assert owned.handoff().owner == PRIYA


def test_nobody_is_released_without_having_been_asked(owned: Bench) -> None:
    owned.work_after(9 * DAY)  # Baton slept
    late = owned.handoff().owner

    owned.work_after(DAY)

    assert late == PRIYA
    assert [check.until for check in asked(owned)] == [NOW + 10 * DAY]
    assert owned.handoff().owner is None


@pytest.mark.parametrize("kind", [KickoffScheduled, Ticked])
def test_an_owner_who_shows_a_sign_of_work_in_time_is_not_asked(owned: Bench, kind: type[Act]) -> None:
    owned.work_after(DAY / 2)
    act(owned, kind, **({"done": (0,)} if kind is Ticked else {"kickoff_at": NOW + 9 * DAY}))

    owned.work_after(DAY * 0.75)

    assert asked(owned) == []
    assert owned.handoff().owner == PRIYA


def test_an_owner_who_snoozes_is_left_alone_until_then_and_has_the_whole_time_again(owned: Bench) -> None:
    owned.work_after(DAY)
    act(owned, Snoozed, until=NOW + 4 * DAY)

    owned.work_after(3 * DAY)
    meanwhile = len(asked(owned))
    owned.work_after(DAY)

    assert meanwhile == 1
    assert [check.until for check in asked(owned)] == [NOW + 2 * DAY, NOW + 6 * DAY]
    assert owned.handoff().owner == PRIYA


def test_a_silent_owner_is_released_and_the_channel_asked_again(owned: Bench) -> None:
    let_go_by(owned, 2)

    assert owned.handoff().status is Status.UNCLAIMED
    assert owned.handoff().owner is None
    assert told(owned) == {"delivery", "owner"}
    assert owned.due_nags() == ["channel"]


def test_nobody_is_released_before_the_time(owned: Bench) -> None:
    owned.work_after(2 * DAY - timedelta(minutes=1))

    assert owned.handoff().owner == PRIYA


def test_a_sign_of_work_begins_the_time_anew(owned: Bench) -> None:
    owned.work_after(DAY)
    act(owned, Ticked, done=(0,))

    owned.work_after(DAY)
    after_two_days = owned.handoff().owner
    owned.work_after(DAY)

    assert after_two_days == PRIYA
    assert owned.handoff().owner is None


def test_a_kickoff_or_the_end_means_that_nothing_is_looked_at_any_more(owned: Bench) -> None:
    act(owned, KickoffScheduled, kickoff_at=NOW + 9 * DAY)
    owned.work_after(3 * DAY)
    act(owned, Finished)

    owned.work_after(9 * DAY)

    assert owned.handoff().status is Status.DONE
    assert told(owned) == set()


def test_who_is_paused_is_not_released(owned: Bench) -> None:
    act(owned, Paused, until=NOW + 5 * DAY, reason="The client asked for a week")

    let_go_by(owned, 4)
    meanwhile = owned.handoff().owner
    let_go_by(owned, 3)

    assert meanwhile == PRIYA
    assert owned.handoff().owner is None


def test_a_new_owner_has_the_whole_time(owned: Bench) -> None:
    let_go_by(owned, 2)
    act(owned, type(claimed()))

    owned.work_after(2 * DAY - timedelta(minutes=1))

    assert owned.handoff().owner == PRIYA


def test_without_a_time_nobody_is_released(bench: Bench) -> None:
    bench.crm.put_record(record())
    bench.flow.take([hint()], NOW)
    bench.work()
    bench.flow.record(answered(), NOW)
    bench.flow.record(claimed(), NOW)

    bench.work_after(30 * DAY)

    assert bench.handoff().owner == PRIYA


def test_an_owner_is_looked_at_again_once_sales_has_answered_what_was_sent_back(owned: Bench) -> None:
    act(owned, SentBack, fields=("goals",), reason=REASON)
    owned.work_after(2 * DAY)
    owned.flow.record(answered({"goals": "Invoices within one day and no paper"}, at=owned.clock.now), owned.clock.now)
    owned.work()
    assert owned.handoff().status is Status.OWNED
    before = asked(owned)

    let_go_by(owned, 1)

    assert (before, len(asked(owned))) == ([], 1)
    let_go_by(owned, 1)
    assert owned.handoff().status is Status.UNCLAIMED


def test_an_owner_is_asked_once_though_it_came_back_before_the_look(owned: Bench) -> None:
    owned.work_after(DAY / 4)
    act(owned, SentBack, fields=("goals",), reason=REASON)
    owned.work_after(DAY / 4)
    owned.flow.record(answered({"goals": "Invoices within one day and no paper"}, at=owned.clock.now), owned.clock.now)
    owned.work()

    let_go_by(owned, 1)
    assert len(asked(owned)) == 1
    let_go_by(owned, 1)
    assert (len(asked(owned)), owned.handoff().status) == (1, Status.UNCLAIMED)


def test_an_owner_is_looked_at_again_once_a_cancelled_handoff_goes_on(owned: Bench) -> None:
    for days, stage in ((0, "closedlost"), (3, "closedwon")):
        owned.work_after(days * DAY)
        owned.crm.put_record(record(stage=stage, stage_label="Closed Won" if days else "Closed Lost"))
        owned.flow.take([hint(key=f"again{days}")], owned.clock.now)
        owned.work()
    assert owned.handoff().status is Status.OWNED

    let_go_by(owned, 1)

    assert len(asked(owned)) == 1


def test_whoever_takes_it_over_with_a_kickoff_booked_is_not_looked_at(owned: Bench) -> None:
    act(owned, KickoffScheduled, kickoff_at=owned.clock.now + 5 * DAY)
    act(owned, Assigned, to=DANA)

    let_go_by(owned, 3)

    assert (asked(owned), owned.handoff().status) == ([], Status.KICKOFF_SCHEDULED)
