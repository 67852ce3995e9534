"""Modals as a person uses them, in Chromium: every field, errors, the keyboard, what a failure leaves behind."""

import pytest
from playwright.sync_api import Page, expect

from sandbox.slack.state import Json
from tests.sandbox.people_rig import Stage, field, modal

pytestmark = pytest.mark.browser


def values_of(stage: Stage, user: str = "sam") -> Json:
    """What the server holds for the top modal: block_id -> value, untouched fields left out."""
    state = stage.views(user)[-1]["state"]
    held = {block: next(value for key, value in field["a"].items() if key != "type") for block, field in state.items()}
    return {block: value for block, value in held.items() if value}


def test_page_modal_is_filled_and_sent(page: Page, stage: Stage) -> None:
    stage.do("shortcut", user="sam", callback_id="start")
    form = page.locator("#pane-left .modal")

    form.get_by_label("Goals").fill("Two plants by March & <soon>")
    form.get_by_label("Name").fill("Fjordlight")
    form.get_by_label("Amount").fill("48000.50")
    form.get_by_label("Mail").fill("kim@example.com")
    form.get_by_label("Scope (optional)", exact=True).select_option("green")
    form.get_by_label("Who (optional)", exact=True).select_option(label="Dana Weiss")
    form.locator("[data-block=boxes]").get_by_text("Delivery Risk").click()
    form.locator("[data-block=radio]").get_by_text("Blue").click()
    form.get_by_label("Date").fill("2026-12-24")
    form.get_by_label("Time").fill("09:30")
    form.get_by_label("Moment").fill("2026-07-01T10:00")
    form.get_by_label("Rich").fill("rich words")
    form.locator("[type=file]").set_input_files({"name": "scope.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    with page.expect_response("**/sandbox/submit") as answered:
        form.get_by_role("button", name="Hand over").click()

    assert answered.value.json()["outcome"] == "closed"
    expect(form).to_have_count(0)
    expect(page.locator("#pane-left .messages")).to_contain_text("Got it: Two plants by March & <soon>")


def test_page_modal_values_reach_the_server_in_slacks_shapes(page: Page, stage: Stage) -> None:
    stage.do("shortcut", user="sam", callback_id="start")
    form = page.locator("#pane-left .modal")

    form.get_by_label("Scope (optional)", exact=True).select_option("green")
    form.get_by_label("Moment").fill("2026-07-01T10:00")
    form.locator("[data-block=boxes]").get_by_text("Delivery Risk").click()
    form.locator("[data-block=several] > summary").click()
    form.locator("[data-block=several]").get_by_text("Red").click()
    form.locator("[data-block=several]").get_by_text("Blue").click()
    expect(form.locator("[data-block=several] input[value=green]")).to_be_disabled()
    page.keyboard.press("Escape")
    form.locator("[data-block=deal] > summary").click()
    form.locator("[data-block=deal]").get_by_role("searchbox").fill("Fjord")
    form.locator("[data-block=deal]").get_by_text("Fjord 1").click()
    with page.expect_response("**/sandbox/fill"):
        form.get_by_label("Name").fill("x")
        page.keyboard.press("Tab")

    held = values_of(stage)
    assert held["scope"]["value"] == "green"
    assert held["moment"] == 1782896400  # 10:00 in London, an hour ahead of UTC in summer
    assert [option["value"] for option in held["boxes"]] == ["risk"]
    assert [option["value"] for option in held["several"]] == ["red", "blue"]
    assert held["deal"]["text"]["text"] == "Fjord 1"


def test_page_modal_shows_errors_and_keeps_what_was_typed(page: Page, stage: Stage) -> None:
    stage.do("shortcut", user="sam", callback_id="start")
    form = page.locator("#pane-left .modal")

    form.get_by_label("Goals").fill("tbd")
    form.get_by_label("Name").fill("Fjordlight")
    form.get_by_label("Mail").fill("not an address")
    page.keyboard.press("Control+Enter")
    expect(form.locator(".field.bad [data-block=mail]")).to_be_focused()
    form.get_by_label("Mail").fill("")
    form.get_by_role("button", name="Hand over").click()

    expect(form.locator(".error")).to_have_text("“tbd” does not tell delivery anything.")
    expect(form.get_by_label("Goals")).to_be_focused()
    expect(form.get_by_label("Name")).to_have_value("Fjordlight")


def test_page_pushed_modal_keeps_the_first_one_filled(page: Page, stage: Stage) -> None:
    stage.do("shortcut", user="sam", callback_id="start")
    form = page.locator("#pane-left .modal")
    form.get_by_label("Name").fill("typed before")

    form.get_by_role("button", name="Correct something").click()
    expect(form.get_by_role("heading")).to_have_text("Correct something")
    form.get_by_role("button", name="Cancel").click()

    expect(form.get_by_role("heading")).to_have_text("Complete handoff")
    expect(form.get_by_label("Name")).to_have_value("typed before")


def test_page_keyboard_stays_in_the_modal_and_escape_leaves_it(page: Page) -> None:
    page.locator("#pane-left textarea").focus()
    page.locator("#pane-left").get_by_label("Shortcuts").click()
    page.locator("#pane-left").get_by_role("button", name="Start a handoff").click()
    expect(page.locator("#pane-left [data-block=name]")).to_be_focused()

    page.locator("#pane-left").get_by_role("button", name="Hand over").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#pane-left .modal-head button")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#pane-left").get_by_role("button", name="Hand over")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.locator("#pane-left .modal")).to_have_count(0)
    assert page.evaluate("document.activeElement !== document.body")


def test_page_modal_says_when_sending_failed(page: Page, stage: Stage) -> None:
    stage.open(modal(field("goal", {"type": "plain_text_input"})))
    stage.do("bot", url="http://127.0.0.1:9")
    form = page.locator("#pane-left .modal")

    form.get_by_label("Goal").fill("kept")
    page.keyboard.press("Enter")

    expect(form.get_by_role("alert")).to_have_text("We had some trouble connecting. Try again?")
    expect(form.get_by_label("Goal")).to_have_value("kept")
