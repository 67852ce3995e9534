"""`baton status`: where the open handoffs stand, as lines for a terminal."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.messages import board
from bot.messages.blocks import cut
from handoff import checklist
from handoff.model import Handoff, Quiet
from handoff.ports import Store
from handoff.workflow import Workflow

MOST = 50  # handoffs, those that wait longest first


def lines(store: Store, name: str, now: datetime) -> Iterator[str]:
    """All that are open, a line each; or those with a name, with what is still to be added. Raises StorageError."""
    found = store.search(name or None, MOST + 1)
    count = store.count()
    if name and not found:
        yield f"No open handoff has “{_line(name, 100)}” in its name."
    elif not name:
        yield f"{board.tally(count) or 'Nothing is under way'}."
    for handoff in found[:MOST]:
        workflow = store.workflow(handoff.edition)
        standing = f"{board.where(handoff, workflow, now)}{_quiet(handoff.quiet, now)}"
        yield f"{_line(handoff.record.name, 150)}: {_line(standing, 500)}"
        if name:
            yield from _details(handoff, workflow)
    if name and len(found) > MOST:
        yield "There are more. Give more of the name."
    elif (hidden := sum(count.values()) - MOST) > 0 and not name:
        yield f"{board.at_least(max(count.values())).capitalize()}{hidden} more. One of them: baton status <name>"


def _details(handoff: Handoff, workflow: Workflow) -> Iterator[str]:
    yield f"    {handoff.record.ref.key}, {workflow.name}, handoff {handoff.id}"
    for field in checklist.missing(workflow, handoff):
        yield f"    still to add: {_line(field.ask, 200)}"
    if handoff.record.url:
        yield f"    {_line(handoff.record.url, 300)}"


def _quiet(quiet: Quiet | None, now: datetime) -> str:
    if quiet is None or (quiet.until is not None and quiet.until <= now):
        return ""
    until = f" until {quiet.until.astimezone(UTC):%d %b %Y %H:%M} UTC" if quiet.until else ""
    return f" ({'paused' if quiet.is_pause else 'snoozed'} by {quiet.by.name}{until})"


def _line(text: str, most: int) -> str:
    """One line, whatever signs somebody put into a name."""
    return " ".join(cut(text, most).split())
