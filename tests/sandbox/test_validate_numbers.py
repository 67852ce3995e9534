"""Every number is accepted at its limits and refused one past them. The numbers are those of slackblocks,
an independent reading of Slack's documentation.
"""

from collections.abc import Callable

import pytest
from slackblocks import _limits as limits

from tests.sandbox.validate_rig import Json, data_table, element, line, menu, plain, rich, said_of

NUMBERS: list[tuple[int, int | None, Callable[[int], Json], str]] = [
    (
        limits.PLAIN_TEXT_INPUT_MIN_LENGTH_MIN,
        limits.PLAIN_TEXT_INPUT_MIN_LENGTH_MAX,
        lambda n: element("plain_text_input", min_length=n),
        "/element/min_length",
    ),
    (
        limits.PLAIN_TEXT_INPUT_MAX_LENGTH_MIN,
        limits.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX,
        lambda n: element("plain_text_input", max_length=n),
        "/element/max_length",
    ),
    (
        limits.RICH_TEXT_INPUT_MIN_LINES_MIN,
        limits.RICH_TEXT_INPUT_MIN_LINES_MAX,
        lambda n: element("rich_text_input", action_id="a", min_lines=n),
        "/element/min_lines",
    ),
    (
        limits.RICH_TEXT_INPUT_MAX_LINES_MIN,
        limits.RICH_TEXT_INPUT_MAX_LINES_MAX,
        lambda n: element("rich_text_input", action_id="a", max_lines=n),
        "/element/max_lines",
    ),
    (
        limits.FILE_INPUT_MAX_FILES_MIN,
        limits.FILE_INPUT_MAX_FILES_MAX,
        lambda n: element("file_input", max_files=n),
        "/element/max_files",
    ),
    (
        limits.MULTI_SELECT_MAX_SELECTED_ITEMS_MIN,
        None,
        lambda n: menu("multi_users_select", max_selected_items=n),
        "/accessory/max_selected_items",
    ),
    (
        limits.SELECT_MIN_QUERY_LENGTH_MIN,
        None,
        lambda n: menu("external_select", min_query_length=n),
        "/accessory/min_query_length",
    ),
    (1, 4, lambda n: {"type": "header", "text": plain(), "level": n}, "/level"),
    (
        limits.RICH_TEXT_LIST_INDENT_MIN,
        limits.RICH_TEXT_LIST_INDENT_MAX,
        lambda n: rich({"type": "rich_text_list", "style": "bullet", "elements": [line()], "indent": n}),
        "/elements/0/indent",
    ),
    (
        limits.RICH_TEXT_LIST_BORDER_MIN,
        limits.RICH_TEXT_LIST_BORDER_MAX,
        lambda n: rich({"type": "rich_text_list", "style": "ordered", "elements": [line()], "border": n}),
        "/elements/0/border",
    ),
    (
        limits.RICH_TEXT_LIST_OFFSET_MIN,
        None,
        lambda n: rich({"type": "rich_text_list", "style": "ordered", "elements": [line()], "offset": n}),
        "/elements/0/offset",
    ),
    (
        limits.RICH_TEXT_QUOTE_BORDER_MIN,
        limits.RICH_TEXT_QUOTE_BORDER_MAX,
        lambda n: rich({"type": "rich_text_quote", "elements": [], "border": n}),
        "/elements/0/border",
    ),
    (
        limits.RICH_TEXT_PREFORMATTED_BORDER_MIN,
        limits.RICH_TEXT_PREFORMATTED_BORDER_MAX,
        lambda n: rich({"type": "rich_text_preformatted", "elements": [], "border": n}),
        "/elements/0/border",
    ),
    (
        limits.DATA_TABLE_PAGE_SIZE_MIN,
        limits.DATA_TABLE_PAGE_SIZE_MAX,
        lambda n: data_table(page_size=n),
        "/page_size",
    ),
    (
        1_000_000_000,
        9_999_999_999,
        lambda n: element("datetimepicker", initial_date_time=n),
        "/element/initial_date_time",
    ),
]


@pytest.mark.parametrize(
    ("least", "most", "build", "pointer"), NUMBERS, ids=lambda value: "" if callable(value) else str(value)[:60]
)
def test_number_at_and_past_its_limits(
    least: int, most: int | None, build: Callable[[int], Json], pointer: str
) -> None:
    assert said_of(build(least)) == []
    assert said_of(build(least - 1)) == [f"must be more than {least - 1} [json-pointer:{pointer}]"]
    if most is not None:
        assert said_of(build(most)) == []
        assert said_of(build(most + 1)) == [f"must be less than {most + 1} [json-pointer:{pointer}]"]
