"""What holds for the blocks of a message or view together."""

from typing import Any

import pytest
from slackblocks import _limits as limits

from sandbox.slack.validate import (
    MOST_TOTAL_TEXT,
    Problem,
    message_problems,
    total_text,
    view_too_large,
)
from tests.sandbox.validate_rig import (
    Json,
    actions,
    button,
    card,
    cell,
    container,
    data_table,
    element,
    home,
    modal,
    options,
    pie,
    plain,
    said_of_message,
    said_of_view,
    section,
    table,
)


def test_problem_reads_as_slack_writes_it() -> None:
    assert str(Problem("/blocks/0/text", "must provide an object")) == (
        "must provide an object [json-pointer:/blocks/0/text]"
    )


@pytest.mark.parametrize("block_id", ["deal", ""])
def test_block_id_twice(block_id: str) -> None:
    said = f'`block_id` "{block_id}" already exists'
    twice = [section(block_id=block_id), section(), section(block_id=block_id)]

    assert said_of_message(*twice) == [f"{said} [json-pointer:/blocks/2/block_id]"]
    assert said_of_view(modal(*twice)) == [f"{said} [json-pointer:/view/blocks/2/block_id]"]
    assert said_of_view(home(*twice)) == [f"{said} [json-pointer:/view/blocks/2/block_id]"]


def test_block_id_twice_inside_containers() -> None:
    inside = container(child_blocks=[section(block_id="deal")])
    cards = {"type": "carousel", "elements": [card(block_id="deal")]}

    assert said_of_message(section(block_id="deal"), inside, cards) == [
        '`block_id` "deal" already exists [json-pointer:/blocks/1/child_blocks/0/block_id]',
        '`block_id` "deal" already exists [json-pointer:/blocks/2/elements/0/block_id]',
    ]


def test_action_id_again_in_another_block() -> None:
    press = button(action_id="claim")

    assert said_of_message(actions(press), section(accessory=press), card(actions=[press])) == []


def test_action_id_twice_in_a_card() -> None:
    press = button(action_id="claim")

    assert said_of_message(card(actions=[press, press])) == [
        '`action_id` "claim" already exists [json-pointer:/blocks/0/actions/1/action_id]'
    ]


@pytest.mark.parametrize("view", [modal, home])
def test_focus_twice(view: Any) -> None:
    focused = [element("datepicker", focus_on_load=True), actions({"type": "users_select", "focus_on_load": True})]

    assert said_of_view(view(*focused[:1])) == []
    assert said_of_view(view(*focused)) == [
        "only one element may set `focus_on_load` [json-pointer:/view/blocks/1/elements/0/focus_on_load]"
    ]


def test_second_table_in_a_message() -> None:
    refused = "only_one_table_allowed [json-pointer:/blocks/2/type]"

    assert said_of_message(table(), section(), table()) == [refused]
    assert said_of_view(home(table(), section(), table())) == []


def test_third_chart_in_a_message() -> None:
    most = limits.MESSAGE_DATA_VISUALIZATIONS_MAX_ITEMS

    assert said_of_message(*[pie()] * most) == []
    assert said_of_message(*[pie()] * (most + 1)) == [
        f"no more than {most} items of type data_visualization allowed [json-pointer:/blocks/{most}/type]"
    ]


def test_markdown_summed_over_a_message() -> None:
    half = {"type": "markdown", "text": "w" * (limits.MARKDOWN_TOTAL_TEXT_MAX_LENGTH // 2)}

    assert said_of_message(half, half) == []
    assert said_of_message(half, {"type": "markdown", "text": "w"}, half) == [
        "must be less than 12001 characters [json-pointer:/blocks/2/text]"
    ]


def test_data_tables_summed_over_a_message() -> None:
    half = data_table() | {"rows": [[cell("T")], [cell("w" * (limits.DATA_TABLE_TOTAL_CONTENT_MAX_LENGTH // 2 - 1))]]}

    assert said_of_message(half, half) == []
    assert said_of_message(half, half, data_table()) == [
        "must be less than 20001 characters [json-pointer:/blocks/2/rows]"
    ]


def test_modal_without_input_needs_no_submit() -> None:
    assert said_of_view({"type": "modal", "title": plain(), "blocks": [section()]}) == []


def test_home_with_inputs_needs_no_submit() -> None:
    assert said_of_view(home(element("plain_text_input"))) == []


@pytest.mark.parametrize("key", ["title", "submit", "close"])
def test_home_has_no_frame(key: str) -> None:
    assert said_of_view(home(section(), **{key: plain()})) == [
        f"invalid additional property: {key} [json-pointer:/view]"
    ]


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (None, "must provide an object [json-pointer:/view]"),
        ({}, "missing required field: type [json-pointer:/view]"),
        ({"type": "window"}, "unsupported type: window [json-pointer:/view/type]"),
        (home(), "no fewer than 1 items allowed [json-pointer:/view/blocks]"),
        ({"type": "home"}, "missing required field: blocks [json-pointer:/view]"),
        ({"type": "home", "blocks": {}}, "must provide an array [json-pointer:/view/blocks]"),
        (modal(section(), clear_on_close=1), "must provide a boolean [json-pointer:/view/clear_on_close]"),
        (modal(1), "must provide an object [json-pointer:/view/blocks/0]"),  # type: ignore[arg-type]
    ],
)
def test_view_of_another_form(view: object, said: str) -> None:
    assert said_of_view(view) == [said]


@pytest.mark.parametrize("blocks", [None, {}, {"blocks": []}, "[]"])
def test_blocks_that_are_no_list(blocks: object) -> None:
    assert message_problems(blocks) == [Problem("/blocks", "must provide an array")]


def test_message_without_blocks() -> None:
    assert message_problems([]) == []


def test_view_size_at_and_past_its_limit() -> None:
    frame = len('{"x":""}')

    assert not view_too_large({"x": "é" * ((250_000 - frame) // 2)})
    assert view_too_large({"x": "é" * ((250_000 - frame) // 2 + 1)})


def test_view_nested_too_deeply_to_be_written() -> None:
    view: Json = {}
    for _ in range(100_000):
        view = {"x": view}

    assert view_too_large(view)


def test_total_text_counts_what_is_seen() -> None:
    menu = {"type": "static_select", "placeholder": plain("Choose"), "options": options(3)}
    blocks = [section(text=plain("12345"), accessory=menu), {"type": "markdown", "text": "678"}, actions(button())]

    assert total_text(blocks) == len("12345678Press")
    assert MOST_TOTAL_TEXT == 13_000
