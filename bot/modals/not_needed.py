"""The form *No handoff needed*: why nothing is to be handed over. Pure."""

from typing import Any

from bot.modals import complete, forms
from handoff.decision import Reply
from handoff.model import Handoff, Status
from handoff.workflow import Workflow

CALLBACK = "not_needed"

_REASON = "reason"


def build(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:
    """The view, or why it cannot be cancelled here any more."""
    if handoff.status not in (Status.COLLECTING, Status.IN_REVIEW):
        return complete.closed(handoff, workflow)
    says = "The handoff is cancelled, with your name and the reason. Nobody is reminded any more."
    if handoff.was_briefed:
        says += " Delivery reads it in the brief's thread."
    hint = "A few words that others will understand, such as: They renew the old contract as it is."
    body = [*forms.about(handoff, says), forms.text_input(_REASON, "Why is none needed?", hint, multiline=True)]
    return forms.form(CALLBACK, "No handoff needed", "Cancel the handoff", handoff.id, body, close="Keep it")


def parse(view: dict[str, Any]) -> tuple[str, str]:
    """The handoff's id and the reason."""
    return str(view.get("private_metadata") or ""), forms.read(view).get(_REASON, "")


def answer(reply: Reply | None) -> dict[str, Any]:
    """What Slack does with the form."""
    return forms.answer(reply, {"reason": _REASON})
