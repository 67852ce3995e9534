"""The form *Release*: the owner gives it back to the channel."""

from typing import Any

from bot.modals import forms
from handoff.decision import Reply
from handoff.model import Handoff
from handoff.workflow import Workflow

CALLBACK = "release"

_REASON = "reason"


def build(handoff: Handoff, workflow: Workflow, user_id: str) -> dict[str, Any]:
    """The view for the owner (`user_id`), or a note why not."""
    if refused := forms.refusal(handoff, owner_only=user_id):
        return refused
    kickoff = " The kickoff that is scheduled is forgotten." if handoff.kickoff_at else ""
    says = f"Nobody owns it then, and {workflow.delivery.channel} is asked who takes it.{kickoff}"
    reason = forms.text_input(
        _REASON, "Why?", "The channel reads it, and the history keeps it.", multiline=True, optional=True
    )
    return forms.form(CALLBACK, "Release", "Release", handoff.id, [*forms.about(handoff, says), reason])


def parse(view: dict[str, Any]) -> str:
    """The reason, if one was given."""
    return forms.read(view).get(_REASON, "")


def answer(reply: Reply | None) -> dict[str, Any]:
    """What Slack does with the form."""
    return forms.answer(reply, {"reason": _REASON})
