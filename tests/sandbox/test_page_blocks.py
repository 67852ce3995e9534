"""Every block a bot may send, drawn; none dropped, none dangerous."""

import pytest

from sandbox.page.render.attachments import attachment
from sandbox.page.render.blocks import block, blocks
from tests.sandbox.page_rig import BRIEF, button, mrkdwn, option, section
from tests.sandbox.page_scene import Json, Seen, scene
from tests.sandbox.people_rig import text

IMAGE: Json = {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "A chart"}
TASK: Json = {"task_id": "1", "title": "Read the brief", "status": "complete"}
SERIES = [{"name": "days", "data": [{"label": "w1", "value": 9}, {"label": "w2", "value": 4.5}]}]
AXIS: Json = {"categories": ["w1", "w2"]}
PIE: Json = {"type": "pie", "segments": [{"label": "a", "value": 3}]}
VIDEO: Json = {"type": "video", "title": text("Intro"), "video_url": "https://example.com/v", "provider_name": "Tube"}
ROWS = [
    [{"type": "raw_text", "text": "Deal"}, {"type": "raw_text", "text": "Amount"}],
    [{"type": "raw_text", "text": "Fjordlight"}, {"type": "raw_number", "value": 48000}],
]
RICH: Json = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "rich"}]}],
}


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        (BRIEF[0], "Fjordlight Robotics → delivery"),
        (section("*one*", accessory=button("go", "Go")), "oneGo"),
        ({"type": "section", "fields": [mrkdwn("a"), text("b")]}, "ab"),
        ({"type": "divider"}, ""),
        ({"type": "context", "elements": [IMAGE, mrkdwn("said *today*")]}, "Asaid today"),
        ({"type": "actions", "elements": [button("x", "X"), button("y", "Y")]}, "XY"),
        (IMAGE | {"title": text("Weeks")}, "WeeksA chartOpen image"),
        (RICH, "rich"),
        ({"type": "markdown", "text": "**md**"}, "md"),
        (VIDEO, "IntroTube"),
        ({"type": "table", "rows": ROWS, "column_settings": [None, {"align": "right"}]}, "DealAmountFjordlight48000"),
        ({"type": "data_table", "caption": "Deals", "rows": ROWS}, "DealsDealAmountFjordlight48000"),
        ({"type": "alert", "text": text("Careful"), "level": "warning"}, "Careful"),
        ({"type": "card", "title": mrkdwn("T"), "body": mrkdwn("B"), "actions": [button("x", "X")]}, "TBX"),
        ({"type": "carousel", "elements": [{"type": "card", "title": mrkdwn("One")}]}, "One"),
        ({"type": "container", "title": text("More"), "child_blocks": [section("inside")]}, "Moreinside"),
        ({"type": "task_card", **TASK, "details": RICH}, "✓Read the briefrich"),
        ({"type": "plan", "title": "Kickoff", "tasks": [TASK]}, "Kickoff✓Read the brief"),
        ({"type": "data_visualization", "title": "T", "chart": PIE}, "TaTa3"),
        ({"type": "hologram"}, "This page cannot show the block “hologram”."),
        ({}, "This page cannot show the block “?”."),
    ],
    ids=lambda value: value.get("type", "none") if isinstance(value, dict) else None,
)
def test_block_shows(item: Json, shown: str) -> None:
    seen = Seen(block({"block_id": "b", **item}, scene()))

    assert (seen.text, seen.traps()) == (shown, [])


@pytest.mark.parametrize("kind", ["line", "bar", "area"])
def test_chart_of_weeks_has_a_table_for_those_who_cannot_see_it(kind: str) -> None:
    chart = {"type": kind, "series": SERIES, "axis_config": AXIS}

    seen = Seen(block({"type": "data_visualization", "title": "Kickoff", "chart": chart}, scene()))

    assert seen.text.endswith("daysKickoffdaysw19w24.5")
    assert "svg" in seen.tags


def test_feedback_buttons_name_what_they_mean() -> None:
    feedback = {
        "type": "feedback_buttons",
        "action_id": "f",
        "positive_button": {"text": text("Good"), "value": "good"},
        "negative_button": {"text": text("Bad"), "value": "bad"},
    }

    seen = Seen(block({"type": "context_actions", "elements": [feedback]}, scene()))

    assert [value for name, value in seen.attributes if name == "aria-label"] == ["Good", "Bad"]


def test_long_text_is_cut_in_messages_but_not_in_modals() -> None:
    long = section("word " * 300)

    assert "See more" in Seen(block(long, scene())).text
    assert "See more" not in Seen(block(long, scene("modal"))).text
    assert "See more" not in Seen(block(long | {"expand": True}, scene())).text


def test_text_in_any_writing_direction_cannot_turn_its_neighbours() -> None:
    drawn = block({"type": "actions", "elements": [button("x", "\u202eevil")]}, scene())

    assert "<bdi>\u202eevil</bdi>" in drawn


def test_attachment_shows_all_its_parts() -> None:
    item = {
        "color": "#d99a00",
        "pretext": "before",
        "title": "Title",
        "title_link": "https://example.com",
        "text": "*bold*",
        "fields": [{"title": "Key", "value": "value"}],
        "blocks": [section("block")],
        "footer": "foot",
    }

    seen = Seen(attachment(item, scene()))

    assert (seen.text, seen.links()) == ("beforeTitleboldKeyvalueblockfoot", ["https://example.com"])
    assert ("style", "--bar:#d99a00") in seen.attributes


def test_attachment_color_cannot_carry_a_style() -> None:
    assert Seen(attachment({"color": "#fff;} body{display:none", "text": "x"}, scene())).attributes[0] == (
        "class",
        "attachment",
    )


def test_blocks_with_hostile_ids_stay_inside_their_attributes() -> None:
    hostile = '"><script>alert(1)</script>'
    row = {
        "type": "actions",
        "block_id": hostile,
        "elements": [
            button(hostile, hostile),
            {"type": "static_select", "action_id": hostile, "options": [option(hostile)]},
        ],
    }

    seen = Seen(blocks([row], scene()))

    assert seen.traps() == []
    assert ("data-block", hostile) in seen.attributes
