"""One question to one person, and its answer. Pure."""

from bot import blocks, buttons
from bot.blocks import Block
from handoff.model import Handoff, Question
from handoff.workflow import Workflow


def question(asked: Question, handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """The question as its message shows it, open or answered."""
    said = f"{asked.by.name} asks about {handoff.record.name}: {asked.text}"
    body = [blocks.rich(blocks.line(blocks.words(said, limit=2500)))]
    if asked.answer is None and handoff.is_open:
        press = blocks.button("Answer", buttons.ANSWER, buttons.value(handoff, asked.id), style="primary")
        body.append(blocks.actions(press))
    return blocks.escape(said, 1000), body


def answer(asked: Question, handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """The answer as whoever asked reads it."""
    by = asked.answered_by.name if asked.answered_by else "Somebody"
    said = f"{by} answers about {handoff.record.name}: {asked.answer}"
    return blocks.escape(said, 1000), [blocks.rich(blocks.line(blocks.words(said, limit=2500)))]
