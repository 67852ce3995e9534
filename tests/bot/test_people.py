"""Who is who, and who is in what: asked of the local Slack over the network, counted by its traffic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
from slack_sdk import WebClient

from bot.membership import Membership
from bot.people import SlackPeople
from handoff.model import Person
from handoff.rights import outsider_of
from sandbox import serve
from sandbox.seed import DANA, FRANCES, OLU, PRIYA, RUI
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import read_manifest
from sandbox.slack.state import TEAM_ID, User
from sandbox.world import Sandbox, Settings
from tests.factories import workflow
from tests.running import ROOT

LEADS = {"channel": "#delivery", "may_claim": ["@delivery-leads"]}

OUTSIDE, REVIEW = outsider_of("#delivery"), outsider_of("#deal-review")


@dataclass
class Office:
    sandbox: Sandbox
    people: SlackPeople
    slack: httpx.Client
    client: WebClient

    def asked(self, since: int = 0) -> list[str]:
        """The methods that were called."""
        return [entry["what"] for entry in self.sandbox.traffic.since(0) if entry["direction"] == "in"][since:]

    def add(self, user: User) -> User:
        self.sandbox.workspace.users[user.id] = user
        return user

    def person(self, slack_id: str) -> Person:
        found = self.people.find(slack_id)
        assert found is not None
        return found

    def down(self) -> None:
        assert self.slack.post("/sandbox/faults", json={"method": "*", "kind": "5xx", "rate": 1}).is_success

    def up(self) -> None:
        assert self.slack.delete("/sandbox/faults").is_success


@pytest.fixture
def office() -> Iterator[Office]:
    sandbox = Sandbox(settings=Settings(), manifest=read_manifest(ROOT / "manifest.yml"), limits=Limits(enabled=False))
    with serve.running(sandbox) as address, httpx.Client(base_url=address) as slack:
        client = WebClient(sandbox.settings.bot_token, base_url=f"{address}/api/", timeout=5, retry_handlers=[])
        yield Office(sandbox, SlackPeople(client, TEAM_ID), slack, client)


@pytest.mark.parametrize("who", [PRIYA, "priya@example.com", "@priya"])
def test_a_member_is_found_by_any_of_their_names(office: Office, who: str) -> None:
    priya = Person(name="Priya Nair", email="priya@example.com", slack_id=PRIYA, zone="Asia/Kolkata")

    assert office.people.find(who) == priya


def test_a_person_is_in_those_groups_of_which_config_says_something(office: Office) -> None:
    noting = SlackPeople(office.client, TEAM_ID, {"@Delivery-Leads", "@nobody"})
    priya = noting.find(PRIYA)

    assert priya is not None
    assert priya.groups == ("@delivery-leads",)
    assert noting.presence(priya, datetime.now(UTC)).groups == ("@delivery-leads",)
    assert noting.named(DANA, "dana").groups == ()
    assert office.person(PRIYA).groups == ()
    assert office.people.presence(priya, datetime.now(UTC)).groups is None


def test_whose_group_is_known_keeps_it_while_slack_does_not_answer(office: Office) -> None:
    noting = SlackPeople(office.client, TEAM_ID, {"@delivery-leads"})
    before = noting.named(PRIYA, "priya").groups

    office.down()
    noting.look_again()
    meanwhile = noting.named(PRIYA, "priya").groups

    assert before == meanwhile == ("@delivery-leads",)


def test_guests_and_people_of_other_workspaces_are_marked(office: Office) -> None:
    office.add(User("U0GUEST1", "gil", "Gil Guest", is_restricted=True))
    office.add(User("U0SLY0001", "sly", "Sly Stranger", team_id="T0ELSEWHERE"))

    assert office.person("U0GUEST1").is_guest
    assert office.person("U0SLY0001").is_guest
    assert office.people.named("U0SLY0001", "sly").is_guest
    assert not office.person(PRIYA).is_guest


def test_whoever_has_left_and_what_is_no_person_is_not_known(office: Office) -> None:
    office.add(User("U0LEFT001", "leo", "Leo Left", "leo@example.com", deleted=True))

    assert office.people.find("U0LEFT001") is None
    assert office.people.find("U0BATON") is None


def test_the_time_zone_is_the_one_in_slack(office: Office) -> None:
    assert office.people.zone(PRIYA) == "Asia/Kolkata"
    assert office.people.zone("U0NOBODY1") == "UTC"
    office.down()
    assert office.people.zone(DANA) == "UTC"


def test_roles_are_all_the_names_that_config_may_use(office: Office) -> None:
    roles = office.people.roles(office.person(PRIYA))

    assert set(roles) == {"priya@example.com", PRIYA, "@priya", "S0LEADS", "@delivery-leads"}


def test_one_look_at_the_groups_serves_everybody(office: Office) -> None:
    priya, olu = office.person(PRIYA), office.person(OLU)
    before = len(office.asked())

    first, second = office.people.roles(priya), office.people.roles(olu)

    assert "@delivery-leads" in first
    assert "@finance" in second
    assert office.asked(before) == ["usergroups.list"]


def test_whoever_is_not_in_the_delivery_channel_is_an_outsider(office: Office) -> None:
    assert OUTSIDE not in office.people.roles_on(office.person(DANA), workflow())
    assert OUTSIDE in office.people.roles_on(office.person(OLU), workflow())


def test_the_review_channel_counts_for_itself(office: Office) -> None:
    reviewed = workflow(exceptions={"channel": "#deal-review", "flags": ["Risk"]})

    founder = office.people.roles_on(office.person(FRANCES), reviewed)
    dana = office.people.roles_on(office.person(DANA), reviewed)

    assert (OUTSIDE in founder, REVIEW in founder) == (True, False)
    assert (OUTSIDE in dana, REVIEW in dana) == (False, True)


def test_what_is_remembered_is_answered_without_a_request(office: Office) -> None:
    priya, led = office.person(PRIYA), workflow(delivery=LEADS)
    office.people.roles_on(priya, led)
    before = len(office.asked())

    for _ in range(20):
        assert office.person(PRIYA) == priya
        assert "@delivery-leads" in office.people.roles_on(priya, led)

    assert office.asked(before) == []


def test_nothing_is_asked_about_groups_and_channels_that_do_not_matter(office: Office) -> None:
    named = {name: ["priya@example.com"] for name in ("may_claim", "may_send_back", "may_pause")}
    before = len(office.asked())

    office.people.roles_on(Person(name="Priya", slack_id=PRIYA), workflow(delivery={"channel": "#delivery", **named}))

    assert office.asked(before) == []


def test_a_channel_that_baton_cannot_see_makes_nobody_an_outsider(office: Office) -> None:
    assert office.people.is_member("#nowhere", PRIYA)
    assert office.people.is_member("C0NOWHERE1", PRIYA)


def test_a_slack_that_does_not_answer_makes_nobody_an_outsider_and_is_left_alone(office: Office) -> None:
    office.down()
    before = len(office.asked())

    assert office.people.is_member("#delivery", OLU)
    assert office.people.is_member("#deal-review", OLU)
    assert office.people.roles(Person(name="Priya", slack_id=PRIYA)) == (PRIYA,)

    assert len(office.asked(before)) == 1


def test_what_was_known_holds_while_slack_does_not_answer(office: Office) -> None:
    dana, olu = office.person(DANA), office.person(OLU)
    assert not office.people.is_member("#delivery", OLU)
    office.down()
    _age(office.people)

    office.people.look_again()

    assert not office.people.is_member("#delivery", olu.slack_id or "")
    assert office.people.is_member("#delivery", dana.slack_id or "")


def test_whoever_joined_just_now_is_seen_at_the_second_look(office: Office) -> None:
    assert not office.people.is_member("#delivery", OLU)
    office.slack.post("/sandbox/channels/member", json={"channel": "#delivery", "user": "olu", "in": True})

    assert not office.people.is_member("#delivery", OLU)  # as remembered
    office.people.look_again()
    assert not office.people.is_member("#delivery", OLU)  # it was asked a moment ago
    _age(office.people)
    office.people.look_again()
    assert office.people.is_member("#delivery", OLU)


def _age(people: SlackPeople) -> None:
    """As if what is known of groups and channels had been asked five seconds ago."""
    membership: Membership = people._membership
    for name, known in membership._known.items():
        membership._known[name] = type(known)(known.at - 5, known.value)


def test_people_of_the_config_are_called_by_their_names_and_groups_as_they_are_written(office: Office) -> None:
    rui = office.person(RUI)
    written = ("priya@example.com", FRANCES, f"@{_handle(office, RUI)}", "@delivery-leads", "#deal-review", "S0LEADS1")

    called = office.people.called((*written, "gone@example.com"))

    assert list(called.values()) == ["Priya Nair", "Frances Osei", rui.name, *written[3:], "gone@example.com"]
    assert "users.list" not in office.asked()


def test_people_are_called_as_the_config_writes_them_while_slack_is_down(office: Office) -> None:
    office.down()
    before = len(office.asked())

    assert office.people.called(("priya@example.com", "dana@example.com")) == {
        "priya@example.com": "priya@example.com",
        "dana@example.com": "dana@example.com",
    }
    assert len(office.asked(before)) == 1


def _handle(office: Office, slack_id: str) -> str:
    return str(office.client.users_info(user=slack_id)["user"]["name"])
