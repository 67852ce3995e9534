"""What the handlers share: the one flow, who pressed, and the private answer.

A private answer is a courtesy, sent beside the request: it is not stored, and if it is lost the message itself still
shows how things stand.
"""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot import texts
from bot.people import SlackPeople
from handoff.decide import Reply
from handoff.errors import HandoffUnknown, StorageError
from handoff.events import AnyEvent
from handoff.flow import Flow
from handoff.model import Handoff, Person
from handoff.workflow import Workflow


@dataclass(frozen=True)
class Desk:
    """Everything a handler needs. `client` has a short time-out, because a person waits; `clock` is the only clock."""

    flow: Flow
    people: SlackPeople
    client: WebClient
    clock: Callable[[], datetime]
    replies: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, "replies"))

    def person(self, body: dict[str, Any]) -> Person:
        """Who acted, from the signed payload only."""
        user = body.get("user") or {}
        user_id = str(user.get("id") or body["user_id"])
        return self.people.named(user_id, str(user.get("name") or body.get("user_name") or user_id))

    def facts(self, handoff_id: str, via: str) -> dict[str, Any]:
        """What every event of a handler says."""
        return {"handoff_id": handoff_id, "at": self.clock(), "via": via, "trace": uuid.uuid4().hex[:12]}

    def record(self, event: AnyEvent, body: dict[str, Any]) -> Reply | None:
        """Send an event through the one flow. None if that failed; the person has then been told."""
        try:
            return self.flow.record(event, event.at)
        except StorageError:
            self.tell(body, texts.NOT_SAVED)
        except HandoffUnknown:
            self.tell(body, texts.GONE)
        return None

    def look_up(self, handoff_id: str, body: dict[str, Any]) -> tuple[Handoff, Workflow] | None:
        """A handoff and its workflow. None if that failed; the person has then been told."""
        try:
            handoff = self.flow.store.handoff(handoff_id)
            if handoff is not None:
                return handoff, self.flow.store.workflow(handoff.edition)
            self.tell(body, texts.GONE)
        except StorageError:
            self.tell(body, texts.NOT_SAVED)
        return None

    def tell(self, body: dict[str, Any], text: str | None) -> None:
        """Answer privately, by the payload's response_url."""
        if text and (url := body.get("response_url")):
            self.replies.submit(_send, str(url), text)

    def close(self) -> None:
        """Send no more of them; those on their way may still arrive."""
        self.replies.shutdown(wait=False, cancel_futures=True)


def _send(url: str, text: str) -> None:
    try:
        answer = WebhookClient(url, timeout=5, retry_handlers=[]).send(
            text=text, response_type="ephemeral", replace_original=False
        )
        if answer.status_code != 200:
            structlog.get_logger().warning("private_answer_lost", status=answer.status_code)
    except OSError as e:
        structlog.get_logger().warning("private_answer_lost", why=type(e).__name__)
