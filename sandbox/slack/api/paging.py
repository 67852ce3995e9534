"""Pages by cursor, as lists of the Web API have them: https://docs.slack.dev/apis/web-api/pagination."""

import base64
from collections.abc import Sequence
from typing import TypeVar

from sandbox.slack.api.args import Args
from sandbox.slack.api.errors import ApiError

Item = TypeVar("Item")
MARK = "next:"


def page(items: Sequence[Item], args: Args, otherwise: int = 100, most: int = 1000) -> tuple[list[Item], str]:
    """The page that `cursor` and `limit` ask for, and the cursor of the next one (empty on the last page)."""
    start = _position(args.maybe("cursor"))
    end = start + args.number("limit", otherwise, most)
    following = _cursor(end) if end < len(items) else ""
    return list(items[start:end]), following


def _cursor(position: int) -> str:
    return base64.b64encode(f"{MARK}{position}".encode()).decode()


def _position(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        mark, _, number = base64.b64decode(cursor, validate=True).decode("ascii").partition(":")
        if f"{mark}:" == MARK and number.isdecimal():
            return int(number)
    except ValueError:
        pass
    raise ApiError("invalid_cursor")
