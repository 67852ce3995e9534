"""Reminders: what is said, with the button that ends it. Pure."""

from datetime import datetime

from bot import blocks
from bot.blocks import Block, Element
from bot.briefs import ago
from bot.buttons import COMPLETE, TAKE
from handoff import checklist, ladder
from handoff.model import Handoff
from handoff.notices import Nag, SettleNag
from handoff.workflow import Workflow


def nag(
    notice: Nag, handoff: Handoff, workflow: Workflow, mention: Element | None, now: datetime
) -> tuple[str, list[Block]]:
    """A reminder's fallback text and blocks. `mention` is who is meant, where a thread is shared by several."""
    name = blocks.cut(handoff.record.name, 150)
    if notice.ladder == "rep":
        missing = [f.ask for f in checklist.missing(workflow, handoff)]
        waited = ago(now - handoff.opened_at)
        said = f"{name} still lacks {_count(len(missing))}, asked for {waited} ago: {' · '.join(missing)}"
        press = blocks.button("Complete handoff", COMPLETE, handoff.id, style="primary")
    else:
        waited = ago(now - (handoff.completed_at or handoff.opened_at))
        said = f"Nobody owns {name} yet, {waited} after its brief was ready. The client is waiting."
        press = blocks.button("Take ownership", TAKE, handoff.id, style="primary")
    parts = [*([mention, blocks.words(" ")] if mention else []), blocks.words(said, limit=1500)]
    body = [
        blocks.rich(blocks.line(*parts)),
        blocks.rich(blocks.line(blocks.words(_next(notice, workflow), italic=True))),
    ]
    return blocks.escape(said, 1000), [*body, blocks.actions(press)]


def settled(notice: SettleNag, handoff: Handoff) -> tuple[str, list[Block]]:
    """A reminder whose deed is done: what was done, and no button."""
    name = blocks.cut(handoff.record.name, 300)
    if notice.ladder == "rep":
        said = f"Settled: {name} has every answer that was asked for."
    else:
        owner = blocks.cut(handoff.owner.name, 200) if handoff.owner else "somebody"
        said = f"Settled: {owner} owns {name}."
    return blocks.escape(said, 1000), [blocks.rich(blocks.line(blocks.words(said, italic=True)))]


def _count(missing: int) -> str:
    return "1 answer" if missing == 1 else f"{missing} answers"


def _next(notice: Nag, workflow: Workflow) -> str:
    rungs = workflow.nags.rep if notice.ladder == "rep" else workflow.nags.channel
    coming = ladder.rung_at(rungs, notice.step + 1)
    if coming is None:
        return "This is the last reminder."
    rung, wait = coming
    yours = notice.to.person is not None  # it went to the rep, and not to somebody else about the rep
    rep, manager = ("to you", "to your manager") if yours else ("to the rep", "to the rep's manager")
    here = {"rep": rep, "channel": "here", "manager of rep": manager}
    return f"Next reminder: {here.get(rung.to, f'to {rung.to}')}, in {ago(wait)}."
