"""The form *Flag something*: which exception it is, and what the reviewers should know. Pure."""

from typing import Any

from bot.messages import blocks
from bot.modals import forms
from handoff.model import WITH_DELIVERY, Handoff, Status
from handoff.workflow import Exceptions, Workflow

CALLBACK = "flag"
BLOCKS = {"flag": "flag", "reason": "note"}

_TITLE = "Flag something"


def build(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:
    """The view for `views.open`, or a note if there is nothing to flag."""
    exceptions = workflow.exceptions
    if not handoff.is_open:
        over = "done" if handoff.status is Status.DONE else "cancelled"
        return forms.note(_TITLE, f"The handoff of {blocks.cut(handoff.record.name, 300)} is {over}.")
    if exceptions is None or not exceptions.flags:
        return forms.note(_TITLE, f"{workflow.title} has no flags. They are written in handoffs.yml, under exceptions.")
    up = {flag.name: flag for flag in handoff.flags if flag.verdict is None}
    left = [name for name in exceptions.flags if name not in up]
    if not left:
        return forms.note(_TITLE, "Every flag is up already and waits for a decision.")
    waiting = [f"{flag.name} is up already, raised by {flag.by.name}." for flag in up.values()]
    about = " ".join([_what_follows(handoff, exceptions), *waiting])
    element = {"type": "radio_buttons", "options": forms.options({name[:150]: name for name in left})}
    note = forms.text_input(
        "note",
        "What should the reviewers know?",
        hint="What is unusual, and what you would like them to decide. They read this first.",
        multiline=True,
    )
    return forms.form(
        CALLBACK,
        _TITLE,
        "Flag",
        handoff.id,
        [*forms.about(handoff, about), forms.input_block("flag", "Which flag?", element), note],
    )


def _what_follows(handoff: Handoff, exceptions: Exceptions) -> str:
    asked = f"The reviewers in {exceptions.channel} are asked to decide."
    if handoff.status in WITH_DELIVERY and handoff.owner is not None:
        return f"{asked} {blocks.cut(handoff.owner.name, 100)} goes on meanwhile, and the brief shows what they decide."
    if handoff.status is Status.COLLECTING:
        return f"{asked} Delivery gets the brief when they have decided and every answer is there."
    return f"{asked} Nobody in delivery can take it before they have."


def chosen(view: dict[str, Any]) -> dict[str, str]:
    """What was submitted: `flag` and `note`, as `Flagged` takes them."""
    typed = forms.read(view)
    return {"flag": typed.get("flag", ""), "note": typed.get("note", "")}
