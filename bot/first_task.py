"""The first task in its default form: a checklist in the brief's thread. Pure."""

from bot import blocks
from bot.blocks import Block
from handoff.model import Handoff
from handoff.workflow import Workflow


def task(handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """The task as it stands."""
    said = f"First task of {handoff.record.name}."
    return blocks.escape(said, 1000), [blocks.rich(blocks.line(blocks.words(said)))]
