"""The toy CRM's webhooks, received by a bot over a real network."""

import base64
import hashlib
import hmac
import json
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.sandbox.crm_helpers import PUBLIC_URL, SECRET, Bench, Received, bench, wait_for


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


def settled(crm: Bench, requests: int) -> list[Received]:
    wait_for(lambda: len(crm.bot.received) >= requests and crm.crm.outbox.pending == 0)
    return crm.bot.received


def is_signed(request: Received) -> bool:
    stamp = request.headers["x-hubspot-request-timestamp"]
    message = b"POST" + f"{PUBLIC_URL}/crm/hubspot".encode() + request.body + stamp.encode()
    wanted = base64.b64encode(hmac.digest(SECRET.encode(), message, hashlib.sha256)).decode()
    fresh = abs(int(stamp) / 1000 - request.at) < 5
    return fresh and request.headers["x-hubspot-signature-v3"] == wanted


def test_a_move_sends_one_signed_event_in_the_live_shape(crm: Bench, fjord: str) -> None:
    crm.post(f"/sandbox/crm/deals/{fjord}/move", {"stage": "Closed won"})
    (request,) = settled(crm, 1)
    assert is_signed(request)
    (event,) = request.events
    assert list(event) == [
        *("objectId", "propertyName", "propertyValue", "changeSource", "eventId", "subscriptionId"),
        *("portalId", "appId", "occurredAt", "subscriptionType", "attemptNumber"),
    ]
    assert event["objectId"] == int(fjord)
    assert (event["propertyName"], event["propertyValue"]) == ("dealstage", "closedwon")
    assert (event["changeSource"], event["subscriptionType"]) == ("CRM_UI", "deal.propertyChange")
    assert event["attemptNumber"] == 0
    assert abs(event["occurredAt"] / 1000 - time.time()) < 5


@pytest.mark.parametrize(
    ("form", "key", "value"),
    [
        ("classic", "subscriptionType", "deal.propertyChange"),
        ("generic", "subscriptionType", "object.propertyChange"),
        ("eventType", "eventType", "deal.propertyChange"),
    ],
)
def test_a_move_in_each_form_names_itself_so(crm: Bench, fjord: str, form: str, key: str, value: str) -> None:
    crm.post(f"/sandbox/crm/deals/{fjord}/move", {"stage": "closedwon", "form": form})
    event = settled(crm, 1)[0].events[0]
    assert event[key] == value
    assert ("objectTypeId" in event) == (form == "generic")
    assert ("subscriptionType" in event) == (form != "eventType")


def test_a_refused_webhook_is_sent_again_signed_afresh_until_2xx(crm: Bench, fjord: str) -> None:
    crm.bot.statuses = [500, 404, 302]
    crm.post(f"/sandbox/crm/deals/{fjord}/move", {"stage": "closedwon"})
    requests = settled(crm, 4)
    assert [one.events[0]["attemptNumber"] for one in requests] == [0, 1, 2, 3]
    assert all(is_signed(one) for one in requests)
    assert len({one.headers["x-hubspot-request-timestamp"] for one in requests}) == 4
    log = crm.get("/sandbox/crm/deliveries")["deliveries"]
    assert [(one["attempt"], one["status"]) for one in log] == [(0, 500), (1, 404), (2, 302), (3, 200)]


def test_a_bot_that_is_down_gets_the_event_when_it_is_back(crm: Bench, fjord: str) -> None:
    up, crm.host.bot_url = crm.host.bot_url, "http://127.0.0.1:1"
    crm.post(f"/sandbox/crm/deals/{fjord}/move", {"stage": "closedwon"})
    wait_for(lambda: [delivery.error is None for delivery in list(crm.crm.outbox.deliveries)][:2] == [False, False])
    crm.host.bot_url = up
    assert settled(crm, 1)[0].events[0]["attemptNumber"] >= 2
    first = crm.get("/sandbox/crm/deliveries")["deliveries"][0]
    assert first["status"] is None
    assert first["error"]


def test_a_bot_that_answers_too_late_gets_the_event_again(crm: Bench, fjord: str) -> None:
    crm.bot.seconds = 0.8
    crm.post(f"/sandbox/crm/deals/{fjord}/move", {"stage": "closedwon"})
    wait_for(lambda: len(crm.bot.received) >= 2)
    crm.bot.seconds = 0.0
    assert [one.events[0]["attemptNumber"] for one in settled(crm, 3)][:2] == [0, 1]
    assert "no answer in 0.5 s" in crm.get("/sandbox/crm/deliveries")["deliveries"][0]["error"]


def test_a_bot_that_never_accepts_is_given_up_after_ten_retries(crm: Bench, fjord: str) -> None:
    crm.bot.statuses = [400] * 50
    crm.post(f"/sandbox/crm/deals/{fjord}/move", {"stage": "closedwon"})
    assert len(settled(crm, 11)) == 11


def test_copies_of_a_move_are_equal_events_in_requests_of_their_own(crm: Bench, fjord: str) -> None:
    assert crm.post(f"/sandbox/crm/deals/{fjord}/move", {"stage": "closedwon", "copies": 3})["queued"] == 3
    requests = settled(crm, 3)
    assert len({one.body for one in requests}) == 1
    assert len(requests[0].events) == 1


def test_a_move_to_the_same_stage_sends_nothing(crm: Bench, fjord: str) -> None:
    assert crm.post(f"/sandbox/crm/deals/{fjord}/move", {"stage": "contractsent"})["queued"] == 0
    assert crm.crm.outbox.pending == 0


def test_events_go_in_requests_of_at_most_a_hundred(crm: Bench, fjord: str) -> None:
    deals = [fjord] * 230
    assert crm.post("/sandbox/crm/send", {"deals": deals})["queued"] == 230
    assert sorted(len(one.events) for one in settled(crm, 3)) == [30, 100, 100]
    crm.bot.received.clear()
    crm.post("/sandbox/crm/send", {"deals": deals, "batch": 50})
    assert sorted(len(one.events) for one in settled(crm, 5)) == [30, 50, 50, 50, 50]


def test_events_as_given_go_out_word_for_word(crm: Bench) -> None:
    events = [{"odd": "<!channel> \u202e \ud83d"}, 7, "text", None, {"attemptNumber": "x"}]
    body = json.dumps({"events": events})  # httpx itself does not send half a surrogate pair
    assert crm.api.post("/sandbox/crm/send", content=body).json()["queued"] == 5
    (request,) = settled(crm, 1)
    assert is_signed(request)
    assert request.events == [{"odd": "<!channel> \u202e ?"}, 7, "text", None, {"attemptNumber": "x"}]


def test_shuffle_keeps_every_copy_and_changes_the_order(crm: Bench) -> None:
    events = [{"n": number} for number in range(40)]
    crm.post("/sandbox/crm/send", {"events": events, "copies": 2, "shuffle": True})
    numbers = [event["n"] for event in settled(crm, 1)[0].events]
    assert Counter(numbers) == Counter([*range(40), *range(40)])
    assert numbers != sorted(numbers)


def test_a_write_through_the_api_comes_back_as_integration(crm: Bench, fjord: str) -> None:
    body = {"properties": {"handoff_status": "Waiting on sales", "amount": "48000"}}
    assert crm.api.patch(f"/crm/v3/objects/deals/{fjord}", json=body).status_code == 200
    (event,) = settled(crm, 1)[0].events
    assert (event["propertyName"], event["changeSource"]) == ("handoff_status", "INTEGRATION")


def test_an_edit_of_three_fields_is_one_request_with_three_events(crm: Bench, fjord: str) -> None:
    properties = {"amount": 52000, "risk_notes": "None known", "discount": None, "start_date": "2027-01-04"}
    assert crm.post(f"/sandbox/crm/deals/{fjord}", {"properties": properties})["queued"] == 4
    events = settled(crm, 1)[0].events
    assert {event["propertyName"]: event["propertyValue"] for event in events} == {
        "amount": "52000",
        "risk_notes": "None known",
        "discount": "",
        "start_date": "2027-01-04",
    }
    assert len({event["subscriptionId"] for event in events}) == 4


def test_a_new_deal_sends_its_creation_without_a_property(crm: Bench) -> None:
    made = crm.post("/sandbox/crm/deals", {"properties": {"dealname": "Bramble Foods"}, "owner": "ana"})["deal"]
    first = settled(crm, 1)[0].events[0]
    assert first["subscriptionType"] == "deal.creation"
    assert first["objectId"] == int(made["id"])
    assert "propertyName" not in first
    assert "propertyValue" not in first


def test_a_closed_crm_stops_its_retries(crm: Bench, fjord: str) -> None:
    crm.host.bot_url = "http://127.0.0.1:1"
    crm.post(f"/sandbox/crm/deals/{fjord}/move", {"stage": "closedwon"})
    wait_for(lambda: len(crm.crm.outbox.deliveries) >= 1)
    old = crm.crm
    crm.host.crm = type(old).seeded()
    loop = next(iter(old.outbox.tasks)).get_loop()
    loop.call_soon_threadsafe(old.close)
    wait_for(lambda: old.outbox.pending == 0)
