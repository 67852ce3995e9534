"""HubSpot's API as Baton uses it, against the toy CRM and, for answers that it never gives, a server of one route."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from crm.hubspot_client import HubSpot
from handoff.errors import OutcomeUnknown, RecordGone, Refused, Unreachable
from handoff.model import Record, RecordRef
from handoff.notices import WriteBack
from sandbox import serve
from sandbox.crm.model import Pipeline, Stage
from sandbox.world import Sandbox
from tests.running import serving


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    world = Sandbox()
    with serve.running(world):
        yield world


@pytest.fixture
def hubspot(sandbox: Sandbox) -> Iterator[HubSpot]:
    with contextlib.closing(HubSpot(sandbox.hubspot_token, sandbox.base_url)) as client:
        yield client


def call(sandbox: Sandbox, method: str, path: str, body: object = None) -> Any:
    """What a person sees or does in the toy CRM."""
    reply = httpx.request(method, f"{sandbox.base_url}/sandbox/crm/{path}", json=body, trust_env=False)
    assert reply.is_success, reply.text
    return reply.json()


def deal(sandbox: Sandbox, name: str) -> Any:
    return next(one for one in call(sandbox, "GET", "deals")["deals"] if one["name"] == name)


def ref(sandbox: Sandbox, name: str) -> RecordRef:
    return RecordRef(system="hubspot", object="deal", id=deal(sandbox, name)["id"])


def api_calls(sandbox: Sandbox, path: str) -> int:
    return sum(one["path"].startswith(path) for one in call(sandbox, "GET", "calls")["calls"])


def break_down(sandbox: Sandbox, kind: str) -> None:
    call(sandbox, "POST", "faults", {"kind": kind})


def write_back(**fields: str) -> WriteBack:
    named = {name.replace("__", "."): value for name, value in fields.items()}
    return WriteBack(key="k", handoff_id="h", due_at=datetime(2026, 11, 16, tzinfo=UTC), fields=named)


@contextlib.contextmanager
def answering(response: Response) -> Iterator[HubSpot]:
    """A client of a server that answers everything with this."""

    async def answer(_: object) -> Response:
        return response

    listener = serve.listen("127.0.0.1", 0)
    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "PATCH"])])
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with listener, serving(app, listener), contextlib.closing(HubSpot("pat", address)) as client:
        yield client


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


def test_owner_who_has_left(sandbox: Sandbox, hubspot: HubSpot) -> None:
    record = hubspot.read(ref(sandbox, "Palegreen Logistics"), [])

    assert record.owner is None


def test_deal_that_is_gone(hubspot: HubSpot) -> None:
    with pytest.raises(RecordGone):
        hubspot.read(RecordRef(system="hubspot", object="deal", id="404404"), [])


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
        contextlib.closing(HubSpot("another-token", sandbox.base_url)) as hubspot,
        pytest.raises(Unreachable, match="HUBSPOT_ACCESS_TOKEN"),
    ):
        hubspot.read(ref(sandbox, "Fjordlight Robotics"), [])


def test_nobody_listens() -> None:
    with serve.listen("127.0.0.1", 0) as silent, contextlib.closing(_client_of(silent)) as hubspot:
        with pytest.raises(Unreachable):
            hubspot.read(RecordRef(system="hubspot", object="deal", id="1"), [])
        with pytest.raises(Unreachable):
            hubspot.write(RecordRef(system="hubspot", object="deal", id="1"), write_back(amount="1"))


def _client_of(listener: Any) -> HubSpot:
    return HubSpot("pat", f"http://127.0.0.1:{listener.getsockname()[1]}")


@pytest.mark.parametrize("body", ["", "nonsense", "[]", '{"id": 5}', '{"id": "5", "properties": {"a": 1}}'])
def test_answer_of_an_unexpected_shape(body: str) -> None:
    with answering(Response(body)) as hubspot, pytest.raises(Unreachable, match="unexpected shape"):
        hubspot.read(RecordRef(system="hubspot", object="deal", id="5"), [])


@pytest.mark.parametrize(
    ("header", "wait"),
    [("7", timedelta(seconds=7)), ("86400", timedelta(minutes=10)), ("soon", None), ("-1", None)],
)
def test_hubspot_asks_to_wait(header: str, wait: timedelta | None) -> None:
    with (
        answering(Response(status_code=429, headers={"retry-after": header})) as hubspot,
        pytest.raises(Unreachable) as told,
    ):
        hubspot.read(RecordRef(system="hubspot", object="deal", id="5"), [])

    assert told.value.wait == wait


def test_write_of_fields_of_the_deal(sandbox: Sandbox, hubspot: HubSpot) -> None:
    hubspot.write(ref(sandbox, "Harbour & Vine"), write_back(buyer_goals="Wine by Friday", discount="5"))

    properties = deal(sandbox, "Harbour & Vine")["properties"]
    assert (properties["buyer_goals"], properties["discount"]) == ("Wine by Friday", "5")


def test_write_of_a_field_of_the_contact(sandbox: Sandbox, hubspot: HubSpot) -> None:
    hubspot.write(ref(sandbox, "Harbour & Vine"), write_back(contact__phone="+31 20 555 0100"))

    assert deal(sandbox, "Harbour & Vine")["contacts"][0]["phone"] == "+31 20 555 0100"


def test_write_of_a_field_of_a_contact_that_is_not_there(sandbox: Sandbox, hubspot: HubSpot) -> None:
    hubspot.write(ref(sandbox, "Tidewater Schools"), write_back(contact__phone="+31 20 555 0100", discount="7"))

    tidewater = deal(sandbox, "Tidewater Schools")
    assert tidewater["contacts"] == []
    assert tidewater["properties"]["discount"] == "7"


def test_write_that_hubspot_does_not_take(sandbox: Sandbox, hubspot: HubSpot) -> None:
    with pytest.raises(Refused, match="kickoff_preference"):
        hubspot.write(ref(sandbox, "Harbour & Vine"), write_back(kickoff_preference="By pigeon"))


@pytest.mark.parametrize("kind", ["5xx", "429"])
def test_write_that_was_surely_not_done(sandbox: Sandbox, hubspot: HubSpot, kind: str) -> None:
    harbour = ref(sandbox, "Harbour & Vine")
    break_down(sandbox, kind)

    with pytest.raises(Unreachable):
        hubspot.write(harbour, write_back(discount="5"))


def test_write_without_an_answer_may_be_sent_again(sandbox: Sandbox, hubspot: HubSpot) -> None:
    harbour = ref(sandbox, "Harbour & Vine")
    break_down(sandbox, "drop")
    with pytest.raises(OutcomeUnknown):
        hubspot.write(harbour, write_back(discount="5"))
    done = deal(sandbox, "Harbour & Vine")
    call(sandbox, "DELETE", "faults")

    hubspot.write(harbour, write_back(discount="5"))

    assert done["properties"]["discount"] == "5"
    assert deal(sandbox, "Harbour & Vine")["properties"]["discount"] == "5"


def test_link_to_the_deal(sandbox: Sandbox) -> None:
    account = "https://app.hubspot.example/contacts/44120986/"
    fjordlight = ref(sandbox, "Fjordlight Robotics")

    with contextlib.closing(HubSpot(sandbox.hubspot_token, sandbox.base_url, account)) as hubspot:
        record: Record = hubspot.read(fjordlight, [])

    assert record.url == f"https://app.hubspot.example/contacts/44120986/record/0-3/{fjordlight.id}"
