"""What stands in the place of a message that spoke of something forgotten. Pure."""

from bot.messages import blocks
from bot.messages.blocks import Block

_WORDS = "This was forgotten on request."


def covered() -> tuple[str, list[Block]]:
    """One sentence, with nothing to press."""
    return _WORDS, [blocks.context(_WORDS)]
