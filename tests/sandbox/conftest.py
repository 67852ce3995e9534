"""A sandbox that runs on loopback for one test, and the unmodified slack_sdk pointed at it."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from sandbox.serve import running
from sandbox.slack.limits import Limits
from sandbox.world import Sandbox


@pytest.fixture
def sandbox() -> Sandbox:
    """Without rate limits: those are tested on their own."""
    return Sandbox(limits=Limits(enabled=False))


@pytest.fixture
def address(sandbox: Sandbox) -> Iterator[str]:
    with running(sandbox) as base_url:
        yield base_url


@pytest.fixture
def slack(sandbox: Sandbox, address: str) -> WebClient:
    return WebClient(sandbox.settings.bot_token, base_url=f"{address}/api/", retry_handlers=[], timeout=10)
