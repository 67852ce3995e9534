"""A reviewer on the page: sees what is flagged, approves it with conditions, and reads the decision. All of it real."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.running import Running, running_baton, wait_for
from tests.sandbox.page_rig import context, opened
from tests.stories.browser_rig import browser, looked_at
from tests.stories.talking import DELIVERY, config, now, press, seen, submit, won

__all__ = ["browser"]  # a fixture

pytestmark = pytest.mark.browser

NOTE = "They want a billing export that we have never built"
CONDITION = "Only if Rui has signed off the export before the kickoff"


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Running]:
    with running_baton(tmp_path, config()) as running:
        yield running


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)], ids=["wide and light", "narrow and dark"])
def test_reviewer_approves_with_conditions(baton: Running, browser: Browser, width: int, *, dark: bool) -> None:
    handoff = won(baton, "Meridian Clinics")
    brief = seen(baton, "priya", DELIVERY, "Who owns the next step?")
    press(baton, "priya", DELIVERY, brief, "more", f"{handoff.id}|flag")
    submit(baton, "priya", flag="Custom Scope", note=NOTE)
    wait_for(lambda: now(baton, handoff).flags and now(baton, handoff).flags[0].post)
    window = context(browser, width=width, dark=dark)
    window.set_default_timeout(30_000)
    page, errors = opened(window, f"{baton.slack.base_url}/?left=U0FRANCES&left_channel=C0REVIEW&right=U0OLU")
    frances = page.locator("#pane-left")

    expect(frances.get_by_text(NOTE)).to_be_visible()
    looked_at(page, "review-flag")
    frances.get_by_role("button", name="Approve with conditions").click()
    form = page.get_by_role("dialog")
    form.get_by_label("What are the conditions?").fill("ok")
    form.get_by_role("button", name="Approve with conditions").click()
    expect(form.get_by_text("like “Only if the export is signed off", exact=False)).to_be_visible()
    looked_at(page, "review-conditions", form)
    form.get_by_label("What are the conditions?").fill(CONDITION)
    form.get_by_role("button", name="Approve with conditions").click()

    expect(frances.get_by_text("Approved with conditions", exact=False)).to_be_visible()
    expect(frances.get_by_role("button", name="Approve")).to_have_count(0)
    looked_at(page, "review-decided")
    assert CONDITION in seen(baton, "priya", DELIVERY, "Who owns the next step?")["plain"]
    assert errors == []
    window.close()
