"""Messages, modals and a Home tab as people really send them: nothing to complain about."""

from sandbox.slack.validate import MOST_TOTAL_TEXT, total_text, view_too_large
from tests.sandbox.validate_rig import (
    URL,
    Json,
    actions,
    button,
    confirm,
    home,
    line,
    modal,
    mrkdwn,
    option,
    plain,
    rich,
    said_of_message,
    said_of_view,
    section,
)


def context(*texts: str) -> Json:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def question(block_id: str, label: str, element: Json, **keys: object) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **keys}


def test_brief_with_facts_and_buttons() -> None:
    facts = {"Customer": "Harbour Bakery", "Value": "€48,000", "Owner": "<@U0SAM>", "Start": "1 March"}
    blocks = [
        {"type": "header", "text": {**plain("Harbour Bakery is won :tada:"), "emoji": True}},
        section(fields=[mrkdwn(f"*{name}*\n{value}") for name, value in facts.items()]),
        {"type": "divider"},
        section(
            text=mrkdwn("*Why they bought*\n> Three shops, one stock list."),
            accessory={"type": "image", "image_url": f"{URL}logo.png", "alt_text": "Harbour Bakery"},
        ),
        {
            "type": "actions",
            "block_id": "handoff:17",
            "elements": [
                button(text=plain("Claim"), action_id="claim", value="17", style="primary"),
                button(text=plain("Send back"), action_id="send_back", value="17", confirm=confirm(style="danger")),
                button(text=plain("Open deal"), action_id="open", url=f"{URL}deals/17"),
                {"type": "overflow", "action_id": "more", "options": [option("mute"), option("log", url=URL)]},
            ],
        },
        context("Handed over by <@U0SAM>", "<!date^1790000000^{date_short} {time}|September>"),
    ]

    assert said_of_message(*blocks) == []
    assert total_text(blocks) < MOST_TOTAL_TEXT


def test_reminder_with_a_checklist_in_rich_text() -> None:
    steps = [
        line({"type": "text", "text": "Call ", "style": {"strike": True}}, {"type": "user", "user_id": "U0ANA"}),
        line({"type": "link", "url": URL, "text": "Read the contract"}, {"type": "emoji", "name": "eyes"}),
    ]
    blocks = [
        rich(
            line({"type": "text", "text": "Still open", "style": {"bold": True}}, {"type": "text", "text": ":\n"}),
            {"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": steps},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "They start on Monday."}]},
            {"type": "rich_text_preformatted", "border": 1, "elements": [{"type": "text", "text": "HB-17"}]},
        ),
        section(text=mrkdwn("Who takes it?"), accessory={"type": "users_select", "placeholder": plain("Pick someone")}),
    ]

    assert said_of_message(*blocks) == []


def test_answer_written_in_markdown_with_feedback() -> None:
    good, bad = ({"text": plain(face), "value": word} for face, word in (("👍", "yes"), ("👎", "no")))
    feedback = {"type": "feedback_buttons", "action_id": "rate", "positive_button": good, "negative_button": bad}
    blocks: list[Json] = [
        {"type": "markdown", "text": "# Harbour Bakery\n- three shops\n- starts **Monday**"},
        {"type": "context_actions", "elements": [feedback, {"type": "icon_button", "icon": "trash", "text": plain()}]},
    ]

    assert said_of_message(*blocks) == []


def test_modal_that_asks_for_what_is_missing() -> None:
    stages = [{"label": plain("Open"), "options": [option("new"), option("talks")]}]
    hint = plain("As agreed in the contract.")
    view = modal(
        context("*Harbour Bakery* · €48,000"),
        question("goal", "Why did they buy?", {"type": "plain_text_input", "multiline": True, "max_length": 3000}),
        question("start", "Start", {"type": "datepicker", "initial_date": "2026-03-01"}, hint=hint),
        question("seats", "Seats", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
        question("mail", "Contact", {"type": "email_text_input", "placeholder": plain("name@example.com")}),
        question("board", "Board", {"type": "url_text_input"}, optional=True),
        question("team", "Team", {"type": "multi_users_select", "max_selected_items": 5}),
        question("stage", "Stage", {"type": "static_select", "option_groups": stages, "initial_option": option("new")}),
        question("risk", "Risks", {"type": "checkboxes", "options": [option("late"), option("price")]}, optional=True),
        question("room", "Channel", {"type": "conversations_select", "filter": {"include": ["public", "private"]}}),
        question("file", "Contract", {"type": "file_input", "filetypes": ["pdf"], "max_files": 3}, optional=True),
        callback_id="complete",
        private_metadata='{"handoff": 17}',
        close=plain("Later"),
        notify_on_close=True,
    )

    assert said_of_view(view) == []
    assert not view_too_large(view)


def test_modal_that_only_loads() -> None:
    assert said_of_view({"type": "modal", "title": plain("Harbour Bakery"), "blocks": [section()]}) == []


def test_modal_that_warns() -> None:
    assert said_of_view(modal({"type": "alert", "text": mrkdwn("*No owner yet*"), "level": "warning"})) == []


def test_home_with_open_handoffs() -> None:
    rows = [
        section(
            block_id=f"handoff:{number}",
            text=mrkdwn(f"*<{URL}{number}|Customer {number}>*\nwaits for *2* answers"),
            accessory=button(action_id="complete", value=str(number)),
        )
        for number in range(40)
    ]
    nothing_else = {"private_metadata": "", "callback_id": "", "external_id": ""}

    assert said_of_view(home({"type": "header", "text": plain("Your handoffs")}, *rows, **nothing_else)) == []


def test_two_buttons_without_ids() -> None:
    assert said_of_message(actions(button(), button())) == []
