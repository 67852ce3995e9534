"""The rep on the page: steps, a draft, a question that comes and goes, a complaint, what does not apply."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from handoff.model import Status
from tests.running import Running
from tests.stories.browser_rig import FIRST, NARROW, at, baton, browser, deal, looked_at, message
from tests.stories.filling_in import reached
from tests.stories.talking import now, seen

__all__ = ["baton", "browser"]  # fixtures

pytestmark = pytest.mark.browser

GOALS, RISK = "What does the client actually care about?", "What could go wrong?"
SIGNS = "Who signs what we deliver?"
SAM = "left=U0SAM&right=U0PRIYA"


def form_of(page: Page, name: str) -> Locator:
    """The form, opened from the direct message about a customer."""
    sam = page.locator("#pane-left")
    message(sam, name).get_by_role("button", name="Complete handoff").click()
    form = sam.get_by_role("dialog")
    expect(form.get_by_text(name).first).to_be_visible()
    return form


def test_steps_go_forth_and_back_with_what_was_typed(baton: Running, browser: Browser) -> None:
    name = "Quayside Foods"
    handoff = deal(baton, name, lacks=tuple(FIRST))
    seen(baton, "sam", "baton", name)
    with at(baton, browser, SAM) as page:
        looked_at(page, "rep-ask", message(page.locator("#pane-left"), name))
        form = form_of(page, name)
        expect(form.get_by_role("heading", name="Complete handoff 1/2")).to_be_visible()
        looked_at(page, "rep-step-1", form)

        form.get_by_role("textbox", name=GOALS).fill("Fresh goods on the ferry of the same day")
        form.get_by_role("button", name="Skip for now").click()
        expect(form.get_by_role("heading", name="Complete handoff 2/2")).to_be_visible()
        form.get_by_role("textbox", name="How much of their budget is left?").fill("1200")
        looked_at(page, "rep-step-2", form)
        form.get_by_role("button", name="Back").click()

        expect(form.get_by_role("textbox", name=GOALS)).to_have_value("Fresh goods on the ferry of the same day")
        form.get_by_role("button", name="Skip for now").click()
        expect(form.get_by_role("textbox", name="How much of their budget is left?")).to_have_value("1200")
        form.get_by_role("button", name="Hand over").click()
        expect(form.get_by_role("heading", name="Complete handoff 1/2")).to_be_visible()
        expect(form.get_by_text("↑ Please write an answer.").first).to_be_visible()
        expect(form.get_by_role("textbox", name=GOALS)).to_have_value("Fresh goods on the ferry of the same day")
        looked_at(page, "rep-step-led-back", form)
    assert now(baton, handoff).status is Status.COLLECTING


def test_draft_is_there_when_the_form_is_opened_again(baton: Running, browser: Browser) -> None:
    name = "Northwind Bakery"
    handoff = deal(baton, name, lacks=("buyer_goals", "risk_notes"))
    seen(baton, "sam", "baton", name)
    with at(baton, browser, SAM, width=NARROW, dark=True) as page:
        form = form_of(page, name)
        form.get_by_role("textbox", name=GOALS).fill("Bread in forty shops before seven")
        form.get_by_role("button", name="Save draft").click()
        expect(form.get_by_text("Nothing is handed over yet", exact=False)).to_be_visible()
        looked_at(page, "rep-draft", form)
        form.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        sam = page.locator("#pane-left")
        expect(message(sam, name).get_by_text("1 answer saved, not handed over yet.")).to_be_visible()
        looked_at(page, "rep-ask-draft", message(sam, name))

        again = form_of(page, name)

        expect(again.get_by_role("textbox", name=GOALS)).to_have_value("Bread in forty shops before seven")
        expect(again.get_by_role("textbox", name=RISK)).to_have_value("")
    assert now(baton, handoff).answer("buyer_goals") is None


def test_question_comes_with_another_answer_and_what_was_typed_stays(baton: Running, browser: Browser) -> None:
    name = "Alderney Joinery"
    handoff = deal(baton, name, lacks=("buyer_goals",))
    seen(baton, "sam", "baton", name)
    with at(baton, browser, SAM) as page:
        form = form_of(page, name)
        form.get_by_role("textbox", name=GOALS).fill("Doors fitted in one visit instead of two")
        expect(form.get_by_role("textbox", name="Where do we come to?")).to_have_count(0)

        form.get_by_role("radio", name="On site").check()

        expect(form.get_by_role("textbox", name="Where do we come to?")).to_be_visible()
        expect(form.get_by_role("textbox", name=GOALS)).to_have_value("Doors fitted in one visit instead of two")
        form.get_by_role("textbox", name="Where do we come to?").fill("Saw Lane 2, the blue gate")
        form.get_by_role("textbox", name=SIGNS).fill("Their foreman, Ada Finch")
        looked_at(page, "rep-condition", form)
        form.get_by_role("button", name="Hand over").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    done = reached(baton, handoff, Status.UNCLAIMED)
    address = done.answer("address")
    assert address is not None
    assert address.value == "Saw Lane 2, the blue gate"


def test_complaint_stands_under_its_field_until_the_way_out_is_taken(baton: Running, browser: Browser) -> None:
    name = "Harrow Optics"
    handoff = deal(baton, name, lacks=("buyer_goals", "risk_notes"))
    seen(baton, "sam", "baton", name)
    with at(baton, browser, SAM, width=NARROW) as page:
        form = form_of(page, name)
        form.get_by_role("textbox", name=GOALS).fill("Glasses ready within the hour")
        form.get_by_role("textbox", name=RISK).fill("tbd")
        form.get_by_role("textbox", name=SIGNS).fill("The optician, Dr. Moss")
        form.get_by_role("button", name="Hand over").click()
        under = form.locator(".field", has=page.get_by_role("textbox", name=RISK)).locator(".error")
        expect(under).to_be_visible()
        expect(form.locator(".error")).to_have_count(1)
        looked_at(page, "rep-complaint", form)

        menu = form.locator("[data-block='waive:0']")
        menu.locator("summary").click()
        menu.get_by_text(RISK).click()
        menu.locator("summary").click()

        reason = form.get_by_label(f"“{RISK}” does not apply, because …")
        expect(reason).to_be_visible()
        expect(form.get_by_role("textbox", name=GOALS)).to_have_value("Glasses ready within the hour")
        reason.fill("They run the old system beside it for a year")
        looked_at(page, "rep-waived", form)
        form.get_by_role("button", name="Hand over").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert reached(baton, handoff, Status.UNCLAIMED).answer("risk_notes") is not None
