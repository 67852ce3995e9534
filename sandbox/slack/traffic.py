"""What went over the wire between the bot and the local Slack: a log to read, nothing more."""

from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

KEPT = 20_000

Direction = Literal["in", "out"]


@dataclass(frozen=True)
class Exchange:
    """One Web API call (`in`) or one payload to the bot (`out`). `status` is None when no answer was delivered."""

    n: int
    at: str
    direction: Direction
    what: str
    user: str | None
    ok: bool
    error: str | None
    status: int | None
    seconds: float
    channel: str | None = None
    pings: tuple[str, ...] = ()


@dataclass
class Traffic:
    """The last exchanges, oldest first. Numbers keep rising when old ones fall out."""

    log: deque[Exchange] = field(default_factory=lambda: deque(maxlen=KEPT))
    count: int = 0

    def note(  # noqa: PLR0913 -- one argument per column of the log
        self,
        direction: Direction,
        what: str,
        *,
        user: str | None = None,
        ok: bool = True,
        error: str | None = None,
        status: int | None = 200,
        seconds: float = 0.0,
        channel: str | None = None,
        pings: tuple[str, ...] = (),
    ) -> Exchange:
        """Write one exchange down and answer it. `seconds` is how long it took."""
        self.count += 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = Exchange(self.count, at, direction, what, user, ok, error, status, round(seconds, 4), channel, pings)
        self.log.append(entry)
        return entry

    def since(self, n: int = 0) -> list[dict[str, Any]]:
        """Everything after number `n`, as JSON."""
        return [asdict(entry) for entry in self.log if entry.n > n]
