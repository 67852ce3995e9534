"""The history of a handoff: everything that happened, who did it, when, and from where. Newest last. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from bot.messages import blocks
from bot.messages.blocks import Block, Element
from bot.messages.briefs import system_name
from bot.messages.happenings import sentence
from bot.modals import forms
from handoff.events import (
    Act,
    AnyEvent,
    Forgotten,
    PutOff,
    RecordChanged,
    RecordVanished,
    Reentered,
    Said,
    StageEntered,
    Unsaid,
)
from handoff.model import Handoff
from handoff.rights import may_read
from handoff.workflow import ChecklistField, Workflow

CALLBACK = "history"
PAGE = "history_page"  # its value: the handoff's id, and how many of the newest are passed over

_FORM = 20  # events on a page of the form
_MESSAGE = 8  # events in one answer to the command
_LINE = 600  # characters of one event
_FROM = {
    "modal": "in a form",
    "button": "with a button",
    "command": "with /handoff",
    "shortcut": "with a shortcut",
    "home": "on the Home tab",
    "thread": "in the thread",
    "clock": "by the clock",
    "outbox": "",
    "operator": "by the operator",
}

Log = Sequence[tuple[AnyEvent, str]]


def view(
    handoff: Handoff,
    log: Log,
    workflow: Workflow,
    now: datetime,  # noqa: ARG001 -- what builds a form is told the time
    roles: Collection[str] = (),
    passed: int = 0,
) -> dict[str, Any]:
    """A page of the history as a form. `roles` are the reader's; `passed` is how many of the newest are passed over."""
    part, older, newer = _page(log, passed, _FORM)
    body: list[Block] = [blocks.header(handoff.record.name)]
    body.append(blocks.context(_where_in(log, part, passed)))
    body += [blocks.rich(line) for line in _lines(handoff, part, workflow, roles)]
    buttons = [("Earlier", older), ("Later", newer)]
    turns = [
        blocks.button(label, f"{PAGE}:{label.lower()}", f"{handoff.id}|{to}") for label, to in buttons if to is not None
    ]
    if turns:
        body.append(blocks.actions(*turns))
    return forms.form(CALLBACK, "History", None, f"{handoff.id}|{passed}", body, close="Close")


def lines(
    handoff: Handoff, log: Log, workflow: Workflow, roles: Collection[str], passed: int = 0
) -> tuple[str, list[Block], int | None, int | None]:
    """A page as a message: its text, its blocks, and how much the pages before and after pass over, if there are any.

    For a message that others read give no roles.
    """
    part, older, newer = _page(log, passed, _MESSAGE)
    where = _where_in(log, part, passed)
    text = f"The history of {blocks.escape(handoff.record.name, 300)}. {where}"
    top = [blocks.header(handoff.record.name), blocks.context(where)]
    body = blocks.fitted(
        lambda limit: [*top, *(blocks.rich(line) for line in _lines(handoff, part, workflow, roles, limit))]
    )
    return text, body, older, newer


def _page(log: Log, passed: int, most: int) -> tuple[Log, int | None, int | None]:
    """The events of a page, and where the pages with older and with newer ones begin."""
    passed = min(max(passed, 0), max(len(log) - 1, 0))
    end = len(log) - passed
    older = passed + most if end > most else None
    newer = max(passed - most, 0) if passed else None
    return log[max(end - most, 0) : end], older, newer


def _where_in(log: Log, part: Log, passed: int) -> str:
    if not log:
        return "Nothing has happened yet."
    end = len(log) - min(max(passed, 0), len(log) - 1)
    if len(part) == len(log):
        return f"Everything that happened, {len(log)} in all. The newest stands last."
    return f"{end - len(part) + 1} to {end} of {len(log)}. The newest stands last."


def _lines(handoff: Handoff, log: Log, workflow: Workflow, roles: Collection[str], limit: int = _LINE) -> list[Element]:
    def shown(field: ChecklistField) -> bool:
        return may_read(field, roles)

    return [
        _line(_subject(event, handoff), sentence(event, handoff, workflow, shown), event, remarks, min(limit, _LINE))
        for event, remarks in log
    ]


def _line(who: str, told: str, event: AnyEvent, remarks: str, limit: int) -> Element:
    parts = [blocks.moment(event.at), blocks.words("\n")]
    parts += [blocks.words(who, bold=True, limit=100), blocks.words(f" {told}", limit=limit)]
    if where := _from(event):
        parts.append(blocks.words(f", {where}"))
    parts.append(blocks.words("."))
    if remarks:
        parts.append(blocks.words(f"\n{remarks}", italic=True, limit=min(limit, 300)))
    return blocks.line(*parts)


def _subject(event: AnyEvent, handoff: Handoff) -> str:
    if isinstance(event, Act):
        return event.by.name
    if isinstance(event, StageEntered) and event.by is not None:
        return event.by.name
    if isinstance(event, Said | Unsaid | PutOff | Forgotten):
        return "Baton"
    return (
        handoff.record.name
        if isinstance(event, StageEntered | RecordChanged | Reentered | RecordVanished)
        else "Somebody"
    )


def _from(event: AnyEvent) -> str:
    if event.via in _FROM:
        return _FROM[event.via]
    if isinstance(event, RecordChanged | RecordVanished | Reentered | StageEntered):
        return ""  # the sentence says it
    return f"from {blocks.cut(system_name(event.via), 40)}"
