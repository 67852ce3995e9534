"""What is told after something happened, in one sentence each. Pure."""

from bot import blocks
from bot.blocks import Block
from handoff.model import Handoff
from handoff.notices import Tell
from handoff.workflow import Workflow


def tell(notice: Tell, handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """A message's fallback text and blocks."""
    who = notice.by.name if notice.by else "Baton"
    said = f"{handoff.record.name}: {notice.what.replace('_', ' ')} ({who}, {workflow.title})."
    return blocks.escape(said, 1000), [blocks.rich(blocks.line(blocks.words(said, limit=1500)))]
