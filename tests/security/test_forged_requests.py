"""Ten thousand forgeries of a good request for each door: one thing of each is changed, and none gets in."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
import pytest
from starlette.types import ASGIApp

from tests.running import Running, running_baton, wait_for
from tests.signing import hubspot_headers, slack_headers

FORGERIES = 10_000  # for each door
FORM = "application/x-www-form-urlencoded"
Dice = random.Random


@dataclass(frozen=True)
class Sent:
    """A request as somebody sends it."""

    path: str
    body: bytes
    headers: dict[str, str]
    method: str = "POST"


@dataclass(frozen=True)
class Door:
    """One of the two doors: the request that it takes, how it signs, and where signature and time stand."""

    good: Sent
    sign: Callable[[str, bytes, datetime], dict[str, str]]
    secret: str
    signature: str
    timestamp: str


@pytest.fixture(scope="module")
def baton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A Baton in which one brief waits for an owner."""
    with running_baton(tmp_path_factory.mktemp("forged")) as running:
        running.post(f"crm/deals/{running.deal('Meridian Clinics')['id']}/move", stage="Closed won")
        wait_for(lambda: running.messages("priya", "#delivery"))
        yield running


def slack_door(baton: Running) -> Door:
    """A press of *Take ownership*."""
    (handoff,) = baton.baton.flow.store.search(None, 5)
    team = baton.baton.flow.workspace
    press = {
        "type": "block_actions",
        "team": {"id": team},
        "user": {"id": "U0PRIYA", "team_id": team},
        "actions": [{"action_id": "take_ownership", "block_id": "b", "type": "button", "value": handoff.id}],
    }
    secret, body = baton.sandbox.settings.signing_secret, urlencode({"payload": json.dumps(press)}).encode()

    def sign(with_secret: str, signed: bytes, at: datetime) -> dict[str, str]:
        return slack_headers(with_secret, signed, at, FORM)

    good = Sent("/slack/events", body, sign(secret, body, datetime.now(UTC)))
    return Door(good, sign, secret, "x-slack-signature", "x-slack-request-timestamp")


def hubspot_door(baton: Running) -> Door:
    """A change of a deal's stage."""
    change = {"subscriptionType": "deal.propertyChange", "propertyName": "dealstage", "objectId": 7, "occurredAt": 7}
    secret, body = baton.sandbox.hubspot_client_secret, json.dumps([change]).encode()

    def sign(with_secret: str, signed: bytes, at: datetime) -> dict[str, str]:
        return hubspot_headers(with_secret, f"{baton.url}/crm/hubspot", signed, at)

    good = Sent("/crm/hubspot", body, sign(secret, body, datetime.now(UTC)))
    return Door(good, sign, secret, "x-hubspot-signature-v3", "x-hubspot-request-timestamp")


def changed(text: str, dice: Dice, letters: str = "0123456789abcdefABCDEF+/=v") -> str:
    """The text with one character changed, taken out or put in."""
    while True:
        at, letter = dice.randrange(len(text)), dice.choice(letters)
        other = dice.choice(
            (text[:at] + letter + text[at + 1 :], text[:at] + text[at + 1 :], text[:at] + letter + text[at:])
        )
        if other != text:
            return other


def another_body(door: Door, dice: Dice) -> Sent:
    body = door.good.body
    at = dice.randrange(len(body))
    byte = bytes([body[at] ^ dice.randrange(1, 256)])
    kinds = (body[:at] + byte + body[at + 1 :], body[:at] + byte + body[at:], body[:at], body + byte, b"")
    return replace(door.good, body=dice.choice(kinds))


def another_signature(door: Door, dice: Dice) -> Sent:
    signature = changed(door.good.headers[door.signature], dice)
    return replace(door.good, headers={**door.good.headers, door.signature: signature})


def another_time(door: Door, dice: Dice) -> Sent:
    moment = str(int(door.good.headers[door.timestamp]) + dice.choice((-1, 1)) * dice.randrange(1, 10**6))
    text = dice.choice((moment, changed(door.good.headers[door.timestamp], dice, "0123456789-.e ")))
    return replace(door.good, headers={**door.good.headers, door.timestamp: text})


def another_header(door: Door, dice: Dice) -> Sent:
    name = dice.choice((door.signature, door.timestamp))
    rest = {key: value for key, value in door.good.headers.items() if key != name}
    kept = {} if dice.random() < 0.5 else {changed(name, dice, "abcdefgxyz-"): door.good.headers[name]}
    return replace(door.good, headers=rest | kept)


def another_secret(door: Door, dice: Dice) -> Sent:
    headers = door.sign(changed(door.secret, dice), door.good.body, datetime.now(UTC))
    return replace(door.good, headers=headers)


def another_path(door: Door, dice: Dice) -> Sent:
    return replace(door.good, path="/" + changed(door.good.path[1:], dice, "abcxyz/-._~"))


def another_method(door: Door, dice: Dice) -> Sent:
    return replace(door.good, method=dice.choice(("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND")))


WAYS = (another_body, another_signature, another_time, another_header, another_secret, another_path, another_method)


def statuses(app: ASGIApp, requests: Iterator[Sent]) -> Counter[int]:
    """How often each status was the answer."""

    async def send(client: httpx.AsyncClient) -> Counter[int]:
        answers: Counter[int] = Counter()
        for sent in requests:
            answer = await client.request(sent.method, sent.path, content=sent.body, headers=sent.headers)
            answers[answer.status_code] += 1
        return answers

    async def run() -> Counter[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://baton") as client:
            return await send(client)

    return asyncio.run(run())


def effects(baton: Running) -> tuple[object, ...]:
    """What a request that got in would change."""
    return baton.baton.flow.store.count(), baton.count("baton_webhook_events_total", outcome="new", system="hubspot")


@pytest.mark.parametrize("door_of", [slack_door, hubspot_door], ids=["Slack", "HubSpot"])
def test_no_forgery_is_accepted_and_none_is_an_error_of_ours(
    baton: Running, door_of: Callable[[Running], Door], capsys: pytest.CaptureFixture[str]
) -> None:
    dice = Dice(20260301)
    door = door_of(baton)
    before = effects(baton)

    forged = statuses(baton.baton.web, (dice.choice(WAYS)(door, dice) for _ in range(FORGERIES)))

    capsys.readouterr()  # a line for each of them
    assert forged.total() == FORGERIES
    assert set(forged) <= {401, 404, 405}, forged
    assert effects(baton) == before


@pytest.mark.parametrize("door_of", [slack_door, hubspot_door], ids=["Slack", "HubSpot"])
def test_the_request_that_was_forged_is_itself_accepted(baton: Running, door_of: Callable[[Running], Door]) -> None:
    before = effects(baton)

    answers = statuses(baton.baton.web, iter([door_of(baton).good]))

    assert answers == {200: 1}
    assert effects(baton) != before
