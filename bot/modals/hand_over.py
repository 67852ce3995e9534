"""The forms that bring in another person: *Hand over to …*, *Assign to …* and *Decline*."""

from dataclasses import dataclass
from typing import Any

from bot.messages import blocks
from bot.messages.answers import who
from bot.modals import forms
from handoff.decision import Reply, ReplyKind
from handoff.model import Handoff
from handoff.workflow import Workflow

OFFER, ASSIGN, DECLINE = "hand_over", "assign", "decline_hand_over"

_PERSON, _NOTE = "person", "note"
_KEPT = "They read it, and the history keeps it."
_YOURSELF = "This is yours already. Choose somebody else."


@dataclass(frozen=True)
class Submitted:
    """What somebody submitted. `to` is a Slack id, or empty if nobody was chosen."""

    handoff_id: str
    to: str
    note: str


def offer(handoff: Handoff, workflow: Workflow, user_id: str) -> dict[str, Any]:
    """The form in which the owner (`user_id`) asks another person to take over, or a note why not."""
    if refused := forms.refusal(handoff, owner_only=user_id):
        return refused
    within = workflow.delivery.hand_over_within
    says = f"They get a direct message and can accept or decline. It stays yours until they accept, within {within}."
    return _form(handoff, OFFER, "Hand over", "Ask them", says, "A note for them")


def assign(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:  # noqa: ARG001 -- forms are built alike
    """The form that makes another person the owner at once, or a note why not."""
    if refused := forms.refusal(handoff):
        return refused
    before = f" {blocks.cut(handoff.owner.name, 100)} is told that it is not theirs any more." if handoff.owner else ""
    says = f"They own it as soon as you press Assign, and read so in a direct message.{before}"
    return _form(handoff, ASSIGN, "Assign", "Assign", says, "Why?", _KEPT)


def decline(handoff: Handoff, workflow: Workflow, user_id: str) -> dict[str, Any]:  # noqa: ARG001
    """The form in which the other person says no, or a note if they are not asked any more."""
    offered = handoff.offer
    if offered is None or offered.to.slack_id != user_id:
        owner = f"{blocks.cut(handoff.owner.name, 100)} owns it." if handoff.owner else "Nobody owns it now."
        return forms.note("Not needed any more", f"You are not asked to take this over any more. {owner}")
    says = f"It stays with {blocks.cut(offered.by.name, 100)}, who reads that you declined."
    reason = forms.text_input(_NOTE, "Why?", _KEPT, multiline=True, optional=True)
    return forms.form(DECLINE, "Decline", "Decline", handoff.id, [*forms.about(handoff, says), reason])


def parse(view: dict[str, Any]) -> Submitted:
    """What was submitted in any of the three."""
    said = forms.read(view)
    return Submitted(str(view.get("private_metadata") or ""), said.get(_PERSON, ""), said.get(_NOTE, ""))


def answer(reply: Reply | None) -> dict[str, Any]:
    """What Slack does with a form in which a person was chosen."""
    if reply is not None and reply.kind is ReplyKind.ALREADY_YOURS:
        return wrong_person(_YOURSELF)
    if reply is not None and reply.kind is ReplyKind.ALREADY_OWNED:
        return wrong_person(f"{who(reply.person)} owns this already. Choose somebody else.")
    if reply is not None and reply.kind is ReplyKind.NOT_ALLOWED and reply.person is not None:
        return wrong_person(f"{who(reply.person)} is a guest, and guests cannot own a handoff. Choose somebody else.")
    return forms.answer(reply, {"to": _PERSON, "note": _NOTE})


def wrong_person(text: str = "Please choose a person.") -> dict[str, Any]:
    """The form again, with a text under the person."""
    complaints = {"to": blocks.cut(text, 300)}
    return forms.answer(Reply(kind=ReplyKind.WRONG_ANSWERS, complaints=complaints), {"to": _PERSON})


def _form(
    handoff: Handoff, callback: str, title: str, submit: str, says: str, note: str, hint: str | None = None
) -> dict[str, Any]:
    body = [
        *forms.about(handoff, says),
        forms.input_block(_PERSON, "Who?", {"type": "users_select"}),
        forms.text_input(_NOTE, note, hint, multiline=True, optional=True),
    ]
    return forms.form(callback, title, submit, handoff.id, body)
