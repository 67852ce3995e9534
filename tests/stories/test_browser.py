"""A newcomer on the page: move the deal, fill in the form, press the button, see the owner. All of it real."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.page_rig import context, opened
from tests.stories.browser_rig import browser
from tests.stories.rig import Town, town

__all__ = ["browser"]  # a fixture

pytestmark = pytest.mark.browser


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path, speed=60) as running:
        yield running


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)], ids=["wide and light", "narrow and dark"])
def test_newcomer_takes_a_deal_from_won_to_owned(there: Town, browser: Browser, width: int, *, dark: bool) -> None:
    window = context(browser, width=width, dark=dark)
    window.set_default_timeout(30_000)
    page, errors = opened(window, str(there.http.base_url))

    page.get_by_role("navigation", name="Places").get_by_role("link", name="CRM board").click()
    page.get_by_label("Stage of Fjordlight Robotics").select_option(label="Closed won")
    expect(page.locator(".card").get_by_text("waiting on sales")).to_be_visible()
    page.get_by_role("link", name="People").click()
    sam, priya = page.locator("#pane-left"), page.locator("#pane-right")

    _show(page, "Sam", width)
    sam.get_by_role("button", name="Complete handoff").click()
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="What does the client actually care about?").fill("Orders packed the same day")
    form.get_by_role("textbox", name="What was promised, also out loud?").fill("Two integrations")
    form.get_by_role("textbox", name="What could go wrong?").fill("Their IT lead leaves in May")
    form.get_by_role("button", name="Hand over").click()
    expect(sam.get_by_text("the brief is in #delivery")).to_be_visible()

    _show(page, "Priya", width)
    priya.get_by_role("button", name="Take ownership").click()
    expect(priya.get_by_text("took it", exact=False).first).to_be_visible()
    expect(priya.get_by_role("button", name="Take ownership")).to_have_count(0)

    _show(page, "Sam", width)
    expect(sam.get_by_text("You are done here", exact=False)).to_be_visible()
    assert errors == []
    window.close()


def _show(page: Page, person: str, width: int) -> None:
    """In a narrow window one person is shown at a time."""
    if width < 700:
        page.get_by_role("group", name="Whose side is shown").get_by_role("button", name=person).click()
