"""The form *Answer*: one question, one answer; for a colleague whom the rep asks, and for sales whom delivery asks."""

from dataclasses import dataclass
from typing import Any

from bot.messages import blocks, buttons, wording
from bot.messages.questions import field_of
from bot.modals import fields, forms
from handoff.decision import Reply
from handoff.model import Handoff, Question
from handoff.workflow import ChecklistField, FieldType, Workflow

CALLBACK = "answer_question"

_ANSWER = "answer"


@dataclass(frozen=True)
class Submitted:
    """What somebody submitted."""

    handoff_id: str
    question_id: str
    text: str


def build(handoff: Handoff, workflow: Workflow, question_id: str) -> dict[str, Any]:
    """The view, or why no answer is needed any more."""
    asked = handoff.question(question_id)
    if asked is None:
        return forms.note("Not known", "Baton does not know this question any more. Nothing was changed.")
    if asked.answer is not None:
        by = blocks.cut(asked.answered_by.name, 100) if asked.answered_by else "Somebody"
        return forms.note("Answered already", f"{by} answered this. Thank you; nothing is left to do.")
    if not handoff.is_open:
        return forms.note("Not needed any more", "The handoff is over, so no answer is needed any more.")
    by = blocks.cut(asked.by.name, 100)
    where = "It goes into the brief's thread." if asked.is_to_sales else f"It goes to {by} and stands in their form."
    body = [
        *forms.about(handoff, f"{by} asks you this. {where}"),
        wording.quote(asked.text, 2000),
        _input(asked, field_of(asked, workflow)),
    ]
    return forms.form(CALLBACK, "Answer", "Send answer", buttons.value(handoff, question_id), body)


def parse(view: dict[str, Any]) -> Submitted:
    """What was submitted in this view."""
    handoff_id, question_id = buttons.parts(str(view.get("private_metadata") or ""))
    said = forms.read(view)
    typed = (said.get(_ANSWER), *fields.read(view).values())
    return Submitted(handoff_id, question_id, next((text for text in typed if text), ""))


def answer(reply: Reply | None, view: dict[str, Any]) -> dict[str, Any]:
    """What Slack does with the form."""
    block_id = next((fields.block_id(key) for key in fields.read(view)), _ANSWER)
    return forms.answer(reply, {"answer": block_id})


def _input(asked: Question, about: ChecklistField | None) -> blocks.Block:
    """A date is answered with a date, if it goes into the form; in the brief's thread words will do."""
    if about is None or asked.is_to_sales or about.type in (FieldType.TEXT, FieldType.LONG_TEXT):
        example = f"For example: {about.good_answer}" if about and about.good_answer else None
        return forms.text_input(_ANSWER, "Your answer", example, multiline=True)
    return fields.input_block(about, required=True)
