"""The form *Ask sales*: one question about one field, or about something that is not on the checklist."""

from dataclasses import dataclass
from typing import Any

from bot.messages import blocks
from bot.messages.blocks import Element
from bot.modals import forms
from handoff import checklist
from handoff.decision import Reply
from handoff.model import Handoff
from handoff.workflow import Workflow

CALLBACK = "ask_sales"

_ABOUT, _QUESTION = "about", "question"
_NOTHING = "-"  # no key of a checklist looks like it


@dataclass(frozen=True)
class Submitted:
    """What somebody submitted. `about` is a field's key, or None."""

    handoff_id: str
    about: str | None
    text: str


def build(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:
    """The view, or a note where sales cannot be asked now."""
    if refused := forms.refusal(handoff):
        return refused
    seller = handoff.asked.name if handoff.asked else "sales"
    says = f"{blocks.cut(seller, 100)} gets it in a direct message; the answer comes into the brief's thread. "
    asked = {_NOTHING: "Not on the checklist", **{f.key: f.ask for f in checklist.applying(workflow, handoff)}}
    about: Element = {"type": "static_select", "options": forms.options(asked)}
    body = [
        *forms.about(handoff, f"{says}The handoff goes on meanwhile."),
        forms.input_block(_ABOUT, "What is it about?", about, "Counted, so that the checklist gets better."),
        forms.text_input(_QUESTION, "Your question", multiline=True),
    ]
    return forms.form(CALLBACK, "Ask sales", "Ask", handoff.id, body)


def parse(view: dict[str, Any]) -> Submitted:
    """What was submitted in this view."""
    said = forms.read(view)
    about = said.get(_ABOUT, _NOTHING)
    handoff_id = str(view.get("private_metadata") or "")
    return Submitted(handoff_id, None if about == _NOTHING else about, said.get(_QUESTION, ""))


def answer(reply: Reply | None) -> dict[str, Any]:
    """What Slack does with the form."""
    return forms.answer(reply, {"question": _QUESTION})
