"""Several reminders to one person, or in one channel, in one message: a line and a button for each. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.messages import blocks, nags, wording
from bot.messages.blocks import Block, Element
from handoff.model import Post
from handoff.notices import SettleNag
from handoff.ports import Waiting


def digest(about: Sequence[Waiting], mention: Element | None, now: datetime) -> tuple[str, list[Block]]:
    """The fallback text and blocks. What is done already says so, without a button. `mention` is who is meant."""
    open_ones = [one for one in about if one.is_true]
    settled = [one for one in about if not one.is_true]
    title = _title(len(open_ones))
    head = wording.paragraph(*((mention, " ") if mention else ()), blocks.words(title, bold=True))
    return title, blocks.fitted(lambda limit: [head, *_body(open_ones, settled, now, limit)])


def _title(waiting: int) -> str:
    if waiting == 0:
        return "Settled: nothing of this waits any more."
    return "1 handoff waits." if waiting == 1 else f"{waiting} handoffs wait."


def _body(open_ones: Sequence[Waiting], settled: Sequence[Waiting], now: datetime, limit: int) -> list[Block]:
    body: list[Block] = []
    for one in open_ones:
        parts, pressed = nags.line(one.nag, one.handoff, one.workflow, now)
        body.append(blocks.rich(blocks.line(blocks.words(wording.plain(*parts), limit=max(limit, 150)))))
        body += [blocks.actions(*pressed)] if pressed else []
    return body + [block for one in settled for block in _settled(one)]


def _settled(one: Waiting) -> list[Block]:
    notice = SettleNag(
        key="",
        handoff_id=one.handoff.id,
        due_at=one.handoff.opened_at,
        lane="rep",
        ladder=one.nag.ladder,
        post=Post(channel="", ts=""),
    )
    return nags.settled(notice, one.handoff)[1][:1]
