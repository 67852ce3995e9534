"""Delivery and sales on the page: sent back with a reason, answered again, taken, and nobody else's to release."""

import pytest
from playwright.sync_api import Browser, expect

from handoff.model import Status
from tests.running import Running
from tests.stories.browser_rig import FIRST, NARROW, WIDE, at, baton, briefed, browser, looked_at, message
from tests.stories.filling_in import reached
from tests.stories.talking import now, seen

__all__ = ["baton", "browser"]  # fixtures

pytestmark = pytest.mark.browser

PROMISED, GOALS = "What was promised, also out loud?", "What does the client actually care about?"
WHY = "Which ten people? Nobody on the list works there any more."
BETTER = "Two integrations, and training for the ten pickers of the early shift"
IN_DELIVERY = "left=U0PRIYA&left_channel=C0DELIVERY&right=U0SAM"


def test_named_fields_go_back_with_a_reason_and_come_again_to_the_brief(baton: Running, browser: Browser) -> None:
    name = "Silverlake Hotels"
    handoff = briefed(baton, name)
    with at(baton, browser, IN_DELIVERY) as page:
        priya = page.locator("#pane-left")
        looked_at(page, "delivery-brief", message(priya, name))
        message(priya, name).get_by_role("button", name="Send back").click()
        form = priya.get_by_role("dialog")
        form.get_by_label(PROMISED).check()
        form.get_by_label("What is wrong or missing?").fill("no")
        form.get_by_role("button", name="Send back").click()
        expect(form.locator(".error")).to_be_visible()
        form.get_by_label("What is wrong or missing?").fill(WHY)
        looked_at(page, "delivery-send-back", form)
        form.get_by_role("button", name="Send back").click()
        expect(message(priya, name).get_by_text("Sent back once")).to_be_visible()
        looked_at(page, "delivery-brief-sent-back", message(priya, name))

    seen(baton, "sam", "baton", WHY)
    with at(baton, browser, "left=U0SAM&right=U0PRIYA", width=NARROW) as page:
        sam = page.locator("#pane-left")
        looked_at(page, "rep-sent-back-ask", message(sam, name))
        message(sam, name).get_by_role("button", name="Complete handoff").click()
        form = sam.get_by_role("dialog")
        expect(form.get_by_role("textbox", name=PROMISED)).to_have_value(FIRST["promised_deliverables"])
        expect(form.get_by_role("textbox", name=GOALS)).to_have_count(0)
        expect(form.get_by_text(WHY, exact=False)).to_be_visible()
        looked_at(page, "rep-sent-back", form)
        form.get_by_role("textbox", name=PROMISED).fill(BETTER)
        form.get_by_role("button", name="Hand over").click()
        expect(page.get_by_role("dialog")).to_have_count(0)

    answer = reached(baton, handoff, Status.UNCLAIMED).answer("promised_deliverables")
    assert answer is not None
    assert answer.value == BETTER


def test_press_of_another_person_changes_nothing_and_says_whose_it_is(baton: Running, browser: Browser) -> None:
    name = "Candlewick Dairy"
    handoff = briefed(baton, name)
    both = "left=U0PRIYA&left_channel=C0DELIVERY&right=U0DANA&right_channel=C0DELIVERY"
    with at(baton, browser, both) as page:
        priya, dana = page.locator("#pane-left"), page.locator("#pane-right")
        message(priya, name).get_by_role("button", name="Take ownership").click()
        expect(message(dana, name).get_by_role("button", name="Schedule kickoff")).to_be_visible()
        looked_at(page, "delivery-owned", message(priya, name))

        message(dana, name).get_by_role("button", name="Release").click()

        expect(dana.get_by_role("dialog").get_by_text("This is Priya Nair's to do", exact=False)).to_be_visible()
        looked_at(page, "delivery-not-yours", dana.get_by_role("dialog"), [WIDE])
        message(priya, name).get_by_role("button", name="Schedule kickoff").click()
        expect(priya.get_by_role("dialog").get_by_text(name).first).to_be_visible()
        looked_at(page, "delivery-kickoff", priya.get_by_role("dialog"))
    owner = now(baton, handoff).owner
    assert owner is not None
    assert owner.name == "Priya Nair"
