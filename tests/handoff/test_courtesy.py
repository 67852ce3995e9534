"""Who is reminded now, who later and who instead; the same rules hold for a reminder that may have been sent before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.courtesy import Presence, Rest, day_began, next_morning, rest
from handoff.events import PutOff
from handoff.leases import LEASE
from handoff.notices import Nag
from handoff.workflow import WorkingHours
from handoff.worktime import Calendar
from tests.factories import NOW, RUI, SAM, hint, record, workflow
from tests.fakes import Died, Trouble
from tests.handoff.bench import Bench, win

OFFICE = WorkingHours.model_validate({"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:30"})
KATHMANDU = Calendar(ZoneInfo("Asia/Kathmandu"), OFFICE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ELEVEN = datetime(2026, 3, 3, 11, 0, tzinfo=KATHMANDU.zone)  # a Tuesday
OPENS = datetime(2026, 3, 4, 9, 0, tzinfo=KATHMANDU.zone)


def asked(now: datetime = ELEVEN, said: int = 0, **presence: Any) -> Rest | None:
    return rest(SAM, Presence.model_validate(presence), KATHMANDU, said, 4, now)


def test_somebody_at_work_is_reminded() -> None:
    assert asked() is None
    assert asked(quiet_until=ELEVEN) is None  # it is over
    assert asked(said=3) is None


@pytest.mark.parametrize(
    ("presence", "reason"),
    [
        ({"is_gone": True}, "their Slack account is deactivated"),
        ({"is_away": True}, "away, by their status in Slack"),
        ({"is_gone": True, "is_away": True, "quiet_until": OPENS}, "their Slack account is deactivated"),
    ],
)
def test_of_somebody_who_is_not_there_another_is_reminded_at_once(presence: dict[str, Any], reason: str) -> None:
    assert asked(**presence) == Rest(ELEVEN, reason, instead=True, is_gone="is_gone" in presence)
    assert asked(ELEVEN + 12 * HOUR, **presence) == Rest(
        ELEVEN + 12 * HOUR, reason, instead=True, is_gone="is_gone" in presence
    )


def test_outside_their_hours_it_waits_until_they_open() -> None:
    assert asked(ELEVEN + 8 * HOUR) == Rest(OPENS, "outside their working hours")


@pytest.mark.parametrize(
    ("quiet", "until"), [(2 * HOUR, ELEVEN + 2 * HOUR), (8 * HOUR, OPENS), (24 * HOUR, ELEVEN + DAY)]
)
def test_do_not_disturb_is_waited_for_and_then_their_hours_count(quiet: timedelta, until: datetime) -> None:
    assert asked(quiet_until=ELEVEN + quiet) == Rest(until, "they asked Slack not to be disturbed")


def test_somebody_reminded_often_enough_has_peace_until_the_next_morning() -> None:
    assert asked(said=4) == Rest(OPENS, "reminded 4 times today already")


def test_a_channel_is_reminded_as_often_as_it_takes() -> None:
    assert rest(None, Presence(), KATHMANDU, 99, 4, ELEVEN) is None


@given(st.sampled_from(["Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "UTC"]), st.integers(0, 400 * 86_400))
def test_a_day_is_that_of_the_persons_own_clock(zone: str, seconds: int) -> None:
    calendar, now = Calendar(ZoneInfo(zone), OFFICE), NOW + timedelta(seconds=seconds)

    begins, morning = day_began(calendar, now), next_morning(calendar, now)

    assert begins <= now < morning
    assert begins.astimezone(calendar.zone).date() == now.astimezone(calendar.zone).date()
    assert morning.astimezone(calendar.zone).date() > now.astimezone(calendar.zone).date()
    assert f"{morning.astimezone(calendar.zone):%H:%M}" == "09:00"


def office(folder: Path, **defaults: object) -> Bench:
    """A bench where people work from nine to half past five in UTC. It is Monday, nine."""
    plain = {"working_hours": OFFICE, "backup_rep": "backup@example.com", "ops_channel": "#ops"}
    return Bench(folder, workflow(defaults={**plain, **defaults}))


def nags(bench: Bench) -> list[datetime]:
    """When each message with reminders came."""
    return list({s.post: s.at for s in bench.slack.posts if isinstance(s.notice, Nag)}.values())


@pytest.mark.parametrize("trouble", [Trouble.LOST_UNDONE, Trouble.DIED_BEFORE])
def test_a_reminder_that_was_not_sent_after_all_waits_for_the_morning(tmp_path: Path, trouble: Trouble) -> None:
    bench = office(tmp_path)
    bench.clock.now = NOW + 6 * HOUR + timedelta(minutes=29, seconds=59)
    win(bench, 1)  # due at 17:29:59
    bench.slack.weather.forecast.append(trouble)

    try:
        bench.work_after(2 * HOUR)
    except Died:
        bench.crash()
    for _ in range(20):
        bench.work_after(LEASE)
    evening = nags(bench)
    bench.clock.now = NOW + DAY
    bench.work()

    assert (evening, nags(bench)) == ([], [NOW + DAY])
    assert [e.reason for e in bench.log() if isinstance(e, PutOff)] == ["outside their working hours"]
    bench.stop()


def test_a_reminder_that_was_sent_without_our_knowing_is_known_in_the_evening(tmp_path: Path) -> None:
    bench = office(tmp_path)
    bench.clock.now = NOW + 6 * HOUR + timedelta(minutes=29, seconds=59)
    win(bench, 1)
    bench.slack.weather.forecast.append(Trouble.LOST_DONE)

    bench.work_after(2 * HOUR)
    for _ in range(20):
        bench.work_after(LEASE)

    assert len(nags(bench)) == 1
    assert len(bench.handoff().reminders) == 1
    assert [e for e in bench.log() if isinstance(e, PutOff)] == []
    bench.stop()


def test_several_reminders_that_were_not_sent_after_all_are_not_more_than_a_day_has(tmp_path: Path) -> None:
    bench = office(tmp_path, max_nags_per_person_per_day=2)
    win(bench, 1, 2, 3, 4)
    bench.slack.weather.forecast.append(Trouble.LOST_UNDONE)

    bench.work_after(2 * HOUR)
    for _ in range(400):
        bench.flow.deliver_due(bench.clock.advance(timedelta(milliseconds=50)))

    assert len(nags(bench)) == 2
    assert [len([e for e in bench.log(f"h{n}") if isinstance(e, PutOff)]) for n in (1, 2, 3, 4)].count(1) == 2
    bench.stop()


def test_somebody_known_by_two_names_is_counted_once(tmp_path: Path) -> None:
    ladder = {"rep": [{"after": "1h", "to": "rep"}, {"after": "2h", "to": "manager of rep"}]}
    defaults = {"max_nags_per_person_per_day": 1, "ops_channel": "#ops"}
    bench = Bench(tmp_path, workflow(defaults=defaults, nags=ladder))
    win(bench, 1)
    bench.work_after(HOUR)  # Sam is reminded
    bench.crm.put_record(record(2, owner=RUI))
    bench.flow.take([hint(2)], bench.clock.now)
    bench.work_after(HOUR / 2)
    bench.work_after(HOUR / 2)  # Sam's manager Rui is, by address
    bench.work_after(HOUR / 2)  # of a deal of his own he would be, by id

    told = [s.notice.recipient for s in bench.slack.posts if isinstance(s.notice, Nag)]
    assert told == [SAM.slack_id, RUI.email]
    assert [e.reason for e in bench.log("h2") if isinstance(e, PutOff)] == ["reminded 1 times today already"]
    bench.stop()


def test_moments_are_told_in_utc_or_with_their_zone() -> None:
    found = asked(said=4)

    assert found is not None
    assert found.until.tzinfo is UTC
