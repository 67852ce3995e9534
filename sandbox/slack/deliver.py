"""The way to the bot: one payload there, one answer back, within Slack's three seconds.

Over HTTP with Slack's v0 signature (https://docs.slack.dev/authentication/verifying-requests-from-slack), or over
Socket Mode while a socket is open. It repeats nothing and reads nothing into an answer.
"""

import asyncio
import hashlib
import hmac
import json
import ssl
import time
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

import httpx

from sandbox.slack.socket import Envelope, NoConnectionError, Retry, SocketHub
from sandbox.slack.state import Json
from sandbox.slack.traffic import Traffic

ACK_SECONDS = 3.0
EVENTS_PATH = "/slack/events"
Outcome = Literal["ok", "timeout", "error", "dispatch_failed"]


@dataclass(frozen=True)
class Answer:
    """What came back. `body` is an object for JSON, else text; `reason` is Slack's word for a failed delivery."""

    outcome: Outcome
    seconds: float
    status: int | None = None
    body: Json | str = ""
    reason: str = ""
    no_retry: bool = False


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Slack's v0 signature over timestamp and raw body."""
    base = b"v0:%d:%s" % (timestamp, body)
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def _plain_context() -> ssl.SSLContext:
    # Building the default context reads every certificate of the machine, for each client anew.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass
class BotLine:
    """Sends to the bot at `url` (its base address; empty: none). `ack_seconds` is Slack's patience."""

    url: str
    signing_secret: str
    traffic: Traffic
    hub: SocketHub = field(default_factory=SocketHub)
    ack_seconds: float = ACK_SECONDS
    tls: ssl.SSLContext = field(default_factory=_plain_context)

    def move(self, url: str) -> None:
        """The bot lives at another address now, and over HTTP until it opens a socket again."""
        self.url = url
        self.hub.in_use = self.hub.open_count > 0

    async def interaction(self, payload: Json) -> Answer:
        """A click, submission, shortcut or request for options."""
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self._send(Envelope("interactive", payload), body, _name(payload), payload["user"]["id"])

    async def command(self, fields: dict[str, str]) -> Answer:
        """A slash command."""
        what = f"command {fields['command']} {fields['text']}".rstrip()
        return await self._send(
            Envelope("slash_commands", dict(fields)), urlencode(fields).encode(), what, fields["user_id"]
        )

    async def event(self, envelope: Json, retry: Retry | None = None) -> Answer:
        """An event in its envelope; the caller keeps the retries."""
        what = f"event {envelope['event']['type']} {envelope['event_id']}" + (f" retry {retry.number}" if retry else "")
        body = json.dumps(envelope).encode()
        return await self._send(Envelope("events_api", envelope, retry), body, what, envelope["event"].get("user"))

    async def _send(self, envelope: Envelope, body: bytes, what: str, user: object) -> Answer:
        over_socket = self.hub.open_count > 0 or self.hub.in_use or not self.url
        began = time.monotonic()
        answer = await (self._by_socket(envelope, began) if over_socket else self._by_http(envelope, body, began))
        self.traffic.note(
            "out",
            what,
            user=user if isinstance(user, str) else None,
            ok=answer.outcome == "ok",
            error=None if answer.outcome == "ok" else answer.reason,
            status=answer.status,
            seconds=answer.seconds,
        )
        return answer

    async def _by_socket(self, envelope: Envelope, began: float) -> Answer:
        try:
            payload = await self.hub.ask(envelope, self.ack_seconds)
        except NoConnectionError:
            return Answer("dispatch_failed", _since(began), reason="connection_failed")
        except TimeoutError:
            return Answer("timeout", _since(began), reason="http_timeout")
        return Answer("ok", _since(began), body=payload or "")

    async def _by_http(self, envelope: Envelope, body: bytes, began: float) -> Answer:
        is_event = envelope.kind == "events_api"
        headers = self._headers(body, "application/json" if is_event else "application/x-www-form-urlencoded")
        if envelope.retry:
            headers["x-slack-retry-num"] = str(envelope.retry.number)
            headers["x-slack-retry-reason"] = envelope.retry.reason
        try:
            async with (
                asyncio.timeout(self.ack_seconds),
                httpx.AsyncClient(verify=self.tls, trust_env=False, timeout=None) as client,  # noqa: S113 -- the line above
            ):
                response = await client.post(self.url.rstrip("/") + EVENTS_PATH, content=body, headers=headers)
        except TimeoutError:
            return Answer("timeout", _since(began), reason="http_timeout")
        except httpx.HTTPError:
            return Answer("error", _since(began), reason="connection_failed")
        return _read(response, _since(began))

    def _headers(self, body: bytes, content_type: str) -> dict[str, str]:
        now = int(time.time())
        return {
            "content-type": content_type,
            "user-agent": "Slackbot 1.0 (local)",
            "x-slack-request-timestamp": str(now),
            "x-slack-signature": sign(self.signing_secret, now, body),
        }


def _read(response: httpx.Response, seconds: float) -> Answer:
    no_retry = response.headers.get("x-slack-no-retry") == "1"
    if not response.is_success:
        return Answer("error", seconds, response.status_code, response.text, "http_error", no_retry)
    body: Json | str = response.text
    if "json" in response.headers.get("content-type", "") and response.text:
        try:
            parsed = response.json()
        except ValueError:
            parsed = None
        body = parsed if isinstance(parsed, dict) else response.text
    return Answer("ok", seconds, response.status_code, body)


def _name(payload: Json) -> str:
    """What a payload is called in the log: its type, and the id that tells which button, modal or shortcut."""
    actions = payload.get("actions") or [payload]
    name = payload.get("view", {}).get("callback_id") if payload["type"].startswith("view_") else None
    name = name or actions[0].get("action_id") or payload.get("callback_id") or ""
    return f"{payload['type']} {name}".strip()


def _since(began: float) -> float:
    return round(time.monotonic() - began, 4)
