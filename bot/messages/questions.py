"""One question to one person, and its answer. Pure. An answer that only some may read is shown to nobody here."""

from bot.messages import blocks, buttons, wording
from bot.messages.answers import who
from bot.messages.blocks import Block
from bot.messages.wording import Part
from handoff.model import Handoff, Question, Status
from handoff.workflow import ChecklistField, Workflow


def question(asked: Question, handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """The question as its message shows it: open, answered, or not needed any more."""
    about = field_of(asked, workflow)
    to_what = f", about “{blocks.cut(about.ask, 200)}”" if about else ""
    lead: tuple[Part, ...] = (wording.who(asked.by), " asks you something on ", wording.name(handoff), f"{to_what}:")
    body = [wording.paragraph(*lead), wording.quote(asked.text, 2000)]
    if asked.answer is not None:
        answered = f"Answered by {blocks.cut(who(asked.answered_by), 100)}: "
        shown = _hidden(about) or f"“{blocks.cut(asked.answer, 2000)}”"
        body.append(wording.paragraph(blocks.words(answered, bold=True), shown))
    elif not handoff.is_open:
        body.append(wording.paragraph("The handoff is over, so no answer is needed any more."))
    else:
        press = blocks.button("Answer", buttons.ANSWER, buttons.value(handoff, asked.id), style="primary")
        what = (
            "Your answer goes into the brief's thread."
            if asked.is_to_sales
            else f"Your answer goes to {asked.by.name}."
        )
        body += [
            blocks.actions(press),
            wording.paragraph(blocks.words(f"Or reply here in the thread. {what}", italic=True, limit=300)),
        ]
    return wording.fallback(*lead, f" {blocks.cut(asked.text, 500)}"), body


def answer(asked: Question, handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """The answer as whoever asked reads it; a colleague's is a draft already."""
    about = field_of(asked, workflow)
    lead: tuple[Part, ...] = (wording.who(asked.answered_by), " answers on ", wording.name(handoff), ":")
    said = _hidden(about) or asked.answer or ""
    body = [
        wording.paragraph(*lead),
        wording.paragraph(blocks.words(f"You asked: {blocks.cut(asked.text, 500)}", italic=True)),
        wording.quote(said, 2000),
    ]
    if asked.is_to_sales:
        body[1] = wording.paragraph(
            blocks.words(f"{blocks.cut(asked.by.name, 100)} asked: {blocks.cut(asked.text, 500)}", italic=True)
        )
    elif handoff.status is Status.COLLECTING:
        kept = _kept(asked, handoff)
        body += [wording.paragraph(kept), blocks.actions(buttons.complete(handoff, "Open the form"))]
    return wording.fallback(*lead, f" {blocks.cut(said, 500)}"), body


def _kept(asked: Question, handoff: Handoff) -> str:
    """What became of a colleague's answer."""
    draft = handoff.draft(asked.about) if asked.about else None
    if draft is None:
        return "It is about no question of the form, so nothing was filled in."
    if draft.text == asked.answer:
        return "It stands in your form as a draft, until you hand it over."
    return "Your form holds another draft for this question already; both stand there."


def field_of(asked: Question, workflow: Workflow) -> ChecklistField | None:
    """The field that a question is about, if it is about one."""
    return next((f for f in workflow.checklist if f.key == asked.about), None)


def _hidden(about: ChecklistField | None) -> str | None:
    """What is said in the place of an answer that only some may read."""
    if about is None or not about.visible_to:
        return None
    return blocks.cut(f"Answered; only {', '.join(about.visible_to)} may read it.", 300)
