"""The command `baton` as a process: what a person must mend is a sentence on standard error, and exit 1.

The first test and the one of `check --offline` begin it as a shell does.
"""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.bot.command_rig import GOOD, baton, refusal
from tests.commands import ROOT, SECONDS
from tests.running import wait_for


def test_run_serves_until_it_is_told_to_end(settings: dict[str, str], port: int) -> None:
    process = subprocess.Popen([sys.executable, "-m", "bot", "run"], env=settings, stderr=subprocess.PIPE, text=True)
    with process, httpx.Client(base_url=f"http://127.0.0.1:{port}") as door:
        wait_for(lambda: answers(door), SECONDS)

        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=SECONDS)

    assert process.returncode == 0
    assert f"Baton is running on http://127.0.0.1:{port}" in said
    assert "Traceback" not in said


def answers(door: httpx.Client) -> bool:
    try:
        return door.get("/readyz").is_success
    except httpx.TransportError:
        return False


def test_run_on_a_port_in_use(settings: dict[str, str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]

        said = refusal({**settings, "BATON_PORT": str(port)}, "run")

    assert said == f"Cannot listen on 127.0.0.1:{port} (Address already in use). Set BATON_PORT to another port."


def test_run_on_an_address_of_another_machine(settings: dict[str, str]) -> None:
    said = refusal({**settings, "BATON_HOST": "192.0.2.1"}, "run")

    assert said.startswith("Cannot listen on 192.0.2.1:")
    assert said.endswith("Set BATON_HOST to an address of this machine.")


@pytest.mark.parametrize("name", ["no/such/folder/baton.db", "handoffs.yml/baton.db", "."])
def test_run_with_a_database_that_cannot_be_written(settings: dict[str, str], tmp_path: Path, name: str) -> None:
    said = refusal({**settings, "BATON_DATABASE_URL": f"sqlite:///{tmp_path}/{name}"}, "run")

    assert said.startswith(f"The database {tmp_path}/{name} cannot be written: ")
    assert said.endswith("Check that its folder exists, its rights and its space.")


def test_run_with_a_database_that_is_something_else(settings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "baton.db").write_bytes(b"a photograph of a boat" * 100)

    said = refusal(settings, "run")

    assert said.startswith(f"The database {tmp_path}/baton.db cannot be written: file is not a database.")


def test_demo_on_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "bot.demo", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)

    cure = f"make demo PORT={port + 1}, or baton demo --port {port + 1}."
    assert (done.returncode, done.stderr) == (1, f"Port {port} is in use. Choose another: {cure}\n")


@pytest.mark.parametrize(
    "address", ["baton.db", "postgresql://baton:planted@db.example:port/x", "mysql://u:planted@h/x"]
)
def test_run_with_a_database_address_that_is_none(settings: dict[str, str], address: str) -> None:
    said = refusal({**settings, "BATON_DATABASE_URL": address}, "run")

    assert said.startswith("BATON_DATABASE_URL is ")
    assert said.endswith("put sqlite:///baton.db or postgresql://user:password@host/name.")
    assert "planted" not in said


@pytest.mark.parametrize(
    "name", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "HUBSPOT_ACCESS_TOKEN", "HUBSPOT_CLIENT_SECRET"]
)
def test_variable_that_is_missing(settings: dict[str, str], name: str) -> None:
    del settings[name]

    said = refusal(settings, "run")

    assert said.startswith(f"{name} is missing. It is ")
    assert "\n" not in said


def test_token_that_slack_refuses(settings: dict[str, str]) -> None:
    said = refusal({**settings, "SLACK_BOT_TOKEN": "xoxb-another"}, "run")

    assert "SLACK_BOT_TOKEN is on api.slack.com/apps, your app, OAuth & Permissions." in said
    assert "invalid_auth" in said
    assert "xoxb-another" not in said
    assert "\n" not in said


@pytest.mark.parametrize("words", [("run",), ("check", "--offline")], ids=" ".join)
def test_wrong_handoffs_yml(settings: dict[str, str], tmp_path: Path, words: tuple[str, ...]) -> None:
    wrong = GOOD.replace("type: long_text", "type: prose", 1).replace("due: 2d", "due: soon", 1)
    (tmp_path / "handoffs.yml").write_text(wrong, encoding="utf-8")

    first, second = refusal(settings, *words).splitlines()

    line = wrong[: wrong.index("type: prose")].count("\n") + 1
    assert first.startswith(f"{tmp_path}/handoffs.yml:{line}: workflows.sales-to-delivery.checklist[1].type: 'prose' ")
    assert second.endswith("'soon' is not a duration. Put a duration such as 30s, 15m, 2h or 1d.")


def test_handoffs_yml_that_is_not_there(settings: dict[str, str], tmp_path: Path) -> None:
    said = refusal({**settings, "BATON_CONFIG": str(tmp_path / "none.yml")}, "run")

    assert said.endswith("cannot be read: No such file or directory. Set BATON_CONFIG to the file with your workflows.")


def test_offline_check_needs_no_settings() -> None:
    bare = {"PATH": os.environ["PATH"]}

    command = [sys.executable, "-m", "bot", "check", "--offline"]
    done = subprocess.run(command, env=bare, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "handoffs.yml is fine: 1 workflow: sales-to-delivery.\n"


def test_offline_check_of_another_file(settings: dict[str, str], tmp_path: Path) -> None:
    other = tmp_path / "other.yml"
    other.write_text(GOOD.replace("sales-to-delivery:", "renewals:"), encoding="utf-8")

    done = baton(settings, "check", "--offline", "--config", str(other))

    assert (done.returncode, done.stdout) == (0, f"{other} is fine: 1 workflow: renewals.\n")


def test_check_of_everything(settings: dict[str, str]) -> None:
    done = baton(settings, "check")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Settings, database and Slack are fine: workspace T0BATON.\n")


@pytest.mark.parametrize("words", [("sing",), ("check", "--loudly")], ids=" ".join)
def test_misuse(settings: dict[str, str], words: tuple[str, ...]) -> None:
    done = baton(settings, *words)

    assert done.returncode == 2
    assert "Usage: baton" in done.stderr


def test_no_problems(settings: dict[str, str]) -> None:
    baton(settings, "check")  # makes the database

    done = baton(settings, "problems")

    assert (done.returncode, done.stdout, done.stderr) == (0, "No problems.\n", "")


def test_retry_of_something_that_was_not_given_up(settings: dict[str, str]) -> None:
    baton(settings, "check")

    said = refusal(settings, "problems", "--retry", "o1")

    assert said == "There is nothing given up with the id o1. See: baton problems"


@pytest.mark.parametrize("command", ["run", "check", "demo", "status", "problems", "export", "forget", "migrate"])
def test_every_command_has_help(settings: dict[str, str], command: str) -> None:
    done = baton(settings, command, "--help")

    assert done.returncode == 0
    assert f"Usage: baton {command}" in done.stdout
