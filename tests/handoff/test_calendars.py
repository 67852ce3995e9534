"""Whose working time counts: a person's own zone, hours and holidays, or else those of the workflow."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handoff.calendars import Calendars, groups_noted
from handoff.model import Person
from handoff.notices import To
from handoff.workflow import Workflow, WorkingHours
from handoff.worktime import no_holidays
from tests.factories import SAM, workflow

OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:30"}
EARLY = {"days": ["mon", "tue"], "from": "06:00", "to": "12:00"}
ANA = Person(name="Ana Sol", email="ana@example.com", slack_id="U0ANA00001", zone="Asia/Kathmandu")


def flow(**more: Any) -> Workflow:
    defaults = {"working_hours": OFFICE, "holidays": "PT", "time_zone": "Europe/Lisbon", **more}
    return workflow(defaults=defaults, people={"ana@example.com": {"working_hours": EARLY, "holidays": "NP"}})


def test_a_channel_or_group_keeps_the_hours_of_the_workflow() -> None:
    for to in (None, To(name="#delivery"), To(name="@delivery-leads"), To()):
        calendar = Calendars(flow()).of(to)

        assert (calendar.zone, calendar.country) == (ZoneInfo("Europe/Lisbon"), "PT")
        assert calendar.hours == WorkingHours.model_validate(OFFICE)


def test_a_person_keeps_their_own_zone_hours_and_holidays() -> None:
    calendar = Calendars(flow()).of(To(person=ANA))

    assert (calendar.zone, calendar.country) == (ZoneInfo("Asia/Kathmandu"), "NP")
    assert calendar.hours == WorkingHours.model_validate(EARLY)


def test_somebody_known_by_their_address_only_keeps_what_the_config_says_of_them() -> None:
    calendar = Calendars(flow()).of(To(name="ana@example.com"))

    assert (calendar.zone, calendar.country) == (ZoneInfo("Europe/Lisbon"), "NP")
    assert calendar.hours == WorkingHours.model_validate(EARLY)


def test_somebody_the_config_says_nothing_of_keeps_the_hours_of_the_workflow_in_their_zone() -> None:
    calendar = Calendars(flow()).of(To(person=SAM.model_copy(update={"zone": "America/New_York"})))

    assert (calendar.zone, calendar.country) == (ZoneInfo("America/New_York"), "PT")
    assert calendar.hours == WorkingHours.model_validate(OFFICE)


LEADS = {"working_hours": {"days": ["sat"], "from": "10:00", "to": "12:00"}, "holidays": "NZ"}
SHIFT = {"working_hours": {"days": ["sun"], "from": "22:00", "to": "06:00"}, "time_zone": "Asia/Tokyo"}


def groups(**ana: Any) -> Workflow:
    people = {"@delivery-leads": LEADS, "S0SHIFT001": SHIFT, "#ops": {"working_hours": "always"}}
    return workflow(defaults={"working_hours": OFFICE, "holidays": "PT"}, people={**people, "ana@example.com": ana})


def test_a_group_or_channel_keeps_what_the_config_says_of_it() -> None:
    leads, shift = (Calendars(groups()).of(To(name=name)) for name in ("@Delivery-Leads", "S0SHIFT001"))

    assert (leads.hours, leads.country) == (WorkingHours.model_validate(LEADS["working_hours"]), "NZ")
    assert (leads.zone, shift.zone, shift.country) == (ZoneInfo("UTC"), ZoneInfo("Asia/Tokyo"), "PT")
    assert Calendars(groups()).of(To(name="#ops")).hours is None
    assert Calendars(groups()).of(To(name="#delivery")).hours == WorkingHours.model_validate(OFFICE)


@pytest.mark.parametrize(
    ("ana", "mine", "hours", "country"),
    [
        ({}, ("@delivery-leads",), LEADS["working_hours"], "NZ"),
        ({}, ("S0SHIFT001",), SHIFT["working_hours"], "PT"),
        ({}, ("S0SHIFT001", "@delivery-leads"), LEADS["working_hours"], "NZ"),  # in the order of the file
        ({"working_hours": EARLY}, ("@delivery-leads",), EARLY, "NZ"),  # each of the two by itself
        ({"holidays": "NP"}, ("@delivery-leads",), LEADS["working_hours"], "NP"),
        ({}, ("@others",), OFFICE, "PT"),
        ({}, (), OFFICE, "PT"),
    ],
)
def test_a_person_keeps_their_own_note_then_their_groups_then_that_of_the_workflow(
    ana: dict[str, Any], mine: tuple[str, ...], hours: dict[str, Any], country: str
) -> None:
    found = Calendars(groups(**ana)).of(To(person=ANA.model_copy(update={"groups": mine})))

    assert (found.hours, found.country) == (WorkingHours.model_validate(hours), country)
    assert found.zone == ZoneInfo("Asia/Kathmandu")  # Slack knows better


def test_somebody_whom_config_only_names_keeps_the_zone_that_slack_says_if_it_is_known() -> None:
    known = (ANA.model_copy(update={"zone": "Asia/Tokyo"}),)

    for name in ("Ana@example.com", "U0ANA00001"):
        assert Calendars(flow(), known=known).of(To(name=name)).zone == ZoneInfo("Asia/Tokyo")
    assert Calendars(flow(), known=known).of(To(name="rui@example.com")).zone == ZoneInfo("Europe/Lisbon")


def test_the_groups_that_matter_are_those_of_which_config_says_something() -> None:
    assert groups_noted([groups(), flow()]) == {"@delivery-leads", "S0SHIFT001"}


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe", "\x00"])
def test_a_zone_that_is_none_is_that_of_the_workflow(zone: str | None) -> None:
    calendar = Calendars(flow()).of_person(ANA.model_copy(update={"zone": zone}))

    assert calendar.zone == ZoneInfo("Europe/Lisbon")


def test_always_is_around_the_clock() -> None:
    assert Calendars(flow(working_hours="always")).of(None).hours is None


def test_somebody_who_always_works_does_so_where_others_do_not() -> None:
    always = workflow(defaults={"working_hours": OFFICE}, people={"ana@example.com": {"working_hours": "always"}})

    assert Calendars(always).of(To(person=ANA)).hours is None
    assert Calendars(always).of(To(person=SAM)).hours is not None


def test_holidays_are_those_that_were_given() -> None:
    def carnival(country: str, day: date) -> bool:
        return (country, day) == ("PT", date(2026, 2, 17))

    assert Calendars(flow(), carnival).of(None).holidays is carnival
    assert Calendars(flow()).of(None).holidays is no_holidays
