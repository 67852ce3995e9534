"""What the tests of the toy CRM share: real servers on loopback, and a bot that writes down what it is sent."""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from sandbox.crm import Crm, routes
from sandbox.crm.webhook import Patience
from sandbox.dropped import with_abort
from sandbox.serve import listen

TOKEN = "pat-test"
SECRET = "client-secret-of-the-tests"
PUBLIC_URL = "https://baton.example"


@dataclass
class TestHost:
    """The sandbox, as far as the toy CRM needs it."""

    __test__ = False

    crm: Crm = field(default_factory=Crm.seeded)
    hubspot_token: str = TOKEN
    hubspot_client_secret: str = SECRET
    bot_url: str = "http://127.0.0.1:1"
    public_url: str = PUBLIC_URL


@dataclass
class Received:
    """One webhook request as the bot saw it."""

    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def events(self) -> list[Any]:
        """The JSON array."""
        parsed: list[Any] = json.loads(self.body)
        return parsed


@dataclass
class FakeBot:
    """Answers with the given statuses in turn, then 200; `seconds` is how long each answer takes."""

    statuses: list[int] = field(default_factory=list)
    seconds: float = 0.0
    received: list[Received] = field(default_factory=list)
    url: str = ""

    async def hook(self, request: Request) -> Response:
        """The endpoint."""
        self.received.append(Received(dict(request.headers), await request.body(), time.time()))
        await asyncio.sleep(self.seconds)
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)

    @property
    def events(self) -> list[Any]:
        """All events of all requests."""
        return [event for one in self.received for event in one.events]

    def app(self) -> Starlette:
        """The bot as an app."""
        return Starlette(routes=[Route("/crm/hubspot", self.hook, methods=["POST"])])


@contextlib.contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an app in a thread for as long as the block lasts; yields its address."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        app, http="h11", ws="none", lifespan="off", log_level="critical", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@dataclass
class Bench:
    """A toy CRM being served, a client with its token, and a bot."""

    host: TestHost
    api: httpx.Client
    bot: FakeBot

    @property
    def crm(self) -> Crm:
        """The CRM behind it."""
        return self.host.crm

    def renew(self) -> "Bench":
        """A fresh CRM, and a bot that has seen nothing; retries do not make a test wait."""
        old, self.host.crm = self.host.crm, Crm.seeded()
        self.host.bot_url = self.bot.url
        self.host.crm.outbox.patience = Patience(timeout=0.5, first=0.02, growth=1.0)
        self.bot.statuses, self.bot.seconds = [], 0.0
        wait_for(lambda: old.outbox.pending == 0)
        self.bot.received = []
        return self

    def deal(self, name: str) -> str:
        """The id of a deal by its name."""
        return next(d.id for d in self.crm.all("deals") if d.properties["dealname"] == name)

    def get(self, path: str) -> Any:
        """The JSON answer to a GET that must succeed."""
        reply = self.api.get(path)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def post(self, path: str, body: object) -> Any:
        """The JSON answer to a POST that must succeed."""
        reply = self.api.post(path, json=body)
        assert reply.status_code == 200, reply.text
        return reply.json()


@contextlib.contextmanager
def bench() -> Iterator[Bench]:
    """All of it; `renew` before each test."""
    bot, host = FakeBot(), TestHost()
    static = Mount("/page/static", StaticFiles(packages=[("sandbox.page", "static")]))
    app = Starlette(routes=[*routes(host), static])
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with serving(bot.app()) as bot_url, serving(with_abort(app)) as base, _client(base, headers) as api:
        bot.url = bot_url
        yield Bench(host, api, bot)


def wait_for(true: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until something is true, or fail."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def _client(base: str, headers: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=base, headers=headers, timeout=5.0)
