"""Whether somebody can be reminded now, asked of the local Slack over the network."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from slack_sdk import WebClient

from bot.presence import SlackPresence
from handoff.courtesy import Presence
from handoff.model import Person
from sandbox import serve
from sandbox.seed import PRIYA
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import read_manifest
from sandbox.world import Sandbox, Settings
from tests.running import ROOT

SOMEBODY = Person(name="Priya Nair", slack_id=PRIYA)
HOUR = timedelta(hours=1)


@dataclass
class Office:
    """A local Slack, and the client that asks it."""

    sandbox: Sandbox
    client: WebClient
    http: httpx.Client

    def now(self, who: Person = SOMEBODY) -> Presence:
        """How somebody is, with nothing remembered."""
        return SlackPresence(self.client).of(who, datetime.now(UTC))

    def change(self, **what: object) -> None:
        """What Priya sets in Slack."""
        assert self.http.post("/sandbox/users", json={"name": "priya", **what}).is_success

    def fails(self, method: str) -> None:
        """From now on Slack does not answer this."""
        assert self.http.post("/sandbox/faults", json={"method": method, "kind": "5xx", "rate": 1}).is_success

    def calls(self) -> int:
        """How often Slack was asked."""
        return len([entry for entry in self.sandbox.traffic.since(0) if entry["direction"] == "in"])


@pytest.fixture(scope="module")
def sandbox() -> Iterator[tuple[Sandbox, str]]:
    world = Sandbox(settings=Settings(), manifest=read_manifest(ROOT / "manifest.yml"), limits=Limits(enabled=False))
    with serve.running(world) as address:
        yield world, address


@pytest.fixture
def office(sandbox: tuple[Sandbox, str]) -> Iterator[Office]:
    world, address = sandbox
    with httpx.Client(base_url=address) as http:
        client = WebClient(world.settings.bot_token, base_url=f"{address}/api/", timeout=5, retry_handlers=[])
        office = Office(world, client, http)
        yield office
        assert http.delete("/sandbox/faults").is_success
        office.change(tz="Europe/London", deleted=False, status_text="", status_emoji="", dnd_until=0)


def test_somebody_at_work_is_there_in_the_zone_they_set(office: Office) -> None:
    office.change(tz="Asia/Kathmandu")

    assert office.now() == Presence(zone="Asia/Kathmandu")


@pytest.mark.parametrize(
    "status",
    [
        {"status_emoji": ":palm_tree:"},
        {"status_emoji": ":face_with_thermometer:"},
        {"status_text": "Vacationing"},
        {"status_text": "Out of the office until Monday"},
        {"status_text": "OOO, ask Dana"},
        {"status_text": "on parental leave"},
        {"status_text": "PTO"},
        {"status_emoji": ":house:", "status_text": "Out sick"},
    ],
)
def test_a_status_that_says_so_is_away(office: Office, status: dict[str, str]) -> None:
    office.change(**status)

    assert office.now().is_away


@pytest.mark.parametrize(
    "status",
    [
        {"status_emoji": ":house_with_garden:", "status_text": "Working remotely"},
        {"status_emoji": ":spiral_calendar_pad:", "status_text": "In a meeting"},
        {"status_text": "Planning the vacationland project"},
        {"status_text": "Laptop trouble"},
        {"status_text": "Leaving at five"},
        {},
    ],
)
def test_any_other_status_is_there(office: Office, status: dict[str, str]) -> None:
    office.change(**status)

    assert not office.now().is_away


def test_do_not_disturb_lasts_until_slack_says(office: Office) -> None:
    until = int(time.time()) + 3600
    office.change(dnd_until=until)

    assert office.now().quiet_until == datetime.fromtimestamp(until, UTC)


def test_do_not_disturb_that_is_over_is_over(office: Office) -> None:
    office.change(dnd_until=int(time.time()) - 5)

    assert office.now().quiet_until is None


def test_a_deactivated_account_is_gone(office: Office) -> None:
    office.change(deleted=True)

    assert office.now().is_gone


def test_somebody_slack_does_not_know_is_gone(office: Office) -> None:
    assert office.now(Person(name="Nobody", slack_id="U0NOBODY99")).is_gone


def test_somebody_without_an_account_counts_as_there_and_slack_is_not_asked(office: Office) -> None:
    before = office.calls()

    assert office.now(Person(name="Somebody")) == Presence()
    assert office.calls() == before


@pytest.mark.parametrize(
    ("method", "what_is_left"),
    [
        ("users.info", Presence()),
        ("users.profile.get", Presence(zone="Europe/Lisbon", quiet_until=datetime.fromtimestamp(2_000_000_000, UTC))),
        ("dnd.info", Presence(zone="Europe/Lisbon", is_away=True)),
    ],
)
def test_what_slack_does_not_say_counts_as_there(office: Office, method: str, what_is_left: Presence) -> None:
    office.change(tz="Europe/Lisbon", status_emoji=":palm_tree:", dnd_until=2_000_000_000)
    office.fails(method)

    assert office.now() == what_is_left


def test_an_answer_is_remembered_for_a_while(office: Office) -> None:
    presence = SlackPresence(office.client)
    first = presence.of(SOMEBODY, datetime.now(UTC))
    asked = office.calls()
    office.change(status_emoji=":palm_tree:")

    again = presence.of(SOMEBODY, datetime.now(UTC))

    assert again == first
    assert office.calls() == asked
    assert office.now().is_away
