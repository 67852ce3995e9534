"""Payloads as Slack sends them, signed well, with whatever a test wants to be odd about them."""

import json
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx

from handoff.model import Handoff
from sandbox.seed import DELIVERY, PRIYA
from sandbox.slack.state import ResponseUrl, User, new_id
from tests.running import Running, wait_for
from tests.signing import slack_headers

Json = dict[str, Any]
ELSEWHERE = "T0ELSEWHERE"  # a workspace that is not ours
FORM = "application/x-www-form-urlencoded"


def waiting_brief(baton: Running) -> Handoff:
    """A handoff whose brief is in the channel and has no owner yet."""
    baton.post(f"crm/deals/{baton.deal('Meridian Clinics')['id']}/move", stage="Closed won")
    wait_for(lambda: baton.messages("priya", "#delivery"))
    (handoff,) = baton.baton.flow.store.search(None, 5)
    return handoff


def stranger(baton: Running) -> User:
    """Somebody of another company, who is in #delivery by Slack Connect."""
    person = User("U0STRANGER", "sly", "Sly Stranger", team_id=ELSEWHERE)
    baton.sandbox.workspace.users[person.id] = person
    baton.sandbox.workspace.channels[DELIVERY].members.add(person.id)
    return person


def press(baton: Running, value: str, **changes: object) -> Json:
    """Priya presses *Take ownership* in #delivery."""
    team = baton.baton.flow.workspace
    button = {"action_id": "take_ownership", "block_id": "b", "type": "button", "value": value}
    plain = {
        "type": "block_actions",
        "team": {"id": team},
        "user": {"id": PRIYA, "name": "priya", "team_id": team},
        "channel": {"id": DELIVERY},
        "actions": [button],
        "trigger_id": "1.1",
        "response_url": answer_address(baton, PRIYA),
    }
    return {**plain, **changes}


def form(baton: Running, handoff_id: str, answers: dict[str, str], **changes: object) -> Json:
    """Priya submits *Complete handoff*."""
    values = {f"field:{key}": {"value": {"type": "plain_text_input", "value": text}} for key, text in answers.items()}
    view = {"type": "modal", "callback_id": "complete_handoff", "private_metadata": handoff_id}
    whole = {**press(baton, ""), "type": "view_submission", "view": {**view, "state": {"values": values}}}
    return {**{key: part for key, part in whole.items() if key not in ("actions", "response_url")}, **changes}


def answer_address(baton: Running, user: str) -> str:
    """A response_url of the local Slack for a private answer in #delivery."""
    token = new_id("R")
    baton.sandbox.workspace.response_urls[token] = ResponseUrl(token, DELIVERY, user, time.time() + 1800)
    return f"{baton.sandbox.base_url}/response/{token}"


def signed(baton: Running, payload: Json) -> httpx.Request:
    """The payload as a request, signed with Slack's secret."""
    body = urlencode({"payload": json.dumps(payload)}).encode()
    headers = slack_headers(baton.sandbox.settings.signing_secret, body, datetime.now(UTC), FORM)
    return baton.door.build_request("POST", "/slack/events", content=body, headers=headers)


def send(baton: Running, payload: Json) -> httpx.Response:
    """The answer to the payload."""
    return baton.door.send(signed(baton, payload))


def told(baton: Running, user: str, words: str) -> bool:
    """Whether this person, and nobody else, reads these words in #delivery; waits until it is so."""
    wait_for(lambda: _reads(baton, user, words))
    return not _reads(baton, "dana", words)


def _reads(baton: Running, user: str, words: str) -> bool:
    return any(words in message["plain"] for message in baton.messages(user, "#delivery"))
