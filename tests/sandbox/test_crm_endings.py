"""Deals that are deleted, restored and merged in the toy CRM: what the API then answers, and what the bot is told."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.crm_helpers import Bench, bench, wait_for

CRM = "/sandbox/crm/deals"
API = "/crm/v3/objects/deals"


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


@pytest.fixture
def harbour(crm: Bench) -> str:
    return crm.deal("Harbour & Vine")


def told(crm: Bench, events: int = 1) -> list[Any]:
    """What the bot was told, once it was told so much."""
    wait_for(lambda: len(crm.bot.events) >= events and crm.crm.outbox.pending == 0)
    return crm.bot.events


def modified(crm: Bench, deal: str) -> str:
    answer = crm.get(f"{API}/{deal}")
    assert answer["updatedAt"] == answer["properties"]["hs_lastmodifieddate"]
    return str(answer["updatedAt"])


def test_a_deleted_deal_is_a_404_and_archived(crm: Bench, fjord: str) -> None:
    assert crm.post(f"{CRM}/{fjord}/delete", {})["deal"]["archived"] is True
    for method, path, body in (
        ("GET", f"{API}/{fjord}", None),
        ("PATCH", f"{API}/{fjord}", {"properties": {"amount": "1"}}),
        ("GET", f"/crm/v4/objects/deals/{fjord}/associations/notes", None),
        ("GET", f"{CRM}/{fjord}", None),
        ("POST", f"{CRM}/{fjord}/delete", {}),
    ):
        assert crm.api.request(method, path, json=body).status_code == 404
    assert crm.get(f"{API}/{fjord}?archived=true")["archived"] is True
    assert fjord not in [one["id"] for one in crm.get(CRM)["deals"]]


def test_a_restored_deal_has_all_it_had_and_a_later_time(crm: Bench, fjord: str) -> None:
    before = crm.get(f"{CRM}/{fjord}")["deal"]
    since = modified(crm, fjord)
    crm.post(f"{CRM}/{fjord}/delete", {})
    after = crm.post(f"{CRM}/Fjordlight Robotics/restore", {})["deal"]
    assert modified(crm, fjord) > since
    assert (after["contacts"], after["stage"]) == (before["contacts"], before["stage"])
    assert after["properties"]["amount"] == "48000"


def test_only_what_is_in_the_bin_is_restored(crm: Bench, fjord: str, harbour: str) -> None:
    crm.post(f"{CRM}/{fjord}/merge", {"into": harbour})
    for deal in (fjord, harbour, "1", "nobody"):
        assert crm.api.post(f"{CRM}/{deal}/restore", json={}).status_code == 404


def test_a_merged_deal_answers_with_what_remains(crm: Bench, fjord: str, harbour: str) -> None:
    since = modified(crm, harbour)
    kept = crm.post(f"{CRM}/{fjord}/merge", {"into": "Harbour & Vine"})["deal"]
    assert kept["id"] == harbour
    assert crm.get(f"{API}/{fjord}") == crm.get(f"{API}/{harbour}")
    assert modified(crm, harbour) > since
    assert kept["properties"]["amount"] == "9600"
    assert kept["properties"]["kickoff_preference"] == "Call"
    assert {one["email"] for one in kept["contacts"]} == {"noor@harbourvine.example", "ingrid@fjordlight.example"}
    assert crm.get(f"/crm/v4/objects/deals/{fjord}/associations/contacts")["results"] == []
    assert len(crm.get(f"/crm/v4/objects/deals/{harbour}/associations/contacts")["results"]) == 2


def test_a_merge_anew_makes_a_third_deal_of_two(crm: Bench, fjord: str, harbour: str) -> None:
    kept = crm.post(f"{CRM}/{fjord}/merge", {"into": harbour, "anew": True})["deal"]
    assert kept["id"] not in {fjord, harbour}
    assert {crm.get(f"{API}/{old}")["id"] for old in (fjord, harbour, kept["id"])} == {kept["id"]}
    assert crm.get(f"{API}/{kept['id']}")["properties"]["hs_object_id"] == kept["id"]
    assert len(crm.get(f"{CRM}/{kept['id']}")["deal"]["contacts"]) == 2
    assert [one["id"] for one in crm.get(CRM)["deals"] if one["name"] == "Harbour & Vine"] == [kept["id"]]


def test_a_merge_into_a_merged_deal_leads_to_the_last_one(crm: Bench, fjord: str, harbour: str) -> None:
    tidewater = crm.deal("Tidewater Schools")
    crm.post(f"{CRM}/{fjord}/merge", {"into": harbour})
    crm.post(f"{CRM}/{harbour}/merge", {"into": tidewater})
    assert crm.get(f"{API}/{fjord}")["id"] == tidewater
    crm.post(f"{CRM}/{tidewater}/delete", {})
    assert crm.api.get(f"{API}/{fjord}").status_code == 404


@pytest.mark.parametrize("into", ["Fjordlight Robotics", "nobody", None])
def test_a_merge_that_makes_no_sense_does_nothing(crm: Bench, fjord: str, into: str | None) -> None:
    assert crm.api.post(f"{CRM}/{fjord}/merge", json={"into": into}).status_code in {400, 404}
    assert crm.get(f"{API}/{fjord}")["archived"] is False
    assert crm.bot.received == []


@pytest.mark.parametrize(
    ("form", "key", "thing"),
    [
        ("classic", "subscriptionType", "deal"),
        ("generic", "subscriptionType", "object"),
        ("eventType", "eventType", "deal"),
    ],
)
def test_each_end_is_told_in_each_form(crm: Bench, fjord: str, harbour: str, form: str, key: str, thing: str) -> None:
    for path, body in (("delete", {}), ("restore", {}), ("merge", {"into": harbour})):
        crm.post(f"{CRM}/{fjord}/{path}", {**body, "form": form})
    events = sorted(told(crm, 3), key=lambda event: event["occurredAt"])
    assert [event[key] for event in events] == [f"{thing}.deletion", f"{thing}.restore", f"{thing}.merge"]
    assert [event["objectId"] for event in events] == [int(fjord), int(fjord), int(harbour)]
    assert all(("objectTypeId" in event) == (form == "generic") for event in events)
    assert all("propertyName" not in event for event in events)
    assert len({event["subscriptionId"] for event in events}) == 3


def test_a_merge_tells_who_won_who_lost_and_what_is_new(crm: Bench, fjord: str, harbour: str) -> None:
    kept = crm.post(f"{CRM}/{fjord}/merge", {"into": harbour, "anew": True, "copies": 2})["deal"]
    first, again = told(crm, 2)
    assert first == again
    assert (first["primaryObjectId"], first["mergedObjectIds"]) == (int(harbour), [int(fjord)])
    assert first["newObjectId"] == first["objectId"] == int(kept["id"])
    assert first["numberOfPropertiesMoved"] > 0


def test_a_deletion_through_the_api_comes_back_as_integration_once(crm: Bench, fjord: str) -> None:
    assert [crm.api.delete(f"{API}/{fjord}").status_code for _ in range(2)] == [204, 204]
    (event,) = told(crm)
    assert (event["subscriptionType"], event["changeSource"]) == ("deal.deletion", "INTEGRATION")


def test_a_note_moves_the_time_of_its_deal_and_is_listed_page_by_page(crm: Bench, fjord: str) -> None:
    since = modified(crm, fjord)
    to_deal = {"to": {"id": fjord}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 214}]}
    made = []
    for text in ("one", "two", "three"):
        properties = {"hs_timestamp": "2026-11-16T10:00:00Z", "hs_note_body": f"<p>{text}</p>"}
        reply = crm.api.post("/crm/v3/objects/notes", json={"properties": properties, "associations": [to_deal]})
        made.append(reply.json()["id"])
    assert modified(crm, fjord) > since
    path = f"/crm/v4/objects/deals/{fjord}/associations/notes"
    first = crm.get(f"{path}?limit=2")
    rest = crm.get(f"{path}?limit=2&after={first['paging']['next']['after']}")
    assert [row["toObjectId"] for row in [*first["results"], *rest["results"]]] == made
    assert "paging" not in rest
    filters = [{"propertyName": "associations.deal", "operator": "EQ", "value": fjord}]
    assert crm.post("/crm/v3/objects/notes/search", {"filterGroups": [{"filters": filters}]})["total"] == 3


def test_a_note_is_shown_as_the_text_it_has(crm: Bench, fjord: str) -> None:
    body = "<p>Sam said:<br>a &lt;b&gt; &amp; c</p><script>x</script>"
    to_deal = {"to": {"id": fjord}, "types": [{"associationTypeId": 214}]}
    properties = {"hs_timestamp": "2026-11-16T10:00:00Z", "hs_note_body": body}
    crm.api.post("/crm/v3/objects/notes", json={"properties": properties, "associations": [to_deal]})
    (note,) = crm.get(f"{CRM}/{fjord}")["deal"]["notes"]
    assert note["text"] == "Sam said:\na <b> & c\nx"
    panel = crm.api.get(f"/board/deal/{fjord}").text
    assert "a &lt;b&gt; &amp; c" in panel
    assert "<script>x" not in panel


def test_a_note_that_is_too_long_is_refused(crm: Bench) -> None:
    properties = {"hs_timestamp": "2026-11-16T10:00:00Z", "hs_note_body": "x" * 65_537}
    reply = crm.api.post("/crm/v3/objects/notes", json={"properties": properties})
    assert (reply.status_code, reply.json()["category"]) == (400, "VALIDATION_ERROR")


def test_a_fault_of_one_call_spares_the_others(crm: Bench, fjord: str) -> None:
    crm.post("/sandbox/crm/faults", {"kind": "5xx", "only": f"PATCH {API}/{fjord}"})
    assert crm.api.get(f"{API}/{fjord}").status_code == 200
    assert crm.api.patch(f"{API}/{fjord}", json={"properties": {"amount": "1"}}).status_code == 503
    assert crm.get("/sandbox/crm/faults")["faults"][0]["struck"] == 1
    assert crm.api.post("/sandbox/crm/faults", json={"kind": "5xx", "only": 7}).status_code == 400
