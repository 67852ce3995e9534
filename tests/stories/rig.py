"""The local Slack in a thread and the bot as a process of its own, so that it can be killed."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from bot.demo import sped_up
from sandbox.serve import running
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import read_manifest
from sandbox.world import Sandbox, Settings
from tests.commands import Command

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds; longer than the lease of a killed replica, and a busy machine is no failure


T = TypeVar("T")


def until(look: Callable[[], T | None], what: str) -> T:
    """Wait for something to be seen."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if seen := look():
            return seen
        time.sleep(0.02)
    raise AssertionError(f"not seen within {PATIENCE:.0f} s: {what}")


class Bot:
    """`baton run` as its users run it."""

    def __init__(self, environment: dict[str, str], port: int, log: Path) -> None:
        self.environment = environment
        self.address = f"http://127.0.0.1:{port}"
        self.log = log
        self._process: Command | None = None

    def start(self) -> None:
        """Start, and wait until it is ready."""
        with self.log.open("ab") as words:
            self._process = Command("run", variables=self.environment, output=words, errors=words)
        until(self._is_ready, "the bot is ready")

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    def wait(self) -> int:
        """Wait until it has ended; its exit code."""
        assert self._process is not None
        return self._process.wait(30)

    def kill(self) -> None:
        """End it as a power cut would: no goodbye, nothing finished."""
        if self._process is not None:
            self._process.send(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the bot ended by itself: {self.log.read_text()[-2000:]}"
        try:
            return httpx.get(f"{self.address}/readyz", timeout=2).is_success
        except httpx.HTTPError:
            return False


class Town:
    """The sandbox and the bot, seen and used from the outside only."""

    def __init__(self, sandbox: Sandbox, address: str, bot: Bot, replicas: list[Bot]) -> None:
        self.sandbox = sandbox
        self.bot = bot
        self.replicas = replicas
        self.http = httpx.Client(base_url=address, timeout=30)

    def act(self, path: str, **what: Any) -> Json:
        """Do something as a person; it must be possible."""
        answer = self.http.post(f"/sandbox/{path}", json=what)
        assert answer.is_success, f"{path}: {answer.text}"
        return dict(answer.json())

    def look(self, path: str, **query: str) -> Json:
        """See something as a person."""
        return dict(self.http.get(f"/sandbox/{path}", params=query).json())

    def messages(self, user: str, channel: str, **query: str) -> list[Json]:
        """What this person sees in a conversation, oldest first."""
        return list(self.look("messages", user=user, channel=channel, **query)["messages"])

    def deal(self, name: str) -> Json:
        """A deal of the CRM by its name."""
        return next(d for d in self.look("crm/deals")["deals"] if name in d["name"])

    def first(self, user: str, channel: str, key: str) -> Json | None:
        """The first message in a conversation whose notice's key ends so."""
        for message in self.messages(user, channel):
            if message["metadata"] and message["metadata"]["event_payload"]["key"].endswith(key):
                return message
        return None

    def posted(self) -> list[str]:
        """The key of every message the bot ever posted, wherever it stands, in no order."""
        posted = [m for channel in self.sandbox.workspace.messages.values() for m in channel]
        return [m.metadata["event_payload"]["key"] for m in posted if m.metadata]


@contextmanager
def town(
    folder: Path, *, speed: int = 3600, socket_mode: bool = False, database: str | None = None, replicas: int = 0
) -> Iterator[Town]:
    """A running sandbox and bot; with `replicas`, more bots on the same (shared) database."""
    port = _free_port()
    config = folder / "handoffs.yml"
    config.write_text(sped_up(str(ROOT / "handoffs.yml"), speed), encoding="utf-8")
    settings = Settings(bot_url=f"http://127.0.0.1:{port}")
    limits = Limits(enabled=False)
    sandbox = Sandbox(settings, read_manifest(ROOT / "manifest.yml"), limits=limits)
    with running(sandbox) as address:
        environment = _environment(settings, address, port, folder, config)
        environment |= {"BATON_DATABASE_URL": database} if database else {}
        environment |= {"SLACK_APP_TOKEN": settings.app_token if socket_mode else ""}
        bots = [Bot(environment, port, folder / "baton.log")]
        for n in range(replicas):
            other = _free_port()
            bots.append(Bot({**environment, "BATON_PORT": str(other)}, other, folder / f"baton-{n}.log"))
        there = Town(sandbox, address, bots[0], bots[1:])
        try:
            for bot in bots:
                bot.start()
            yield there
        finally:
            for bot in bots:
                bot.kill()
            there.http.close()
            sandbox.crm.close()


def _environment(settings: Settings, address: str, port: int, folder: Path, config: Path) -> dict[str, str]:
    mine = {
        "SLACK_BOT_TOKEN": settings.bot_token,
        "SLACK_SIGNING_SECRET": settings.signing_secret,
        "SLACK_API_URL": f"{address}/api/",
        "HUBSPOT_ACCESS_TOKEN": settings.hubspot_token,
        "HUBSPOT_CLIENT_SECRET": settings.hubspot_client_secret,
        "HUBSPOT_API_URL": address,
        "BATON_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BATON_DATABASE_URL": f"sqlite:///{folder}/baton.db",
        "BATON_CONFIG": str(config),
        "BATON_PORT": str(port),
    }
    return {**os.environ, **mine}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
