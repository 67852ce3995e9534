"""What the bot asked of the CRM: a log of API calls, and the limit of calls per ten seconds."""

from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

KEPT = 2000
WINDOW_SECONDS = 10.0


@dataclass(frozen=True)
class Call:
    """One API call: when, what, how it was answered. `status` is None when the connection was dropped."""

    n: int
    at: str
    method: str
    path: str
    status: int | None
    seconds: float


@dataclass
class Calls:
    """The last calls, and the rolling limit. `limit` is calls per ten seconds; None switches it off.

    https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
    """

    limit: int | None = None
    log: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT))
    count: int = 0
    times: deque[float] = field(default_factory=deque)  # of the calls let through in the window, monotonic seconds

    def admit(self, now: float) -> bool:
        """Whether the limit lets one more call through at `now`; counts it if so."""
        if self.limit is None:
            return True
        while self.times and self.times[0] <= now - WINDOW_SECONDS:
            self.times.popleft()
        if len(self.times) >= self.limit:
            return False
        self.times.append(now)
        return True

    def note(self, method: str, path: str, status: int | None, seconds: float) -> None:
        """Write one call down."""
        self.count += 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.log.append(Call(self.count, at, method, path, status, round(seconds, 4)))

    def as_json(self) -> list[dict[str, Any]]:
        """The log, oldest first."""
        return [asdict(call) for call in self.log]
