"""HubSpot's webhooks: signed batches to the bot, sent again until it answers 2xx.

https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide
Batches of at most 100, five seconds for an answer, up to ten retries, no promise of order or of "only once".
"""

import asyncio
import json
import random
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx

from sandbox.crm.model import Json
from sandbox.crm.signature import sign_v1, sign_v3

PATH = "/crm/hubspot"
BATCH = 100
KEPT = 5000


class Target(Protocol):
    """Where webhooks go and with what they are signed; asked anew before each attempt, so the bot may move."""

    @property
    def bot_url(self) -> str:
        """Where the bot listens, without a path."""

    @property
    def public_url(self) -> str:
        """The address the bot believes it has: this one is signed."""

    @property
    def hubspot_client_secret(self) -> str:
        """The key of the signature."""


@dataclass(frozen=True)
class Patience:
    """How long the sender waits and how often it tries again. Seconds; HubSpot spreads ten retries over a day."""

    timeout: float = 5.0
    retries: int = 10
    first: float = 1.0
    growth: float = 1.7
    most: float = 60.0

    def pause(self, attempt: int, dice: random.Random) -> float:
        """Seconds before the retry that follows attempt number `attempt`, counted from 0."""
        return min(self.most, self.first * self.growth**attempt) * dice.uniform(0.7, 1.3)


@dataclass
class Delivery:
    """One attempt. `status` is None when no answer came; `error` then says why."""

    n: int
    at: str
    attempt: int
    events: list[Any]
    status: int | None = None
    seconds: float = 0.0
    error: str | None = None


@dataclass
class Outbox:
    """Sends, waits, sends again; keeps a log of every attempt. Decides nothing about what the events say."""

    patience: Patience = field(default_factory=Patience)
    dice: random.Random = field(default_factory=random.Random)
    deliveries: deque[Delivery] = field(default_factory=lambda: deque(maxlen=KEPT))
    count: int = 0
    on_change: Callable[[], None] | None = None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(10))  # HubSpot's default concurrency
    tls: ssl.SSLContext | None = None

    @property
    def pending(self) -> int:
        """Requests not yet answered 2xx and not yet given up."""
        return len(self.tasks)

    def send(self, target: Target, events: Sequence[Any], batch: int = BATCH) -> int:
        """Queue events in requests of at most `batch` and return at once. Answers the number of requests."""
        size = max(1, min(batch, BATCH))
        chunks = [list(events[start : start + size]) for start in range(0, len(events), size)]
        for chunk in chunks:
            task = asyncio.create_task(self._deliver(target, chunk))
            self.tasks.add(task)
            task.add_done_callback(self._finished)
        return len(chunks)

    def close(self) -> None:
        """Give up whatever is under way."""
        for task in self.tasks:
            task.cancel()

    def as_json(self) -> list[Json]:
        """Every attempt, oldest first."""
        return [asdict(delivery) for delivery in self.deliveries]

    def _finished(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self._touch()

    async def _deliver(self, target: Target, events: list[Any]) -> None:
        for attempt in range(self.patience.retries + 1):
            async with self.gate:
                if await self._attempt(target, [_numbered(event, attempt) for event in events], attempt):
                    return
            if attempt < self.patience.retries:
                await asyncio.sleep(self.patience.pause(attempt, self.dice))

    async def _attempt(self, target: Target, events: list[Any], attempt: int) -> bool:
        self.count += 1
        delivery = Delivery(self.count, datetime.now(UTC).isoformat(timespec="milliseconds"), attempt, events)
        self.deliveries.append(delivery)
        started = time.perf_counter()
        try:
            delivery.status = await self._post(target, body_of(events))
        except (httpx.TimeoutException, TimeoutError):
            delivery.error = f"no answer in {self.patience.timeout:g} s"
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            delivery.error = str(error) or type(error).__name__
        delivery.seconds = round(time.perf_counter() - started, 4)
        self._touch()
        return delivery.status is not None and 200 <= delivery.status < 300

    async def _post(self, target: Target, body: bytes) -> int:
        headers = headers_of(target, body, datetime.now(UTC))
        # The context is kept because making one costs more than the call; a client is not, so nothing stays open.
        self.tls = self.tls or ssl.create_default_context()
        async with httpx.AsyncClient(verify=self.tls, trust_env=False) as client:
            async with asyncio.timeout(self.patience.timeout):  # of the whole; httpx would count each read anew
                url = target.bot_url.rstrip("/") + PATH
                reply = await client.post(url, content=body, headers=headers, timeout=self.patience.timeout)
        return reply.status_code

    def _touch(self) -> None:
        if self.on_change is not None:
            self.on_change()


def body_of(events: list[Any]) -> bytes:
    """The events as the bytes that are sent and signed. Half a surrogate pair has no UTF-8 and becomes a `?`."""
    return json.dumps(events, ensure_ascii=False, separators=(",", ":")).encode("utf-8", errors="replace")


def headers_of(target: Target, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of one attempt: the signature carries the time, so each retry is signed afresh."""
    timestamp = str(int(now.timestamp() * 1000))
    secret = target.hubspot_client_secret
    uri = target.public_url.rstrip("/") + PATH
    return {
        "Content-Type": "application/json",
        "X-HubSpot-Request-Timestamp": timestamp,
        "X-HubSpot-Signature-v3": sign_v3(secret, "POST", uri, body, timestamp),
        "X-HubSpot-Signature": sign_v1(secret, body),
        "X-HubSpot-Signature-Version": "v1",
    }


def _numbered(event: Any, attempt: int) -> Any:
    """The event as this attempt tells it: attemptNumber rises from whatever it was first."""
    if not isinstance(event, dict) or not isinstance(event.get("attemptNumber"), int):
        return event
    return {**event, "attemptNumber": event["attemptNumber"] + attempt}
