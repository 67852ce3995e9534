"""What the tests of HubSpot's webhooks share: an event, and requests that are signed as they should be."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crm import hubspot
from crm.hubspot import Read
from handoff.events import Hint
from tests.signing import hubspot_headers

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "hubspot"
SECRET, URL = "the-client-secret", "https://baton.example/crm/hubspot"
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
EVENT: dict[str, Any] = {
    "objectId": 812440973,
    "propertyName": "dealstage",
    "propertyValue": "closedwon",
    "eventId": 1,
    "subscriptionId": 310074,
    "portalId": 44120986,
    "occurredAt": 1794830400815,
    "subscriptionType": "deal.propertyChange",
    "attemptNumber": 0,
}


def read_bytes(body: bytes) -> Read:
    headers = hubspot_headers(SECRET, URL, body, NOW)
    return hubspot.read(headers, body, url=URL, secrets=[SECRET], now=NOW, trace="t1")


def read(*events: object) -> Read:
    return read_bytes(json.dumps(events).encode())


def read_sample(name: str) -> Read:
    return read_bytes((SAMPLES / name).read_bytes())


def only_hint(told: Read) -> Hint:
    assert len(told.hints) == 1
    return told.hints[0]
