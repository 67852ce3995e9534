"""A local Slack and CRM for the commands of `baton`, and the variables that lead to them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import serve
from sandbox.world import Sandbox
from tests.bot.command_rig import GOOD
from tests.running import ROOT, running

__all__ = ["running"]  # a fixture, for every test here that asks for it


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A Slack and a CRM for the commands to talk to."""
    world = Sandbox()
    with serve.running(world):
        yield world


@pytest.fixture
def port() -> Iterator[int]:
    """A port that is kept free for this test: bound, and never listening."""
    with serve.listen("127.0.0.1", 0) as reserved:
        yield reserved.getsockname()[1]


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path, port: int) -> dict[str, str]:
    """Everything that `baton run` needs, as variables."""
    (tmp_path / "handoffs.yml").write_text(GOOD, encoding="utf-8")
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": sandbox.settings.bot_token,
        "SLACK_SIGNING_SECRET": sandbox.settings.signing_secret,
        "SLACK_API_URL": f"{sandbox.base_url}/api/",
        "HUBSPOT_ACCESS_TOKEN": sandbox.settings.hubspot_token,
        "HUBSPOT_CLIENT_SECRET": sandbox.settings.hubspot_client_secret,
        "HUBSPOT_API_URL": sandbox.base_url,
        "BATON_DATABASE_URL": f"sqlite:///{tmp_path}/baton.db",
        "BATON_CONFIG": str(tmp_path / "handoffs.yml"),
        "BATON_PORT": str(port),
    }
