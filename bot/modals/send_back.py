"""The form *Send back*: which fields sales has to answer again, and why."""

from dataclasses import dataclass
from typing import Any

from bot.messages import blocks
from bot.messages.blocks import Block
from bot.modals import forms
from handoff import checklist
from handoff.decision import Reply
from handoff.model import Handoff
from handoff.workflow import Workflow

CALLBACK = "send_back"

_BOXES = 10  # Slack's limit of checkboxes in one group
_FIELDS, _REASON = "fields:", "reason"


@dataclass(frozen=True)
class Submitted:
    """What somebody submitted, unchecked."""

    handoff_id: str
    fields: tuple[str, ...]
    reason: str


def build(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:
    """The view, or a note where nothing can be sent back now."""
    if refused := forms.refusal(handoff):
        return refused
    seller = handoff.asked.name if handoff.asked else "sales"
    keeps = f" {handoff.owner.name} keeps it meanwhile." if handoff.owner else ""
    says = f"{blocks.cut(seller, 100)} is asked again for these only, and reads why. The brief shows it.{keeps}"
    reason = forms.text_input(
        _REASON, "What is wrong or missing?", "Say what would help, such as: The scope has no date.", multiline=True
    )
    return forms.form(
        CALLBACK,
        "Send back",
        "Send back",
        handoff.id,
        [*forms.about(handoff, says), *_boxes(handoff, workflow), reason],
    )


def parse(view: dict[str, Any]) -> Submitted:
    """What was submitted in this view."""
    groups = [block_id for block_id in forms.block_ids(view) if block_id.startswith(_FIELDS)]
    picked = [key for block_id in groups for key in forms.chosen(view, block_id)]
    return Submitted(str(view.get("private_metadata") or ""), tuple(picked), forms.read(view).get(_REASON, ""))


def answer(reply: Reply | None) -> dict[str, Any]:
    """What Slack does with the form."""
    return forms.answer(reply, {"fields": f"{_FIELDS}0", "reason": _REASON})


def _boxes(handoff: Handoff, workflow: Workflow) -> list[Block]:
    """A box for each field that is on the brief, in groups as large as Slack takes."""
    asked = checklist.applying(workflow, handoff)
    groups = []
    for start in range(0, len(asked), _BOXES):
        options = forms.options({f.key: f.ask for f in asked[start : start + _BOXES]})
        label = "What has to be answered again?" if start == 0 else "More of the checklist"
        boxes = {"type": "checkboxes", "options": options}
        groups.append(forms.input_block(f"{_FIELDS}{start}", label, boxes, optional=len(asked) > _BOXES))
    return groups
