"""Slack's rate limits: per method and minute by tier, and one message per second and channel.

https://docs.slack.dev/apis/web-api/rate-limits gives the tiers as "at least", so `factor` multiplies them. For posts
it promises one message per second and channel and tolerates bursts without a number; here a burst is 5.
"""

from collections import deque
from dataclasses import dataclass, field

WINDOW = 60.0
TIERS = {1: 1, 2: 20, 3: 50, 4: 100, 5: 600}  # calls per minute; 5 stands for the methods with a limit of their own
BURST = 5
PER_SECOND = 1.0


@dataclass
class Bucket:
    """What a channel may still take at once. `at` is in monotonic seconds."""

    left: float
    at: float


@dataclass
class Limits:
    """Counts calls and says how long to wait. Times are monotonic seconds given by the caller."""

    enabled: bool = True
    factor: float = 2.0
    burst: int = BURST
    calls: dict[str, deque[float]] = field(default_factory=dict)
    channels: dict[str, Bucket] = field(default_factory=dict)

    def wait_for_method(self, method: str, tier: int, now: float) -> float:
        """Seconds until this method may be called again; 0 counts the call as made."""
        if not self.enabled:
            return 0.0
        made = self.calls.setdefault(method, deque())
        while made and made[0] <= now - WINDOW:
            made.popleft()
        if len(made) >= TIERS[tier] * self.factor:
            return made[0] + WINDOW - now
        made.append(now)
        return 0.0

    def wait_for_channel(self, channel: str, now: float) -> float:
        """Seconds until this channel takes another message; 0 counts it as posted."""
        if not self.enabled:
            return 0.0
        bucket = self.channels.setdefault(channel, Bucket(self.burst, now))
        bucket.left = min(self.burst, bucket.left + (now - bucket.at) * PER_SECOND)
        bucket.at = now
        if bucket.left < 1:
            return (1 - bucket.left) / PER_SECOND
        bucket.left -= 1
        return 0.0
