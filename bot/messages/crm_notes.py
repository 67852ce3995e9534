"""The words of the notes on the CRM record: who did what in Slack. Pure.

Answers are not repeated: they stand in their own fields, and what only some may read stands nowhere else.
"""

from collections.abc import Callable

from bot.messages import blocks
from bot.messages.answers import who
from handoff.model import Handoff, Source
from handoff.notices import WriteNote
from handoff.workflow import ChecklistField, Workflow

_MOST = 2000  # characters of a reason


def note(notice: WriteNote, handoff: Handoff, workflow: Workflow) -> str:
    """The note's plain text."""
    said = _WORDS[notice.what](notice, handoff, workflow)
    return f"Handoff “{workflow.title}”: {said}"


def _answered(notice: WriteNote, handoff: Handoff, workflow: Workflow) -> str:  # noqa: ARG001 -- one shape for all
    return f"{who(notice.by, 'Somebody')} answered in Slack:{_asked(notice, workflow)}"


def _waived(notice: WriteNote, handoff: Handoff, workflow: Workflow) -> str:
    fields = [f for f in workflow.checklist if f.key in notice.keys]
    lines = "".join(f"\n- {f.ask}{_because(f, handoff)}" for f in fields)
    return f"{who(notice.by, 'Somebody')} says that this does not apply:{lines}"


def _because(field: ChecklistField, handoff: Handoff) -> str:
    answer = handoff.answer(field.key)
    if answer is None or answer.source is not Source.WAIVED or field.visible_to:
        return ""
    return f" Because: {blocks.cut(answer.value, _MOST)}"


def _sent_back(notice: WriteNote, handoff: Handoff, workflow: Workflow) -> str:
    found = next(
        (s for s in reversed(handoff.send_backs) if s.fields == notice.keys and s.by.is_same(notice.by)),
        None,
    )
    why = f" because: {blocks.cut(found.reason, _MOST)}" if found else "."
    return f"{who(notice.by, 'Somebody')} sent it back to sales{why}\nTo be answered again:{_asked(notice, workflow)}"


def _cancelled(notice: WriteNote, handoff: Handoff, workflow: Workflow) -> str:  # noqa: ARG001
    if notice.by is not None:
        reason = handoff.ending.reason if handoff.ending else ""
        why = f" The reason: {blocks.cut(reason, _MOST)}" if reason else ""
        return f"{notice.by.name} says that no handoff is needed, so it is cancelled.{why}"
    return (
        "it is cancelled, because the record left the stage that starts it. If it comes back, the same handoff goes on."
    )


def _owned(notice: WriteNote, handoff: Handoff, workflow: Workflow) -> str:  # noqa: ARG001
    return f"{who(notice.by, 'Somebody')} owns the next step."


def _done(notice: WriteNote, handoff: Handoff, workflow: Workflow) -> str:  # noqa: ARG001
    when = f" The kickoff was set for {handoff.kickoff_at:%Y-%m-%d}." if handoff.kickoff_at else ""
    return f"{who(notice.by, 'Somebody')} finished it.{when}"


def _asked(notice: WriteNote, workflow: Workflow) -> str:
    """The questions that a note is about, a line each."""
    return "".join(f"\n- {field.ask}" for field in workflow.checklist if field.key in notice.keys)


_WORDS: dict[str, Callable[[WriteNote, Handoff, Workflow], str]] = {
    "answered": _answered,
    "waived": _waived,
    "sent_back": _sent_back,
    "cancelled": _cancelled,
    "owned": _owned,
    "done": _done,
}
