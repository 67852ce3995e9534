"""The Home tab on the page: what is mine with its button, what waits, a manager's team, and its pages."""

import pytest
from playwright.sync_api import Browser, expect

from tests.running import Running
from tests.stories.browser_rig import NARROW, at, baton, briefed, browser, deal, looked_at
from tests.stories.talking import seen

__all__ = ["baton", "browser"]  # fixtures

pytestmark = pytest.mark.browser

SEVEN = tuple(f"{what} & Partners" for what in ("Amber", "Birch", "Copper", "Delta", "Ember", "Fjord", "Grape"))


def test_what_is_mine_has_the_button_that_helps(baton: Running, browser: Browser) -> None:
    deal(baton, "Hollowell Mills", lacks=("buyer_goals",))
    seen(baton, "sam", "baton", "Hollowell Mills")
    with at(baton, browser, "left=U0SAM&right=U0RUI", width=NARROW) as page:
        sam = page.locator("#pane-left")
        sam.get_by_role("button", name="Home").click()
        expect(sam.get_by_role("heading", name="Yours (1)")).to_be_visible()
        looked_at(page, "home-rep")

        sam.get_by_role("button", name="Complete handoff").click()

        expect(sam.get_by_role("dialog").get_by_text("Hollowell Mills").first).to_be_visible()


def test_manager_sees_the_team_and_turns_the_pages(baton: Running, browser: Browser) -> None:
    for name in SEVEN:
        deal(baton, name, lacks=("buyer_goals", "risk_notes"))
    briefed(baton, "Kestrel Airfields")
    with at(baton, browser, "left=U0RUI&right=U0SAM") as page:
        rui = page.locator("#pane-left")
        rui.get_by_role("button", name="Home").click()
        expect(rui.get_by_role("heading", name="Your team’s", exact=False)).to_be_visible()
        expect(rui.get_by_text("Kestrel Airfields")).to_be_visible()
        shown = [name for name in SEVEN if rui.get_by_text(name).count()]
        looked_at(page, "home-manager")

        rui.get_by_role("button", name="Next").click()

        expect(rui.get_by_role("button", name="Back")).to_be_visible()
        expect(rui.get_by_text(SEVEN[-1])).to_be_visible()
        assert SEVEN[-1] not in shown
        rui.get_by_role("button", name="Take ownership").click()
        expect(rui.get_by_role("button", name="Schedule kickoff")).to_be_visible()
        looked_at(page, "home-manager-owned")
