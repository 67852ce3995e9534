"""What a person must mend is told without the secret that is in it; and no setting shows a secret by itself."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings, secret_variables
from sandbox import serve
from sandbox.world import Sandbox
from tests.commands import command
from tests.running import ROOT
from tests.security.planted import SECRET, leaks, planted_settings, variables


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A Slack and a CRM for the commands to talk to."""
    with serve.listen("127.0.0.1", 0) as reserved:  # bound and never listening: the bot's own address
        world = Sandbox(settings=planted_settings(f"http://127.0.0.1:{reserved.getsockname()[1]}"))
        with serve.running(world):
            yield world


@pytest.fixture
def environment(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    """Everything that `baton` needs, with the word in every secret."""
    (tmp_path / "handoffs.yml").write_text((ROOT / "handoffs.yml").read_text(encoding="utf-8"), encoding="utf-8")
    base = {"PATH": os.environ["PATH"]}
    return base | variables(sandbox.settings, sandbox.base_url, tmp_path)


def baton(environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    return command(environment, *words)


TROUBLE = {
    "token that Slack refuses": {"SLACK_BOT_TOKEN": f"xoxb-{SECRET}-wrong"},
    "token for Socket Mode that Slack refuses": {"SLACK_APP_TOKEN": f"xapp-{SECRET}-wrong"},
    "token where an address belongs": {"SLACK_API_URL": f"xoxb-{SECRET}"},
    "password in an address": {"SLACK_API_URL": f"http://baton:{SECRET}@127.0.0.1:1/api/"},
    "password in the CRM's address": {"HUBSPOT_API_URL": f"https://baton:{SECRET}@api.example"},
    "token where its file belongs": {"SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN_FILE": f"xoxb-{SECRET}"},
    "secret where the port belongs": {"BATON_PORT": SECRET},
    "secret where the form of the log belongs": {"BATON_LOG_FORMAT": SECRET},
    "heartbeat that is no address": {"BATON_HEARTBEAT_URL": SECRET},
    "database that is not there": {"BATON_DATABASE_URL": f"postgresql://baton:{SECRET}@127.0.0.1:1/baton"},
    "database with an @ in its password": {"BATON_DATABASE_URL": f"postgresql://baton:a@{SECRET}@127.0.0.1:1/baton"},
    "database with a colon in its password": {"BATON_DATABASE_URL": f"postgresql://u:a@b:{SECRET}@127.0.0.1:1/x"},
    "database of another kind": {"BATON_DATABASE_URL": f"mysql://baton:{SECRET}@db.example/x?password={SECRET}"},
    "database address that is none": {"BATON_DATABASE_URL": f"{SECRET}@db.example"},
}


@pytest.mark.parametrize("name", TROUBLE)
def test_command_that_cannot_be_done_says_so_without_the_secret(environment: dict[str, str], name: str) -> None:
    words = ["run"] if "SLACK_APP_TOKEN" in TROUBLE[name] else ["check"]

    done = baton(environment | TROUBLE[name], *words)

    assert done.returncode == 1
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert leaks(done.stdout + done.stderr) == []


def test_check_of_everything_shows_no_secret(environment: dict[str, str]) -> None:
    done = baton(environment, "check")

    assert (done.returncode, leaks(done.stdout + done.stderr)) == (0, [])


def test_check_reads_secrets_from_files(environment: dict[str, str], tmp_path: Path) -> None:
    names = [name for name in secret_variables() if environment[name]]
    for name in names:
        (tmp_path / name).write_text(environment[name] + "\n", encoding="utf-8")
    files = {f"{name}_FILE": str(tmp_path / name) for name in names}
    others = {name: value for name, value in environment.items() if name not in names}

    good = baton(others | files, "check")
    gone = baton(others | files | {"HUBSPOT_CLIENT_SECRET_FILE": str(tmp_path / "none")}, "check")

    assert (len(names), good.returncode, leaks(good.stdout + good.stderr)) == (6, 0, [])
    assert gone.returncode == 1
    assert gone.stderr.startswith(f"HUBSPOT_CLIENT_SECRET_FILE names {tmp_path}/none, which cannot be read: No such")


def test_settings_show_none_of_their_secrets(environment: dict[str, str]) -> None:
    settings = Settings.model_validate(
        environment
        | {"BATON_DATABASE_URL": f"postgresql://baton:{SECRET}@db.example/x", "SLACK_APP_TOKEN": f"xapp-{SECRET}"}
    )

    shown = f"{settings!r} {settings} {[settings]}"

    assert sum(SECRET in value for value in environment.values()) == 5
    assert SECRET not in shown
