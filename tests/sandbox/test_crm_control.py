"""What a person can do in the toy CRM, through the outside interface."""

import time
from collections.abc import Iterator

import httpx
import pytest

from tests.sandbox.crm_helpers import Bench, bench

CRM = "/sandbox/crm"


@pytest.fixture(scope="module")
def servers() -> Iterator[Bench]:
    with bench() as running:
        yield running


@pytest.fixture
def crm(servers: Bench) -> Bench:
    return servers.renew()


@pytest.fixture
def fjord(crm: Bench) -> str:
    return crm.deal("Fjordlight Robotics")


def test_the_seed_has_the_deals_the_story_needs(crm: Bench) -> None:
    deals = {deal["name"]: deal for deal in crm.get(f"{CRM}/deals")["deals"]}
    fjord = deals["Fjordlight Robotics"]
    missing = {name for name, value in fjord["properties"].items() if not value}
    assert {"buyer_goals", "promised_deliverables", "risk_notes"} <= missing
    assert not {"amount", "closedate", "signed_scope_url", "start_date", "client_expects_next"} & missing
    assert fjord["contacts"][0]["email"] == "ingrid@fjordlight.example"
    assert fjord["owner"]["email"] == "sam@example.com"
    assert deals["Harbour & Vine"]["owner"]["email"] == "marta@example.net"
    assert float(deals["Northwind Bakeries"]["properties"]["discount"]) > 0
    assert len({deal["pipeline"]["id"] for deal in deals.values()}) == 2
    hostile = next(deal for name, deal in deals.items() if "<!channel>" in name)
    assert len(hostile["properties"]["risk_notes"]) == 10_000
    assert "\x00" in hostile["properties"]["buyer_goals"]


def test_a_move_to_an_unknown_stage_says_which_there_are(crm: Bench, fjord: str) -> None:
    reply = crm.api.post(f"{CRM}/deals/{fjord}/move", json={"stage": "Expansion won"})
    assert reply.status_code == 400
    assert "Closed won" in reply.json()["error"]


def test_a_move_in_the_second_pipeline_takes_the_label_and_stores_the_uuid(crm: Bench) -> None:
    second = crm.deal("Fjordlight Robotics, second plant")
    moved = crm.post(f"{CRM}/deals/{second}/move", {"stage": "expansion won"})["deal"]
    assert moved["stage"] == {"id": "6f0d2c1e-9a44-4b7d-8f53-2e71c0a9d5b8", "label": "Expansion won"}
    assert moved["properties"]["hs_is_closed_won"] == "true"


def test_a_deal_is_found_by_its_name_too(crm: Bench, fjord: str) -> None:
    assert crm.get(f"{CRM}/deals/fjordlight robotics")["deal"]["id"] == fjord
    assert crm.api.get(f"{CRM}/deals/nobody").status_code == 404


def test_a_new_deal_gets_owner_contacts_and_the_first_stage(crm: Bench) -> None:
    contacts = [{"email": "kit@bramble.example", "firstname": "Kit"}, "ingrid@fjordlight.example"]
    body = {"properties": {"dealname": "Bramble Foods", "amount": 900}, "owner": "Sam", "contacts": contacts}
    deal = crm.post(f"{CRM}/deals", body)["deal"]
    assert deal["stage"]["id"] == "appointmentscheduled"
    assert deal["owner"]["name"] == "Sam Okafor"
    assert [one["email"] for one in deal["contacts"]] == ["kit@bramble.example", "ingrid@fjordlight.example"]
    assert crm.get(f"/crm/v3/objects/deals/{deal['id']}")["properties"]["amount"] == "900"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("deals", {}),
        ("deals", {"properties": {"amount": "1"}}),
        ("deals", {"properties": {"dealname": "x"}, "owner": "nobody"}),
        ("deals", {"properties": {"dealname": "x"}, "contacts": ["nobody"]}),
        ("deals", {"properties": {"dealname": "x", "pipeline": "none"}}),
        ("deals/Fjordlight Robotics", {"properties": []}),
        ("deals/Fjordlight Robotics", {"properties": {"nothing": "1"}}),
        ("deals/Fjordlight Robotics/move", {"stage": "closedwon", "copies": 0}),
        ("deals/Fjordlight Robotics/move", {"stage": "closedwon", "form": "odd"}),
        ("send", {}),
        ("send", {"events": "x"}),
        ("send", {"events": [{}], "batch": 101}),
        ("faults", {"kind": "odd"}),
        ("faults", {"kind": "429", "rate": "often"}),
        ("send", [1]),
        ("send", {"deals": 7}),
        ("deals", {"properties": {"dealname": "x"}, "contacts": 7}),
        ("deals", {"properties": {"dealname": "x"}, "contacts": [[]]}),
    ],
)
def test_misuse_is_a_400_in_one_sentence(crm: Bench, path: str, body: object) -> None:
    before = len(crm.crm.all("deals"))
    reply = crm.api.post(f"{CRM}/{path}", json=body)
    assert reply.status_code == 400
    assert reply.json()["error"]
    assert len(crm.crm.all("deals")) == before


def test_refused_fields_are_named_one_by_one(crm: Bench, fjord: str) -> None:
    body = {"properties": {"amount": "lots", "start_date": "soon", "risk_notes": "fine"}}
    reply = crm.api.post(f"{CRM}/deals/{fjord}", json=body)
    assert set(reply.json()["fields"]) == {"amount", "start_date"}


@pytest.mark.parametrize(("kind", "status"), [("429", 429), ("5xx", 503)])
def test_a_fault_with_an_answer_does_nothing(crm: Bench, fjord: str, kind: str, status: int) -> None:
    crm.post(f"{CRM}/faults", {"kind": kind, "times": 1})
    path = f"/crm/v3/objects/deals/{fjord}"
    assert crm.api.patch(path, json={"properties": {"amount": "1"}}).status_code == status
    assert crm.get(path)["properties"]["amount"] == "48000"
    assert crm.get(f"{CRM}/faults")["faults"][0]["struck"] == 1


@pytest.mark.parametrize(("kind", "amount"), [("down", "48000"), ("drop", "1")])
def test_a_closed_connection_tells_nothing_but_drop_did_the_work(
    crm: Bench, fjord: str, kind: str, amount: str
) -> None:
    crm.post(f"{CRM}/faults", {"kind": kind, "times": 1})
    path = f"/crm/v3/objects/deals/{fjord}"
    with pytest.raises(httpx.TransportError):
        crm.api.patch(path, json={"properties": {"amount": "1"}})
    assert crm.get(path)["properties"]["amount"] == amount
    assert [call["status"] for call in crm.get(f"{CRM}/calls")["calls"]] == [None, 200]


def test_a_slow_fault_answers_late_and_delete_ends_it(crm: Bench, fjord: str) -> None:
    crm.post(f"{CRM}/faults", {"kind": "slow", "seconds": 0.3})
    started = time.monotonic()
    crm.get(f"/crm/v3/objects/deals/{fjord}")
    assert time.monotonic() - started >= 0.3
    assert crm.api.delete(f"{CRM}/faults").json() == {"faults": []}


def test_a_seeded_fault_strikes_the_same_calls_again(crm: Bench, fjord: str) -> None:
    rounds = []
    for _ in range(2):
        crm.post(f"{CRM}/faults", {"kind": "5xx", "rate": 0.5, "seed": 11})
        rounds.append([crm.api.get(f"/crm/v3/objects/deals/{fjord}").status_code for _ in range(12)])
    assert rounds[0] == rounds[1]
    assert set(rounds[0]) == {200, 503}
