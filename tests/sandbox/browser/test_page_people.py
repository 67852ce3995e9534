"""The page as a person uses it, in Chromium: pressing, reading, writing, live, narrow."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.page_rig import BRIEF, OPTIONS, button, context, opened, section
from tests.sandbox.people_rig import Stage, field, text

pytestmark = pytest.mark.browser
DELIVERY = "C0DELIVERY"


def pressed(stage: Stage) -> int:
    """How often the bot was told of a press."""
    return sum(one["what"].startswith("block_actions") for one in stage.see("traffic"))


def test_page_claim_appears_for_the_other_person_without_reloading(page: Page, stage: Stage) -> None:
    stage.post("delivery", *BRIEF, words="brief")
    page.goto(f"{stage.base}/?left=sam&left_channel={DELIVERY}&right=priya&right_channel={DELIVERY}")

    page.locator("#pane-right").get_by_role("button", name="Take ownership").click()

    expect(page.locator("#pane-left .messages")).to_contain_text("@Priya Nair owns this.")
    expect(page.locator("#pane-right .mention.me")).to_have_text("@Priya Nair")


def test_page_confirmation_must_be_given_first(page: Page, stage: Stage) -> None:
    stage.post("delivery", *BRIEF, words="brief")
    page.locator("#pane-right").get_by_role("button", name="Send back").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    before = pressed(stage)
    page.locator("#pane-right").get_by_role("button", name="Send back").click()
    with page.expect_response("**/sandbox/click"):
        page.get_by_role("dialog").get_by_role("button", name="Release").click()

    assert (before, pressed(stage)) == (0, 1)


def test_page_typing_survives_what_happens_around_it(page: Page, stage: Stage) -> None:
    box = page.locator("#pane-right").get_by_role("textbox", name="Message to delivery")
    box.press_sequentially("half a sen")

    stage.do("say", user="dana", channel="delivery", text="meanwhile")
    expect(page.locator("#pane-right .messages")).to_contain_text("meanwhile")
    page.keyboard.type("tence")
    page.keyboard.press("Enter")

    expect(page.locator("#pane-right .message").last).to_contain_text("half a sentence")
    expect(box).to_have_value("")


def test_page_slash_command_is_offered_run_and_answered_privately(page: Page) -> None:
    box = page.locator("#pane-right").get_by_role("textbox", name="Message to delivery")

    box.press_sequentially("/ha")
    expect(page.locator("#pane-right .hints .choice:visible")).to_contain_text("/handoff status [name]")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.type("status")
    page.keyboard.press("Enter")

    note = page.locator("#pane-right .message.note")
    expect(note).to_contain_text("Only visible to you")
    expect(note).to_contain_text("You asked: status")


def test_page_thread_opens_answers_and_closes(page: Page, stage: Stage) -> None:
    ts = stage.post("delivery", *BRIEF, words="brief")
    stage.web.chat_postMessage(channel=DELIVERY, thread_ts=ts, text="a reply")
    right = page.locator("#pane-right")

    right.get_by_role("button", name=re.compile("1 reply")).click()
    expect(right.get_by_role("textbox", name="Reply in the thread")).to_be_focused()
    page.keyboard.type("mine")
    page.keyboard.press("Enter")
    expect(right.locator(".thread .message")).to_have_count(3)
    page.keyboard.press("Escape")

    expect(right.locator(".thread")).to_have_count(0)
    expect(right.locator(".replies")).to_contain_text("2 replies")
    expect(right.locator(".replies.new")).to_have_count(0)


def test_page_badges_show_pings_until_they_are_read(page: Page, stage: Stage) -> None:
    stage.web.chat_postMessage(channel=DELIVERY, text="<@U0SAM> one")
    stage.web.chat_postMessage(channel=DELIVERY, text="<@U0SAM> two")
    room = page.locator("#pane-left .rooms-item", has_text="delivery")

    expect(room.locator(".badge")).to_contain_text("2")
    expect(page).to_have_title("(2) Local Slack")
    room.click()

    expect(page.locator("#pane-left .message.pings")).to_have_count(2)
    expect(page).to_have_title("Local Slack")


def test_page_home_tab_is_opened_and_shown(page: Page) -> None:
    page.locator("#pane-left").get_by_role("button", name="Home").click()

    expect(page.locator("#pane-left .home")).to_contain_text("My handoffs")


def test_page_menus_in_messages_tell_the_bot(page: Page, stage: Stage) -> None:
    row = {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {"type": "static_select", "action_id": "pick", "options": OPTIONS, "placeholder": text("Snooze")},
            {"type": "multi_static_select", "action_id": "a", "options": OPTIONS},
            {"type": "overflow", "action_id": "more", "options": OPTIONS},
        ],
    }
    stage.post("delivery", section("Choose"), row)
    message = page.locator("#pane-right .message").last

    with page.expect_response("**/sandbox/click") as picked:
        message.get_by_label("Snooze").select_option("green")
    message.locator(".menu.wide > summary").click()
    message.locator(".menu.wide").get_by_text("Red").click()
    with page.expect_response("**/sandbox/click") as several:
        message.get_by_text("Choose", exact=True).first.click()
    message.get_by_label("More actions", exact=True).click()
    with page.expect_response("**/sandbox/click") as chosen:
        message.locator(".overflow").get_by_role("button", name="Blue").click()

    told = [one.value.request.post_data_json or {} for one in (picked, several, chosen)]
    assert [one["value"] for one in told] == ["green", ["red"], "blue"]


def test_page_warns_when_the_app_does_not_answer(page: Page, stage: Stage) -> None:
    stage.post("delivery", section("Press"), {"type": "actions", "elements": [button("done", "Done")]})
    stage.do("bot", url="http://127.0.0.1:9")

    page.locator("#pane-right").get_by_role("button", name="Done").click()

    expect(page.locator("#pane-right .block[data-outcome]")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("The app did not answer. Try again.")


def test_page_people_can_be_changed_and_stay_after_reloading(page: Page) -> None:
    page.get_by_label("Person on the left").select_option(label="Frances Osei · Founder")
    page.locator("#pane-left .rooms-item", has_text="deal-review").click()
    expect(page.locator("#pane-left .room-head h2")).to_have_text("deal-review")

    page.reload()

    expect(page.locator("#pane-left")).to_have_attribute("data-name", "Frances Osei")
    expect(page.locator("#pane-left .room-head h2")).to_have_text("deal-review")


def test_page_long_text_stays_open_while_others_write(page: Page, stage: Stage) -> None:
    stage.post("delivery", section("word " * 400))
    page.locator("#pane-right").get_by_role("button", name="See more").click()

    stage.do("say", user="dana", channel="delivery", text="meanwhile")
    expect(page.locator("#pane-right .messages")).to_contain_text("meanwhile")

    expect(page.locator("#pane-right").get_by_role("button", name="See less")).to_be_visible()


def test_page_home_fields_are_kept_and_told_where_asked(page: Page, stage: Stage) -> None:
    quiet = field("quiet", {"type": "plain_text_input"})
    asks = field("asks", {"type": "static_select", "options": OPTIONS}, dispatch_action=True)
    stage.web.views_publish(user_id="U0SAM", view={"type": "home", "blocks": [quiet, asks]})
    page.goto(stage.base + "/?left=sam&left_tab=home")
    home = page.locator("#pane-left .home")

    home.get_by_label("Quiet").fill("kept")
    with page.expect_response("**/sandbox/click"):
        page.keyboard.press("Tab")
    with page.expect_response("**/sandbox/click"):
        home.get_by_label("Asks").select_option("blue")
    with page.expect_response("**/sandbox/click"):
        home.get_by_label("Asks").select_option("green")

    state = stage.see("home", user="sam")["view"]["state"]
    assert (state["quiet"]["a"]["value"], state["asks"]["a"]["selected_option"]["value"]) == ("kept", "green")
    assert pressed(stage) == 2


@pytest.mark.parametrize("dark", [False, True])
def test_page_on_a_phone_shows_one_person_at_a_time(stage: Stage, browser: Browser, dark: bool) -> None:
    stage.post("delivery", *BRIEF, words="brief")
    window = context(browser, width=390, height=844, dark=dark)
    page, errors = opened(window, stage.base + "/")

    expect(page.locator("#pane-right")).to_be_hidden()
    page.get_by_role("button", name="Priya").click()
    expect(page.locator("#pane-left")).to_be_hidden()
    page.locator("#pane-right").get_by_label("Channels").click()
    page.locator("#pane-right .rooms-item", has_text="general").click()
    expect(page.locator("#pane-right .room-head h2")).to_have_text("general")
    expect(page.locator("#pane-right .rooms")).to_be_hidden()
    wide = page.evaluate("document.documentElement.scrollWidth")
    window.close()

    assert (wide, errors) == (390, [])
