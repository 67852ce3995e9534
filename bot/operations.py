"""Baton looking after itself: is it ready, does anything lie about, does Socket Mode still hear.

It repairs nothing but the connection; what needs a person is shown in `problems`, in the logs and in `/metrics`.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import httpx
import structlog
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.metrics import Metrics
from bot.slack_errors import asking
from handoff.errors import OutsideError, StorageError
from handoff.ports import Store

LATE = timedelta(minutes=5)  # a row that was due this long ago and has no live lease is an alarm
OVERTAKEN = "A newer Baton has taken over this database: stop this one."
_MOST_ROUNDS = 40  # of some hundred rows
_TICKS_STOPPED = timedelta(seconds=10)


class Memory(Store, Protocol):
    """The memory, as far as looking after it goes."""

    def clear_away(self, before: datetime) -> int:
        """Delete some rows of work that was done before a moment; how many. Raises StorageError."""

    def learn(self) -> None:
        """Let the database see how much there is by now. Raises StorageError."""


class Ears:
    """Notes when Socket Mode last heard anything, and opens a new connection after too long a silence.

    A connection can look alive and hear nothing (https://github.com/slackapi/python-slack-sdk/issues/1701). Opening a
    new one costs a second and loses nothing, so silence alone is reason enough.
    """

    def __init__(self, handler: SocketModeHandler, clock: Callable[[], datetime], silence: timedelta) -> None:
        self._client: BaseSocketModeClient = handler.client
        self._clock = clock
        self._silence = silence
        self._heard = clock()
        self._client.socket_mode_request_listeners.insert(0, self._hear)

    def _hear(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:  # noqa: ARG002 -- the SDK's form
        self._heard = self._clock()

    def check(self) -> None:
        """Open a new connection if nothing was heard for too long."""
        if self._clock() - self._heard > self._silence:
            structlog.get_logger().info("socket_reopened", heard=self._heard.isoformat())
            self._heard = self._clock()
            self._client.connect_to_new_endpoint(force=True)


@dataclass
class Operations:
    """What the clock asks of Baton besides its work. `heartbeat_url` is pinged only when nothing is wrong.

    `keep` is how long rows of work that is done are kept.
    `is_overtaken` says whether a newer Baton has taken over the database; if none is given, that never happens.
    """

    store: Memory
    client: WebClient
    metrics: Metrics
    clock: Callable[[], datetime]
    heartbeat_url: str | None
    ears: Ears | None
    is_overtaken: Callable[[], bool] = bool
    keep: timedelta = timedelta(days=90)
    has_stepped_aside: bool = False
    _ticked: datetime | None = None
    _slack_trouble: str | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tick(self) -> None:
        """Note that the clock ticks; step aside for good once a newer Baton has taken over the database."""
        self._ticked = self.clock()
        if not self.has_stepped_aside:
            with suppress(StorageError):  # `not_ready` says that the database does not answer
                self.has_stepped_aside = self.is_overtaken()
            if self.has_stepped_aside:
                structlog.get_logger().error("stepped_aside", why=OVERTAKEN)

    def learn(self) -> None:
        """Let the database see how much there is by now."""
        with suppress(StorageError):  # `not_ready` says that it does not answer
            self.store.learn()

    def check_slack(self) -> None:
        """Ask Slack whether the token is good, and see that Socket Mode still hears."""
        trouble = None
        try:
            with asking("auth.test"):
                self.client.auth_test()
        except OutsideError as e:
            trouble = str(e)
        with self._lock:
            self._slack_trouble = trouble
        if self.ears is not None and trouble is None and not self.has_stepped_aside:
            self.ears.check()

    def audit(self) -> None:
        """Alarm about rows that nobody works on; tell a dead man's switch that all is well, if it is."""
        now = self.clock()
        lost = self.store.problems(now - LATE, 100, only_late=True)  # rows given up, however many, hide none of these
        self.metrics.late(len(lost))
        for problem in lost:
            structlog.get_logger().error("row_overdue", id=problem.id, what=problem.what, since=str(problem.since))
        if self.heartbeat_url and not lost and not self.not_ready():
            try:
                httpx.get(self.heartbeat_url, timeout=5).raise_for_status()
            except httpx.HTTPError as e:
                structlog.get_logger().warning("heartbeat_not_taken", why=type(e).__name__)

    def tidy(self) -> None:
        """Clear away what has been done for long, a little at a time: the rest comes with the next hour."""
        before, gone = self.clock() - self.keep, 0
        for _ in range(_MOST_ROUNDS):
            if self.has_stepped_aside or not (few := self.store.clear_away(before)):
                break
            gone += few
        if gone:
            structlog.get_logger().info("cleared_away", rows=gone)

    def not_ready(self) -> list[str]:
        """What keeps Baton from doing its work, one phrase each."""
        problems = [OVERTAKEN] if self.has_stepped_aside else []
        now = self.clock()
        if self._ticked is None or now - self._ticked > _TICKS_STOPPED:
            problems.append("the clock has stopped")
        with self._lock:
            problems += [self._slack_trouble] if self._slack_trouble else []
        try:
            for name, state in self.store.queues(now).items():
                if state.idle is not None and now - state.idle > LATE:
                    problems.append(f"the {name} does not move since {state.idle:%d %b %H:%M} UTC")
        except StorageError as e:
            problems.append(str(e))
        return problems

    def measure(self) -> None:
        """Bring the gauges up to date; called when somebody reads them."""
        now = self.clock()
        try:
            for name, state in self.store.queues(now).items():
                age = (now - state.oldest).total_seconds() if state.oldest else 0.0
                self.metrics.queue(name, due=state.due, dead=state.dead, age=age)
        except StorageError:
            structlog.get_logger().warning("queues_not_measured")
