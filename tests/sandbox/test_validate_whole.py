"""The limits of a message and of a view as a whole. The numbers are those of slackblocks,
an independent reading of Slack's documentation.
"""

import pytest
from slackblocks import _limits as limits

from tests.sandbox.validate_rig import modal, plain, said_of, said_of_message, said_of_view, section


def test_message_blocks_at_and_past_their_limit() -> None:
    most = limits.MESSAGE_BLOCKS_MAX_ITEMS

    assert said_of_message(*[section()] * most) == []
    assert said_of_message(*[section()] * (most + 1)) == [f"no more than {most} items allowed [json-pointer:/blocks]"]


def test_view_blocks_at_and_past_their_limit() -> None:
    most = limits.VIEW_BLOCKS_MAX_ITEMS

    assert said_of_view(modal(*[section()] * most)) == []
    assert said_of_view(modal(*[section()] * (most + 1))) == [
        f"no more than {most} items allowed [json-pointer:/view/blocks]"
    ]


@pytest.mark.parametrize(
    ("key", "most"),
    [
        ("private_metadata", limits.VIEW_PRIVATE_METADATA_MAX_LENGTH),
        ("callback_id", limits.VIEW_CALLBACK_ID_MAX_LENGTH),
        ("external_id", limits.VIEW_EXTERNAL_ID_MAX_LENGTH),
    ],
)
def test_view_string_at_and_past_its_limit(key: str, most: int) -> None:
    assert said_of_view(modal(section(), **{key: "w" * most})) == []
    assert said_of_view(modal(section(), **{key: "w" * (most + 1)})) == [
        f"must be less than {most + 1} characters [json-pointer:/view/{key}]"
    ]


@pytest.mark.parametrize(
    ("key", "most"),
    [
        ("title", limits.VIEW_TITLE_MAX_LENGTH),
        ("submit", limits.VIEW_SUBMIT_MAX_LENGTH),
        ("close", limits.VIEW_CLOSE_MAX_LENGTH),
    ],
)
def test_view_text_at_and_past_its_limit(key: str, most: int) -> None:
    assert said_of_view(modal(section(), **{key: plain("w" * most)})) == []
    assert said_of_view(modal(section(), **{key: plain("w" * (most + 1))})) == [
        f"must be less than {most + 1} characters [json-pointer:/view/{key}/text]"
    ]


def test_text_is_counted_in_code_points() -> None:
    assert said_of({"type": "header", "text": plain("🎉" * 150)}) == []
    assert said_of({"type": "header", "text": plain("🎉" * 151)}) != []
