"""The form that pauses the reminders of a handoff, or lets them go on. Pure."""

from datetime import UTC, datetime
from typing import Any

from bot.messages import blocks
from bot.modals import forms
from handoff.model import Handoff, Quiet
from handoff.workflow import Workflow

PAUSE, RESUME = "pause_reminders", "resume_reminders"
UNTIL, REASON = "pause:until", "pause:reason"
BLOCKS = {"until": UNTIL, "reason": REASON}

_WHAT = "Nobody is reminded of this until the time you choose, or until somebody resumes it. Everything else goes on."


def build(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:  # noqa: ARG001 -- what builds a form gets both
    """The form for `views.open`; one to resume if the handoff is paused."""
    if handoff.quiet is not None and handoff.quiet.is_pause:
        return _resume(handoff, handoff.quiet)
    body = forms.about(handoff, _WHAT)
    hint = "Empty: until somebody resumes them. Your own time."
    body.append(forms.input_block(UNTIL, "Until when?", {"type": "datetimepicker"}, hint, optional=True))
    body.append(forms.text_input(REASON, "Why?", "Shown with the handoff.", optional=True))
    return forms.form(PAUSE, "Pause reminders", "Pause", handoff.id, body)


def parse(view: dict[str, Any]) -> tuple[str, datetime | None, str]:
    """The handoff's id, until when it is paused (None: until somebody resumes it), and why."""
    said = forms.read(view)
    try:
        until = datetime.fromtimestamp(int(said[UNTIL]), UTC) if said.get(UNTIL) else None
    except (ValueError, OverflowError, OSError):
        until = None  # Slack sends nothing of the kind
    return str(view.get("private_metadata") or ""), until, said.get(REASON, "")


def _resume(handoff: Handoff, quiet: Quiet) -> dict[str, Any]:
    until = [blocks.words(" until "), blocks.moment(quiet.until)] if isinstance(quiet.until, datetime) else []
    why = [blocks.words(f": “{blocks.cut(quiet.reason, 500)}”")] if quiet.reason else []
    who = blocks.words(quiet.by.name, bold=True, limit=100)
    body = forms.about(handoff, "Submit this and the reminders go on from where they were.")
    body.append(blocks.rich(blocks.line(who, blocks.words(" paused the reminders"), *until, *why, blocks.words("."))))
    return forms.form(RESUME, "Paused reminders", "Resume", handoff.id, body)
