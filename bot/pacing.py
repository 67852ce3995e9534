"""Keeping inside Slack's limits: one message a second in each channel, and quiet after Slack said 429.

A piece of work that would come too early gets a moment of its own and is given back until then, so that a burst for one
channel holds up no other. Each process paces itself; what several send too fast together, Slack answers with 429.
https://docs.slack.dev/apis/web-api/rate-limits
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff.errors import TooEarly

_FORGET_AFTER = 10_000  # moments kept; far more than can be waiting within one lease


@dataclass(frozen=True)
class Pace:
    """How often something may happen: once every `seconds`, with `burst` at once after a pause."""

    seconds: float
    burst: int


PER_CHANNEL = Pace(1.0, 4)  # "1 message per second per channel", short bursts allowed
UNTIL_TOLD = Pace(0.02, 100)  # a method's tier is a floor ("50+ per minute"), so only Slack's own 429 slows it down


class Pacer:
    """Gives each piece of work its moment. Remembers nothing over a restart: Slack itself then says 429."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}
        self._moments: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def enter(self, lane: str, key: str, pace: Pace, now: datetime) -> None:
        """Pass, or learn when to come again. `key` names the piece of work: it keeps the moment it was given.

        Raises:
            TooEarly: `wait` says by how much.
        """
        moment = now.timestamp()
        with self._lock:
            mine = self._moments.pop((lane, key), None)
            if mine is None:
                earliest = moment - pace.seconds * (pace.burst - 1)
                mine = max(self._next.get(lane, 0.0), earliest)
                self._next[lane] = mine + pace.seconds
            if mine > moment:
                if len(self._moments) >= _FORGET_AFTER:
                    self._moments.clear()
                self._moments[lane, key] = mine
                raise TooEarly(f"Slack takes no more than this just now ({lane}).", timedelta(seconds=mine - moment))

    def hold(self, lane: str, wait: timedelta, now: datetime) -> None:
        """Slack said 429: nothing new in this lane for as long as it asked."""
        with self._lock:
            self._next[lane] = max(self._next.get(lane, 0.0), now.timestamp() + wait.total_seconds())
