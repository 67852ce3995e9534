"""A running sandbox with a real Bolt app behind it, over HTTP or over Socket Mode, driven as a person would."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import uvicorn
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.serve import running
from sandbox.slack.manifest import Manifest
from sandbox.world import Sandbox, Settings

T = TypeVar("T")
Json = dict[str, Any]
Listen = Callable[[App], None]
BUTTON: Json = {"type": "button", "action_id": "claim", "text": {"type": "plain_text", "text": "Take it"}, "value": "7"}


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def field(block_id: str, element: Json, **more: object) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": text(block_id.title()),
        "element": {"action_id": "a", **element},
        **more,
    }


def modal(*blocks: Json, **more: object) -> Json:
    view: Json = {"type": "modal", "callback_id": "form", "title": text("Form"), "submit": text("Send")}
    return view | {"blocks": list(blocks) or [field("goal", {"type": "plain_text_input"})]} | more


@dataclass
class Stage:
    """The outside interface with short hands for it."""

    sandbox: Sandbox
    base: str
    http: httpx.Client
    web: WebClient

    def do(self, what: str, **sent: object) -> Json:
        answer = self.http.post("/sandbox/" + what, json=sent)
        assert answer.status_code == 200, answer.text
        parsed: Json = answer.json()
        return parsed

    def refuse(self, what: str, **sent: object) -> tuple[int, str]:
        answer = self.http.post("/sandbox/" + what, json=sent)
        return answer.status_code, answer.json().get("error", "")

    def see(self, what: str, **query: str) -> Any:
        return self.http.get("/sandbox/" + what, params=query).json()

    def messages(self, user: str, channel: str, **more: str) -> list[Json]:
        shown: list[Json] = self.see("messages", user=user, channel=channel, **more)["messages"]
        return shown

    def views(self, user: str) -> list[Json]:
        shown: list[Json] = self.see("views", user=user)["views"]
        return shown

    def post(self, channel: str, *blocks: Json, words: str = "hello", **more: Any) -> str:
        target = self.sandbox.workspace.find_channel(channel)
        assert target is not None
        sent = self.web.chat_postMessage(channel=target.id, text=words, blocks=list(blocks) or None, **more)
        return str(sent["ts"])

    def button(self, channel: str = "delivery") -> str:
        return self.post(channel, {"type": "actions", "block_id": "row", "elements": [BUTTON]})

    def open(self, view: Json, user: str = "sam") -> str:
        """Open a modal through a shortcut whose listener was registered by `opens`."""
        self.sandbox.workspace.views.pop("U0" + user.upper(), None)
        self.web.views_open(trigger_id=self.trigger(user), view=view)
        return str(self.views(user)[-1]["id"])

    def trigger(self, user: str) -> str:
        self.do("shortcut", user=user, callback_id="any")
        return max(self.sandbox.workspace.triggers.values(), key=lambda trigger: trigger.expires).id


def wait_for(look: Callable[[], T], seconds: float = 5.0) -> T:
    """Look again until there is something; the last look if there never is."""
    end = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def bolt(stage: Stage, listen: Listen | None) -> App:
    settings = stage.sandbox.settings
    app = App(
        client=WebClient(settings.bot_token, base_url=stage.base + "/api/"),
        signing_secret=settings.signing_secret,
        token_verification_enabled=False,
    )
    app.shortcut("any")(lambda ack: ack())
    if listen:
        listen(app)
    return app


@contextlib.contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an app in a thread on a free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        wait_for(lambda: server.started)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def over_http(app: App) -> ASGIApp:
    async def events(request: Request) -> Response:
        asked = BoltRequest(body=(await request.body()).decode(), headers=dict(request.headers.items()))
        told = await run_in_threadpool(app.dispatch, asked)
        return Response(told.body, told.status, {name: values[0] for name, values in told.headers.items()})

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"])])


@contextlib.contextmanager
def stage(manifest: Manifest | None = None) -> Iterator[Stage]:
    """A sandbox without a bot."""
    sandbox = Sandbox(Settings(bot_url=""), manifest or Manifest())
    sandbox.limits.enabled = False
    with running(sandbox) as base, httpx.Client(base_url=base, timeout=30) as http:
        yield Stage(sandbox, base, http, WebClient(sandbox.settings.bot_token, base_url=base + "/api/"))


@contextlib.contextmanager
def http_stage(listen: Listen | None = None, manifest: Manifest | None = None) -> Iterator[Stage]:
    """A sandbox and a Bolt app that it calls over HTTP."""
    with stage(manifest) as made, serving(over_http(bolt(made, listen))) as url:
        made.do("bot", url=url)
        yield made


@contextlib.contextmanager
def socket_stage(listen: Listen | None = None) -> Iterator[tuple[Stage, SocketModeHandler]]:
    """A sandbox and a Bolt app that connects to it by Socket Mode."""
    with stage() as made:
        handler = SocketModeHandler(bolt(made, listen), made.sandbox.settings.app_token, ping_interval=1)
        handler.connect()  # type: ignore[no-untyped-call]
        wait_for(lambda: made.see("sockets")["connections"] == 1)
        try:
            yield made, handler
        finally:
            handler.close()  # type: ignore[no-untyped-call]


@contextlib.contextmanager
def raw_stage(answer: Callable[[Request, bytes], Response], manifest: Manifest | None = None) -> Iterator[Stage]:
    """A sandbox and a bot that is one function."""

    async def events(request: Request) -> Response:
        return await run_in_threadpool(answer, request, await request.body())

    with (
        stage(manifest) as made,
        serving(Starlette(routes=[Route("/slack/events", events, methods=["POST"])])) as url,
    ):
        made.do("bot", url=url)
        yield made
