"""The form *Ask a colleague*: one question to one person, whose answer becomes a draft. Pure."""

from dataclasses import dataclass
from typing import Any

from bot.messages.blocks import Element
from bot.modals import complete, forms
from handoff import checklist
from handoff.decision import Reply, ReplyKind
from handoff.model import Handoff, Status
from handoff.workflow import Workflow

CALLBACK = "ask_colleague"

_ABOUT, _PERSON, _QUESTION = "about", "person", "question"
_NOTHING = "-"  # no key of a checklist looks like it


@dataclass(frozen=True)
class Submitted:
    """What somebody submitted. `about` is a field's key, or None; `to` is a Slack id, or empty."""

    handoff_id: str
    about: str | None
    to: str
    text: str


def build(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:
    """The view, or why nobody is to be asked now."""
    if handoff.status is not Status.COLLECTING:
        return complete.closed(handoff, workflow)
    says = "They get it in a direct message. Their answer comes to you, and stands in your form as a draft."
    lacking = {f.key: f.ask for f in checklist.missing(workflow, handoff)}
    rest = {f.key: f.ask for f in checklist.applying(workflow, handoff) if f.key not in lacking}
    about: Element = {
        "type": "static_select",
        "options": forms.options({**lacking, **rest, _NOTHING: "Something that is not asked here"}),
    }
    body = [
        *forms.about(handoff, says),
        forms.input_block(_PERSON, "Whom do you ask?", {"type": "users_select"}),
        forms.input_block(_ABOUT, "Which question is it about?", about),
        forms.text_input(_QUESTION, "What do you want to know?", "They have not seen the form.", multiline=True),
    ]
    return forms.form(CALLBACK, "Ask a colleague", "Ask", handoff.id, body)


def parse(view: dict[str, Any]) -> Submitted:
    """What was submitted in this view."""
    said = forms.read(view)
    about = said.get(_ABOUT, _NOTHING)
    handoff_id = str(view.get("private_metadata") or "")
    return Submitted(handoff_id, None if about == _NOTHING else about, said.get(_PERSON, ""), said.get(_QUESTION, ""))


def answer(reply: Reply | None) -> dict[str, Any]:
    """What Slack does with the form."""
    return forms.answer(reply, {"question": _QUESTION, "to": _PERSON})


def wrong_person(text: str) -> dict[str, Any]:
    """The form again, with a text under the person."""
    return answer(Reply(kind=ReplyKind.WRONG_ANSWERS, complaints={"to": text}))
