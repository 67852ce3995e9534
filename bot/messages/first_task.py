"""The first task in its default form: a checklist in the brief's thread, and what its owner is given. Pure."""

import re
from datetime import datetime

from bot.messages import blocks, buttons, templates
from bot.messages.answers import mention, who
from bot.messages.blocks import Block, Element
from bot.public_holidays import is_holiday
from handoff import first_task
from handoff.calendars import Calendars
from handoff.model import Handoff, Status
from handoff.workflow import FirstTask, Workflow

BOXES = 10  # Slack's limit of checkboxes in one group

_TICKED = (Status.OWNED, Status.KICKOFF_SCHEDULED)
_CHANNEL = re.compile("[CG][A-Z0-9]{2,}")
_MOST_LETTERS = 75  # Slack's limit of an option's text


def title(handoff: Handoff, workflow: Workflow) -> str | None:
    """The title of the task that starts the work; as config wrote it if it cannot be filled in."""
    if workflow.first_task is None:
        return None
    template = workflow.first_task.title
    return templates.filled(template, templates.values(handoff, workflow), 1000) or template


def due(handoff: Handoff, workflow: Workflow) -> datetime | None:
    """When the task is due, on the owner's clock; None while nobody has taken it."""
    return first_task.due(handoff, Calendars(workflow, is_holiday))


def task(handoff: Handoff, workflow: Workflow, redrawn: str = "") -> tuple[str, list[Block]]:
    """The task as it stands. With `redrawn`, ticks that were refused are shown as they were: boxes under another id."""
    told, name = workflow.first_task, title(handoff, workflow) or "First task"
    steps = len(told.checklist) if told else 0
    count = f"{len(handoff.ticks)} of {steps} steps done" if steps else "the first task"
    said = f"{name}: {count}, for {who(handoff.owner, 'nobody yet')}."
    return blocks.escape(said, 1000), blocks.fitted(lambda limit: _body(handoff, workflow, name, redrawn, limit))


def _body(handoff: Handoff, workflow: Workflow, name: str, redrawn: str, limit: int) -> list[Block]:
    told = workflow.first_task
    body = [blocks.header(name), blocks.rich(blocks.line(*_state(handoff, workflow)))]
    if told is None or not told.checklist:
        return body
    if handoff.status in _TICKED:
        return [*body, *_boxes(handoff, told, redrawn), *_ticked(handoff, told)]
    return [*body, blocks.rich(blocks.bullets(step_lines(handoff, told, limit)))]


def group_of(block_id: str) -> tuple[str, int]:
    """The handoff's id and the first step of a group of boxes. Reads anything; a start that is none is -1."""
    _, _, rest = block_id.partition(":")
    handoff_id, _, start = rest.partition(":")
    number = start.partition(":")[0]
    return handoff_id, int(number) if re.fullmatch("[0-9]{1,3}", number) else -1


def done_now(handoff: Handoff, start: int, picked: object) -> tuple[int, ...]:
    """Which steps are done once a group of boxes says `picked`: its own as picked, the others as they are stored."""
    if start < 0:  # not a group of ours
        return tuple(sorted(tick.step for tick in handoff.ticks))
    others = {tick.step for tick in handoff.ticks if not start <= tick.step < start + BOXES}
    values = [str(one.get("value")) for one in picked if isinstance(one, dict)] if isinstance(picked, list) else []
    mine = {int(value) for value in values if re.fullmatch("[0-9]{1,3}", value)}
    return tuple(sorted(others | {step for step in mine if start <= step < start + BOXES}))


def owner_blocks(handoff: Handoff, workflow: Workflow) -> list[Block]:
    """What the owner is given in the direct message of the claim: where the brief is, and what can be done next."""
    body = []
    if where := brief_link(handoff):
        task = " The first task stands in its thread." if workflow.first_task else ""
        body.append(blocks.rich(blocks.line(blocks.words("The brief is in "), where, blocks.words(f".{task}"))))
    presses = []
    if handoff.status is Status.OWNED:
        presses.append(blocks.button("Schedule kickoff", buttons.KICKOFF, handoff.id, style="primary"))
    if workflow.welcome_email is not None and handoff.status in _TICKED:
        presses.append(blocks.button("Draft the welcome e-mail", buttons.EMAIL, handoff.id))
    return [*body, blocks.actions(*presses)] if presses else body


def brief_link(handoff: Handoff) -> Element | None:
    """The channel where the brief stands, to be pressed; None while there is no brief."""
    if handoff.brief_post is None or not _CHANNEL.fullmatch(handoff.brief_post.channel):
        return None
    return {"type": "channel", "channel_id": handoff.brief_post.channel}


def _state(handoff: Handoff, workflow: Workflow) -> list[Element]:
    steps = len(workflow.first_task.checklist) if workflow.first_task else 0
    if not handoff.is_open:
        over = "This handoff is done." if handoff.status is Status.DONE else "This handoff was cancelled."
        return [blocks.words(f"{over} Nothing here is waited for any more.")]
    if handoff.owner is None:
        return [blocks.words("Nobody owns this now. Whoever takes the brief above goes on from here.")]
    said = [mention(handoff.owner), blocks.words(" starts the work here.")]
    if (when := due(handoff, workflow)) is not None:
        said += [blocks.words(" Due "), _day(when), blocks.words(".")]
    if steps and len(handoff.ticks) >= steps:
        said.append(blocks.words(f" All {steps} steps are done." if steps > 1 else " The step is done.", bold=True))
    elif handoff.status not in _TICKED:
        said.append(blocks.words(" The handoff is back with sales or in review; the steps wait for it."))
    return said


def _day(at: datetime) -> Element:
    """A day, as the reader's own calendar has it."""
    shown: Element = {"type": "date", "timestamp": int(at.timestamp()), "format": "{date_long_pretty}"}
    return {**shown, "fallback": f"{at:%d %b %Y}"}


def _boxes(handoff: Handoff, told: FirstTask, redrawn: str) -> list[Block]:
    """The steps as boxes, in groups as large as Slack takes. Their block's id names the handoff and the first step."""
    done = {tick.step for tick in handoff.ticks}
    groups = []
    for start in range(0, len(told.checklist), BOXES):
        options = {i: _option(i, step) for i, step in enumerate(told.checklist[start : start + BOXES], start)}
        element: Element = {"type": "checkboxes", "action_id": buttons.STEPS, "options": list(options.values())}
        if ticked := [option for i, option in options.items() if i in done]:
            element["initial_options"] = ticked
        block_id = f"steps:{handoff.id}:{start}" + (f":{redrawn}" if redrawn else "")
        groups.append({**blocks.actions(element), "block_id": block_id})
    return groups


def _option(place: int, step: str) -> Element:
    """A box; a long step goes on in its second line."""
    text = blocks.clean(step).strip() or "–"
    option: Element = {"value": str(place)}
    if len(text) > _MOST_LETTERS:
        at = text.rfind(" ", 0, _MOST_LETTERS)
        at = at if at > 0 else _MOST_LETTERS
        option["description"] = blocks.plain(text[at:].strip() or "…", _MOST_LETTERS)
        text = text[:at]
    return {"text": blocks.plain(text, _MOST_LETTERS), **option}


def step_lines(handoff: Handoff, told: FirstTask, limit: int = 1500) -> list[Element]:
    """Every step as a line, with who did it and when."""
    ticks = {tick.step: tick for tick in handoff.ticks}
    lines = []
    for place, step in enumerate(told.checklist):
        said = [blocks.words(step, limit=limit)]
        if (tick := ticks.get(place)) is not None:
            by = f"  — done by {blocks.cut(tick.by.name, 60)}, "
            said += [blocks.words(by, italic=True), blocks.moment(tick.at)]
        lines.append(blocks.line(*said))
    return lines


def _ticked(handoff: Handoff, told: FirstTask) -> list[Block]:
    """Who ticked what, and when."""
    ticks = [tick for tick in handoff.ticks if tick.step < len(told.checklist)]
    lines = [
        blocks.line(
            blocks.words(f"{blocks.cut(told.checklist[t.step], 60)} — {blocks.cut(t.by.name, 60)}, ", italic=True),
            blocks.moment(t.at),
        )
        for t in ticks
    ]
    return [blocks.rich(blocks.line(blocks.words("Done", bold=True)), blocks.bullets(lines))] if lines else []
