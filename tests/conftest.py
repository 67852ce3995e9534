"""What every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import postgres
from tests.running import Running, running_baton
from tests.sandbox.page_rig import CHROMIUM

__all__ = ["postgres"]  # a fixture, for every test that asks for it


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """Baton with the shipped handoffs.yml, between a local Slack and a toy CRM."""
    with running_baton(tmp_path) as everything:
        yield everything


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pass over the page's tests where there is no browser, in one line; never where they are required."""
    if Path(CHROMIUM).exists():
        return
    if "BATON_BROWSER_REQUIRED" in os.environ:
        pytest.exit("There is no Chromium, and here the page's tests must run.", returncode=1)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: the page was not tested"))


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name functions by their name, so that the tests are called the same in every process."""
    return str(getattr(val, "__name__", "function")) if callable(val) else None
