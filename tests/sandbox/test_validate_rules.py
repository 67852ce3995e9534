"""What holds between the keys of one element or block."""

from typing import Any

import pytest

from tests.sandbox.validate_rig import (
    URL,
    Json,
    actions,
    button,
    card,
    cell,
    chart,
    confirm,
    container,
    data_table,
    element,
    home,
    image,
    line,
    modal,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    plan,
    rich,
    said_of,
    said_of_view,
    section,
)

GROUPS = [{"label": plain("Letters"), "options": options(2)}]
NO_MATCH = "failed to match schema"


def number(*, decimals: bool = True, **keys: str) -> Json:
    return element("number_input", is_decimal_allowed=decimals, **keys)


@pytest.mark.parametrize(
    "block",
    [
        element("static_select", options=options(3), initial_option=options(3)[1]),
        element("static_select", option_groups=GROUPS, initial_option=options(2)[1]),
        element("multi_static_select", options=options(3), initial_options=options(3)[:2], max_selected_items=2),
        element("checkboxes", options=options(3), initial_options=options(1)),
        element("radio_buttons", options=[option(text=mrkdwn())], initial_option=option(text=mrkdwn())),
        element("external_select", initial_option=option(), min_query_length=0),
        element("multi_external_select", initial_options=options(2)),
        element("users_select", initial_user="U0ANA"),
        element("multi_users_select", initial_users=["U0ANA", "W0SAM"]),
        element("channels_select", initial_channel="C0DEALS", response_url_enabled=True),
        element("multi_channels_select", initial_channels=["C0DEALS"]),
        element("conversations_select", default_to_current_conversation=True, response_url_enabled=True),
        element("conversations_select", filter={"include": ["im", "public"], "exclude_bot_users": True}),
        element("multi_conversations_select", initial_conversations=["C0DEALS", "D0ANA"]),
        element("datepicker", initial_date="2028-02-29", placeholder=plain()),
        element("timepicker", initial_time="23:59", timezone="Europe/Lisbon"),
        element("plain_text_input", multiline=True, min_length=5, max_length=5),
        element("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]}),
        element("rich_text_input", action_id="a", initial_value=rich(line({"type": "text", "text": "Hello"}))),
        element("file_input", filetypes=["pdf"], max_files=1),
        {**element("plain_text_input"), "dispatch_action": True, "optional": True},
        number(min_value="-1", max_value="10.5", initial_value="0"),
        number(decimals=False, initial_value="12"),
        actions(button(url=URL, style="primary", confirm=confirm(style="danger"))),
        actions(button(url="mailto:ana@example.com", agent_prompt="Sum up", agent_prompt_display="Sum it up")),
        section(text=plain(), fields=[mrkdwn()], expand=True),
        {"type": "image", "alt_text": "A chart", "slack_file": {"id": "F0CHART"}},
        card(slack_icon={"type": "icon", "name": "rocket"}, actions=[button()]),
        container(is_collapsible=True, default_collapsed=True, width="wide"),
        {**container(rich_text_title=rich(line())), "subtitle": mrkdwn(), "icon": image()},
    ],
)
def test_keys_that_agree(block: Json) -> None:
    assert said_of(block) == []


@pytest.mark.parametrize(
    ("block", "pointer", "message"),
    [
        (element("static_select"), "/element/type", "must define either `options` or `option_groups`"),
        (
            element("static_select", options=options(1), option_groups=GROUPS),
            "/element/type",
            "must not define both `options` and `option_groups`",
        ),
        (
            element("static_select", options=options(2), initial_option=option("2")),
            "/element/initial_option",
            "must match one of the options",
        ),
        (
            element("static_select", option_groups=GROUPS, initial_option=option("2")),
            "/element/initial_option",
            "must match one of the options",
        ),
        (
            element("checkboxes", options=options(2), initial_options=[options(1)[0], option("2")]),
            "/element/initial_options/1",
            "must match one of the options",
        ),
        (
            element("multi_static_select", options=options(2), initial_options=[]),
            "/element/initial_options",
            "no fewer than 1 items allowed",
        ),
        (element("datepicker", initial_date="31.01.2026"), "/element/initial_date", NO_MATCH),
        (element("datepicker", initial_date="2026-02-30"), "/element/initial_date", NO_MATCH),
        (element("timepicker", initial_time="9:00"), "/element/initial_time", NO_MATCH),
        (element("timepicker", initial_time="24:00"), "/element/initial_time", NO_MATCH),
        (element("users_select", initial_user="ana"), "/element/initial_user", NO_MATCH),
        (element("number_input"), "/element", "missing required field: is_decimal_allowed"),
        (number(initial_value="many"), "/element/initial_value", NO_MATCH),
        (number(decimals=False, initial_value="1.5"), "/element/initial_value", NO_MATCH),
        (number(min_value="2", max_value="1"), "/element/min_value", "must not be more than `max_value`"),
        (number(min_value="10", initial_value="9"), "/element/initial_value", "must not be less than `min_value`"),
        (number(max_value="10", initial_value="11"), "/element/initial_value", "must not be more than `max_value`"),
        (
            element("plain_text_input", min_length=6, max_length=5),
            "/element/min_length",
            "must not be more than `max_length`",
        ),
        (element("rich_text_input"), "/element", "missing required field: action_id"),
        (element("conversations_select", filter={}), "/element/filter", "must define at least one filter"),
        (
            element("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_click"]}),
            "/element/dispatch_action_config/trigger_actions_on/0",
            "must be a valid enum value",
        ),
        ({**element("file_input"), "dispatch_action": True}, "/element/type", "unsupported type: file_input"),
        (actions(button(url="example")), "/elements/0/url", NO_MATCH),
        (
            actions(button(agent_prompt_display="Sum it up")),
            "/elements/0",
            "must define `agent_prompt` to use `agent_prompt_display`",
        ),
        (
            actions(button(confirm={"title": plain(), "text": plain(), "confirm": plain()})),
            "/elements/0/confirm",
            "missing required field: deny",
        ),
        (
            section(accessory={"type": "overflow", "options": [option(text=mrkdwn())]}),
            "/accessory/options/0/text/type",
            "unsupported type: mrkdwn",
        ),
        (
            section(accessory={"type": "static_select", "options": [option(url=URL)]}),
            "/accessory/options/0",
            "invalid additional property: url",
        ),
        (
            section(accessory={"type": "channels_select", "response_url_enabled": True}),
            "/accessory",
            "invalid additional property: response_url_enabled",
        ),
        (section(text={**mrkdwn(), "emoji": True}), "/text", "invalid additional property: emoji"),
        (section(text={**plain(), "verbatim": True}), "/text", "invalid additional property: verbatim"),
        (image(slack_file={"id": "F1"}), "/type", "must not define both `image_url` and `slack_file`"),
        ({"type": "image", "alt_text": "A"}, "/type", "must define either `image_url` or `slack_file`"),
        (
            {"type": "image", "alt_text": "A", "slack_file": {"id": "F1", "url": URL}},
            "/slack_file",
            "invalid slack file",
        ),
        (
            {"type": "card", "subtitle": plain()},
            "/type",
            "must define at least one of `hero_image`, `title`, `actions` or `body`",
        ),
        (
            card(icon=image(), slack_icon={"type": "icon", "name": "star"}),
            "",
            "must not define both `icon` and `slack_icon`",
        ),
        (
            container(default_collapsed=True),
            "/default_collapsed",
            "must set `is_collapsible` to use `default_collapsed`",
        ),
        (
            {"type": "container", "child_blocks": [section()]},
            "/type",
            "must define either `title` or `rich_text_title`",
        ),
        ({**plan(2), "tasks": plan(1)["tasks"] * 2}, "/tasks/1/task_id", '`task_id` "0" already exists'),
        (
            data_table() | {"rows": [[cell()], [cell(), cell()]]},
            "/rows/1",
            "must have as many cells as the first row",
        ),
        (data_table() | {"rows": [[rich()], [cell()]]}, "/rows/0/0/type", "unsupported type: rich_text"),
        (data_table(row_header_column_index=1), "/row_header_column_index", "must be less than 1"),
        (
            data_table() | {"rows": [[cell()], [cell("")]]},
            "/rows/1/0/text",
            "must be more than 0 characters",
        ),
        (
            {**pie(), "chart": {"type": "pie", "segments": [{"label": "Lost", "value": 0}]}},
            "/chart/segments/0/value",
            "must be more than 0",
        ),
        (chart(categories=["Jan", "Jan"]), "/chart/axis_config/categories", "must be unique"),
        (chart(categories=["Feb"]), "/chart/series/0/data", "must have one point for each category"),
    ],
)
def test_keys_that_disagree(block: Json, pointer: str, message: str) -> None:
    assert f"{message} [json-pointer:{pointer}]" in said_of(block)


def test_chart_with_two_series_of_one_name() -> None:
    bars = chart(series=2)
    bars["chart"]["series"][1]["name"] = "0"

    assert said_of(bars) == ["must be unique [json-pointer:/chart/series/1/name]"]


@pytest.mark.parametrize("view", [home, modal])
def test_response_url_only_in_modals(view: Any) -> None:
    said = said_of_view(view(element("conversations_select", response_url_enabled=True)))

    refused = ["invalid additional property: response_url_enabled [json-pointer:/view/blocks/0/element]"]
    assert said == ([] if view is modal else refused)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "must provide an object [json-pointer:/text]"),
        ("Hello", "must provide an object [json-pointer:/text]"),
        ([], "must provide an object [json-pointer:/text]"),
        ({}, "missing required field: type [json-pointer:/text]"),
        ({"type": 1}, "must provide a string [json-pointer:/text/type]"),
        ({"type": "plain_text"}, "missing required field: text [json-pointer:/text]"),
        ({**plain(), "emoji": "yes"}, "must provide a boolean [json-pointer:/text/emoji]"),
    ],
)
def test_text_object_of_another_form(value: object, said: str) -> None:
    assert said_of({"type": "header", "text": value}) == [said]


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (section(expand=1), "must provide a boolean [json-pointer:/expand]"),
        (section(fields={}), "must provide an array [json-pointer:/fields]"),
        (section(block_id=7), "must provide a string [json-pointer:/block_id]"),
        ({"type": "header", "text": plain(), "level": "2"}, "must provide an integer [json-pointer:/level]"),
        ({"type": "header", "text": plain(), "level": True}, "must provide an integer [json-pointer:/level]"),
        (
            {"type": "table", "rows": [[{"type": "raw_number", "value": "3"}]]},
            "must provide a number [json-pointer:/rows/0/0/value]",
        ),
    ],
)
def test_value_of_another_type(block: Json, said: str) -> None:
    assert said_of(block) == [said]
