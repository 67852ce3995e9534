"""The Home tab: what is mine to do, what waits for an owner, what is overdue, and for a manager the team's. Pure.

https://docs.slack.dev/surfaces/app-home
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.messages import blocks, board, buttons
from bot.messages.blocks import Block, Element
from bot.messages.briefs import ago
from bot.public_holidays import is_holiday
from handoff import checklist
from handoff.calendars import Calendars
from handoff.lateness import overdue_since
from handoff.model import Handoff, Person, Status
from handoff.rights import decides, outsider_of
from handoff.workflow import PersonNote, Workflow

FEW = 6  # handoffs of a section on one page
_SECTIONS = {
    "mine": ("Yours", "Nothing waits for you."),
    "review": ("Yours to decide", ""),
    "waiting": ("Waiting for an owner", "Every customer has an owner."),
    "overdue": ("Overdue with somebody else", "Nothing is overdue."),
    "team": ("Your team’s", ""),
}
_HIDDEN_IF_EMPTY = ("review", "team")

Entry = tuple[Handoff, Workflow]


@dataclass(frozen=True)
class Viewer:
    """Who looks: the person, and for each workflow (by its edition) the names by which it may mean them."""

    person: Person
    roles: Mapping[str, Collection[str]]

    def to_decide(self, handoff: Handoff, workflow: Workflow) -> int | None:
        """The first flag that waits for this person's decision, by its place."""
        if workflow.exceptions is None or not self.is_reviewer(workflow):
            return None
        exceptions, flags = workflow.exceptions, handoff.flags
        return next((i for i in handoff.undecided if decides(exceptions, flags[i], self.person)), None)

    def is_reviewer(self, workflow: Workflow) -> bool:
        """Whether this person decides on the flags of a workflow."""
        known = {role.casefold() for role in self.roles.get(workflow.edition, ())}
        if workflow.exceptions is None or self.person.is_guest:
            return False
        named = workflow.exceptions.reviewers
        if named:
            return any(name.casefold() in known for name in named)
        return outsider_of(workflow.exceptions.channel).casefold() not in known


def sorted_out(viewer: Viewer, mine: Sequence[Entry], others: Sequence[Entry], now: datetime) -> dict[str, list[Entry]]:
    """Which handoff stands in which section; each stands in one, the first that fits."""
    own = {handoff.id for handoff, _ in mine}
    found: dict[str, list[Entry]] = {name: [] for name in _SECTIONS}
    found["mine"] = list(mine)
    for handoff, workflow in others:
        if handoff.id in own:
            continue
        if viewer.to_decide(handoff, workflow) is not None:
            found["review"].append((handoff, workflow))
        elif handoff.status is Status.UNCLAIMED:
            found["waiting"].append((handoff, workflow))
        elif is_of_team(viewer, handoff, workflow):
            found["team"].append((handoff, workflow))
        elif overdue_since(handoff, Calendars(workflow, is_holiday), now):
            found["overdue"].append((handoff, workflow))
    return found


def is_of_team(viewer: Viewer, handoff: Handoff, workflow: Workflow) -> bool:
    """Whether config says that the viewer is the manager of whoever has it now."""
    names = {name.casefold() for name in viewer.roles.get(workflow.edition, ())}
    person = handoff.owner or handoff.asked
    if person is None:
        return False
    own = {name.casefold() for name in (person.email, person.slack_id) if name}
    return any(
        note.manager is not None and note.manager.casefold() in names and own & _names(email, note)
        for email, note in workflow.people.items()
    )


def view(
    viewer: Viewer, sections: Mapping[str, Sequence[Entry]], now: datetime, passed: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """The whole tab. `passed` is how many handoffs of each section stand on the pages before."""
    passed = passed or {}
    body: list[Block] = []
    for name, (title, empty) in _SECTIONS.items():
        entries = sections.get(name, ())
        if not entries and name in _HIDDEN_IF_EMPTY:
            continue
        count = f" ({len(entries)})" if entries else ""
        body += [blocks.header(f"{title}{count}")]
        start = min(passed.get(name, 0), max(len(entries) - 1, 0))
        body += [_entry(viewer, *entry, now) for entry in entries[start : start + FEW]]
        body += _turns(name, start, len(entries), passed) if entries else [blocks.context(empty)]
    body.append(_footer())
    return {"type": "home", "blocks": body}


def read_passed(value: object) -> dict[str, int]:
    """What a page button says; nothing if it is none of ours."""
    try:
        given = json.loads(str(value))
    except ValueError:
        return {}
    pairs = given.items() if isinstance(given, dict) else ()
    return {name: n for name, n in pairs if name in _SECTIONS and isinstance(n, int) and 0 <= n < 10_000}


def nothing_for_guests() -> dict[str, Any]:
    """What somebody sees who is no member of the workspace."""
    text = "Baton speaks with members of this workspace only. Ask one of them about your customers."
    return {"type": "home", "blocks": [blocks.rich(blocks.line(blocks.words(text)))]}


def _entry(viewer: Viewer, handoff: Handoff, workflow: Workflow, now: datetime) -> Block:
    late = overdue_since(handoff, Calendars(workflow, is_holiday), now)
    mark = f"\n*Overdue for {ago(now - late)}.*" if late else ""
    where = blocks.escape(_step(viewer, handoff, workflow, now), 600)
    section = blocks.mrkdwn_section(f"*{blocks.escape(handoff.record.name, 150)}*\n{where}{mark}")
    pressed = _button(viewer, handoff, workflow)
    return {**section, "accessory": pressed} if pressed else section


def _step(viewer: Viewer, handoff: Handoff, workflow: Workflow, now: datetime) -> str:
    """What comes next, said to whoever's turn it is."""
    if handoff.status is Status.COLLECTING and viewer.person.is_same(handoff.asked):
        lacking = len(checklist.missing(workflow, handoff))
        sent_back = f", sent back: {blocks.cut(handoff.send_backs[-1].reason, 150)}" if handoff.wanted else ""
        answers = "1 answer" if lacking == 1 else f"{lacking} answers"
        return f"Add {answers}{sent_back}. Waiting for {ago(now - handoff.opened_at)}."
    if (place := viewer.to_decide(handoff, workflow)) is not None:
        flag = handoff.flags[place]
        note = f": {blocks.cut(flag.note, 200)}" if flag.note else ""
        return f"Decide on {blocks.cut(flag.name, 80)}, raised by {blocks.cut(flag.by.name, 100)}{note}"
    if handoff.status is Status.OWNED and viewer.person.is_same(handoff.owner):
        return f"Schedule the kickoff. Yours for {ago(now - (handoff.owned_at or handoff.opened_at))}."
    if handoff.status is Status.KICKOFF_SCHEDULED and viewer.person.is_same(handoff.owner):
        on = f" on {handoff.kickoff_at:%d %b %Y}" if handoff.kickoff_at else " booked"
        return f"Kickoff{on}. Say when it is done."
    told = board.where(handoff, workflow, now)
    return f"{told[:1].upper()}{told[1:]}."


def _button(viewer: Viewer, handoff: Handoff, workflow: Workflow) -> Element | None:
    person = viewer.person
    if handoff.status is Status.COLLECTING and person.is_same(handoff.asked):
        return buttons.complete(handoff)
    if (place := viewer.to_decide(handoff, workflow)) is not None:
        return buttons.decide(handoff, place)
    if handoff.status is Status.UNCLAIMED:
        return buttons.take(handoff)
    if handoff.status is Status.OWNED and person.is_same(handoff.owner):
        return buttons.kickoff(handoff)
    if handoff.status is Status.KICKOFF_SCHEDULED and person.is_same(handoff.owner):
        return {**blocks.button("Done", buttons.DONE, handoff.id), "confirm": _sure(handoff)}
    return None


def _sure(handoff: Handoff) -> Element:
    """What is asked before a handoff is closed."""
    return {
        "title": blocks.plain(f"{blocks.cut(handoff.record.name, 80)} is done?", 100),
        "text": blocks.plain("Done closes this handoff: reminders stop, and sales is told.", 300),
        "confirm": blocks.plain("It is done", 30),
        "deny": blocks.plain("Not yet", 30),
    }


def _turns(name: str, start: int, total: int, passed: Mapping[str, int]) -> list[Block]:
    """The buttons to the pages before and after; each says where every section stands then."""
    pages = (
        ("Back", max(start - FEW, 0) if start else None),
        ("Next", start + FEW if start + FEW < total else None),
    )
    turns = [
        blocks.button(label, f"{buttons.HOME_PAGE}:{label.lower()}", json.dumps({**passed, name: to}))
        for label, to in pages
        if to is not None
    ]
    return [blocks.actions(*turns)] if turns else []


def _footer() -> Block:
    return blocks.actions(blocks.button("Start a handoff", buttons.START, "new"))


def _names(email: str, note: PersonNote) -> set[str]:
    """The names of the person that a note in config is about."""
    return {name.casefold() for name in (email, note.slack) if name}
