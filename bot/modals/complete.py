"""The modal *Complete handoff*: what is known on top, then only what is missing."""

from dataclasses import dataclass
from typing import Any

from bot import blocks
from bot.blocks import Block
from bot.briefs import shown
from bot.modals import fields
from handoff import checklist
from handoff.model import Handoff
from handoff.workflow import ChecklistField, Workflow

CALLBACK = "complete_handoff"

_ROOM = 2500  # characters for what is known already


@dataclass(frozen=True)
class Submitted:
    """What somebody submitted, unchecked."""

    handoff_id: str
    answers: dict[str, str]
    picked: set[str]


def build(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:
    """The view for `views.open`."""
    required = {f.key for f in checklist.missing(workflow, handoff)}
    asked = checklist.to_ask(workflow, handoff)
    inputs = [fields.input_block(f, required=f.key in required, doubt=_doubt(f, handoff)) for f in asked]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": handoff.id,
        "title": blocks.plain("Complete handoff", 24),
        "submit": blocks.plain("Hand over", 24),
        "close": blocks.plain("Cancel", 24),
        "blocks": [*_known(handoff, workflow), *inputs],
    }


def parse(view: dict[str, Any]) -> Submitted:
    """What was submitted in this view."""
    values = view["state"]["values"] or {}
    return Submitted(view["private_metadata"], fields.read(values), fields.picked(values))


def note(title: str, text: str) -> dict[str, Any]:
    """The same modal, saying one thing; used when there is nothing to fill in any more."""
    body = [blocks.rich(blocks.line(blocks.words(text)))]
    return {"type": "modal", "title": blocks.plain(title, 24), "close": blocks.plain("Close", 24), "blocks": body}


def _doubt(field: ChecklistField, handoff: Handoff) -> str | None:
    """Why what the CRM has will not do as an answer, if it has something."""
    says = (handoff.record.fields.get(field.crm or "") or "").strip()
    if not says or field.visible_to:
        return None
    complaint = checklist.complaint(field, says, checklist.values(handoff.record, handoff.answers))
    return f"The CRM says “{blocks.cut(says, 100)}”. {blocks.cut(complaint, 300)}" if complaint else None


def _known(handoff: Handoff, workflow: Workflow) -> list[Block]:
    known = [(f, a) for f in checklist.applying(workflow, handoff) if (a := handoff.answer(f.key))]
    top = [blocks.header(handoff.record.name)]
    if known:
        limit = max(40, _ROOM // len(known))
        lines = [blocks.line(blocks.words(f"{f.ask} "), shown(f, a, limit, inline=True)) for f, a in known]
        title = blocks.line(blocks.words("Known already\n", bold=True))
        top += [blocks.rich(title, blocks.bullets(lines)), {"type": "divider"}]
    return top
