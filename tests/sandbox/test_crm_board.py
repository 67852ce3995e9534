"""The board: its HTML as it is sent, and its behaviour in a browser."""

import re
import shutil
import threading
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.sandbox.crm_helpers import TOKEN, Bench, bench, wait_for

CHROMIUM = shutil.which("chromium") or ""
WON = "[data-stage=closedwon]"


@pytest.fixture(scope="module")
def servers() -> Iterator[Bench]:
    with bench() as running:
        yield running


@pytest.fixture
def crm(servers: Bench) -> Bench:
    return servers.renew()


@pytest.fixture
def fjord(crm: Bench) -> str:
    return crm.deal("Fjordlight Robotics")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def page(crm: Bench, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=str(crm.api.base_url), viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def html(crm: Bench, path: str) -> str:
    reply = crm.api.get(path)
    assert reply.status_code == 200
    return reply.text


def stage_of(crm: Bench, deal: str) -> str:
    return str(crm.get(f"/sandbox/crm/deals/{deal}")["deal"]["stage"]["id"])


def test_the_page_shows_every_deal_of_the_chosen_pipeline_only(crm: Bench) -> None:
    sales = html(crm, "/board")
    assert "Fjordlight Robotics" in sales
    assert "second plant" not in sales
    expansion = html(crm, "/board?pipeline=731904562")
    assert "second plant" in expansion
    assert "Quarrystone" not in expansion


def test_hostile_text_is_shown_and_never_becomes_markup(crm: Bench) -> None:
    deal = next(one.id for one in crm.crm.all("deals") if "<!channel>" in one.properties["dealname"])
    shown = html(crm, f"/board?deal={deal}")
    assert "&lt;!channel&gt;" in shown
    assert "<!channel>" not in shown
    assert "<script>alert" not in shown
    assert "{{ 7*7 }}" in shown
    assert len(re.findall("<script", shown)) == 1


def test_a_deal_with_every_field_empty_still_has_a_panel(crm: Bench) -> None:
    made = crm.post("/sandbox/crm/deals", {"properties": {"dealname": "Bare", "pipeline": "default"}})["deal"]
    assert "No contact." in html(crm, f"/board/deal/{made['id']}")
    assert "nobody" in html(crm, "/board")
    assert crm.api.get("/board/deal/1").status_code == 404


def test_the_log_shows_attempts_of_whatever_was_sent(crm: Bench) -> None:
    crm.bot.statuses = [500]
    crm.post("/sandbox/crm/send", {"events": [7, {"propertyValue": {"a": "<b>"}}]})
    wait_for(lambda: crm.crm.outbox.pending == 0)
    shown = html(crm, "/board/log")
    assert "500" in shown
    assert "1 more" in shown


def test_waiting_for_changes_ends_with_a_change_and_at_once_when_behind(crm: Bench, fjord: str) -> None:
    version = crm.get("/board/changes")["version"]
    assert crm.get(f"/board/changes?since={version - 1}") == {"version": version}
    answers: list[int] = []
    base = str(crm.api.base_url)

    def wait() -> None:
        answers.append(httpx.get(f"{base}/board/changes?since={version}", timeout=10).json()["version"])

    thread = threading.Thread(target=wait)
    thread.start()
    thread.join(0.3)
    assert thread.is_alive()
    crm.post(f"/sandbox/crm/deals/{fjord}", {"properties": {"amount": "1"}})
    thread.join(5)
    assert answers
    assert answers[0] > version


@pytest.mark.browser
@pytest.mark.browser
def test_a_card_moves_by_drag_by_menu_and_by_keyboard(crm: Bench, fjord: str, page: Page) -> None:
    page.goto("/board")
    card = page.locator(f"[data-deal='{fjord}']")
    card.locator(".card-facts").drag_to(page.locator(f"{WON} h2"))
    expect(page.locator(WON)).to_contain_text("Fjordlight Robotics")
    assert stage_of(crm, fjord) == "closedwon"
    card.locator("select").select_option(label="Contract sent")
    expect(page.locator("[data-stage=contractsent]")).to_contain_text("Fjordlight Robotics")
    card.locator("a").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(WON)).to_contain_text("Fjordlight Robotics")
    expect(card.locator("a")).to_be_focused()
    expect(page.locator("[data-announce]")).to_have_text("Fjordlight Robotics is in Closed won")
    wait_for(lambda: len(crm.bot.events) == 3)


@pytest.mark.browser
@pytest.mark.browser
def test_the_panel_saves_only_what_was_edited_and_names_the_wrong_field(crm: Bench, page: Page) -> None:
    page.goto("/board")
    page.get_by_role("link", name="Fjordlight Robotics").click()
    expect(page.locator("aside h2")).to_be_focused()
    page.get_by_label("Amount").fill("lots")
    page.get_by_label("What could go wrong").fill("Two plants,\none integrator")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("lots was not a valid number.")).to_be_visible()
    expect(page.get_by_label("Amount")).to_be_focused()
    page.get_by_label("Amount").fill("50000")
    page.get_by_label("Products").select_option(["Platform", "Training"])
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    wait_for(lambda: len(crm.bot.events) == 3)
    assert {event["propertyName"]: event["propertyValue"] for event in crm.bot.events} == {
        "amount": "50000",
        "risk_notes": "Two plants,\none integrator",
        "products": "Platform;Training",
    }
    page.keyboard.press("Escape")
    expect(page.locator("aside")).to_be_hidden()
    expect(page.get_by_role("link", name="Fjordlight Robotics")).to_be_focused()


@pytest.mark.browser
@pytest.mark.browser
def test_what_the_bot_writes_appears_without_losing_what_is_being_typed(crm: Bench, fjord: str, page: Page) -> None:
    page.goto(f"/board?deal={fjord}")
    page.get_by_label("What could go wrong").fill("half a sent")
    path, body = f"/crm/v3/objects/deals/{fjord}", {"properties": {"handoff_status": "Waiting on sales"}}
    assert crm.api.patch(path, json=body, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    expect(page.locator(f"[data-deal='{fjord}']")).to_contain_text("Waiting on sales")
    expect(page.get_by_label("What could go wrong")).to_have_value("half a sent")


@pytest.mark.browser
def test_a_deal_is_deleted_in_its_panel_and_restored_from_the_bin(crm: Bench, fjord: str, page: Page) -> None:
    page.goto(f"/board?deal={fjord}")
    page.get_by_role("button", name="Delete deal").click()
    expect(page.locator("aside")).to_be_hidden()
    expect(page.locator("[data-announce]")).to_have_text("Fjordlight Robotics is deleted")
    restore = page.get_by_role("button", name="Restore Fjordlight Robotics")
    expect(restore).to_be_focused()
    restore.click()
    expect(page.get_by_role("link", name="Fjordlight Robotics")).to_be_focused()
    expect(page.locator(".bin")).to_have_count(0)
    wait_for(lambda: len(crm.bot.events) == 2)
    assert [event["subscriptionType"] for event in crm.bot.events] == ["deal.deletion", "deal.restore"]


@pytest.mark.browser
def test_the_panel_of_a_deal_that_is_deleted_elsewhere_closes(crm: Bench, fjord: str, page: Page) -> None:
    page.goto(f"/board?deal={fjord}")
    expect(page.locator("aside h2")).to_have_text("Fjordlight Robotics")
    crm.post(f"/sandbox/crm/deals/{fjord}/delete", {})
    expect(page.locator("aside")).to_be_hidden()


@pytest.mark.browser
@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_never_scrolls_sideways(crm: Bench, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    for deal in crm.crm.all("deals"):
        page.goto(f"/board?deal={deal.id}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = (
            "[...document.querySelectorAll('aside, aside *')].filter(e => e.getBoundingClientRect().right > innerWidth)"
        )
        assert page.evaluate(f"{wide}.map(e => e.outerHTML.slice(0, 80))") == []
