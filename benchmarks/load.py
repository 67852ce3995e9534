"""A bounded HTTP load over kept connections. A client library would cost more than the servers it measures."""

import asyncio
import hashlib
import hmac
import json
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from benchmarks.parts import CLIENT_SECRET, SIGNING_SECRET

Make = Callable[[int], bytes]  # the request with a number, as it goes over the wire
LONGEST = 30.0  # seconds that one answer may take
KEPT = 3.0  # seconds that an idle connection is used again; servers hang up after five


@dataclass(frozen=True)
class Loaded:
    """What came back: seconds per answer, statuses, and the seconds from first to last."""

    seconds: Sequence[float]
    statuses: Sequence[int]
    took: float

    @property
    def rate(self) -> float:
        """Good answers per second."""
        return sum(200 <= status < 300 for status in self.statuses) / self.took

    @property
    def bad(self) -> int:
        """Answers that were not 2xx, lost ones among them."""
        return sum(not 200 <= status < 300 for status in self.statuses)

    def percentile(self, share: float) -> float:
        """The time within which this share of the answers came, in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


async def closed(ports: Sequence[int], make: Make, *, count: int, connections: int) -> Loaded:
    """As fast as it goes: `count` requests over so many connections, spread over the ports."""
    numbers = iter(range(count))
    results: list[tuple[float, int]] = []

    async def work(port: int) -> None:
        connection = Connection(port)
        results.extend([await connection.ask(make(number)) for number in numbers])
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(work(ports[i % len(ports)]) for i in range(connections)))
    return _loaded(results, time.perf_counter() - began)


async def paced(ports: Sequence[int], make: Make, *, rate: float, seconds: float) -> Loaded:
    """So many requests a second, whether or not earlier ones are answered; waiting for a connection counts."""
    idle: dict[int, list[Connection]] = {port: [] for port in ports}
    results: list[tuple[float, int]] = []

    async def one(number: int, due: float) -> None:
        free = idle[ports[number % len(ports)]]
        connection = free.pop() if free else Connection(ports[number % len(ports)])
        _, status = await connection.ask(make(number))
        results.append((time.perf_counter() - due, status))
        free.append(connection)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(number, due))
    took = time.perf_counter() - began
    for free in idle.values():
        for connection in free:
            connection.close()
    return _loaded(results, took)


def _loaded(results: Sequence[tuple[float, int]], took: float) -> Loaded:
    return Loaded([seconds for seconds, _ in results], [status for _, status in results], took)


class Connection:
    """One kept connection; opened when it is needed, anew when it has been idle. A lost answer has status 0."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def ask(self, request: bytes) -> tuple[float, int]:
        """Send and read the whole answer: seconds and status."""
        began = time.perf_counter()
        if began - self._used > KEPT:
            self.close()
        try:
            async with asyncio.timeout(LONGEST):
                status = await self._exchange(request)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            self.close()
            status = 0
        self._used = time.perf_counter()
        return self._used - began, status

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _exchange(self, request: bytes) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(ln[15:]) for ln in head.lower().split(b"\r\n") if ln.startswith(b"content-length:")), 0)
        await reader.readexactly(length)
        return int(head[9:12])


def _request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def slack_request(payload: dict[str, Any]) -> bytes:
    """An interaction, signed as Slack signs it, now."""
    body, at = urlencode({"payload": json.dumps(payload)}).encode(), str(int(time.time()))
    signature = hmac.new(SIGNING_SECRET.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Slack-Request-Timestamp": at}
    return _request("/slack/events", headers | {"X-Slack-Signature": f"v0={signature}"}, body)


def click(user: str, value: str, response_url: str, channel: str = "C0DELIVERY") -> dict[str, Any]:
    """Somebody presses *Take ownership* on a message, with as much of the message as Slack sends along."""
    text = {"type": "plain_text", "text": "Take ownership"}
    button = {"type": "button", "action_id": "take_ownership", "text": text, "value": value}
    words = [{"type": "section", "block_id": f"b{i}", "text": {"type": "mrkdwn", "text": "x" * 250}} for i in range(6)]
    blocks = [*words, {"type": "actions", "block_id": "act", "elements": [button]}]
    return {
        "type": "block_actions",
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": "T0BATON"},
        "api_app_id": "A0BATON",
        "team": {"id": "T0BATON", "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "container": {"type": "message", "message_ts": "1772442000.000200", "channel_id": channel},
        "channel": {"id": channel, "name": "delivery"},
        "message": {
            "type": "message",
            "user": "U0BATON",
            "ts": "1772442000.000200",
            "text": "A brief",
            "blocks": blocks,
        },
        "state": {"values": {}},
        "trigger_id": "1.2.3",
        "response_url": response_url,
        "actions": [{**button, "block_id": "act", "action_ts": f"{time.time():.6f}"}],
    }


def hubspot_request(public_url: str, deals: Sequence[int], number: int) -> bytes:
    """A webhook with one stage change per deal, signed as HubSpot signs it, now. `number` makes it a new one."""
    events = [
        {
            "objectId": deal,
            "propertyName": "dealstage",
            "propertyValue": "closedwon",
            "changeSource": "CRM_UI",
            "eventId": number * 1000 + i,
            "subscriptionId": 2905105,
            "portalId": 148812077,
            "appId": 4471920,
            "occurredAt": 1772442000000 + number,
            "subscriptionType": "deal.propertyChange",
            "attemptNumber": 0,
        }
        for i, deal in enumerate(deals)
    ]
    body, at = json.dumps(events, separators=(",", ":")).encode(), str(int(time.time() * 1000))
    signed = b"POST" + f"{public_url}/crm/hubspot".encode() + body + at.encode()
    signature = b64encode(hmac.digest(CLIENT_SECRET.encode(), signed, hashlib.sha256)).decode()
    headers = {"Content-Type": "application/json", "X-HubSpot-Request-Timestamp": at}
    return _request("/crm/hubspot", headers | {"X-HubSpot-Signature-v3": signature}, body)
