"""Overdue means that the last rung of the ladder fell due, in the working time of whoever is waited for."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from handoff.calendars import Calendars
from handoff.lateness import overdue_since
from handoff.model import Flag, Person, Quiet, Status
from handoff.notices import NOTICE, Nag
from storage.tables import OutboxRow
from tests.factories import MAX, NOW, PRIYA, SAM, did, handoff, hint, record, workflow
from tests.handoff.bench import Bench

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:30"}
RUNGS = [{"after": "2h", "to": "rep"}, {"after": "1d", "to": "rep"}, {"after": "2d", "to": "manager of rep"}]
TOP = 2  # the step of the last of them
FLOW = workflow(defaults={"working_hours": OFFICE, "time_zone": "UTC", "holidays": "PT"}, nags={"rep": RUNGS})
FRIDAY = NOW + 4 * DAY  # nine in the morning
RISK = Flag(name="Risk", note="Their IT lead leaves", by=SAM, at=NOW)
KICKOFF = {"owner": PRIYA, "owned_at": NOW, "kickoff_at": NOW + 3 * DAY}


def monday_off(country: str, day: object) -> bool:
    return (country, day) == ("PT", (FRIDAY + 3 * DAY).date())


@pytest.fixture
def friday(tmp_path: Path) -> Iterator[Bench]:
    """A deal won on a Friday at nine."""
    bench = Bench(tmp_path, FLOW)
    bench.clock.advance(4 * DAY)
    bench.holidays = monday_off
    bench.crash()
    bench.crm.put_record(record())
    bench.flow.take([hint()], bench.clock.now)
    bench.work()
    yield bench
    bench.stop()


def let_go_by(bench: Bench, days: int) -> None:
    for _ in range(2 * days):
        bench.work_after(DAY / 2)


def late(bench: Bench) -> datetime | None:
    return overdue_since(bench.handoff(), Calendars(FLOW, bench.holidays), bench.clock.now)


def last_rung(bench: Bench) -> datetime | None:
    """When the newest reminder of the top rung is due, as its row says; None before it is written."""
    wanted = select(OutboxRow.body).where(OutboxRow.state != "void").order_by(col(OutboxRow.id))
    rows = bench.database.read(lambda connection: connection.execute(wanted).scalars().all())
    nags = [n for n in map(NOTICE.validate_json, rows) if isinstance(n, Nag) and n.step == TOP]
    return nags[-1].due_at if nags else None


def nothing(_: Bench) -> None:
    """Nobody does anything."""


def act(kind: str, **facts: Any) -> Callable[[Bench], None]:
    def done(bench: Bench) -> None:
        bench.flow.record(did(kind, SAM, at=bench.clock.now, **facts), bench.clock.now)
        bench.work()

    return done


@pytest.mark.parametrize(
    ("deed", "since"),
    [
        (nothing, FRIDAY + 5 * DAY),  # two working days: Friday, and Tuesday after a holiday
        (act("snoozed", until=FRIDAY + 6 * DAY), None),
        (act("paused", until=FRIDAY + 5 * DAY, reason="On their request"), None),
    ],
    ids=["weekend and holiday", "snooze", "pause"],
)
def test_it_is_overdue_when_the_last_rung_of_its_ladder_fell_due_and_not_before(
    friday: Bench, deed: Callable[[Bench], None], since: datetime | None
) -> None:
    friday.work_after(2 * HOUR)  # the first rung was said
    deed(friday)

    for _ in range(12 * 14):
        friday.work_after(2 * HOUR)
        top = last_rung(friday)
        assert late(friday) == (top if top is not None and top < friday.clock.now else None)
    assert late(friday) is not None
    assert late(friday) == (since or last_rung(friday))


def test_what_is_paused_without_an_end_is_never_overdue(friday: Bench) -> None:
    let_go_by(friday, 14)
    before = late(friday)

    act("paused", reason="On their request")(friday)
    paused = late(friday)
    act("unpaused")(friday)

    assert before is not None
    assert paused is None
    assert late(friday) == before


def test_a_ladder_that_is_held_up_is_not_overdue_before_its_last_rung_is_written(friday: Bench) -> None:
    friday.work_after(2 * HOUR)
    friday.clock.advance(30 * DAY)  # nothing worked
    slept = late(friday)

    friday.work()

    assert slept is None
    assert late(friday) is None  # only now the last rung is written, for a day later


def test_whoever_is_asked_next_has_the_whole_ladder(friday: Bench) -> None:
    let_go_by(friday, 14)
    before = late(friday)

    act("passed_on", to=PRIYA)(friday)

    assert before is not None
    assert late(friday) is None


@pytest.mark.parametrize(
    ("case", "last"),
    [
        ({"status": Status.OWNED}, 7 * DAY),  # no ladder: five working days, with a weekend between
        ({"status": Status.OWNED, "owned_at": NOW + DAY}, 8 * DAY),
        ({"status": Status.IN_REVIEW, "flags": (RISK,)}, 7 * DAY),
        ({"status": Status.KICKOFF_SCHEDULED, **KICKOFF}, 4 * DAY),
        ({"step": 3}, 2 * DAY),  # its ladder ended before Baton remembered when
    ],
    ids=["owner", "later owner", "review", "kickoff", "ended"],
)
def test_without_a_last_rung_that_is_known_working_time_counts(case: dict[str, Any], last: timedelta) -> None:
    calendars = Calendars(workflow(defaults={"working_hours": OFFICE}, nags={"rep": RUNGS}))
    waiting = handoff(**case)

    assert overdue_since(waiting, calendars, NOW + last) is None
    assert overdue_since(waiting, calendars, NOW + last + timedelta(minutes=1)) is not None


def test_with_four_eyes_the_days_count_of_whoever_decides() -> None:
    exceptions = {"channel": "#reviews", "flags": ["Risk"], "reviewers": [SAM.email, MAX.email], "four_eyes": True}
    mondays = {str(SAM.email): {"working_hours": {**OFFICE, "days": ["mon"]}}}
    flow = workflow(defaults={"working_hours": OFFICE}, exceptions=exceptions, people=mondays)
    waiting = handoff(Status.IN_REVIEW, flags=(RISK,))

    found = overdue_since(waiting, Calendars(flow), NOW + 8 * DAY)

    assert found == NOW + 7 * DAY


def test_the_first_flag_that_nobody_decides_counts() -> None:
    soon, later = NOW + DAY, NOW + 3 * DAY
    flags = tuple(RISK.model_copy(update={"late_at": at}) for at in (later, soon))

    found = overdue_since(handoff(Status.IN_REVIEW, flags=flags), Calendars(workflow()), NOW + 9 * DAY)

    assert found == soon


def test_the_kickoff_counts_the_owners_own_days() -> None:
    notes = {"priya@example.com": {"working_hours": {**OFFICE, "days": ["mon"]}}}
    calendars = Calendars(workflow(defaults={"working_hours": OFFICE}, people=notes))
    owner = Person(name="Priya", email="priya@example.com", slack_id="U0PRIYA001", zone="UTC")
    booked = handoff(Status.KICKOFF_SCHEDULED, **{**KICKOFF, "owner": owner})  # on a Thursday

    assert overdue_since(booked, calendars, NOW + 14 * DAY) is None
    assert overdue_since(booked, calendars, NOW + 15 * DAY) == NOW + 14 * DAY


def test_what_rests_or_is_over_is_not_overdue() -> None:
    much_later = NOW + 90 * DAY
    until = Quiet(by=SAM, at=NOW, until=much_later + DAY)
    rests = handoff(quiet=until, late_at=NOW + DAY)

    assert overdue_since(rests, Calendars(workflow()), much_later) is None
    assert overdue_since(rests, Calendars(workflow()), much_later + 2 * DAY) == NOW + DAY
    assert overdue_since(handoff(Status.DONE, late_at=NOW), Calendars(workflow()), much_later) is None
