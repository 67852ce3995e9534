"""Events to the bot: at least once, as Slack does (https://docs.slack.dev/apis/events-api).

A failed delivery is repeated at once, after a minute and after five; `retry_factor` shrinks those waits. Whether the
app asked for an event is decided here, from the manifest's list.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

from sandbox.slack.deliver import BotLine
from sandbox.slack.payloads import event_envelope
from sandbox.slack.socket import Retry
from sandbox.slack.state import Json

RETRY_WAITS = (0.0, 60.0, 300.0)
KEPT = 1000


@dataclass
class Events:
    """Sends events in the background. `subscribed=None` means all kinds."""

    line: BotLine
    subscribed: Collection[str] | None = None
    retry_factor: float = 1.0
    sent: dict[str, Json] = field(default_factory=dict)  # event_id -> envelope, for duplicates on request
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def send(self, kind: str, event: Json) -> str | None:
        """Deliver in the background if the app subscribed to `kind` (such as message.im); the event's id then."""
        if self.subscribed is not None and kind not in self.subscribed:
            return None
        envelope = event_envelope(event)
        event_id = str(envelope["event_id"])
        self.sent[event_id] = envelope
        if len(self.sent) > KEPT:
            del self.sent[next(iter(self.sent))]
        self._start(envelope)
        return event_id

    def duplicate(self, event_id: str) -> bool:
        """Deliver an event once more under the same id; False if there was none with this id."""
        envelope = self.sent.get(event_id)
        if envelope is None:
            return False
        self._start(envelope)
        return True

    def forget(self) -> None:
        """Stop all retries and forget what was sent, for a fresh workspace."""
        for task in self.tasks:
            task.cancel()
        self.sent.clear()

    def _start(self, envelope: Json) -> None:
        task = asyncio.create_task(self._deliver(envelope))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _deliver(self, envelope: Json) -> None:
        answer = await self.line.event(envelope)
        for number, wait in enumerate(RETRY_WAITS, start=1):
            if answer.outcome == "ok" or answer.no_retry:
                return
            await asyncio.sleep(wait * self.retry_factor)
            answer = await self.line.event(envelope, Retry(number, answer.reason))
