"""Reading HubSpot's deals, from the toy CRM and, for answers that it never gives, from a server of one route."""

import contextlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from crm.hubspot_client import HubSpot
from handoff.errors import RecordGone, Unreachable
from handoff.model import Person, Record, RecordRef
from sandbox import serve
from sandbox.crm.model import Pipeline, Stage
from sandbox.world import Sandbox
from tests.crm.hubspot_rig import BARE, UNTIL, answering, api_calls, break_down, call, deal, ref, utc_now


def test_deal_as_it_stands(sandbox: Sandbox, hubspot: HubSpot) -> None:
    record = hubspot.read(ref(sandbox, "Fjordlight Robotics"), ["amount", "buyer_goals", "handoff_status"])

    assert record.name == "Fjordlight Robotics"
    assert record.owner is not None
    assert (record.owner.name, record.owner.email) == ("Sam Okafor", "sam@example.com")
    assert record.fields == {"amount": "48000", "buyer_goals": None, "handoff_status": None}


def test_deal_with_fields_of_its_first_contact_and_company(sandbox: Sandbox, hubspot: HubSpot) -> None:
    record = hubspot.read(ref(sandbox, "Fjordlight Robotics"), ["contact.email", "company.domain", "contact.phone"])

    assert record.fields == {
        "contact.email": "ingrid@fjordlight.example",
        "company.domain": "fjordlight.example",
        "contact.phone": None,
    }


def test_deal_without_a_contact(sandbox: Sandbox, hubspot: HubSpot) -> None:
    record = hubspot.read(ref(sandbox, "Tidewater Schools"), ["contact.email"])

    assert record.fields == {"contact.email": None}


@pytest.mark.parametrize(
    ("name", "stage", "labels"),
    [
        ("Quarrystone Estates", "appointmentscheduled", ("Appointment scheduled", "Sales")),
        ("Tidewater Schools", "1039847712", ("Scope agreed", "Sales")),
        ("Fjordlight Robotics, second plant", "1187430926", ("Offer sent", "Expansion")),
    ],
)
def test_stage_and_pipeline_with_their_labels(
    sandbox: Sandbox, hubspot: HubSpot, name: str, stage: str, labels: tuple[str, str]
) -> None:
    record = hubspot.read(ref(sandbox, name), [])

    assert record.stage == stage
    assert (record.stage_label, record.pipeline_label) == labels


def test_stage_with_a_uuid_for_an_id(sandbox: Sandbox, hubspot: HubSpot) -> None:
    second_plant = ref(sandbox, "Fjordlight Robotics, second plant")
    call(sandbox, "POST", f"deals/{second_plant.id}/move", {"stage": "Expansion won"})

    record = hubspot.read(second_plant, [])

    assert (record.stage, record.stage_label) == ("6f0d2c1e-9a44-4b7d-8f53-2e71c0a9d5b8", "Expansion won")


def test_pipelines_and_owners_are_asked_for_once(sandbox: Sandbox, hubspot: HubSpot) -> None:
    for name in ("Quarrystone Estates", "Zeroth <!channel> & Daughters | <https://evil.example|ok>"):
        hubspot.read(ref(sandbox, name), [])

    assert api_calls(sandbox, "/crm/v3/pipelines") == 1
    assert api_calls(sandbox, "/crm/v3/owners") == 1


def test_stage_that_was_added_since_the_pipelines_were_read(sandbox: Sandbox, hubspot: HubSpot) -> None:
    quarrystone = ref(sandbox, "Quarrystone Estates")
    hubspot.read(quarrystone, [])
    sales = sandbox.crm.pipelines["default"]
    sandbox.crm.pipelines["default"] = Pipeline("default", "Sales", (*sales.stages, Stage("77", "Won at last", "1.0")))
    call(sandbox, "POST", f"deals/{quarrystone.id}/move", {"stage": "77"})

    record = hubspot.read(quarrystone, [])

    assert (record.stage, record.stage_label) == ("77", "Won at last")


def test_stage_whose_id_two_pipelines_share(sandbox: Sandbox, hubspot: HubSpot) -> None:
    partners = Pipeline("partners", "Partners", (Stage("appointmentscheduled", "Call booked", "0.1"),))
    sandbox.crm.pipelines = {"partners": partners, **sandbox.crm.pipelines}

    record = hubspot.read(ref(sandbox, "Quarrystone Estates"), [])

    assert (record.stage_label, record.pipeline_label) == ("Appointment scheduled", "Sales")


def test_owner_who_has_left_is_named(sandbox: Sandbox, hubspot: HubSpot) -> None:
    palegreen = ref(sandbox, "Palegreen Logistics")

    owners = [hubspot.read(palegreen, []).owner for _ in range(2)]

    assert owners == [Person(name="Joris Veld", email="joris@example.com")] * 2
    assert api_calls(sandbox, "/crm/v3/owners") == 2  # who has left is looked up twice, once


def test_owner_whom_hubspot_no_longer_tells(sandbox: Sandbox, hubspot: HubSpot) -> None:
    palegreen = ref(sandbox, "Palegreen Logistics")
    sandbox.crm.owners = {}

    assert hubspot.read(palegreen, []).owner is None


def test_time_of_the_newest_change(sandbox: Sandbox, hubspot: HubSpot) -> None:
    fjordlight = ref(sandbox, "Fjordlight Robotics")
    first = hubspot.read(fjordlight, []).changed_at
    call(sandbox, "POST", f"deals/{fjordlight.id}", {"properties": {"amount": "1"}})

    then = hubspot.read(fjordlight, []).changed_at

    assert first is not None
    assert then is not None
    assert then > first
    assert then == datetime.fromisoformat(deal(sandbox, "Fjordlight Robotics")["updated_at"])


@pytest.mark.parametrize(
    ("told", "changed"),
    [
        ({"hs_lastmodifieddate": "2026-11-16T10:00:00.120Z"}, "2026-11-16T10:00:00.120+00:00"),
        ({"hs_lastmodifieddate": None}, "2026-11-17T00:00:00+00:00"),
        ({"hs_lastmodifieddate": "2026-11-16"}, "2026-11-17T00:00:00+00:00"),
        ({}, "2026-11-17T00:00:00+00:00"),
    ],
    ids=str,
)
def test_time_of_change_in_each_spelling(told: dict[str, str | None], changed: str) -> None:
    answer = {"id": "5", "properties": told, "updatedAt": "2026-11-17T00:00:00Z", "results": []}
    with answering(JSONResponse(answer)) as hubspot:
        assert hubspot.read(BARE, []).changed_at == datetime.fromisoformat(changed)


def test_deal_that_never_was(hubspot: HubSpot) -> None:
    with pytest.raises(RecordGone) as told:
        hubspot.read(RecordRef(system="hubspot", object="deal", id="404404"), [])

    assert told.value.reason == "not_found"


def test_deal_that_was_deleted_and_restored(sandbox: Sandbox, hubspot: HubSpot) -> None:
    fjordlight = ref(sandbox, "Fjordlight Robotics")
    call(sandbox, "POST", f"deals/{fjordlight.id}/delete")
    with pytest.raises(RecordGone) as told:
        hubspot.read(fjordlight, [])
    call(sandbox, "POST", f"deals/{fjordlight.id}/restore")

    record = hubspot.read(fjordlight, ["amount"])

    assert told.value.reason == "not_found"
    assert record.fields == {"amount": "48000"}


@pytest.mark.parametrize("anew", [False, True])
def test_deal_that_was_merged_names_what_remains(sandbox: Sandbox, hubspot: HubSpot, anew: bool) -> None:
    loser, winner = ref(sandbox, "Tidewater Schools"), ref(sandbox, "Harbour & Vine")
    body = {"into": winner.id, "anew": anew}
    remains = call(sandbox, "POST", f"deals/{loser.id}/merge", body)["deal"]["id"]

    with pytest.raises(RecordGone, match=f"merged into {remains}") as told:
        hubspot.read(loser, [])

    assert told.value.reason == "merged"
    assert (remains != winner.id) is anew
    assert hubspot.read(RecordRef(system="hubspot", object="deal", id=remains), []).name == "Harbour & Vine"


@pytest.mark.parametrize("body", ["", "<h1>404 Not Found</h1>", "[]"])
def test_not_found_of_something_that_is_not_hubspot(body: str) -> None:
    with answering(Response(body, status_code=404)) as hubspot, pytest.raises(Unreachable, match="HUBSPOT_API_URL"):
        hubspot.read(BARE, [])


def test_contact_that_has_gone_does_not_hide_the_deal(sandbox: Sandbox, hubspot: HubSpot) -> None:
    fjordlight = ref(sandbox, "Fjordlight Robotics")
    sandbox.crm.records["contacts"][deal(sandbox, "Fjordlight Robotics")["contacts"][0]["id"]].archived = True

    record = hubspot.read(fjordlight, ["contact.email", "amount"])

    assert record.fields == {"contact.email": None, "amount": "48000"}


def test_present_values_are_those_of_a_read(sandbox: Sandbox, hubspot: HubSpot) -> None:
    fjordlight, names = (
        ref(sandbox, "Fjordlight Robotics"),
        ["amount", "buyer_goals", "contact.email", "company.nothing"],
    )

    values = hubspot.values(fjordlight, names)

    assert values == hubspot.read(fjordlight, names).fields
    assert (values["amount"], values["buyer_goals"]) == ("48000", None)


def test_present_values_of_a_deal_that_is_gone(hubspot: HubSpot) -> None:
    with pytest.raises(RecordGone):
        hubspot.values(RecordRef(system="hubspot", object="deal", id="404404"), ["amount"])


@pytest.mark.parametrize("kind", ["down", "drop", "5xx", "429"])
def test_read_while_hubspot_is_in_trouble(sandbox: Sandbox, hubspot: HubSpot, kind: str) -> None:
    fjordlight = ref(sandbox, "Fjordlight Robotics")
    break_down(sandbox, kind)

    with pytest.raises(Unreachable, match="HubSpot"):
        hubspot.read(fjordlight, [])


def test_read_after_the_trouble(sandbox: Sandbox, hubspot: HubSpot) -> None:
    fjordlight = ref(sandbox, "Fjordlight Robotics")
    break_down(sandbox, "down")
    with pytest.raises(Unreachable):
        hubspot.read(fjordlight, [])
    call(sandbox, "DELETE", "faults")

    record = hubspot.read(fjordlight, [])

    assert record.name == "Fjordlight Robotics"


def test_token_that_is_refused(sandbox: Sandbox) -> None:
    with (
        contextlib.closing(HubSpot("another-token", sandbox.base_url, clock=utc_now)) as hubspot,
        pytest.raises(Unreachable, match="HUBSPOT_ACCESS_TOKEN"),
    ):
        hubspot.read(ref(sandbox, "Fjordlight Robotics"), [])


def test_nobody_listens() -> None:
    with serve.listen("127.0.0.1", 0) as silent, contextlib.closing(_client_of(silent)) as hubspot:
        with pytest.raises(Unreachable):
            hubspot.read(RecordRef(system="hubspot", object="deal", id="1"), [])
        with pytest.raises(Unreachable):
            hubspot.put(BARE, {"amount": "1"}, UNTIL)


def _client_of(listener: Any) -> HubSpot:
    return HubSpot("pat", f"http://127.0.0.1:{listener.getsockname()[1]}", clock=utc_now)


@pytest.mark.parametrize("body", ["", "nonsense", "[]", '{"id": 5}', '{"id": "5", "properties": {"a": 1}}'])
def test_answer_of_an_unexpected_shape(body: str) -> None:
    with answering(Response(body)) as hubspot, pytest.raises(Unreachable, match="unexpected shape"):
        hubspot.read(BARE, [])


@pytest.mark.parametrize(
    ("header", "wait"),
    [("7", timedelta(seconds=7)), ("86400", timedelta(minutes=10)), ("soon", None), ("-1", None)],
)
def test_hubspot_asks_to_wait(header: str, wait: timedelta | None) -> None:
    with (
        answering(Response(status_code=429, headers={"retry-after": header})) as hubspot,
        pytest.raises(Unreachable) as told,
    ):
        hubspot.read(BARE, [])

    assert told.value.wait == wait


def test_link_to_the_deal(sandbox: Sandbox) -> None:
    account = "https://app.hubspot.example/contacts/44120986/"
    fjordlight = ref(sandbox, "Fjordlight Robotics")

    with contextlib.closing(HubSpot(sandbox.hubspot_token, sandbox.base_url, account, clock=utc_now)) as hubspot:
        record: Record = hubspot.read(fjordlight, [])

    assert record.url == f"https://app.hubspot.example/contacts/44120986/record/0-3/{fjordlight.id}"
