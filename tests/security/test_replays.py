"""The same request once more has no second effect, and after five minutes it is no request at all."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request

from bot.front_door import check_slack
from crm import hubspot
from handoff.errors import BadRequest
from tests.running import Running, wait_for
from tests.security.presses import form, press, signed, told, waiting_brief
from tests.signing import hubspot_headers, slack_headers

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
URL = "https://baton.example/crm/hubspot"
ANSWERS = {
    "buyer_goals": "Orders packed the same day",
    "promised_deliverables": "Two integrations",
    "risk_notes": "Their IT lead leaves in May",
}


def test_press_sent_twice_has_one_effect(running: Running) -> None:
    request = signed(running, press(running, waiting_brief(running).id))

    statuses = [running.door.send(request).status_code for _ in range(2)]

    assert statuses == [200, 200]
    assert told(running, "priya", "This is yours already")
    assert running.count("baton_work_total", what="claimed") == 2
    wait_for(lambda: tellings(running))
    assert tellings(running) == 1


def tellings(running: Running) -> int:
    """How often Ana was told who took over."""
    keys = (m["metadata"]["event_payload"]["key"] for m in running.messages("ana", "baton") if m["metadata"])
    return sum(key.endswith(":owned") for key in keys)


def test_form_sent_twice_has_one_effect(running: Running) -> None:
    running.post(f"crm/deals/{running.deal('Fjordlight Robotics')['id']}/move", stage="Closed won")
    wait_for(lambda: running.messages("sam", "baton"))
    (handoff,) = running.baton.flow.store.search(None, 5)
    request = signed(running, form(running, handoff.id, ANSWERS))

    first, again = running.door.send(request), running.door.send(request)

    assert first.text == ""
    assert "Complete already" in json.dumps(again.json())
    wait_for(lambda: running.messages("priya", "#delivery"))
    assert len(running.messages("priya", "#delivery")) == 1


def test_webhook_sent_twice_has_one_effect(running: Running) -> None:
    change = {"subscriptionType": "deal.propertyChange", "propertyName": "dealstage", "objectId": 7, "occurredAt": 7}
    body, url = json.dumps([change]).encode(), f"{running.url}/crm/hubspot"
    headers = hubspot_headers(running.sandbox.hubspot_client_secret, url, body, datetime.now(UTC))

    answers = [running.door.post("/crm/hubspot", content=body, headers=headers).json() for _ in range(2)]

    assert answers == [{"taken": 1, "known": 0, "ignored": 0}, {"taken": 0, "known": 1, "ignored": 0}]


@pytest.mark.parametrize("seconds", [0, 300, -300])
def test_signature_of_up_to_five_minutes_is_good(seconds: int) -> None:
    at = NOW - timedelta(seconds=seconds)

    check_slack("s3", slack_request(at), b"{}", NOW)

    assert (
        hubspot.read(hubspot_headers("s3", URL, b"[]", at), b"[]", url=URL, secrets=("s3",), now=NOW, trace="t").hints
        == ()
    )


@pytest.mark.parametrize("seconds", [301, -301, 86_400, -86_400])
def test_signature_of_a_second_more_is_refused(seconds: int) -> None:
    at = NOW - timedelta(seconds=seconds)

    with pytest.raises(BadRequest) as slack:
        check_slack("s3", slack_request(at), b"{}", NOW)
    with pytest.raises(BadRequest) as crm:
        hubspot.read(hubspot_headers("s3", URL, b"[]", at), b"[]", url=URL, secrets=("s3",), now=NOW, trace="t")

    assert (slack.value.status, crm.value.status) == (401, 401)


def slack_request(at: datetime) -> Request:
    headers = slack_headers("s3", b"{}", at, "application/json")
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/slack/events", "headers": raw})
