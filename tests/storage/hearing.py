"""What is said to the databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def heard() -> Iterator[list[str]]:
    """What is said to any database meanwhile, each statement on one line."""
    said: list[str] = []

    def listen(*facts: Any) -> None:
        said.append(" ".join(str(facts[2]).split()))

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
