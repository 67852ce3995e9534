"""A small app with everything a page must show, behind a running sandbox; and Chromium to look at it with."""

import contextlib
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from slack_bolt import App

from sandbox.slack.manifest import Manifest
from tests.chromium import CHROMIUM
from tests.sandbox.people_rig import Json, Stage, field, http_stage, modal, text

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

MANIFEST = Manifest(
    commands=(
        {"command": "/handoff", "description": "Handoffs: status, mine, new, health", "usage_hint": "status [name]"},
        {"command": "/brief", "description": "Show a brief"},
    ),
    shortcuts=(
        {"name": "Start a handoff", "type": "global", "callback_id": "start", "description": "For a record or a name"},
        {
            "name": "Start from message",
            "type": "message",
            "callback_id": "start_from",
            "description": "From this message",
        },
        {"name": "Any", "type": "global", "callback_id": "any", "description": "Nothing"},
    ),
)


def mrkdwn(words: str) -> Json:
    return {"type": "mrkdwn", "text": words}


def option(value: str, words: str | None = None, **more: object) -> Json:
    return {"text": text(words or value.title()), "value": value, **more}


def button(action_id: str, words: str, **more: object) -> Json:
    return {"type": "button", "action_id": action_id, "text": text(words), "value": action_id, **more}


def section(words: str, **more: object) -> Json:
    return {"type": "section", "text": mrkdwn(words), **more}


OPTIONS = [option("red"), option("green"), option("blue")]
CONFIRM = {
    "title": text("Release it?"),
    "text": text("Nobody will own this handoff."),
    "confirm": text("Release"),
    "deny": text("Keep"),
}
BRIEF: list[Json] = [
    {"type": "header", "text": text("Fjordlight Robotics → delivery")},
    {
        "type": "section",
        "fields": [
            mrkdwn("*Who owns the next step?*\nNobody yet"),
            mrkdwn("*What was promised?*\nA pilot in two plants, live by <!date^1796688000^{date_short}|6 Dec>"),
            mrkdwn("*What does the client expect next?*\nA kickoff call this week"),
            mrkdwn("*What task starts the work?*\n<https://example.com/tasks/7|Prepare the kickoff>"),
        ],
    },
    {"type": "context", "elements": [mrkdwn("From HubSpot · said by <@U0SAM> today · :warning: _Custom Scope_")]},
    {
        "type": "actions",
        "block_id": "brief",
        "elements": [
            button("own", "Take ownership", style="primary"),
            button("ask", "Ask sales"),
            button("back", "Send back", style="danger", confirm=CONFIRM),
            {
                "type": "overflow",
                "action_id": "more",
                "options": [option("history"), option("flag", "Flag a risk"), option("snooze")],
            },
        ],
    },
]
FIELDS: list[Json] = [
    {"type": "section", "text": mrkdwn("*5 of 8* are in HubSpot already. Three to add.")},
    field(
        "goals",
        {"type": "plain_text_input", "multiline": True, "placeholder": text("In their words")},
        hint=text("One or two sentences."),
    ),
    field("name", {"type": "plain_text_input", "focus_on_load": True}),
    field("amount", {"type": "number_input", "is_decimal_allowed": True}, optional=True),
    field("mail", {"type": "email_text_input"}, optional=True),
    field("site", {"type": "url_text_input"}, optional=True),
    field("scope", {"type": "static_select", "options": OPTIONS, "placeholder": text("Pick one")}, optional=True),
    field(
        "grouped",
        {
            "type": "static_select",
            "option_groups": [
                {"label": text("Warm"), "options": OPTIONS[:1]},
                {"label": text("Cold"), "options": OPTIONS[1:]},
            ],
        },
        optional=True,
    ),
    field("several", {"type": "multi_static_select", "options": OPTIONS, "max_selected_items": 2}, optional=True),
    field(
        "deal", {"type": "external_select", "min_query_length": 1, "placeholder": text("Search deals")}, optional=True
    ),
    field("deals", {"type": "multi_external_select", "min_query_length": 0}, optional=True),
    field("who", {"type": "users_select"}, optional=True),
    field("whos", {"type": "multi_users_select"}, optional=True),
    field("room", {"type": "channels_select"}, optional=True),
    field("rooms", {"type": "multi_channels_select"}, optional=True),
    field("talk", {"type": "conversations_select"}, optional=True),
    field("talks", {"type": "multi_conversations_select"}, optional=True),
    field(
        "boxes",
        {
            "type": "checkboxes",
            "options": [
                option("custom", "Custom Scope", description=text("Differs from the offer")),
                option("risk", "Delivery Risk"),
            ],
        },
        optional=True,
    ),
    field("radio", {"type": "radio_buttons", "options": OPTIONS}, optional=True),
    field("date", {"type": "datepicker"}, optional=True),
    field("time", {"type": "timepicker"}, optional=True),
    field("moment", {"type": "datetimepicker"}, optional=True),
    field("rich", {"type": "rich_text_input"}, optional=True),
    field("files", {"type": "file_input"}, optional=True),
    {"type": "actions", "block_id": "extra", "elements": [button("push", "Correct something"), button("slow", "Slow")]},
]


def opens(ack: Any, body: Json, client: Any) -> None:
    ack()
    client.views_open(
        trigger_id=body["trigger_id"],
        view=modal(*FIELDS, title=text("Complete handoff"), submit=text("Hand over"), notify_on_close=True),
    )


def owns(ack: Any, body: Json, client: Any) -> None:
    ack()
    blocks = [
        BRIEF[0],
        section(f"*<@{body['user']['id']}>* owns this."),
        {"type": "actions", "elements": [button("done", "Done")]},
    ]
    client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="owned", blocks=blocks)


def submitted(ack: Any, view: Json, body: Json, client: Any) -> None:
    values = view["state"]["values"]
    if values["goals"]["a"]["value"] == "tbd":
        ack(response_action="errors", errors={"goals": "“tbd” does not tell delivery anything."})
        return
    ack()
    client.chat_postMessage(channel=body["user"]["id"], text=f"Got it: {values['goals']['a']['value']}")


def pushes(ack: Any, body: Json, client: Any) -> None:
    ack()
    client.views_push(
        trigger_id=body["trigger_id"],
        view=modal(field("fix", {"type": "plain_text_input"}), title=text("Correct something")),
    )


def offers(ack: Any, payload: Json) -> None:
    ack(options=[option(f"deal-{n}", f"{payload['value']} {n}") for n in range(3)])


def listen(app: App) -> None:
    """What the sample app does when a person presses, picks, types and submits."""
    app.shortcut("start")(opens)
    app.shortcut("start_from")(opens)
    app.action("own")(owns)
    app.action("push")(pushes)
    app.view("form")(submitted)
    app.options("a")(offers)
    app.command("/handoff")(lambda ack, command: ack(f"You asked: {command['text']}"))
    app.event("message")(lambda: None)
    for action_id in ("ask", "back", "more", "done", "a", "pick", "link"):
        app.action(action_id)(lambda ack: ack())
    app.view_closed("form")(lambda ack: ack())
    app.event("app_home_opened")(
        lambda client, event: client.views_publish(
            user_id=event["user"],
            view={"type": "home", "blocks": [{"type": "header", "text": text("My handoffs")}, *BRIEF[1:]]},
        )
    )


@contextlib.contextmanager
def page_stage() -> Iterator[Stage]:
    """The sample app, connected over HTTP."""
    with http_stage(listen, MANIFEST) as stage:
        yield stage


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. Tests that use it are marked `browser`, and passed over where there is none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def context(browser: Browser, *, width: int = 1280, height: int = 860, dark: bool = False) -> BrowserContext:
    """A window of this size; nothing in it waits longer than ten seconds."""
    window = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    )
    window.set_default_timeout(30_000)
    return window


def opened(window: BrowserContext, address: str) -> tuple[Page, list[str]]:
    """The page and the list in which its script's errors collect."""
    page = window.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(address)
    return page, errors
