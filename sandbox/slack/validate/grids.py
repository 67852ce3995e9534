"""The two table blocks. Their texts' sum over a message is counted in totals.py.

https://docs.slack.dev/reference/block-kit/blocks/table-block and …/data-table-block
"""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.validate.objects import BLOCK_ID
from sandbox.slack.validate.rich_text import RICH_TEXT_BLOCK
from sandbox.slack.validate.schema import (
    At,
    Problem,
    Rule,
    array,
    by_type,
    choice,
    flag,
    number,
    shape,
    string,
    typed,
    whole,
)

_COLUMN = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": flag})


def _column(value: Any, at: At) -> Iterator[Problem]:
    """A column's settings; null skips a column."""
    if value is not None:
        yield from _COLUMN(value, at)


def _rows(least: int, most: int, shortest_text: int) -> Rule:
    cell = by_type(
        {
            "raw_text": typed({"text": string(least=shortest_text)}),
            "raw_number": typed({"value": number}, {"text": string(least=1)}),
            "rich_text": RICH_TEXT_BLOCK,
        }
    )
    return array(array(cell, 20, 1), most, least)


TABLE = typed({"rows": _rows(1, 100, 0)}, {"block_id": BLOCK_ID, "column_settings": array(_column, 20)})


def _is_even(value: Any, at: At) -> Iterator[Problem]:
    """All rows are as long as the first, which is a plain header. Wording assumed."""
    header, *rows = value["rows"]
    for index, row in enumerate(rows, 1):
        if len(row) != len(header):
            yield (at / "rows" / index).says("must have as many cells as the first row")
    for index, cell in enumerate(header):
        if cell["type"] == "rich_text":
            yield (at / "rows" / 0 / index / "type").says("unsupported type: rich_text")
    if value.get("row_header_column_index", 0) >= len(header):
        yield (at / "row_header_column_index").says(f"must be less than {len(header)}")


DATA_TABLE = typed(
    {"caption": string(least=1), "rows": _rows(2, 201, 1)},
    {"block_id": BLOCK_ID, "page_size": whole(1, 100), "row_header_column_index": whole(0)},
    _is_even,
)
