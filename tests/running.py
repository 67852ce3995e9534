"""The real Baton between the real local Slack and toy CRM, all served on loopback for one test."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from bot.settings import Settings
from bot.wiring import Baton
from sandbox import serve
from sandbox.seed import fresh_workspace
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import read_manifest
from sandbox.slack.state import Workspace
from sandbox.world import Sandbox
from sandbox.world import Settings as SandboxSettings

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds until something that must happen has happened; a test that passes never waits this long
T = TypeVar("T")


@dataclass
class Running:
    """Sandbox and Baton while they run. `slack` calls the sandbox, `door` calls Baton; each knows its address."""

    sandbox: Sandbox
    slack: httpx.Client
    door: httpx.Client
    url: str
    settings: Settings
    _baton: Baton | None = field(default=None, repr=False)
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack, repr=False)

    @property
    def baton(self) -> Baton:
        """The bot; another one after a restart."""
        assert self._baton is not None, "Baton is not running"
        return self._baton

    def get(self, path: str, **params: str) -> Any:
        """What the outside interface answers to `GET /sandbox/<path>`."""
        reply = self.slack.get(f"/sandbox/{path}", params=params)
        assert reply.is_success, reply.text
        return reply.json()

    def post(self, path: str, **body: object) -> Any:
        """What the outside interface answers to `POST /sandbox/<path>`."""
        reply = self.slack.post(f"/sandbox/{path}", json=body)
        assert reply.is_success, reply.text
        return reply.json()

    def deal(self, name: str) -> Any:
        """A deal of the toy CRM by its name, as people see it."""
        return next(deal for deal in self.get("crm/deals")["deals"] if deal["name"] == name)

    def messages(self, user: str, channel: str) -> list[Any]:
        """What a person sees in a channel; `baton` is their conversation with the bot."""
        found: list[Any] = self.get("messages", user=user, channel=channel)["messages"]
        return found

    def count(self, sample: str, **labels: str) -> float:
        """The value of a line on Baton's page for Prometheus; 0 if it is not there."""
        given = ",".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
        wanted = f"{sample}{{{given}}} " if given else f"{sample} "
        page = self.door.get("/metrics").text
        return next((float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(wanted)), 0.0)

    def start(self) -> None:
        """Start Baton, as after a restart of its process: same settings, same database, same address."""
        listener = serve.listen("127.0.0.1", int(self.url.rpartition(":")[2]))
        self._stack.callback(listener.close)
        self._baton = Baton(self.settings)
        self._stack.callback(self._baton.stop)
        self._baton.start()
        self._stack.enter_context(serving(self._baton.web, listener))

    def stop(self) -> None:
        """Stop Baton; the sandbox goes on."""
        self._baton = None
        self._stack.close()


@contextlib.contextmanager
def running_baton(
    tmp_path: Path, config_text: str | None = None, workspace: Workspace | None = None, /, **overrides: str | None
) -> Iterator[Running]:
    """Serve a sandbox and Baton for as long as the block lasts. `overrides` are settings by their variable."""
    config = tmp_path / "handoffs.yml"
    config.write_text(config_text or (ROOT / "handoffs.yml").read_text(encoding="utf-8"), encoding="utf-8")
    reserved = serve.listen("127.0.0.1", 0)  # bound and never listening: keeps the address for every start of Baton
    url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
    public_url = overrides.get("BATON_PUBLIC_URL") or url
    sandbox = Sandbox(
        settings=SandboxSettings(bot_url=url, public_url=public_url),
        manifest=read_manifest(ROOT / "manifest.yml"),
        limits=Limits(enabled=False),
        workspace=workspace or fresh_workspace(),
    )
    with (
        reserved,
        serve.running(sandbox) as address,
        httpx.Client(base_url=address, timeout=30) as slack,
        httpx.Client(base_url=url, timeout=30) as door,
    ):
        known = _variables(sandbox, address, tmp_path, config) | {"BATON_PUBLIC_URL": public_url}
        settings = Settings.model_validate(known | overrides)
        running = Running(sandbox, slack, door, url, settings)
        try:
            running.start()
            yield running
        finally:
            running.stop()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """Baton with the shipped handoffs.yml, between a local Slack and a toy CRM."""
    with running_baton(tmp_path) as everything:
        yield everything


@contextlib.contextmanager
def serving(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    """Serve an app on a socket, as `baton run` does, in a thread for as long as the block lasts."""
    config = uvicorn.Config(
        app, lifespan="off", ws="none", log_config=None, access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


def wait_for(ask: Callable[[], T], seconds: float = PATIENCE) -> T:
    """The first answer that is true; fails if none comes."""
    ends = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)
    return answer


def _variables(sandbox: Sandbox, address: str, folder: Path, config: Path) -> dict[str, str | None]:
    mine = sandbox.settings
    return {
        "SLACK_BOT_TOKEN": mine.bot_token,
        "SLACK_SIGNING_SECRET": mine.signing_secret,
        "SLACK_APP_TOKEN": None,
        "SLACK_API_URL": f"{address}/api/",
        "HUBSPOT_ACCESS_TOKEN": mine.hubspot_token,
        "HUBSPOT_CLIENT_SECRET": mine.hubspot_client_secret,
        "HUBSPOT_API_URL": address,
        "BATON_DATABASE_URL": f"sqlite:///{folder}/baton.db",
        "BATON_CONFIG": str(config),
    }
