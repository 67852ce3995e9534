"""Reminders: what is waited for, since when, the button that ends it, and who is reminded next. Pure.

A reminder that was settled says what was done, by whom, as far as that is still so.
"""

from collections.abc import Callable
from datetime import datetime

from bot.messages import blocks, buttons, next_up, wording
from bot.messages.answers import ago
from bot.messages.blocks import Block, Element
from bot.messages.wording import Part
from handoff import checklist
from handoff.model import OVER, Answer, Flag, Handoff, Status
from handoff.notices import Nag, SettleNag
from handoff.workflow import Workflow

Parts = tuple[Part, ...]

_WITH_OWNER = (Status.OWNED, Status.KICKOFF_SCHEDULED)


def nag(
    notice: Nag,
    handoff: Handoff,
    workflow: Workflow,
    mention: Element | None,
    now: datetime,
    coming: Parts | None = None,
) -> tuple[str, list[Block]]:
    """A reminder's fallback text and blocks. `mention` is who is meant, where a thread is shared by several."""
    parts, pressed = line(notice, handoff, workflow, now)
    said = (*((mention, " ") if mention else ()), *parts)
    coming = coming or next_up.foreseen(notice, handoff, workflow, now)
    body = [
        wording.paragraph(*said),
        wording.paragraph(*next_up.in_small(coming)),
        blocks.actions(*pressed, *buttons.rest(handoff)),
    ]
    return wording.fallback(*parts), body


def line(notice: Nag, handoff: Handoff, workflow: Workflow, now: datetime) -> tuple[Parts, list[Element]]:
    """What a reminder says, and the buttons that end it: one line of a message that may have several."""
    return _WORDS[notice.ladder](notice, handoff, workflow, now)


def _rep(notice: Nag, handoff: Handoff, workflow: Workflow, now: datetime) -> tuple[Parts, list[Element]]:
    missing = checklist.missing(workflow, handoff)
    since = handoff.send_backs[-1].at if handoff.wanted and handoff.send_backs else handoff.opened_at
    asked = blocks.cut(" · ".join(f.ask for f in missing), 900)
    lacks = f"{_count(len(missing))}, asked for {ago(now - since)} ago: {asked}"
    saved = sum(handoff.draft(f.key) is not None for f in missing)
    also = f" ({saved} saved as a draft, not handed over yet)" if saved else ""
    pressed = [buttons.complete(handoff)]
    if notice.to.person is not None and notice.to.person.is_same(handoff.asked):
        return (wording.name(handoff), f" still lacks {lacks}{also}"), pressed
    return (wording.name(handoff), " waits for ", wording.who(handoff.asked, "sales"), f": {lacks}{also}"), pressed


def _channel(notice: Nag, handoff: Handoff, workflow: Workflow, now: datetime) -> tuple[Parts, list[Element]]:  # noqa: ARG001 -- one shape for all ladders
    waited = f" yet, {ago(now - handoff.ready_at)} after its brief was ready. The client is waiting."
    return ("Nobody owns ", wording.name(handoff), waited), [buttons.take(handoff)]


def _owner(notice: Nag, handoff: Handoff, workflow: Workflow, now: datetime) -> tuple[Parts, list[Element]]:
    waited = ago(now - (handoff.owned_at or handoff.ready_at))
    expects = _expected(handoff, workflow)
    if notice.to.person is not None and notice.to.person.is_same(handoff.owner):
        said: Parts = (wording.name(handoff), f" has no kickoff yet; you took it {waited} ago.{expects}")
        release = blocks.button("Release", buttons.RELEASE, handoff.id)
        return said, [buttons.kickoff(handoff), release]
    owner = wording.who(handoff.owner, "its owner")
    return (wording.name(handoff), " has no kickoff yet; ", owner, f" took it {waited} ago.{expects}"), []


def _reviewer(notice: Nag, handoff: Handoff, workflow: Workflow, now: datetime) -> tuple[Parts, list[Element]]:  # noqa: ARG001
    place = notice.flag if notice.flag is not None and notice.flag < len(handoff.flags) else None
    if place is None:
        return ("A flag on ", wording.name(handoff), " waits for a decision."), []
    flag = handoff.flags[place]
    parts: Parts = (
        *(blocks.words(flag.name, bold=True, limit=80), " on ", wording.name(handoff), " waits for a decision. "),
        *(wording.who(flag.by), f" raised it {ago(now - flag.at)} ago"),
        *((f": “{blocks.cut(flag.note, wording.LONG)}”.",) if flag.note else (".",)),
        *_meanwhile(handoff),
    )
    return parts, [buttons.decide(handoff, place)]


def _meanwhile(handoff: Handoff) -> Parts:
    if handoff.status is Status.IN_REVIEW:
        return (" Delivery waits for it.",)
    if handoff.status is Status.COLLECTING:
        return " ", wording.who(handoff.asked, "Sales"), " is still answering; delivery waits for both."
    if handoff.status in _WITH_OWNER:
        return " ", wording.who(handoff.owner), " goes on meanwhile."
    return ()


def _expected(handoff: Handoff, workflow: Workflow) -> str:
    """What the client expects next, if everybody may read it."""
    field = next(f for f in workflow.checklist if f.key == workflow.brief.expects_next)
    answer = handoff.answer(field.key)
    if answer is None or field.visible_to:
        return ""
    return f" The client expects next: {blocks.cut(answer.value, 300)}"


def _count(missing: int) -> str:
    return "1 answer" if missing == 1 else f"{missing} answers"


def settled(notice: SettleNag, handoff: Handoff) -> tuple[str, list[Block]]:
    """A reminder that is over: what was done and by whom; a button only if it is waited for after all."""
    if notice.ladder == "reviewer" and handoff.undecided and handoff.status not in OVER:
        waiting: Parts = (wording.waiting_flags(handoff), " on ", wording.name(handoff), " waits for a decision.")
        press = blocks.actions(*(buttons.decide(handoff, place) for place in handoff.undecided[:1]))
        return wording.fallback(*waiting), [wording.paragraph(*waiting), press]
    parts = _OVER[handoff.status](handoff) if handoff.status in _OVER else _SETTLED[notice.ladder](handoff)
    return wording.fallback(*parts), [wording.paragraph(*parts)]


def _answers_settled(handoff: Handoff) -> Parts:
    if handoff.status is Status.COLLECTING:
        return wording.who(handoff.asked, "Sales"), " is asked about ", wording.name(handoff), " now."
    newest: Answer | None = max((a for a in handoff.answers if a.by), key=lambda a: a.at, default=None)
    if newest is None:
        return "Settled: ", wording.name(handoff), " has every answer that was asked for."
    return "Settled: ", wording.who(newest.by), " gave the last answer about ", wording.name(handoff), "."


def _ownership_settled(handoff: Handoff) -> Parts:
    if handoff.status in _WITH_OWNER:
        return "Settled: ", wording.who(handoff.owner), " owns ", wording.name(handoff), "."
    return _not_with_delivery(handoff)


def _kickoff_settled(handoff: Handoff) -> Parts:
    if handoff.status is Status.KICKOFF_SCHEDULED and handoff.kickoff_at is not None:
        return "Settled: the kickoff of ", wording.name(handoff), " is ", blocks.moment(handoff.kickoff_at), "."
    if handoff.status is Status.OWNED:
        return wording.who(handoff.owner), " owns ", wording.name(handoff), " now."
    return _not_with_delivery(handoff)


def _review_settled(handoff: Handoff) -> Parts:
    decided: list[Flag] = [flag for flag in handoff.flags if flag.verdict is not None]
    if not decided:
        return "Settled: no flag on ", wording.name(handoff), " waits for a decision."
    newest = max(decided, key=lambda flag: flag.verdict.at if flag.verdict else flag.at)
    return wording.name(handoff), ": ", *wording.decision(newest), "."


def _not_with_delivery(handoff: Handoff) -> Parts:
    """Why a reminder to delivery is over although nobody did what it asked for."""
    name = wording.name(handoff)
    if handoff.status is Status.COLLECTING:
        by = handoff.send_backs[-1].by if handoff.send_backs else None
        sent = (" sent ", name, " back to sales; nothing is asked of you until it is answered.")
        return (wording.who(by), *sent) if by else (name, " is back with sales; nothing is asked of you until then.")
    if handoff.status is Status.IN_REVIEW:
        return name, f" waits for a decision on {wording.waiting_flags(handoff)}; nothing is asked of you until then."
    return name, " was given back and waits for an owner again; its brief has the button."


_WORDS: dict[str, Callable[[Nag, Handoff, Workflow, datetime], tuple[Parts, list[Element]]]] = {
    "rep": _rep,
    "channel": _channel,
    "owner": _owner,
    "reviewer": _reviewer,
}
_SETTLED: dict[str, Callable[[Handoff], Parts]] = {
    "rep": _answers_settled,
    "channel": _ownership_settled,
    "owner": _kickoff_settled,
    "reviewer": _review_settled,
}
_OVER: dict[Status, Callable[[Handoff], Parts]] = {
    Status.DONE: lambda h: ("Settled: the handoff of ", wording.name(h), " is done."),
    Status.CANCELLED: lambda h: ("Not needed any more: the handoff of ", wording.name(h), " is cancelled."),
}
