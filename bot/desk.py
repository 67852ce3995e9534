"""What the handlers share: the one flow, who pressed, and the private answer.

A private answer is a courtesy, sent beside the request: it is not stored, and if it is lost the message itself still
shows how things stand.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import structlog
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.logs import new_trace
from bot.messages import texts
from bot.modals import forms
from bot.people import SlackPeople
from bot.slack_errors import asking
from handoff.decide import Reply, ReplyKind
from handoff.errors import HandoffUnknown, OutsideError, StorageError
from handoff.events import Act, AnyEvent, StageEntered
from handoff.flow import Flow
from handoff.model import Handoff, Person, RecordRef
from handoff.workflow import Workflow

SLACK = "https://slack.com/api/"
_HOOKS = {"slack.com": "hooks.slack.com", "slack-gov.com": "hooks.slack-gov.com"}


@dataclass(frozen=True)
class Desk:
    """Everything a handler needs. `client` has a short time-out, because a person waits; `clock` is the only clock.

    `slack_url` is the Web API of the Slack we speak with: private answers go to no other. `watchers` are called with
    the Slack id of whoever has just acted; they must return at once and not raise. `record_named` says which record of
    a connected CRM somebody means by an id or an address.
    """

    flow: Flow
    people: SlackPeople
    client: WebClient
    clock: Callable[[], datetime]
    slack_url: str = SLACK
    replies: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, "replies"))
    watchers: list[Callable[[str], None]] = field(default_factory=list)
    record_named: Callable[[str], RecordRef | None] = lambda _: None

    def person(self, body: dict[str, Any]) -> Person:
        """Who acted, from the signed payload only."""
        user = body.get("user") or {}
        user_id = str(user.get("id") or body["user_id"])
        return self.people.named(user_id, str(user.get("name") or body.get("user_name") or user_id))

    def facts(self, handoff_id: str, via: str) -> dict[str, Any]:
        """What every event of a handler says."""
        return {"handoff_id": handoff_id, "at": self.clock(), "via": via, "trace": new_trace()}

    def act(self, body: dict[str, Any], handoff_id: str, via: str) -> dict[str, Any]:
        """What every event of a person says: who, by which names config may mean them, when, from where."""
        by = self.person(body)
        return {**self.facts(handoff_id, via), "by": by, "roles": self.roles(by)}

    def roles(self, by: Person, *more: Workflow) -> tuple[str, ...]:
        """How somebody stands to the workflows of the config, and to `more`. Never fails, and reads no handoff."""
        return self.people.roles_on(by, *self.flow.workflows.values(), *more)

    def show(self, body: dict[str, Any], handoff_id: str, build: Callable[[Handoff, Workflow], dict[str, Any]]) -> None:
        """Open a form about a handoff; on top of the one that is open, if the press came from a form.

        Guests read nothing about customers, and do not type what could only be refused: they are told at once.
        """
        if self.person(body).is_guest:
            self.tell(body, texts.GUEST)
            return
        if (found := self.look_up(handoff_id, body)) is None:
            return
        try:
            view = build(*found)
        except StorageError:
            self.tell(body, texts.NOT_SAVED)
            return
        self.open(body, view)

    def open(self, body: dict[str, Any], view: dict[str, Any]) -> None:
        """Open a form; on top of the one that is open, if the press came from a form. Tells whoever does not see it."""
        try:
            self._open(body, view)
        except OutsideError:
            self.tell(body, texts.NO_FORM)

    def record(self, event: AnyEvent, body: dict[str, Any]) -> Reply | None:
        """Send an event through the one flow. None if that failed; the person has then been told."""
        try:
            reply = self.flow.record(event, event.at)
            if reply.kind is ReplyKind.NOT_ALLOWED and (again := self._looked_again(event)) is not None:
                reply = self.flow.record(again, again.at)
        except StorageError:
            self.tell(body, texts.NOT_SAVED)
        except HandoffUnknown:
            self.tell(body, texts.GONE)
        else:
            self.acted(event)
            return self.naming(reply)
        return None

    def naming(self, reply: Reply) -> Reply:
        """The same answer, which calls the people of the config by their own names."""
        called = self.people.called(reply.names)
        return reply.model_copy(update={"names": tuple(called.values())}) if called else reply

    def acted(self, event: AnyEvent) -> None:
        """Tell whoever watches that somebody has acted."""
        by = event.by if isinstance(event, Act | StageEntered) else None
        member = by.slack_id if by is not None else None
        for watcher in self.watchers if member else ():
            watcher(member or "")

    def _looked_again(self, event: AnyEvent) -> AnyEvent | None:
        """The same act by what Slack says now about groups and channels; None if that changes nothing."""
        if not isinstance(event, Act) or event.by.is_guest:
            return None
        self.people.look_again()
        handoff = self.flow.store.handoff(event.handoff_id)
        begun_with = (self.flow.store.workflow(handoff.edition),) if handoff else ()
        roles = self.roles(event.by, *begun_with)
        return event.model_copy(update={"roles": roles}) if set(roles) != set(event.roles) else None

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
        """Answer privately: by the payload's response_url, or in a form where the press came from a view."""
        if not text:
            return
        if body.get("response_url"):
            self.answer(body, {"text": text})
        elif body.get("type") == "block_actions" and body.get("trigger_id"):
            view = forms.note("Nothing was changed", unescape(text))
            self.beside(self._open_note, body, view)

    def answer(self, body: dict[str, Any], message: Mapping[str, Any], *, instead: bool = False) -> None:
        """Answer privately with a message; `instead` of the one in which the press was."""
        if not (url := body.get("response_url")):
            return
        if not is_answer_address(str(url), self.slack_url):
            structlog.get_logger().warning("private_answer_refused", why="its response_url does not lead to Slack")
            return
        self.beside(_send, str(url), {"response_type": "ephemeral", **message, "replace_original": instead})

    def beside(self, work: Callable[..., None], *given: object) -> None:
        """Do something beside the request; nothing any more once Baton stops, because what counts is stored."""
        try:
            self.replies.submit(work, *given)
        except RuntimeError:
            structlog.get_logger().warning("private_answer_lost", why="Baton is stopping")

    def _open(self, body: dict[str, Any], view: dict[str, Any]) -> None:
        pressed_in: dict[str, Any] = body.get("view") or {}
        if pressed_in.get("type") == "modal":
            with asking("views.push"):
                self.client.views_push(trigger_id=body["trigger_id"], view=view)
        else:
            with asking("views.open"):
                self.client.views_open(trigger_id=body["trigger_id"], view=view)

    def _open_note(self, body: dict[str, Any], view: dict[str, Any]) -> None:
        try:
            self._open(body, view)
        except OutsideError as e:
            structlog.get_logger().warning("private_answer_lost", why=type(e).__name__)

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


def _send(url: str, message: dict[str, Any]) -> None:
    try:
        answer = WebhookClient(url, timeout=5, retry_handlers=[]).send_dict(message)
        if answer.status_code != 200:
            structlog.get_logger().warning("private_answer_lost", status=answer.status_code)
    except (OSError, HTTPException, ValueError) as e:
        structlog.get_logger().warning("private_answer_lost", why=type(e).__name__)
