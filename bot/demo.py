"""`baton demo`: the local Slack, the toy CRM and the real bot as three-in-one, each its own process.

Nothing is kept: database and secrets are made for one run. Reminders are sped up, so that one can see them.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx
import yaml

from bot.config import load_handbook
from handoff.errors import ConfigError
from handoff.terms import length

_HOST = "127.0.0.1"
_PATIENCE = 20.0  # seconds until everything must be up
_ROOT = Path(__file__).resolve().parent.parent


def demo(port: int, config: str, speed: int) -> None:
    """Serve the page until interrupted. Raises ConfigError if something keeps it from starting."""
    with _parts(port, config, speed) as (address, children):
        sys.stdout.write(
            f"\nThe demo is at {address}\n"
            f"  1. Open the board ({address}/board) and move Fjordlight Robotics to Closed Won.\n"
            "  2. On the left Sam, who sold it, is asked for what is missing: press Complete handoff.\n"
            "  3. On the right Priya finds the brief in #delivery: press Take ownership.\n"
            f"Reminders are {speed} times faster than in {config}: an hour passes in {3600 // speed} s.\n"
            "Ctrl-C ends it; nothing is kept.\n"
        )
        sys.stdout.flush()
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
        raise ConfigError("A part of the demo stopped by itself; its last words are above.")


def story(config: str, speed: int) -> int:
    """Play the story in the terminal; 0 if every step was seen from the outside. Raises ConfigError."""
    with _parts(0, config, speed) as (address, _):
        play = [sys.executable, "-m", "sandbox.story", address]
        return subprocess.run(play, check=False).returncode  # noqa: S603 -- our own module


def sped_up(config: str, speed: int) -> str:
    """The text of a config whose reminders come `speed` times sooner, at least a second apart, and at any hour."""
    load_handbook(config)  # says what is wrong with line numbers; the copy below would not
    if Path(config).is_dir():
        raise ConfigError(f"The demo shows one file, and {config} is a folder. Put one of its files after --config.")
    data: dict[str, Any] = yaml.safe_load(Path(config).read_text(encoding="utf-8"))
    at_any_hour = {"working_hours": "always", "holidays": None, "max_nags_per_person_per_day": 100}
    data["defaults"] = {**(data.get("defaults") or {}), **at_any_hour}
    for person in (data.get("people") or {}).values():
        person.pop("working_hours", None)
    for workflow in data["workflows"].values():
        for rungs in (workflow.get("nags") or {}).values():
            for rung in rungs:
                for key in ("after", "every"):
                    if key in rung:
                        rung[key] = f"{max(1, int(length(rung[key]).total_seconds() / speed))}s"
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


@contextmanager
def _parts(port: int, config: str, speed: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The running parts and the page's address; all of them end with the block."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="baton-demo-") as folder:
        file = Path(folder, "handoffs.yml")
        file.write_text(sped_up(config, speed), encoding="utf-8")
        here, there = port or _free_port(), _free_port()
        _check_free(here)
        address, environment = f"http://{_HOST}:{here}", _environment(folder, here, there, str(file))
        manifest = next((p for p in (Path("manifest.yml"), _ROOT / "manifest.yml") if p.exists()), None)
        options = ["--port", str(here), "--bot-url", f"http://{_HOST}:{there}"]
        options += ["--manifest", str(manifest)] if manifest else []
        log = Path(folder, "baton.log")
        with log.open("wb") as words:
            children = [_start(["sandbox", *options], environment, words), _start(["bot", "run"], environment, words)]
            try:
                _await(children, f"{address}/sandbox/health", f"http://{_HOST}:{there}/readyz")
                yield address, children
            except ConfigError:
                sys.stderr.write(log.read_text(errors="replace")[-2000:])
                raise
            except KeyboardInterrupt:
                sys.stdout.write("\nThe demo has ended.\n")
            finally:
                _end(children)


def _start(module: list[str], environment: Mapping[str, str], words: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", *module]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=words)  # noqa: S603 -- ours


def _environment(folder: str, here: int, there: int, config: str) -> Mapping[str, str]:
    mine = {
        "SLACK_BOT_TOKEN": f"xoxb-{secrets.token_hex(12)}",
        "SLACK_SIGNING_SECRET": secrets.token_hex(16),
        "SLACK_API_URL": f"http://{_HOST}:{here}/api/",
        "HUBSPOT_ACCESS_TOKEN": f"pat-{secrets.token_hex(12)}",
        "HUBSPOT_CLIENT_SECRET": secrets.token_hex(16),
        "HUBSPOT_API_URL": f"http://{_HOST}:{here}",
        "BATON_PUBLIC_URL": f"http://{_HOST}:{there}",
        "BATON_DATABASE_URL": f"sqlite:///{folder}/baton.db",
        "BATON_CONFIG": config,
        "BATON_HOST": _HOST,
        "BATON_PORT": str(there),
        "SLACK_APP_TOKEN": "",
    }
    others = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in mine}
    return {**others, **mine}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except (OSError, OverflowError) as e:
            other = port + 1
            cure = f"Choose another: make demo PORT={other}, or baton demo --port {other}."
            raise ConfigError(f"Port {port} is in use. {cure}") from e


def _await(children: list[subprocess.Popen[bytes]], *addresses: str) -> None:
    ends = time.monotonic() + _PATIENCE
    waiting = list(addresses)
    with httpx.Client(timeout=2, trust_env=False) as http:  # one: a new one reads certificates for a while each time
        while waiting:
            if any(child.poll() is not None for child in children):
                raise ConfigError("The demo could not start; what its parts said is above.")
            if time.monotonic() > ends:
                raise ConfigError("The demo was not up within 20 seconds. Try again when the machine is less busy.")
            if _is_up(http, waiting[0]):
                waiting.pop(0)
            else:
                time.sleep(0.02)


def _is_up(http: httpx.Client, address: str) -> bool:
    try:
        return http.get(address).is_success
    except httpx.HTTPError:
        return False


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(8)
        except subprocess.TimeoutExpired:
            child.kill()


if __name__ == "__main__":  # `make demo`: without the bot's own imports, so that it is up sooner
    try:
        demo(int(sys.argv[1]) if sys.argv[1:] else 4200, "handoffs.yml", speed=60)
    except ConfigError as error:
        sys.exit(str(error))
