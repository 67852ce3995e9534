"""People on the page of the local Slack, in a real browser: one browser and one running Baton for a file of tests.

With `BATON_PICTURES` set to a folder, each test leaves pictures there of what it saw, narrow and wide: the way to look
at every form and message, and to make those of `docs/pictures` anew.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, expect

from handoff.model import Handoff, Status
from tests.running import Running, running_baton, wait_for
from tests.sandbox.page_rig import chromium, context, opened
from tests.stories.filling_in import reached
from tests.stories.talking import DELIVERY, config, seen

NARROW, WIDE = 390, 1280

FIRST = {
    "buyer_goals": "Orders packed the same day in both halls",
    "signed_scope_url": "https://docs.example.com/scopes/7",
    "start_date": "2030-03-04",
    "promised_deliverables": "Two integrations and training for ten people",
    "client_expects_next": "A call this week with whoever leads it",
    "risk_notes": "Their IT lead leaves in May; the export must be done before",
}
MORE = (
    {
        "key": "address",
        "ask": "Where do we come to?",
        "type": "text",
        "required": "kickoff_preference == 'On site'",
        "good_answer": "Harbour Street 4, second yard, and ask for Lars",
    },
    {"key": "invoice_email", "ask": "Where do invoices go to?", "type": "email", "required": False},
    {"key": "languages", "ask": "Which languages do they speak?", "type": "choices", "options": ["en", "de", "pt"]},
    {"key": "signs", "ask": "Who signs what we deliver?", "type": "text", "required": True},
    {"key": "budget_left", "ask": "How much of their budget is left?", "type": "money", "required": False},
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser, for all tests of a file."""
    expect.set_options(timeout=30_000)  # a busy machine is no failure
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def baton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Baton for all tests of a file, each of which wins a deal of its own."""
    with running_baton(tmp_path_factory.mktemp("baton"), longer()) as running:
        yield running


def longer() -> str:
    """The shipped file with so many questions that they come in steps where the CRM knows nothing."""
    text = yaml.safe_load(config())
    text["workflows"]["sales-to-delivery"]["checklist"] += [{"required": False, **field} for field in MORE]
    return yaml.safe_dump(text, sort_keys=False)


def deal(baton: Running, name: str, *, lacks: Sequence[str] = (), owner: str = "sam@example.com") -> Handoff:
    """A deal is made and won, of which the CRM knows all but what it `lacks`; its handoff."""
    known = {key: text for key, text in FIRST.items() if key not in lacks}
    made = baton.post(
        "crm/deals",
        properties={"dealname": name, "amount": "48000", "closedate": "2029-11-30", **known},
        owner=owner,
        contacts=[{"email": "ines@client.example", "firstname": "Ines", "lastname": "Duarte"}],
    )
    baton.post(f"crm/deals/{made['deal']['id']}/move", stage="Closed won")
    store = baton.baton.flow.store
    return wait_for(lambda: [h for h in store.search(name, 1) if h.record.name == name])[0]


def briefed(baton: Running, name: str) -> Handoff:
    """The same with nothing left to ask: its brief is in the channel."""
    handoff = deal(baton, name)
    top = seen(baton, "sam", "baton", name)
    baton.post("click", user="sam", channel="baton", ts=top["ts"], action_id="complete_handoff")
    wait_for(lambda: baton.get("views", user="sam")["views"])
    answer = baton.post("submit", user="sam", values={"field:signs": "Lars Berg, who runs both halls"})
    assert answer["outcome"] == "closed", answer
    seen(baton, "priya", DELIVERY, name)
    return reached(baton, handoff, Status.UNCLAIMED)


@contextlib.contextmanager
def at(baton: Running, browser: Browser, query: str, *, width: int = WIDE, dark: bool = False) -> Iterator[Page]:
    """The page in a window of its own; its scripts must not have stumbled."""
    window = context(browser, width=width, dark=dark)
    window.set_default_timeout(30_000)
    page, errors = opened(window, f"{baton.slack.base_url}/?{query}")
    try:
        yield page
        assert errors == []
    finally:
        window.close()
        for user in ("sam", "ana", "priya", "rui"):
            if baton.get("views", user=user)["views"]:
                baton.post("close", user=user, all=True)  # what is open is the person's, not the window's


def message(pane: Locator, name: str) -> Locator:
    """The newest message about a customer."""
    return pane.locator(".message", has=pane.page.get_by_text(name)).last


def looked_at(page: Page, name: str, part: Locator | None = None, widths: Sequence[int] = (NARROW, WIDE)) -> None:
    """What stands there is whole, narrow and wide: nothing reaches beyond the window. Pictures, if they are wanted."""
    before = page.viewport_size
    folder = os.environ.get("BATON_PICTURES")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 2400 if folder else 860})
        for box in (page.locator("html"), *page.locator("#pane-left .modal-body, #pane-left .scroll").all()):
            over = box.evaluate("e => e.scrollWidth - e.clientWidth")
            assert over <= 0, f"{name} is {over} px too wide at {width}"
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            (part or page).screenshot(path=Path(folder) / f"{name}-{width}.png")
    if before:
        page.set_viewport_size(before)
