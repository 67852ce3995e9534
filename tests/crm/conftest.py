"""A toy CRM on loopback for one test, and the client pointed at it."""

import contextlib
from collections.abc import Iterator

import pytest

from crm.hubspot_client import HubSpot
from sandbox import serve
from sandbox.world import Sandbox
from tests.crm.hubspot_rig import utc_now


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    world = Sandbox()
    with serve.running(world):
        yield world


@pytest.fixture
def hubspot(sandbox: Sandbox) -> Iterator[HubSpot]:
    with contextlib.closing(HubSpot(sandbox.hubspot_token, sandbox.base_url, clock=utc_now)) as client:
        yield client
