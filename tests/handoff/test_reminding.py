"""Reminders know people: their hours, their absence, how often is enough, and several are one message."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handoff.courtesy import Presence
from handoff.events import PutOff
from handoff.leases import LEASE
from handoff.model import Post, Reminded
from handoff.notices import Nag, SettleNag
from handoff.reminding import Reminding
from handoff.worktime import no_holidays
from tests.factories import NOW, PRIYA, SAM, answered, claimed, workflow
from tests.fakes import Seen
from tests.handoff.bench import Bench, win

OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:30"}
DEFAULTS: dict[str, Any] = {"backup_rep": "backup@example.com", "ops_channel": "#ops"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def bench_with(folder: Path, **defaults: Any) -> Bench:
    return Bench(folder, workflow(defaults={**DEFAULTS, **defaults}))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Bench]:
    """People work from nine to half past five, in UTC unless Slack says otherwise. It is Monday, nine."""
    bench = bench_with(tmp_path, working_hours=OFFICE)
    yield bench
    bench.stop()


def nags(bench: Bench) -> list[Seen]:
    return [seen for seen in bench.slack.posts if isinstance(seen.notice, Nag)]


def told(bench: Bench) -> list[str]:
    """Whom the reminders went to, in their order."""
    return [s.notice.recipient for s in nags(bench) if isinstance(s.notice, Nag)]


def put_off(bench: Bench, handoff_id: str = "h1") -> list[str]:
    return [event.reason for event in bench.log(handoff_id) if isinstance(event, PutOff)]


def until(bench: Bench, moment: datetime, step: timedelta = timedelta(minutes=30)) -> None:
    """Let time go by in small steps, working off what is due."""
    while bench.clock.now < moment:
        bench.work_after(step)


def test_a_reminder_waits_for_the_working_hours_of_whoever_gets_it(office: Bench) -> None:
    office.clock.advance(7 * HOUR)  # 16:00
    win(office, 1)

    until(office, NOW + 23 * HOUR)
    early = told(office)
    until(office, NOW + 26 * HOUR)

    assert early == []  # two working hours after 16:00 is 9:30 on Tuesday
    assert [s.at for s in nags(office)] == [NOW + DAY + timedelta(minutes=30)]


def test_hours_are_those_of_the_persons_own_zone_as_slack_has_it_now(office: Bench) -> None:
    win(office, 1)
    office.people.presences["U0SAM00001"] = Presence(zone="America/Los_Angeles")  # moved: 11:00 UTC is 3:00 there

    until(office, NOW + 9 * HOUR)

    (reminder,) = nags(office)
    assert reminder.at == NOW + 8 * HOUR  # 9:00 in Los Angeles
    assert put_off(office) == ["outside their working hours"]


def moving(folder: Path, *rungs: dict[str, str], **more: Any) -> Bench:
    """An office on a Thursday at nine."""
    bench = Bench(folder, workflow(defaults={**DEFAULTS, "working_hours": OFFICE}, **more, nags={"rep": rungs}))
    bench.clock.advance(3 * DAY)
    return bench


def test_the_rung_after_a_move_is_counted_in_the_new_zone(tmp_path: Path) -> None:
    """Counted where they were, it would come a working day later."""
    bench = moving(tmp_path, {"after": "2h", "to": "rep"}, {"after": "1d", "to": "rep"})
    bench.people.members = [SAM.model_copy(update={"zone": "Europe/Lisbon"})]
    win(bench, 1)
    bench.people.presences["U0SAM00001"] = Presence(zone="America/Los_Angeles", groups=("@west",))

    until(bench, NOW + 5 * DAY)

    asked = bench.handoff().asked
    assert [s.at for s in nags(bench)] == [NOW + 3 * DAY + 8 * HOUR, NOW + 3 * DAY + 14.5 * HOUR]
    assert asked is not None
    assert (asked.zone, asked.groups, asked.name) == ("America/Los_Angeles", ("@west",), SAM.name)
    bench.stop()


def test_the_rung_to_somebody_whom_config_names_falls_into_the_hours_where_they_are(tmp_path: Path) -> None:
    """In the workflow's zone the office has closed for the weekend; where Rui is it is Friday morning."""
    bench = moving(tmp_path, {"after": "2h", "to": "rep"}, {"after": "1d", "to": "manager of rep"})
    los_angeles = Presence(zone="America/Los_Angeles")
    bench.people.presences = {"U0SAM00001": los_angeles, "U0RUI00001": los_angeles}
    bench.clock.advance(10 * HOUR)  # 19:00, and eleven where they are
    win(bench, 1)

    until(bench, NOW + 8 * DAY)

    assert [s.at for s in nags(bench)] == [NOW + 3 * DAY + 12 * HOUR, NOW + 4 * DAY + 10 * HOUR]
    assert told(bench) == ["U0SAM00001", "rui@example.com"]
    bench.stop()


def test_the_hours_of_a_group_hold_for_whoever_is_in_it_by_now(tmp_path: Path) -> None:
    people = {"@west": {"working_hours": {**OFFICE, "from": "15:00"}}}
    bench = moving(tmp_path, {"after": "2h", "to": "rep"}, people=people)
    win(bench, 1)
    bench.people.presences["U0SAM00001"] = Presence(groups=("@west",))

    until(bench, NOW + 4 * DAY)

    assert [s.at for s in nags(bench)] == [NOW + 3 * DAY + 6 * HOUR]
    bench.stop()


def test_a_public_holiday_is_nobodys_working_day(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, working_hours=OFFICE, holidays="PT")
    bench.holidays = lambda country, day: (country, day) == ("PT", NOW.date())
    bench.crash()

    win(bench, 1)
    until(bench, NOW + 2 * DAY)

    assert [s.at for s in nags(bench)][:1] == [NOW + DAY + 2 * HOUR]
    bench.stop()


def test_several_reminders_to_one_person_are_one_message(bench: Bench) -> None:
    win(bench, 1, 2, 3)

    bench.work_after(2 * HOUR)

    assert {s.handoff.id for s in nags(bench)} == {"h1", "h2", "h3"}
    assert len({s.post for s in nags(bench)}) == 1
    assert {h.reminders[0].post for h in bench.handoffs()} == {nags(bench)[0].post}
    assert [len(bench.handoff(i).reminders[0].among) for i in ("h1", "h2", "h3")] == [3, 3, 3]


def test_several_briefs_without_an_owner_are_one_message_in_the_channel(bench: Bench) -> None:
    win(bench, 1, 2)
    for handoff_id in ("h1", "h2"):
        bench.flow.record(answered(handoff_id=handoff_id, at=bench.clock.now), bench.clock.now)

    bench.work_after(HOUR)

    assert told(bench) == ["#delivery", "#delivery"]
    assert len({s.post for s in nags(bench)}) == 1


def test_a_message_with_several_reminders_is_drawn_again_when_one_is_done(bench: Bench) -> None:
    win(bench, 1, 2)
    bench.work_after(2 * HOUR)
    post = nags(bench)[0].post

    bench.flow.record(answered(handoff_id="h1", at=bench.clock.now), bench.clock.now)
    bench.work()

    drawn = [seen for seen in bench.slack.updates if seen.post == post]
    assert {seen.handoff.id for seen in drawn} == {"h1", "h2"}
    assert bench.handoff("h2").reminders[0].post == post
    assert bench.due_nags("h2") == ["rep"]


def test_somebody_is_reminded_so_often_a_day_and_no_more(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, max_nags_per_person_per_day=2)
    for deal in (1, 2, 3):
        win(bench, deal)
        bench.clock.advance(HOUR)

    until(bench, NOW + 14 * HOUR)
    today = len({s.post for s in nags(bench)})
    until(bench, NOW + 16 * HOUR)  # past midnight in UTC

    assert today == 2
    assert put_off(bench, "h3") == ["reminded 2 times today already"]
    assert len({s.post for s in nags(bench)}) == 3
    bench.stop()


def test_somebody_who_is_away_is_not_reminded_but_their_manager_is(bench: Bench) -> None:
    win(bench, 1)
    bench.people.presences["U0SAM00001"] = Presence(is_away=True)

    bench.work_after(2 * HOUR)

    assert told(bench) == ["rui@example.com"]
    assert put_off(bench) == ["away, by their status in Slack"]


def test_if_the_manager_is_away_too_the_channel_of_ops_is_reminded(bench: Bench) -> None:
    win(bench, 1)
    bench.people.presences["U0SAM00001"] = Presence(is_gone=True)
    bench.people.presences["U0RUI00001"] = Presence(is_away=True)

    bench.work_after(2 * HOUR)

    assert told(bench) == ["#ops"]


def test_do_not_disturb_is_waited_for(bench: Bench) -> None:
    win(bench, 1)
    bench.people.presences["U0SAM00001"] = Presence(quiet_until=NOW + 3 * HOUR)

    bench.work_after(2 * HOUR)
    early = told(bench)
    bench.work_after(HOUR)

    assert (early, told(bench)) == ([], ["U0SAM00001"])


def test_after_three_days_down_one_message_comes_and_not_thirty(bench: Bench) -> None:
    win(bench, *range(1, 11))

    bench.work_after(3 * DAY)

    assert len({s.post for s in nags(bench)}) == 1


def test_a_reminder_whose_deed_is_done_is_left_out_of_the_message(bench: Bench) -> None:
    win(bench, 1, 2)
    bench.clock.advance(2 * HOUR)
    bench.flow.record(answered(handoff_id="h1", at=bench.clock.now), bench.clock.now)
    bench.flow.record(claimed(PRIYA, handoff_id="h1", at=bench.clock.now), bench.clock.now)

    bench.work()

    assert [s.handoff.id for s in nags(bench)] == ["h2"]


def test_a_member_list_that_is_down_keeps_no_reminder_back_and_not_the_next(bench: Bench) -> None:
    win(bench, 1)
    bench.work_after(2 * HOUR)
    bench.work_after(DAY)
    bench.people.is_down = True

    bench.work_after(DAY)  # the third rung is for Sam's manager, who is known by address only

    assert told(bench) == ["U0SAM00001", "U0SAM00001", "rui@example.com"]
    assert [n.step for n in bench.due() if isinstance(n, Nag)] == [3]


def test_a_settled_reminder_of_several_keeps_its_list(bench: Bench) -> None:
    win(bench, 1, 2)
    bench.work_after(2 * HOUR)
    bench.flow.record(answered(by=SAM, handoff_id="h2", at=bench.clock.now), bench.clock.now)

    settling = [n for n in bench.due() if isinstance(n, SettleNag)]

    assert [{one.handoff_id for one in n.among} for n in settling] == [{"h1", "h2"}]


def test_a_message_whose_handoffs_were_all_forgotten_is_left_alone(bench: Bench) -> None:
    forgotten = (Reminded(handoff_id="gone", ladder="rep", step=0, round=0),) * 2
    post = Post(channel="C0TEST0001", ts="1.0")
    settle = SettleNag(key="k", handoff_id="h1", due_at=NOW, lane="rep", ladder="rep", post=post, among=forgotten)

    Reminding(bench.store, bench.slack, bench.people, no_holidays).redraw(settle, NOW + LEASE)

    assert bench.slack.updates == []
