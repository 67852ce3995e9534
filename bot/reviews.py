"""An exception as its reviewers see it: the flag, what it is about, and what was decided. Pure."""

from bot import blocks, buttons
from bot.blocks import Block
from handoff.model import Handoff
from handoff.workflow import Workflow


def review(place: int, handoff: Handoff, workflow: Workflow, instead: str | None = None) -> tuple[str, list[Block]]:
    """The review item of one flag."""
    flag = handoff.flags[place]
    said = f"{flag.by.name} flags {handoff.record.name}: {flag.name}. {flag.note}"
    body = [blocks.rich(blocks.line(blocks.words(said, limit=2500)))]
    if flag.verdict is None and handoff.is_open:
        press = blocks.button("Decide", buttons.REVIEW, buttons.value(handoff, place), style="primary")
        body.append(blocks.actions(press))
    return blocks.escape(said, 1000), body
