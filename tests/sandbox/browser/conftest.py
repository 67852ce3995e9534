"""One Chromium for all tests of a file; a fresh sandbox with the sample app and a fresh window for each test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.sandbox.page_rig import chromium, context, opened, page_stage
from tests.sandbox.people_rig import Stage


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def stage() -> Iterator[Stage]:
    with page_stage() as made:
        yield made


@pytest.fixture
def page(stage: Stage, browser: Browser) -> Iterator[Page]:
    """Sam on the left, Priya on the right; the script must not have stumbled."""
    window = context(browser)
    shown, errors = opened(window, stage.base + "/")
    yield shown
    window.close()
    assert errors == []
