"""HubSpot's webhooks → hints, or an error with the HTTP status to answer."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import hubspot
from crm.hubspot import MOST_EVENTS, Read
from handoff.errors import BadRequest
from handoff.events import Hint
from tests.crm.webhook_rig import EVENT, NOW, SECRET, URL, only_hint, read, read_bytes, read_sample
from tests.signing import hubspot_headers


def test_change_of_stage_is_a_hint() -> None:
    hint = only_hint(read(EVENT))

    assert hint.ref.key == "hubspot:deal:812440973"
    assert hint.at == datetime(2026, 11, 16, 12, 0, 0, 815000, tzinfo=UTC)
    assert hint.stage == "closedwon"
    assert hint.trace == "t1"


@pytest.mark.parametrize(
    ("name", "record", "stage"),
    [
        ("third_retry.json", "hubspot:deal:812440973", "closedwon"),
        ("generic_property_change.json", "hubspot:deal:60917722105", "1039847712"),
        ("uuid_stage.json", "hubspot:deal:60917722106", "6f0d2c1e-9a44-4b7d-8f53-2e71c0a9d5b8"),
        ("deletion.json", "hubspot:deal:812440973", ""),
        ("generic_restore.json", "hubspot:deal:60917722105", ""),
        ("save_of_three_fields.json", "hubspot:deal:60917722106", "closedwon"),
    ],
)
def test_sample_about_a_deal(name: str, record: str, stage: str) -> None:
    told = read_sample(name)

    assert only_hint(told).ref.key == record
    assert only_hint(told).stage == stage
    assert told.ignored == 0


@pytest.mark.parametrize(("name", "ignored"), [("batch_of_two_with_event_type.json", 2), ("contact_creation.json", 1)])
def test_sample_about_something_else_is_ignored_and_counted(name: str, ignored: int) -> None:
    told = read_sample(name)

    assert told == Read((), ignored)


def test_event_named_by_event_type() -> None:
    event = {**EVENT, "eventType": EVENT["subscriptionType"]}
    del event["subscriptionType"]

    assert only_hint(read(event)).ref.id == "812440973"


@pytest.mark.parametrize("verb", ["creation", "deletion", "restore", "merge", "propertyChange"])
@pytest.mark.parametrize("form", ["classic", "generic", "eventType"])
def test_whatever_happens_to_a_deal_is_a_hint(verb: str, form: str) -> None:
    event = {**EVENT, "propertyName": "amount", "propertyValue": "48000"}
    name = event.pop("subscriptionType") and {"classic": "subscriptionType", "eventType": "eventType"}.get(form)
    event |= {name: f"deal.{verb}"} if name else {"subscriptionType": f"object.{verb}", "objectTypeId": "0-3"}

    hint = only_hint(read(event))

    assert hint.ref.id == "812440973"
    assert hint.stage == ""


@pytest.mark.parametrize(
    "change",
    [
        {"subscriptionType": "deal"},
        {"subscriptionType": "deal."},
        {"subscriptionType": "deal.associationChange"},
        {"subscriptionType": "contact.deletion"},
        {"subscriptionType": "object.deletion", "objectTypeId": "0-1"},
        {"subscriptionType": "object.merge"},
        {"subscriptionType": "contact.propertyChange"},
        {"subscriptionType": "object.propertyChange"},
        {"subscriptionType": "object.propertyChange", "objectTypeId": "0-1"},
        {"subscriptionType": "something.new"},
        {"subscriptionType": ["deal.propertyChange"]},
        {"subscriptionType": None},
        {"propertyName": None},
        {"propertyName": ["dealstage"]},
        {"objectId": None},
        {"objectId": True},
        {"objectId": "12a"},
        {"objectId": "١٢"},
        {"objectId": "1/../2"},
        {"objectId": -5},
        {"objectId": 10**21},
        {"occurredAt": None},
        {"occurredAt": True},
        {"occurredAt": "1794830400815"},
        {"occurredAt": 10**300},
        {"occurredAt": -(10**14)},
    ],
    ids=str,
)
def test_event_that_is_not_ours_is_ignored_beside_one_that_is(change: dict[str, Any]) -> None:
    told = read({**EVENT, **change}, EVENT)

    assert only_hint(told).ref.id == "812440973"
    assert told.ignored == 1


@pytest.mark.parametrize("event", [None, 5, "deal", [], {}], ids=repr)
def test_event_that_is_no_object_is_ignored(event: object) -> None:
    assert read(event) == Read((), 1)


def test_empty_batch() -> None:
    assert read() == Read((), 0)


@pytest.mark.parametrize("name", ["propertyValue", "portalId", "subscriptionId"])
@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "x" * 10_000, ["list"], 1.5, None], ids=ascii)
def test_hint_of_an_odd_event_can_be_stored(name: str, text: object) -> None:
    hint = only_hint(read({**EVENT, name: text}))

    stored = hint.model_dump_json()

    assert Hint.model_validate_json(stored) == hint
    assert "\x00" not in hint.key
    assert len(hint.key) < 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff\xfe\xfd",
        b'["\xff"]',
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b"[" + b"1" * 4301 + b"]",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_body_that_is_not_json(body: bytes) -> None:
    with pytest.raises(BadRequest, match="not JSON") as told:
        read_bytes(body)

    assert told.value.status == 400


@pytest.mark.parametrize("body", [b"null", b"{}", b'"text"', b"12", b"true"])
def test_body_that_is_no_array(body: bytes) -> None:
    with pytest.raises(BadRequest, match="not an array") as told:
        read_bytes(body)

    assert told.value.status == 400


def test_body_with_too_many_events() -> None:
    with pytest.raises(BadRequest, match="more than 1000 events") as told:
        read(*[EVENT] * (MOST_EVENTS + 1))

    assert told.value.status == 400


@pytest.mark.parametrize("body", [b"[]", b"{", b"null"])
def test_signature_is_checked_before_the_body_is_read(body: bytes) -> None:
    headers = hubspot_headers("another-secret", URL, body, NOW)

    with pytest.raises(BadRequest, match="signature") as told:
        hubspot.read(headers, body, url=URL, secrets=[SECRET], now=NOW, trace="t1")

    assert told.value.status == 401


def is_array(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), list)
    except ValueError:
        return False


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from(sorted(EVENT)), JSON).map(lambda odd: {**EVENT, **odd}) | JSON))
def test_every_event_is_a_hint_or_ignored(events: list[Any]) -> None:
    told = read(*events)

    assert told.ignored <= len(events)
    assert bool(told.hints) == (told.ignored < len(events))
    assert len({(hint.ref.id, hint.at) for hint in told.hints}) == len(told.hints)
    assert all(hint.model_dump_json() for hint in told.hints)


@given(st.binary().filter(lambda body: not is_array(body)))
def test_bytes_that_are_no_array_are_refused(body: bytes) -> None:
    with pytest.raises(BadRequest) as told:
        read_bytes(body)

    assert told.value.status == 400


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("29417300504", "29417300504"),
        ("https://app.hubspot.com/contacts/7/record/0-3/29417300504", "29417300504"),
        ("https://app-eu1.hubspot.com/contacts/7/deal/12/?a=b", "12"),
        ("<https://app.hubspot.com/contacts/7/record/0-3/12|Acme>", "12"),
        ("https://app.hubspot.com/contacts/7/record/0-1/12", None),
        ("https://app.hubspot.com/contacts/7/record/0-3/12x", None),
        ("4711", None),
        ("Acme 29417300504", None),
        ("\u0662\u0663\u0664\u0665\u0666\u0667", None),
        ("", None),
    ],
)
def test_a_deal_is_named_by_its_id_or_its_page(text: str, id_: str | None) -> None:
    found = hubspot.named(text)

    assert (found and found.id) == id_
