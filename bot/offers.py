"""A hand-over that waits for the other person. Pure."""

from bot import blocks, buttons
from bot.blocks import Block
from handoff.model import Handoff, Post
from handoff.workflow import Workflow


def offer(handoff: Handoff, workflow: Workflow, post: Post | None = None) -> tuple[str, list[Block]]:
    """The question to the other person; closed if it is not the one that waits now."""
    waits = handoff.offer is not None and (post is None or post == handoff.offer.post)
    said = f"{handoff.owner.name if handoff.owner else 'Somebody'} asks you to take over {handoff.record.name}."
    body = [blocks.rich(blocks.line(blocks.words(said, limit=2500)))]
    if waits:
        press = blocks.button("Accept", buttons.ACCEPT, handoff.id, style="primary")
        body.append(blocks.actions(press, blocks.button("Decline", buttons.DECLINE, handoff.id)))
    return blocks.escape(said, 1000), body


def ended(handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """Told to the owner: the other person did not accept in time."""
    other = handoff.offer.to.name if handoff.offer else "The other person"
    said = f"{other} has not accepted {handoff.record.name}. It stays with you."
    return blocks.escape(said, 1000), [blocks.rich(blocks.line(blocks.words(said, limit=1500)))]
