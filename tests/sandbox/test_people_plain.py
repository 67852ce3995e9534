"""The visible text of blocks: one line per block, nothing hidden, nothing invented."""

import pytest

from sandbox.seed import fresh_workspace
from sandbox.slack.plain import Plain
from tests.sandbox.people_rig import BUTTON, Json, field, text

OPTION = {"text": text("Red"), "value": "r"}


def mrkdwn(words: str) -> Json:
    return {"type": "mrkdwn", "text": words}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


CELL = {"type": "raw_text", "text": "A1"}
LIST = {
    "type": "rich_text_list",
    "style": "bullet",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": word}]} for word in ("scope", "date")
    ],
}

BLOCKS = [
    ({"type": "header", "text": text("Fjordlight")}, "Fjordlight"),
    ({"type": "divider"}, ""),
    ({"type": "section", "text": mrkdwn("*Owner:* <@U0PRIYA>\nnobody _else_")}, "Owner: @Priya Nair nobody else"),
    ({"type": "section", "fields": [mrkdwn("*A*"), text("*B*")]}, "A · *B*"),
    ({"type": "section", "text": text("Deal"), "accessory": BUTTON}, "Deal · Take it"),
    ({"type": "context", "elements": [text("since"), {"type": "image", "alt_text": "clock"}]}, "since · clock"),
    ({"type": "actions", "elements": [BUTTON, BUTTON | {"text": text("Send back")}]}, "Take it · Send back"),
    (
        {"type": "actions", "elements": [{"type": "static_select", "placeholder": text("Pick"), "options": [OPTION]}]},
        "Pick",
    ),
    ({"type": "actions", "elements": [{"type": "checkboxes", "options": [OPTION, OPTION]}]}, "Red · Red"),
    ({"type": "image", "alt_text": "a chart", "title": text("Trend")}, "Trend · a chart"),
    ({"type": "markdown", "text": "**bold** words"}, "**bold** words"),
    (rich({"type": "text", "text": "Ask "}, {"type": "user", "user_id": "U0SAM"}), "Ask @Sam Okafor"),
    (rich({"type": "broadcast", "range": "here"}, {"type": "emoji", "name": "tada"}), "@here:tada:"),
    (rich({"type": "link", "url": "https://example.com", "text": "deal"}), "deal"),
    (rich({"type": "usergroup", "usergroup_id": "S0LEADS"}), "@delivery-leads"),
    (rich({"type": "channel", "channel_id": "C0SALES"}), "#sales"),
    ({"type": "rich_text", "elements": [LIST]}, "scope date"),
    ({"type": "table", "rows": [[CELL, CELL], [CELL, rich({"type": "text", "text": "x"})]]}, "A1 | A1 A1 | x"),
    ({"type": "alert", "level": "warning", "text": text("Careful")}, "Careful"),
    ({"type": "video", "title": text("Call"), "alt_text": "x", "description": text("40 min")}, "Call 40 min"),
    ({"type": "card", "title": text("Deal"), "body": text("48,000"), "actions": [BUTTON]}, "Deal 48,000 Take it"),
    ({"type": "container", "title": text("All"), "child_blocks": [{"type": "header", "text": text("In")}]}, "All In"),
    ({"type": "plan", "title": "Kickoff", "tasks": [{"type": "task_card", "title": "Call"}]}, "Kickoff Call"),
    ({"type": "unheard_of"}, ""),
]


@pytest.mark.parametrize(("block", "expected"), BLOCKS)
def test_block_reads_as_its_visible_text(block: Json, expected: str) -> None:
    assert Plain(fresh_workspace()).lines([block]) == expected


MARKUP = [
    ("<!channel> and <!here|here>", "@channel and @here"),
    ("<#C0DELIVERY> <#C404|old-room>", "#delivery #old-room"),
    ("<!subteam^S0FINANCE>", "@finance"),
    ("<https://example.com|the deal> <https://example.com>", "the deal https://example.com"),
    ("<!date^1769853600^{date}|31 January>", "31 January"),
    ("&lt;!channel&gt; &amp; &lt;@U0SAM&gt;", "<!channel> & <@U0SAM>"),
    ("~gone~ *_both_* `code`", "gone both code"),
    ("snake_case_name 2 * 3 * 4", "snake_case_name 2 * 3 * 4"),
    ("<@U404>", "@U404"),
]


@pytest.mark.parametrize(("markup", "expected"), MARKUP)
def test_markup_reads_without_its_marks(markup: str, expected: str) -> None:
    assert Plain(fresh_workspace()).mrkdwn(markup) == expected


HELD = [
    ({"type": "plain_text_input"}, {"type": "plain_text_input", "value": "soon"}, "Goal: soon"),
    ({"type": "plain_text_input", "placeholder": text("e.g. growth")}, {}, "Goal: e.g. growth"),
    ({"type": "plain_text_input"}, {"type": "plain_text_input", "value": None}, "Goal:"),
    ({"type": "static_select"}, {"type": "static_select", "selected_option": OPTION}, "Goal: Red"),
    ({"type": "users_select"}, {"type": "users_select", "selected_user": "U0SAM"}, "Goal: Sam Okafor"),
    ({"type": "channels_select"}, {"type": "channels_select", "selected_channel": "C0SALES"}, "Goal: #sales"),
    ({"type": "checkboxes"}, {"type": "checkboxes", "selected_options": [OPTION, OPTION]}, "Goal: Red, Red"),
    ({"type": "rich_text_input"}, {"type": "rich_text_input", "rich_text_value": rich(text("words"))}, "Goal: words"),
    ({"type": "timepicker"}, {"type": "timepicker", "selected_time": "09:30", "timezone": "UTC"}, "Goal: 09:30"),
]


@pytest.mark.parametrize(("element", "held", "expected"), HELD)
def test_input_reads_as_label_and_value(element: Json, held: Json, expected: str) -> None:
    block = field("goal", element)

    assert Plain(fresh_workspace(), {"goal": {"a": held}}).block(block) == expected


def test_input_says_that_it_is_optional_and_its_hint() -> None:
    block = field("goal", {"type": "plain_text_input"}, optional=True, hint=text("One sentence."))

    assert Plain(fresh_workspace()).block(block) == "Goal (optional): · One sentence."
