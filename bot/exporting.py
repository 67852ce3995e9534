"""`baton export`: the append-only log as JSON Lines, written as it is read, so that its length does not matter."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from handoff import audit
from handoff.errors import ConfigError
from handoff.ports import Happened


def lines(events: Iterable[Happened], story: audit.Story, *, answers: bool) -> Iterator[str]:
    """One event a line. Each begins with its moment, so that sorted lines are in the order of time."""
    for happened in events:
        found = audit.line(happened, story.workflow(happened.handoff.edition), answers=answers)
        yield json.dumps(found, ensure_ascii=False)


def write(lines: Iterable[str], out: Path | None) -> int:
    """Write lines to a file that only its owner may read, or to standard output; how many were written.

    Raises:
        ConfigError: the file cannot be written.
    """
    count = 0
    if out is None:
        with suppress(BrokenPipeError):  # whoever reads has read enough
            for line in lines:
                sys.stdout.write(line + "\n")
                count += 1
            sys.stdout.flush()
        return count
    try:
        out.touch(0o600)
        with out.open("w", encoding="utf-8") as file:
            for line in lines:
                file.write(line + "\n")
                count += 1
    except OSError as e:
        raise ConfigError(f"{out} cannot be written: {e.strerror}. Put --out to another place.") from e
    return count
