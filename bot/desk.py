"""What the handlers share: the one flow, who pressed, and the private answer.

A private answer is a courtesy, sent beside the request: it is not stored, and if it is lost the message itself still
shows how things stand.
"""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import structlog
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot import texts
from bot.people import SlackPeople
from bot.slack_errors import asking
from handoff.decide import Reply
from handoff.errors import HandoffUnknown, OutsideError, StorageError
from handoff.events import AnyEvent
from handoff.flow import Flow
from handoff.model import Handoff, Person
from handoff.workflow import Workflow

SLACK = "https://slack.com/api/"
_HOOKS = {"slack.com": "hooks.slack.com", "slack-gov.com": "hooks.slack-gov.com"}


@dataclass(frozen=True)
class Desk:
    """Everything a handler needs. `client` has a short time-out, because a person waits; `clock` is the only clock.

    `slack_url` is the Web API of the Slack we speak with: private answers go to no other.
    """

    flow: Flow
    people: SlackPeople
    client: WebClient
    clock: Callable[[], datetime]
    slack_url: str = SLACK
    replies: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, "replies"))

    def person(self, body: dict[str, Any]) -> Person:
        """Who acted, from the signed payload only."""
        user = body.get("user") or {}
        user_id = str(user.get("id") or body["user_id"])
        return self.people.named(user_id, str(user.get("name") or body.get("user_name") or user_id))

    def facts(self, handoff_id: str, via: str) -> dict[str, Any]:
        """What every event of a handler says."""
        return {"handoff_id": handoff_id, "at": self.clock(), "via": via, "trace": uuid.uuid4().hex[:12]}

    def act(self, body: dict[str, Any], handoff_id: str, via: str) -> dict[str, Any]:
        """What every event of a person says: who, by which names config may mean them, when, from where."""
        by = self.person(body)
        return {**self.facts(handoff_id, via), "by": by, "roles": self.people.roles(by)}

    def show(self, body: dict[str, Any], handoff_id: str, build: Callable[[Handoff, Workflow], dict[str, Any]]) -> None:
        """Open a form about a handoff; on top of the one that is open, if the press came from a form."""
        if (found := self.look_up(handoff_id, body)) is None:
            return
        try:
            if body.get("view"):
                with asking("views.push"):
                    self.client.views_push(trigger_id=body["trigger_id"], view=build(*found))
            else:
                with asking("views.open"):
                    self.client.views_open(trigger_id=body["trigger_id"], view=build(*found))
        except OutsideError:
            self.tell(body, texts.NO_FORM)

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
        if not text or not (url := body.get("response_url")):
            return
        if not is_answer_address(str(url), self.slack_url):
            structlog.get_logger().warning("private_answer_refused", why="its response_url does not lead to Slack")
            return
        self.replies.submit(_send, str(url), text)

    def close(self) -> None:
        """Send no more of them; those on their way may still arrive."""
        self.replies.shutdown(wait=False, cancel_futures=True)


def is_answer_address(url: str, slack_url: str) -> bool:
    """Whether a response_url leads to the Slack whose Web API is at `slack_url`.

    Slack's own is on its host for hooks, by https; another server's is on that server.
    """
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return False  # programs differ in how they read such an address
    api = urlsplit(slack_url)
    hooks = _HOOKS.get((api.hostname or "").removeprefix("www."))
    wanted = ("https", hooks) if hooks else (api.scheme, api.netloc.casefold())
    try:
        given = urlsplit(url)
    except ValueError:
        return False
    return (given.scheme, given.netloc.casefold()) == wanted


def _send(url: str, text: str) -> None:
    try:
        answer = WebhookClient(url, timeout=5, retry_handlers=[]).send(
            text=text, response_type="ephemeral", replace_original=False
        )
        if answer.status_code != 200:
            structlog.get_logger().warning("private_answer_lost", status=answer.status_code)
    except (OSError, HTTPException, ValueError) as e:
        structlog.get_logger().warning("private_answer_lost", why=type(e).__name__)
