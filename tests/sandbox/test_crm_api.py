"""The toy CRM's HubSpot API, over a real network."""

from collections.abc import Iterator

import pytest

from sandbox.crm.wire import KINDS
from tests.sandbox.crm_helpers import Bench, bench

DEALS = "/crm/v3/objects/deals"


@pytest.fixture(scope="module")
def servers() -> Iterator[Bench]:
    with bench() as running:
        yield running


@pytest.fixture
def crm(servers: Bench) -> Bench:
    return servers.renew()


@pytest.fixture
def fjord(crm: Bench) -> str:
    return f"{DEALS}/{crm.deal('Fjordlight Robotics')}"


def patch(crm: Bench, path: str, **properties: object) -> tuple[int, dict[str, object]]:
    reply = crm.api.patch(path, json={"properties": properties})
    return reply.status_code, reply.json()


def test_read_without_properties_answers_the_defaults(crm: Bench, fjord: str) -> None:
    deal = crm.get(fjord)
    assert set(deal["properties"]) == {
        *("amount", "closedate", "createdate", "dealname"),
        *("dealstage", "hs_lastmodifieddate", "hs_object_id", "pipeline"),
    }
    assert deal["properties"]["amount"] == "48000"
    assert int(deal["id"]) > 2**31
    assert deal["archived"] is False
    assert "associations" not in deal


def test_read_with_properties_leaves_unknown_names_out_and_unset_ones_null(crm: Bench, fjord: str) -> None:
    properties = crm.get(f"{fjord}?properties=buyer_goals,start_date&properties=no_such_name")["properties"]
    assert properties["buyer_goals"] is None
    assert len(properties["start_date"]) == 10
    assert "no_such_name" not in properties
    assert "amount" not in properties
    assert properties["hs_object_id"] == fjord.rpartition("/")[2]


def test_read_with_associations_lists_a_primary_company_twice(crm: Bench, fjord: str) -> None:
    found = crm.get(f"{fjord}?associations=contacts,companies,tasks")["associations"]
    assert [row["type"] for row in found["contacts"]["results"]] == ["deal_to_contact"]
    assert [row["type"] for row in found["companies"]["results"]] == ["deal_to_company", "deal_to_company_unlabeled"]
    assert "tasks" not in found
    contact = crm.get(f"/crm/v3/objects/contacts/{found['contacts']['results'][0]['id']}")
    assert contact["properties"]["email"] == "ingrid@fjordlight.example"


def test_v4_associations_carry_ids_as_text_and_types(crm: Bench, fjord: str) -> None:
    rows = crm.get(f"{fjord.replace('v3', 'v4')}/associations/contacts")["results"]
    assert isinstance(rows[0]["toObjectId"], str)
    assert rows[0]["associationTypes"] == [{"category": "HUBSPOT_DEFINED", "typeId": 3, "label": None}]


def test_read_by_object_type_id_is_the_same_deal(crm: Bench, fjord: str) -> None:
    assert crm.get(fjord.replace("deals", "0-3")) == crm.get(fjord)


@pytest.mark.parametrize("path", [f"{DEALS}/1", f"{DEALS}/undefined", "/crm/v3/objects/contacts/7"])
def test_read_of_an_unknown_id_is_hubspots_404(crm: Bench, path: str) -> None:
    reply = crm.api.get(path)
    assert (reply.status_code, reply.json()["category"]) == (404, "OBJECT_NOT_FOUND")
    assert reply.json()["correlationId"]


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer wrong", "Basic pat-test", "pat-test"])
def test_a_wrong_token_is_refused_and_nothing_is_done(crm: Bench, fjord: str, value: str) -> None:
    body = {"properties": {"amount": "1"}}
    reply = crm.api.patch(fjord, json=body, headers={"Authorization": value})
    assert (reply.status_code, reply.json()["category"]) == (401, "INVALID_AUTHENTICATION")
    assert crm.get(fjord)["properties"]["amount"] == "48000"


def test_patch_writes_text_and_moves_the_modified_time(crm: Bench, fjord: str) -> None:
    before = crm.get(fjord)
    status, after = patch(crm, fjord, buyer_goals="Fewer <b>errors</b>", amount="50000.00")
    assert status == 200
    again = crm.get(f"{fjord}?properties=buyer_goals,amount")["properties"]
    assert (again["buyer_goals"], again["amount"]) == ("Fewer <b>errors</b>", "50000.00")
    assert again["hs_lastmodifieddate"] > before["properties"]["hs_lastmodifieddate"]
    assert after["updatedAt"] == again["hs_lastmodifieddate"]


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("no_such_name", "x", "PROPERTY_DOESNT_EXIST"),
        ("amount", 12, "INVALID_TYPE"),
        ("amount", "twelve", "INVALID_DOUBLE"),
        ("kickoff_preference", "By fax", "INVALID_OPTION"),
        ("start_date", "next week", "INVALID_DATE"),
        ("dealstage", "6f0d2c1e-9a44-4b7d-8f53-2e71c0a9d5b8", "INVALID_OPTION"),
        ("hubspot_owner_id", "17", "INVALID_OWNER_ID"),
        ("hs_lastmodifieddate", "2026-01-01", "READ_ONLY_VALUE"),
    ],
)
def test_patch_with_one_bad_value_writes_nothing(crm: Bench, fjord: str, name: str, value: object, error: str) -> None:
    status, body = patch(crm, fjord, risk_notes="must not be kept", **{name: value})
    assert (status, body["category"]) == (400, "VALIDATION_ERROR")
    assert f'"error":"{error}"' in str(body["message"])
    assert crm.get(f"{fjord}?properties=risk_notes")["properties"]["risk_notes"] is None
    assert crm.bot.received == []


def test_half_a_surrogate_pair_becomes_a_question_mark(crm: Bench, fjord: str) -> None:
    reply = crm.api.patch(fjord, content=rb'{"properties": {"risk_notes": "a \ud83d b"}}')
    assert reply.status_code == 200
    assert crm.get(f"{fjord}?properties=risk_notes")["properties"]["risk_notes"] == "a ? b"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"amount": "1"}', b"\xff\xfe", b"[" * 100_000])
def test_patch_with_a_malformed_body_is_a_400(crm: Bench, fjord: str, body: bytes) -> None:
    assert crm.api.patch(fjord, content=body).status_code == 400


def test_list_pages_through_every_deal_once(crm: Bench) -> None:
    seen: list[str] = []
    after: str | None = "0"
    while after:
        page = crm.get(f"{DEALS}?limit=3&after={after}")
        seen += [deal["id"] for deal in page["results"]]
        after = page.get("paging", {}).get("next", {}).get("after")
    assert seen == [deal.id for deal in crm.crm.all("deals")]


def test_batch_read_names_what_it_did_not_find(crm: Bench, fjord: str) -> None:
    wanted = fjord.rpartition("/")[2]
    body = {"properties": ["dealname"], "inputs": [{"id": wanted}, {"id": "1"}]}
    reply = crm.api.post(f"{DEALS}/batch/read", json=body)
    assert reply.status_code == 207
    assert [one["id"] for one in reply.json()["results"]] == [wanted]
    assert reply.json()["errors"][0]["context"] == {"ids": ["1"]}


def test_a_task_is_created_linked_found_and_completed(crm: Bench, fjord: str) -> None:
    deal_id = fjord.rpartition("/")[2]
    to_deal = {"to": {"id": deal_id}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 216}]}
    properties = {"hs_timestamp": "2026-12-01T09:00:00Z", "hs_task_subject": "Kick off", "hs_task_body": "ref baton-77"}
    reply = crm.api.post("/crm/v3/objects/tasks", json={"properties": properties, "associations": [to_deal]})
    assert reply.status_code == 201
    filters = [
        {"propertyName": "associations.deal", "operator": "EQ", "value": deal_id},
        {"propertyName": "hs_task_body", "operator": "CONTAINS_TOKEN", "value": "baton-77"},
    ]
    found = crm.api.post("/crm/v3/objects/tasks/search", json={"filterGroups": [{"filters": filters}]}).json()
    assert [one["id"] for one in found["results"]] == [reply.json()["id"]]
    task = f"/crm/v3/objects/tasks/{reply.json()['id']}"
    assert patch(crm, task, hs_task_status="COMPLETED")[0] == 200
    shown = crm.get(f"/sandbox/crm/deals/{deal_id}")["deal"]["tasks"]
    assert [one["hs_task_status"] for one in shown] == ["COMPLETED"]
    assert crm.bot.received == []


def test_a_task_without_a_due_time_or_with_a_bad_link_is_refused(crm: Bench) -> None:
    path = "/crm/v3/objects/tasks"
    assert crm.api.post(path, json={"properties": {"hs_task_subject": "x"}}).status_code == 400
    bad = [{"to": {"id": "1"}, "types": [{"associationTypeId": 216}]}, {"to": {}}, {"types": []}, 7]
    for link in bad:
        body = {"properties": {"hs_timestamp": "2026-12-01"}, "associations": [link]}
        assert crm.api.post(path, json=body).status_code == 400
    assert crm.crm.all("tasks") == []


def test_a_note_is_attached_to_the_deal(crm: Bench, fjord: str) -> None:
    link = {"to": {"id": fjord.rpartition("/")[2]}, "types": [{"associationTypeId": 214}]}
    body = {
        "properties": {"hs_timestamp": "1796000000000", "hs_note_body": "<p>Sam said so</p>"},
        "associations": [link],
    }
    assert crm.api.post("/crm/v3/objects/notes", json=body).status_code == 201
    assert "notes" in crm.get(f"{fjord}?associations=notes")["associations"]


def test_search_sorts_pages_and_refuses_unknown_operators(crm: Bench) -> None:
    group = {"filters": [{"propertyName": "amount", "operator": "GTE", "value": "18000"}]}
    body = {
        "filterGroups": [group],
        "sorts": [{"propertyName": "amount", "direction": "DESCENDING"}],
        "properties": ["amount"],
        "limit": 2,
    }
    first = crm.post(f"{DEALS}/search", body)
    assert [one["properties"]["amount"] for one in first["results"]] == ["125000.50", "64000"]
    second = crm.post(f"{DEALS}/search", body | {"after": first["paging"]["next"]["after"]})
    assert [one["properties"]["amount"] for one in second["results"]] == ["48000", "31500"]
    wrong = {"filterGroups": [{"filters": [{"propertyName": "amount", "operator": "LIKE", "value": "1"}]}]}
    assert crm.api.post(f"{DEALS}/search", json=wrong).status_code == 400


def test_an_owner_who_has_left_is_found_only_when_asked_for(crm: Bench) -> None:
    left = next(owner for owner in crm.crm.owners.values() if owner.archived)
    assert crm.api.get(f"/crm/v3/owners/{left.id}").status_code == 404
    assert crm.get(f"/crm/v3/owners/{left.id}?archived=true")["email"] == left.email
    sam = crm.get("/crm/v3/owners?email=sam@example.com")["results"][0]
    assert crm.get(f"/crm/v3/owners/{sam['userId']}?idProperty=userId") == sam


def test_pipelines_have_ids_as_words_digits_and_uuids(crm: Bench) -> None:
    found = crm.get("/crm/v3/pipelines/deals")["results"]
    ids = {stage["id"] for pipeline in found for stage in pipeline["stages"]}
    assert {"closedwon", "1039847712", "6f0d2c1e-9a44-4b7d-8f53-2e71c0a9d5b8"} <= ids
    won = next(stage for stage in found[0]["stages"] if stage["id"] == "closedwon")
    assert won["metadata"] == {"isClosed": "true", "probability": "1.0"}
    assert crm.get("/crm/v3/pipelines/0-3/default/stages")["results"] == found[0]["stages"]


def test_properties_tell_types_and_options(crm: Bench) -> None:
    found = {one["name"]: one for one in crm.get("/crm/v3/properties/deals")["results"]}
    assert [one["value"] for one in found["kickoff_preference"]["options"]] == ["Call", "On site", "Async"]
    assert found["start_date"]["type"] == "date"
    assert crm.get("/crm/v3/properties/deals/start_date") == found["start_date"]
    assert crm.api.get("/crm/v3/properties/deals/nothing").status_code == 404


def test_the_limit_of_calls_answers_429_and_does_nothing(crm: Bench, fjord: str) -> None:
    crm.crm.calls.limit = 3
    answers = [patch(crm, fjord, amount=str(number))[0] for number in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert crm.crm.records["deals"][fjord.rpartition("/")[2]].properties["amount"] == "2"


def test_an_archived_deal_is_gone_until_asked_for(crm: Bench, fjord: str) -> None:
    assert crm.api.delete(fjord).status_code == 204
    assert crm.api.get(fjord).status_code == 404
    assert crm.get(f"{fjord}?archived=true")["archived"] is True


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("search", {"filterGroups": 7}),
        ("search", {"filterGroups": [{"filters": "x"}]}),
        ("search", {"limit": "\u00b2"}),
        ("search", {"after": 10**30}),
        ("search", {"properties": [7]}),
        ("batch/read", {"inputs": {"id": "1"}}),
        ("", {"properties": {"dealname": "x"}, "associations": "x"}),
    ],
)
def test_a_body_of_the_wrong_shape_is_a_400(crm: Bench, path: str, body: object) -> None:
    assert crm.api.post(f"{DEALS}/{path}".rstrip("/"), json=body).status_code == 400


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "after=x", "limit=%C2%B2", "associations=cats"])
def test_a_query_that_makes_no_sense_is_a_400(crm: Bench, query: str) -> None:
    assert crm.api.get(f"{DEALS}?{query}").status_code == 400


@pytest.mark.parametrize("alias", sorted(KINDS))
def test_every_kind_is_listed_by_each_of_its_names(crm: Bench, alias: str) -> None:
    assert "results" in crm.get(f"/crm/v3/objects/{alias}")
