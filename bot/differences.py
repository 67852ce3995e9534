"""A field whose value in the CRM is another one: both are shown, and a person chooses. Pure."""

from bot import blocks, buttons
from bot.blocks import Block
from handoff.model import Handoff
from handoff.workflow import Workflow


def difference(place: int, handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """The question which value is kept, open or decided."""
    found = handoff.differences[place]
    said = (
        f"{handoff.record.name}: {found.key} is now “{found.theirs or ''}” in the CRM; the brief says “{found.ours}”."
    )
    body = [blocks.rich(blocks.line(blocks.words(said, limit=2500)))]
    if found.kept is None and handoff.is_open:
        id_ = buttons.value(handoff, place)
        theirs = blocks.button("Take the CRM's", buttons.KEEP_THEIRS, id_)
        body.append(blocks.actions(theirs, blocks.button("Keep ours", buttons.KEEP_OURS, id_)))
    return blocks.escape(said, 1000), body
