"""The brief: handoff in, blocks out. Pure. The four questions come first, in their order, and nothing is hidden."""

import math
import re
from datetime import timedelta

from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot import blocks
from bot.blocks import Block, Element
from bot.buttons import TAKE
from handoff import checklist
from handoff.model import Answer, Handoff, Source, Status
from handoff.terms import length
from handoff.workflow import ChecklistField, FieldType, Workflow

_MOST_BLOCKS = 30  # of answers; Slack takes 50 blocks in a message
_UNKNOWN = "Not known yet"
_SYSTEMS = {"hubspot": "HubSpot", "salesforce": "Salesforce", "pipedrive": "Pipedrive"}


def brief(handoff: Handoff, workflow: Workflow, instead: str | None = None) -> tuple[str, list[Block]]:
    """The brief's fallback text and blocks as the handoff stands. `instead` says why it is not in its own channel."""
    body = blocks.fitted(lambda limit: _body(handoff, workflow, instead, limit))
    return blocks.escape(f"{handoff.record.name}: {_in_short(handoff)}", 1000), body


def _body(handoff: Handoff, workflow: Workflow, instead: str | None, limit: int) -> list[Block]:
    asked_first = {workflow.brief.promised, workflow.brief.expects_next}
    rest = [f for f in checklist.applying(workflow, handoff) if f.key not in asked_first]
    body = [
        blocks.header(handoff.record.name),
        *(blocks.rich(question) for question in _four_questions(handoff, workflow, limit)),
        {"type": "divider"},
        *_spread([_answered(f, handoff, limit) for f in rest]),
        blocks.rich(blocks.line(*_origin(handoff, workflow))),
    ]
    if instead:
        body.insert(1, _misplaced(workflow.delivery.channel, instead))
    if handoff.status is Status.UNCLAIMED:
        body.append(blocks.actions(blocks.button("Take ownership", TAKE, handoff.id, style="primary")))
    return body


def ago(span: timedelta) -> str:
    """How long a span is, in one unit, for people: `4 s`, `12 min`, `3 h`, `2 days`."""
    seconds = max(1, int(span.total_seconds()))
    for size, unit in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (seconds >= size and unit != "days"):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def system_name(system: str) -> str:
    """A CRM as its users call it."""
    return _SYSTEMS.get(system, system)


def first_task(handoff: Handoff, workflow: Workflow) -> str | None:
    """The title of the task that starts the work."""
    if workflow.first_task is None:
        return None
    record = {"name": handoff.record.name, "fields": dict(handoff.record.fields)}
    try:
        return ImmutableSandboxedEnvironment().from_string(workflow.first_task.title).render(record=record)[:1000]
    except Exception:  # noqa: BLE001 -- a template may divide by an empty field; the brief is worth more than its title
        return workflow.first_task.title


def shown(field: ChecklistField, answer: Answer, limit: int, *, inline: bool = False) -> Element:
    """An answer as people read it, `inline` in italics behind its question. What only some may read is never shown."""
    value = answer.value.replace("\n", " ") if inline else answer.value
    if field.visible_to:
        return blocks.words(f"Answered; only {', '.join(field.visible_to)} may read it.", italic=True, limit=limit)
    if field.type is FieldType.LINK:
        return blocks.link(value, value, min(limit, 200))
    if field.type is FieldType.PERSON and answer.source is Source.PERSON and re.fullmatch("[UW][A-Z0-9]{4,}", value):
        return blocks.user(value)
    value = ", ".join(value.split(";")) if field.type is FieldType.CHOICES else value
    return blocks.words(value, italic=inline, limit=limit)


def _four_questions(handoff: Handoff, workflow: Workflow, limit: int) -> list[Element]:
    known = {f.key: f for f in workflow.checklist}
    return [
        _question("Who owns the next step?", *_owner(handoff, limit)),
        _question("What was promised?", *_value(known[workflow.brief.promised], handoff, limit)),
        _question("What does the client expect next?", *_value(known[workflow.brief.expects_next], handoff, limit)),
        _question("What task starts the work?", *_task(handoff, workflow, limit)),
    ]


def _question(text: str, *answer: Element) -> Element:
    return blocks.line(blocks.words(f"{text}\n", bold=True), *answer)


def _spread(answers: list[Element]) -> list[Block]:
    """A block for each answer, for the air between them; several in one where there would be too many blocks."""
    together = math.ceil(len(answers) / _MOST_BLOCKS) or 1
    return [blocks.rich(*answers[i : i + together]) for i in range(0, len(answers), together)]


def _owner(handoff: Handoff, limit: int) -> list[Element]:
    if handoff.owner is None or handoff.owned_at is None:
        return [blocks.words("Nobody yet. Whoever presses Take ownership has it.")]
    who = handoff.owner
    name = blocks.user(who.slack_id) if who.slack_id else blocks.words(who.name, limit=limit)
    waited = handoff.owned_at - (handoff.completed_at or handoff.opened_at)
    return [name, blocks.words(f" took it {ago(waited)} after the brief was ready.")]


def _task(handoff: Handoff, workflow: Workflow, limit: int) -> list[Element]:
    title = first_task(handoff, workflow)
    if title is None or workflow.first_task is None:
        return [blocks.words(_UNKNOWN)]
    steps = ", then ".join(_lower(step) for step in workflow.first_task.checklist)
    due = f", due {_spoken(workflow.first_task.due)} after somebody takes it"
    if handoff.owned_at is not None:
        due = f", due {handoff.owned_at + length(workflow.first_task.due):%d %b}"
    return [blocks.words(title + due + (f": {steps}." if steps else "."), limit=max(300, limit))]


def _spoken(duration: str) -> str:
    duration = duration.strip()
    number, unit = int(duration[:-1]), {"s": "second", "m": "minute", "h": "hour", "d": "day"}[duration[-1]]
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _lower(step: str) -> str:
    return step[:1].lower() + step[1:]


def _answered(field: ChecklistField, handoff: Handoff, limit: int) -> Element:
    return _question(blocks.cut(field.ask, limit), *_value(field, handoff, limit))


def _value(field: ChecklistField, handoff: Handoff, limit: int) -> list[Element]:
    answer = handoff.answer(field.key)
    if answer is None:
        return [blocks.words(_UNKNOWN, italic=True)]
    return [shown(field, answer, limit), *([] if field.visible_to else _provenance(answer, handoff, limit))]


def _provenance(answer: Answer, handoff: Handoff, limit: int) -> list[Element]:
    if answer.source is Source.CRM:
        return [blocks.words(f"  — from {system_name(handoff.record.ref.system)}", italic=True)]
    name = answer.by.name if answer.by else "somebody"
    return [blocks.words(f"  — {blocks.cut(name, min(limit, 100))}, ", italic=True), blocks.moment(answer.at)]


def _origin(handoff: Handoff, workflow: Workflow) -> list[Element]:
    seller = handoff.asked.name if handoff.asked else "sales"
    parts = [blocks.words(f"{workflow.title} · from {seller}", italic=True, limit=300)]
    if handoff.record.url:
        system = system_name(handoff.record.ref.system)
        parts += [blocks.words(" · "), blocks.link(handoff.record.url, f"open in {system}")]
    return parts


def _in_short(handoff: Handoff) -> str:
    if handoff.owner is not None:
        return f"{handoff.owner.name} owns the next step."
    return "the brief is ready, nobody owns the next step yet."


def _misplaced(channel: str, reason: str) -> Block:
    text = f"This belongs in {channel}, which refused it ({reason}). Invite Baton there or mend handoffs.yml."
    return blocks.rich(blocks.line(blocks.words(text, italic=True, limit=500)))
