"""The form *Not mine*: who answers for sales instead. Pure."""

from dataclasses import dataclass
from typing import Any

from bot.modals import complete, forms
from handoff.decision import Reply, ReplyKind
from handoff.model import Handoff, Status
from handoff.workflow import Workflow

CALLBACK = "not_mine"

_PERSON, _NOTE = "person", "note"


@dataclass(frozen=True)
class Submitted:
    """What somebody submitted. `to` is a Slack id, or empty if nobody was chosen."""

    handoff_id: str
    to: str
    note: str


def build(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:
    """The view, or why it cannot be passed on any more."""
    if handoff.status is not Status.COLLECTING:
        return complete.closed(handoff, workflow)
    says = "They are asked in a direct message at once, and reminded instead of you. Saved drafts go with it."
    body = [
        *forms.about(handoff, says),
        forms.input_block(_PERSON, "Whose is it?", {"type": "users_select"}),
        forms.text_input(_NOTE, "A note for them", multiline=True, optional=True),
    ]
    return forms.form(CALLBACK, "Not mine", "Pass it on", handoff.id, body)


def parse(view: dict[str, Any]) -> Submitted:
    """What was submitted in this view."""
    said = forms.read(view)
    return Submitted(str(view.get("private_metadata") or ""), said.get(_PERSON, ""), said.get(_NOTE, ""))


def answer(reply: Reply | None) -> dict[str, Any]:
    """What Slack does with the form."""
    if reply is not None and reply.kind is ReplyKind.ALREADY_SO and reply.person is not None:
        return wrong_person(f"{reply.person.name} is asked already. Choose somebody else, or press Cancel.")
    return forms.answer(reply, {"to": _PERSON, "note": _NOTE})


def wrong_person(text: str) -> dict[str, Any]:
    """The form again, with a text under the person."""
    reply = Reply(kind=ReplyKind.WRONG_ANSWERS, complaints={"to": text})
    return forms.answer(reply, {"to": _PERSON})
