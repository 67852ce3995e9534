"""The form *Schedule kickoff*: when it is."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from bot.messages.blocks import Element
from bot.modals import forms
from handoff.decision import Reply, ReplyKind
from handoff.model import Handoff
from handoff.workflow import Workflow

CALLBACK = "schedule_kickoff"

_AT = "kickoff_at"


def build(handoff: Handoff, workflow: Workflow, user_id: str) -> dict[str, Any]:  # noqa: ARG001 -- forms are built alike
    """The view for the owner (`user_id`), or a note why not."""
    if refused := forms.refusal(handoff, owner_only=user_id):
        return refused
    picker: Element = {"type": "datetimepicker"}
    if handoff.kickoff_at is not None:
        picker["initial_date_time"] = int(handoff.kickoff_at.timestamp())
    says = "Reminders stop, and sales reads when it is. Baton sends no invitation: that is yours to send."
    hint = "In your own time zone. It may be past, if it has taken place."
    body = [*forms.about(handoff, says), forms.input_block(_AT, "When is the kickoff?", picker, hint)]
    title = "Move kickoff" if handoff.kickoff_at else "Schedule kickoff"
    return forms.form(CALLBACK, title, "Save", handoff.id, body)


def parse(view: dict[str, Any]) -> datetime | None:
    """The moment that was picked; None if there is none."""
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(int(forms.read(view).get(_AT, "")), UTC)
    return None


def answer(reply: Reply | None) -> dict[str, Any]:
    """What Slack does with the form."""
    return forms.answer(reply, {_AT: _AT})


def no_moment() -> dict[str, Any]:
    """The form again, because nothing was picked."""
    return answer(Reply(kind=ReplyKind.WRONG_ANSWERS, complaints={_AT: "Please choose a day and a time."}))
