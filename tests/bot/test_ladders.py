"""`baton ladder` prints when each reminder would fall, in somebody's own time, holidays left out."""

import os
import subprocess
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.ladders import lines, moment
from handoff.calendars import Calendars
from handoff.errors import ConfigError
from handoff.ladder import next_nag
from handoff.model import Person
from handoff.notices import Nag
from tests.bot.moving import reviewed_workflow
from tests.commands import command
from tests.factories import NOW, handoff

OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:30"}
PORTUGAL = {"working_hours": OFFICE, "holidays": "PT", "time_zone": "Europe/Lisbon", "ops_channel": "#ops"}
MANAGED = [{"after": "1h", "to": "manager of rep"}, {"after": "2h", "to": "ops_channel"}]
THURSDAY = datetime(2026, 4, 2, 16, 0, tzinfo=ZoneInfo("Europe/Lisbon"))  # before Good Friday


def test_rungs_fall_into_working_time_and_skip_a_holiday() -> None:
    shown = list(lines(reviewed_workflow(defaults=PORTUGAL), THURSDAY, "Europe/Lisbon"))

    assert shown[:2] == [
        "Sales to delivery. Waiting since Thu 02 Apr 2026 16:00 (Europe/Lisbon).",
        "Working time: Mon, Tue, Wed, Thu, Fri, 09:00 to 17:30, except public holidays in PT.",
    ]
    assert shown[3:9] == [
        "rep: while the rep has not answered",
        "   1. Mon 06 Apr 2026 09:30  rep  (after 2h)",
        "   2. Mon 06 Apr 2026 16:00  rep  (after 1d)",
        "   3. passed over, because no manager is known for the rep  (after 2d, to manager of rep)",
        "   4. Wed 08 Apr 2026 16:00  rep  (every 1d)",
        "   5. Thu 09 Apr 2026 16:00  rep  (every 1d)",
    ]
    names = [line.partition(":")[0] for line in shown if line and not line.startswith(" ")]
    assert names[2:6] == ["rep", "reviewer", "channel", "owner"]


def test_a_rung_that_would_reach_nobody_says_why_and_whoever_is_known_is_reached() -> None:
    workflow = reviewed_workflow(defaults={**PORTUGAL, "ops_channel": None}, nags={"rep": MANAGED, "owner": MANAGED})

    without = "\n".join(lines(workflow, THURSDAY, "Europe/Lisbon"))
    shown = "\n".join(lines(workflow, THURSDAY, "Europe/Lisbon", "sam@example.com"))

    assert "   1. passed over, because no manager is known for the rep  (after 1h, to manager of rep)" in without
    assert "   2. passed over, because defaults.ops_channel is not set  (after 2h, to ops_channel)" in without
    assert "With --person and an e-mail address" in without
    assert "   1. Thu 02 Apr 2026 17:00  manager of rep (rui@example.com)  (after 1h)" in shown
    assert "With --person" not in shown


def test_rungs_are_those_that_the_ladder_itself_would_write() -> None:
    workflow = reviewed_workflow(defaults=PORTUGAL)
    somebody = Person(name="Sam", email="sam@example.com", slack_id="U0SAM00001", zone="Europe/Lisbon")
    shown = [
        line.partition("  rep  ")[0].strip() for line in lines(workflow, THURSDAY, "Europe/Lisbon") if "  rep  " in line
    ]

    since = THURSDAY.astimezone(UTC)
    for step, line in enumerate(shown[:2]):
        (nag,), _ = next_nag(handoff(asked=somebody), Calendars(workflow, _easter), "rep", step, since, "")
        assert isinstance(nag, Nag)
        since = nag.due_at
        assert line == f"{step + 1}. {since.astimezone(ZoneInfo('Europe/Lisbon')):%a %d %b %Y %H:%M}"


def _easter(country: str, day: object) -> bool:
    return country == "PT" and str(day) == "2026-04-03"


def test_what_the_config_says_of_a_person_counts() -> None:
    people = {"night@example.com": {"working_hours": {"days": ["sat", "sun"], "from": "22:00", "to": "06:00"}}}
    workflow = reviewed_workflow(defaults=PORTUGAL, people=people)

    shown = list(lines(workflow, THURSDAY, "Asia/Kathmandu", "night@example.com"))

    assert shown[1] == "Working time: Sat, Sun, 22:00 to 06:00, except public holidays in PT."
    assert shown[4].startswith("   1. Sun 05 Apr 2026 00:00")


def test_around_the_clock_and_a_ladder_without_rungs_say_so() -> None:
    shown = list(lines(reviewed_workflow(nags={"rep": [{"after": "2h", "to": "rep"}]}), NOW, "UTC"))

    assert shown[1] == "Working time: around the clock."
    assert shown[4] == "   1. Mon 02 Mar 2026 11:00  rep  (after 2h)"
    assert shown.count("  no reminders") == 3


@pytest.mark.parametrize(
    ("text", "zone", "said"),
    [
        ("soon", "UTC", "'soon' is not a moment. Write one such as 2026-03-06T16:00."),
        ("", "Europe/Atlantis", "'Europe/Atlantis' is not a time zone. Write one such as Europe/Lisbon."),
        ("", "../etc/passwd", "'../etc/passwd' is not a time zone. Write one such as Europe/Lisbon."),
    ],
)
def test_a_moment_or_zone_that_is_none_says_what_to_write(text: str, zone: str, said: str) -> None:
    with pytest.raises(ConfigError) as found:
        moment(text, zone, NOW)

    assert str(found.value) == said


def test_a_moment_is_in_the_zone_unless_it_names_another() -> None:
    assert moment("2026-03-06T16:00", "Asia/Tokyo", NOW) == datetime(2026, 3, 6, 7, 0, tzinfo=UTC)
    assert moment("2026-03-06T16:00+00:00", "Asia/Tokyo", NOW) == datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
    assert moment("", "Asia/Tokyo", NOW) == NOW


def baton(*words: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"]}
    return command(environment, "ladder", *words)


def test_the_command_prints_the_shipped_ladders() -> None:
    found = baton("sales-to-delivery", "--at", "2026-03-06T16:00", "--zone", "Europe/Lisbon")

    assert found.returncode == 0, found.stderr
    assert "Waiting since Fri 06 Mar 2026 16:00 (Europe/Lisbon)" in found.stdout
    assert "rep: while the rep has not answered" in found.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sales-to-nobody",), "has no workflow 'sales-to-nobody'. It has: "),
        (("sales-to-delivery", "--zone", "Mars"), "'Mars' is not a time zone."),
        (("sales-to-delivery", "--at", "noon"), "'noon' is not a moment."),
    ],
)
def test_the_command_says_in_a_sentence_what_is_wrong(words: tuple[str, ...], said: str) -> None:
    found = baton(*words)

    assert found.returncode == 1
    assert said in found.stderr
    assert "Traceback" not in found.stderr
    assert found.stdout == ""
