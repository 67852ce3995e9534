"""Complaints whose exact words are on record from Slack itself."""

import pytest

from tests.sandbox.validate_rig import (
    Json,
    actions,
    button,
    card,
    element,
    image,
    modal,
    option,
    options,
    plain,
    plan,
    said_of_message,
    said_of_view,
    section,
)

TOO_LONG = plain("w" * 3001)
CHART = {"type": "data_visualization", "title": "Deals", "chart": {}}


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ([section(text=TOO_LONG)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section(text=plain(""))], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([section(fields=[plain("")])], "must be more than 0 characters [json-pointer:/blocks/0/fields/0/text]"),
        ([{"type": "section"}], "must define either `text` or `fields` [json-pointer:/blocks/0/type]"),
        ([section(), actions(*[button()] * 26)], "no more than 25 items allowed [json-pointer:/blocks/1/elements]"),
        ([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([{"type": "hologram"}], "unsupported type: hologram [json-pointer:/blocks/0/type]"),
        ([section(), {"text": plain()}], "missing required field: type [json-pointer:/blocks/1]"),
        (
            [section(), actions(button(action_id="go"), button(action_id="go"))],
            '`action_id` "go" already exists [json-pointer:/blocks/1/elements/1/action_id]',
        ),
        (
            [section(), image(image_url="chart.png")],
            "downloading image failed [json-pointer:/blocks/1/image_url]",
        ),
        (
            [section(), {"type": "image", "alt_text": "A chart", "slack_file": {}}],
            "invalid slack file [json-pointer:/blocks/1/slack_file]",
        ),
        (
            [section(), {"type": "carousel", "elements": [card(title="Deal")]}],
            "must provide an object [json-pointer:/blocks/1/elements/0/title]",
        ),
        ([{**plan(1), "title": plain()}], "must provide a string [json-pointer:/blocks/0/title]"),
        (
            [{"type": "task_card", "task_id": "1", "title": "Call", "status": "pending"}],
            "must be a valid enum value [json-pointer:/blocks/0/status]",
        ),
    ],
)
def test_message_refused_in_slacks_words(blocks: list[Json], said: str) -> None:
    assert said_of_message(*blocks) == [said]


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (modal(section(), title=plain("w" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (
            modal(section(), section(), element("static_select", options=[option(text=plain("w" * 76))])),
            "must be less than 76 characters [json-pointer:/view/blocks/2/element/options/0/text/text]",
        ),
        (
            modal(section(), private_metadata="w" * 3001),
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (
            modal(section(fields=[plain()] * 11)),
            "no more than 10 items allowed [json-pointer:/view/blocks/0/fields]",
        ),
        (
            modal(actions({"type": "checkboxes", "options": options(11)})),
            "no more than 10 items allowed [json-pointer:/view/blocks/0/elements/0/options]",
        ),
        ({"type": "modal", "blocks": [section()]}, "missing required field: title [json-pointer:/view]"),
        (
            modal(section(), CHART),
            "unsupported type: data_visualization [json-pointer:/view/blocks/1/type]",
        ),
        (
            modal(actions(button(disabled=True))),
            "invalid additional property: disabled [json-pointer:/view/blocks/0/elements/0]",
        ),
        (
            modal(actions(button(style=None))),
            "must provide a string [json-pointer:/view/blocks/0/elements/0/style]",
        ),
        (
            modal(section(), element("static_select", options=options(1), initial_option=None)),
            "must provide an object [json-pointer:/view/blocks/1/element/initial_option]",
        ),
        (
            modal(section(), element("number_input", is_decimal_allowed=True, initial_value="12 GB")),
            "failed to match schema [json-pointer:/view/blocks/1/element/initial_value]",
        ),
    ],
)
def test_view_refused_in_slacks_words(view: Json, said: str) -> None:
    assert said_of_view(view) == [said]


def test_modal_with_input_and_no_submit() -> None:
    view = modal(section(), section(), element("plain_text_input"))
    del view["submit"]

    assert said_of_view(view) == [
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/2/input]"
    ]


def test_each_refused_block_has_its_line() -> None:
    assert said_of_view(modal(CHART, section(), {"type": "markdown", "text": "*Hello*"})) == [
        "unsupported type: data_visualization [json-pointer:/view/blocks/0/type]",
        "unsupported type: markdown [json-pointer:/view/blocks/2/type]",
    ]
