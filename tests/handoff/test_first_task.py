"""The first task is due after working days of whoever took it first, and stays so."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handoff import first_task
from handoff.calendars import Calendars
from handoff.decide import decide
from handoff.model import Handoff, Person, Status
from handoff.workflow import Workflow
from tests.factories import DANA, NOW, claimed, did, handoff, workflow

FRIDAY = NOW + timedelta(days=4, hours=7)  # 16:00 in Lisbon
OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:30"}
NIGHT = {"days": ["tue", "wed"], "from": "22:00", "to": "06:00"}
ANA = Person(name="Ana Sol", email="ana@example.com", slack_id="U0ANA00001", zone="Europe/Lisbon")


def flow(due: str = "2d", **ana: object) -> Workflow:
    return workflow(
        defaults={"working_hours": OFFICE, "holidays": "PT", "time_zone": "America/New_York"},
        people={"ana@example.com": ana},
        first_task={"title": "Kick off", "due": due},
    )


def monday_off(country: str, day: date) -> bool:
    return (country, day) == ("PT", date(2026, 3, 9))


def taken(told: Workflow, by: Person = ANA, at: datetime = FRIDAY) -> Handoff:
    free = handoff(Status.UNCLAIMED, edition=told.edition)
    return decide(free, claimed(by=by, at=at), told, at, monday_off).handoff


@pytest.mark.parametrize(
    ("told", "due"),
    [
        (flow(), "2026-03-11 16:00"),  # Monday is a holiday: Friday, Tuesday, Wednesday
        (flow(holidays="NP"), "2026-03-10 16:00"),
        (flow(working_hours={**OFFICE, "days": ["fri"]}), "2026-03-20 16:00"),
        (flow(working_hours=NIGHT), "2026-03-17 22:00"),  # two nights: the third begins on a Tuesday
        (flow("4h"), "2026-03-10 11:30"),
        (flow(working_hours="always", holidays="NP"), "2026-03-08 16:00"),
    ],
    ids=["holiday", "own country", "own days", "night", "hours", "always"],
)
def test_it_is_due_after_working_days_of_its_owner(told: Workflow, due: str) -> None:
    found = first_task.due(taken(told), Calendars(told, monday_off))

    assert found == datetime.fromisoformat(due).replace(tzinfo=ZoneInfo("Europe/Lisbon"))
    assert f"{found:%Y-%m-%d %H:%M}" == due  # on the owner's clock


def test_the_due_date_is_kept_when_the_owner_the_zone_or_the_holidays_change() -> None:
    told = flow()
    before = taken(told)
    other = DANA.model_copy(update={"zone": "Asia/Tokyo"})

    later = did("assigned", ANA, to=other, at=FRIDAY + timedelta(days=3))
    after = decide(before, later, told, later.at).handoff

    assert after.owner == other
    assert after.task_due == before.task_due is not None
    assert first_task.due(after, Calendars(told)) == first_task.due(before, Calendars(told, monday_off))


def test_a_task_from_before_its_due_date_was_stored_is_counted() -> None:
    told = flow()
    old = taken(told).model_copy(update={"task_due": None})

    assert first_task.due(old, Calendars(told, monday_off)) == taken(told).task_due


def test_without_a_first_task_or_before_somebody_takes_it_nothing_is_due() -> None:
    without = workflow(first_task=None)

    assert taken(without).task_due is None
    assert first_task.due(handoff(Status.UNCLAIMED), Calendars(flow())) is None
    assert first_task.due(handoff(Status.OWNED, task_at=NOW), Calendars(without)) is None
