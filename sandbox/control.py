"""The outside interface of README.md as routes, and the two addresses the bot calls: response_url and Socket Mode."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from sandbox.slack import calls, response_urls
from sandbox.slack.calls import Call
from sandbox.slack.deliver import BotLine
from sandbox.slack.desk import Desk, RefusedError
from sandbox.slack.events import Events
from sandbox.slack.faults import Fault
from sandbox.slack.socket import SocketHub
from sandbox.world import Sandbox

LONG_POLL_SECONDS = 25.0
MAX_BODY_BYTES = 4 * 1024 * 1024
Action = Callable[[Call], Awaitable[Any]]

_PEOPLE: tuple[tuple[str, str, Action], ...] = (
    ("GET", "users", calls.users),
    ("GET", "channels", calls.channels),
    ("GET", "conversations", calls.conversations),
    ("GET", "messages", calls.messages),
    ("GET", "views", calls.views),
    ("GET", "home", calls.home),
    ("POST", "read", calls.read),
    ("POST", "click", calls.click),
    ("POST", "options", calls.options),
    ("POST", "fill", calls.fill),
    ("POST", "submit", calls.submit),
    ("POST", "close", calls.close),
    ("POST", "command", calls.command),
    ("POST", "say", calls.say),
    ("POST", "shortcut", calls.shortcut),
    ("POST", "home", calls.open_home),
    ("POST", "channels", calls.make_channel),
    ("POST", "channels/archive", calls.archive),
    ("POST", "channels/member", calls.member),
    ("POST", "users", calls.user),
)


def routes(sandbox: Sandbox) -> list[BaseRoute]:
    """All routes of the people's side. One line to the bot is made here and shared by them."""
    settings = sandbox.settings
    hub = SocketHub(tickets=sandbox.tickets)
    line = BotLine(settings.bot_url, settings.signing_secret, sandbox.traffic, hub)
    control = _Control(sandbox, line, Events(line))
    return [
        *(control.route(method, path, action) for method, path, action in (*_PEOPLE, *control.table())),
        Route("/response/{token}", control.response_url, methods=["POST"]),
        WebSocketRoute("/link", hub.serve),
    ]


@dataclass(frozen=True)
class _Control:
    """The sandbox with its line to the bot."""

    sandbox: Sandbox
    line: BotLine
    events: Events

    def table(self) -> tuple[tuple[str, str, Action], ...]:
        """The calls that are about the sandbox itself."""
        return (
            ("GET", "health", self.health),
            ("GET", "changes", self.changes),
            ("GET", "traffic", self.traffic),
            ("GET", "faults", self.faults),
            ("POST", "faults", self.fault_on),
            ("DELETE", "faults", self.faults_off),
            ("POST", "duplicate", self.duplicate),
            ("POST", "retries", self.retries),
            ("POST", "bot", self.move_bot),
            ("GET", "sockets", self.sockets),
            ("POST", "sockets", self.disconnect),
            ("POST", "reset", self.reset),
        )

    def route(self, method: str, path: str, action: Action) -> Route:
        """One address whose refusals become an HTTP error with one sentence."""

        async def endpoint(request: Request) -> Response:
            try:
                return JSONResponse(await action(Call(self._desk(), await _sent(request))))
            except RefusedError as refused:
                return JSONResponse({"error": str(refused)}, refused.status)

        return Route("/sandbox/" + path, endpoint, methods=[method])

    def _desk(self) -> Desk:
        """Made anew for each call: a reset replaces the workspace."""
        self.events.subscribed = self.sandbox.manifest.events
        return Desk(self.sandbox.workspace, self.line, self.events, self.sandbox.manifest, self.sandbox.base_url)

    async def response_url(self, request: Request) -> Response:
        """What the bot says through a response_url."""
        return await response_urls.use(self.sandbox, request)

    async def health(self, _: Call) -> Any:
        """It runs."""
        return {"ok": True}

    async def changes(self, call: Call) -> Any:
        """The version as soon as it is another than `since`, or after 25 seconds."""
        since = _whole(call, "since", -1)
        try:
            async with asyncio.timeout(LONG_POLL_SECONDS):
                while self.sandbox.workspace.version == since:
                    await self.sandbox.workspace.changed.wait()
        except TimeoutError:
            pass
        return {"version": self.sandbox.workspace.version}

    async def traffic(self, call: Call) -> Any:
        """Everything that went over the wire after number `since`."""
        return self.sandbox.traffic.since(_whole(call, "since", 0))

    async def faults(self, _: Call) -> Any:
        """What is switched on."""
        return {"faults": self.sandbox.faults.as_json()}

    async def fault_on(self, call: Call) -> Any:
        """Switch a fault on."""
        known = {"method", "kind", "rate", "times", "seconds", "seed"}
        given = {key: value for key, value in call.sent.items() if key in known and value is not None}
        try:
            self.sandbox.faults.switch_on(Fault(**({"method": "*"} | given)))
        except (TypeError, ValueError) as error:
            raise RefusedError(str(error)) from error
        return {"faults": self.sandbox.faults.as_json()}

    async def faults_off(self, _: Call) -> Any:
        """Switch every fault off."""
        self.sandbox.faults.clear()
        return {"faults": []}

    async def duplicate(self, call: Call) -> Any:
        """Deliver an event once more."""
        if not self.events.duplicate(call.text("event_id")):
            raise RefusedError("No event with this id was sent.", 404)
        return {"ok": True}

    async def retries(self, call: Call) -> Any:
        """Stretch or shrink the waits between an event's retries; 1 is Slack's own."""
        try:
            self.events.retry_factor = float(call.text("factor"))
        except ValueError as error:
            raise RefusedError("factor is a number.") from error
        return {"ok": True}

    async def move_bot(self, call: Call) -> Any:
        """The bot is at another address now."""
        self.sandbox.settings.bot_url = call.text("url").rstrip("/")
        self.line.move(self.sandbox.settings.bot_url)
        return {"ok": True}

    async def sockets(self, _: Call) -> Any:
        """How many Socket Mode connections take payloads."""
        return {"connections": self.line.hub.open_count}

    async def disconnect(self, call: Call) -> Any:
        """Send every socket away with a disconnect frame of this `reason`; `drop` closes them without a word."""
        hub = self.line.hub
        if call.sent.get("drop"):
            return {"told": await hub.drop()}
        grace = call.maybe("grace")
        return {"told": await hub.disconnect(call.text("reason"), grace=None if grace is None else float(grace))}

    async def reset(self, _: Call) -> Any:
        """A fresh workspace and CRM; the bot's line stays."""
        self.events.forget()
        self.sandbox.reset()
        return {"ok": True}


async def _sent(request: Request) -> dict[str, Any]:
    if request.method == "GET":
        return dict(request.query_params)
    raw = await request.body()
    if len(raw) > MAX_BODY_BYTES:
        raise RefusedError("That is too large.", 413)
    try:
        sent = json.loads(raw or b"{}")
    except ValueError as error:
        raise RefusedError("The body is not JSON.") from error
    if not isinstance(sent, dict):
        raise RefusedError("The body is not a JSON object.")
    return sent


def _whole(call: Call, key: str, default: int) -> int:
    value = call.maybe(key)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise RefusedError(f"{key} is a whole number.") from error
