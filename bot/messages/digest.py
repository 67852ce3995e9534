"""Several reminders to one person, or in one channel, in one message: a line and its buttons for each. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.messages import blocks, buttons, nags, next_up, wording
from bot.messages.blocks import Block, Element
from bot.messages.wording import Part
from handoff.model import Post
from handoff.notices import SettleNag
from handoff.ports import Waiting

Message = tuple[str, list[Block]]

_LEAST, _MOST = 150, 240  # characters of a reminder, however many there are and however few
_SMALL = 200  # of what comes after it


def digest(about: Sequence[Waiting], mention: Element | None, now: datetime) -> Message:
    """The fallback text and blocks of several reminders that are sent now. `mention` is who is meant."""
    return _together(about, mention, now, is_new=True)


def redrawn(about: Sequence[Waiting], now: datetime) -> Message:
    """A message that stands, with one reminder or several, brought up to date.

    What is put off says until when; what is done says so, and has no button.
    """
    one = about[0]
    if len(about) > 1:
        return _together(about, None, now, is_new=False)
    if not one.is_true:
        return nags.settled(_over(one), one.handoff)
    return nags.nag(one.nag, one.handoff, one.workflow, None, now, next_up.known(one, now))


def _together(about: Sequence[Waiting], mention: Element | None, now: datetime, *, is_new: bool) -> Message:
    resting = [one for one in about if one.is_true and next_up.resting(one.handoff, now) and not is_new]
    waiting = [one for one in about if one.is_true and one not in resting]
    settled = [one for one in about if not one.is_true]
    title = _title(len(waiting), len(resting))
    head = wording.paragraph(*((mention, " ") if mention else ()), blocks.words(title, bold=True))

    def body(limit: int) -> list[Block]:
        true = [block for one in (*waiting, *resting) for block in _entry(one, now, limit, is_new=is_new)]
        return [head, *true, *(block for one in settled for block in nags.settled(_over(one), one.handoff)[1][:1])]

    return title, blocks.fitted(body)


def _title(waiting: int, resting: int) -> str:
    if waiting == 0 and resting == 0:
        return "Settled: nothing of this waits any more."
    off = f"{resting} {'is' if resting == 1 else 'are'} put off."
    if waiting == 0:
        return f"Nothing waits now: {off}"
    waits = "1 handoff waits" if waiting == 1 else f"{waiting} handoffs wait"
    return f"{waits}, {off}" if resting else f"{waits}."


def _entry(one: Waiting, now: datetime, limit: int, *, is_new: bool) -> list[Block]:
    """What waits, what comes next in small, and below it what can be done."""
    parts, pressed = nags.line(one.nag, one.handoff, one.workflow, now)
    coming = next_up.foreseen(one.nag, one.handoff, one.workflow, now) if is_new else next_up.known(one, now)
    small = next_up.in_small(_cut(coming, _SMALL))
    said = wording.paragraph(*_cut(parts, min(max(limit, _LEAST), _MOST)), "\n", *small)
    return [said, blocks.actions(*pressed, buttons.rest_menu(one.handoff))]


def _cut(parts: Sequence[Part], room: int) -> tuple[Part, ...]:
    """As much of a sentence as there is room for."""
    kept: list[Part] = []
    for part in parts:
        text = part if isinstance(part, str) else str(part.get("text") or "")
        if room <= 0:
            break
        if isinstance(part, str):
            kept.append(blocks.cut(part, room))
        else:
            kept.append({**part, "text": blocks.cut(text, room)} if text else part)
        room -= len(text)
    return tuple(kept)


def _over(one: Waiting) -> SettleNag:
    common = {"key": "", "handoff_id": one.handoff.id, "due_at": one.handoff.opened_at, "lane": "rep"}
    return SettleNag(ladder=one.nag.ladder, post=Post(channel="", ts=""), **common)
