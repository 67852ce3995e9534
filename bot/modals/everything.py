"""*Show everything*: the whole brief in a modal, nothing cut, on as many pages as it takes."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from bot.messages import blocks, brief_notes, briefs, buttons, first_task, standing
from bot.messages.answers import UNKNOWN, provenance, shown, system_name
from bot.messages.blocks import Block, Element
from bot.modals import forms
from handoff import checklist
from handoff.model import Handoff
from handoff.workflow import ChecklistField, FieldType, Workflow

CALLBACK = "everything"

_MOST_BLOCKS = 90  # on a page; Slack takes 100
_MOST_BYTES = 200_000  # of JSON; Slack takes 250 kB
_PIECE = 2900  # characters of an answer in one element


def build(
    handoff: Handoff, workflow: Workflow, page: int = 0, may_read: Callable[[ChecklistField], bool] = lambda _: False
) -> dict[str, Any]:
    """One page of it. `may_read` says which restricted fields whoever looks may see; by default none."""
    pages = _pages(list(_body(handoff, workflow, may_read)))
    page = min(max(page, 0), len(pages) - 1)
    body = pages[page]
    if len(pages) > 1:
        place = blocks.rich(blocks.line(blocks.words(f"Page {page + 1} of {len(pages)}", italic=True)))
        body = [*body, place, blocks.actions(*_turns(handoff, page, len(pages)))]
    return forms.form(CALLBACK, "Everything", None, handoff.id, body, close="Close")


def _turns(handoff: Handoff, page: int, count: int) -> Iterator[Element]:
    if page > 0:
        yield blocks.button("Back", buttons.PAGE_BACK, buttons.value(handoff, page - 1))
    if page < count - 1:
        yield blocks.button("Next", buttons.PAGE_NEXT, buttons.value(handoff, page + 1))


def _body(handoff: Handoff, workflow: Workflow, may_read: Callable[[ChecklistField], bool]) -> Iterator[Block]:
    yield blocks.header(handoff.record.name)
    yield _asked("Who owns the next step?", *standing.owner(handoff, workflow, 1500))
    first = (workflow.brief.promised, workflow.brief.expects_next)
    fields = {f.key: f for f in checklist.applying(workflow, handoff)}
    for key in (*first, *(key for key in fields if key not in first)):
        if key in fields:
            yield from _field(fields[key], handoff, may_read=may_read(fields[key]))
    yield from _task(handoff, workflow)
    readable = all(may_read(f) for f in workflow.checklist if f.visible_to)
    for title, lines in brief_notes.entries(handoff, workflow, _PIECE, hides=not readable):
        if lines:
            yield {"type": "divider"}
            yield blocks.rich(blocks.line(blocks.words(title, bold=True)))
            yield from (blocks.rich(one) for one in lines)
    yield from brief_notes.quiet(handoff, 1500)
    yield from _record(handoff, workflow)


def _asked(text: str, *answer: Element) -> Block:
    return blocks.rich(briefs.question(text, *answer))


def _field(field: ChecklistField, handoff: Handoff, *, may_read: bool) -> Iterator[Block]:
    """A field with its whole answer, in as many blocks as that takes."""
    answer = handoff.answer(field.key)
    if answer is None:
        again = "Not known yet; asked again" if field.key in handoff.wanted else UNKNOWN
        yield _asked(field.ask, blocks.words(again, italic=True))
        return
    is_hidden = bool(field.visible_to) and not may_read
    text = blocks.clean(answer.value)
    pieces = [text] if is_hidden else [text[i : i + _PIECE] for i in range(0, len(text), _PIECE)] or [text]
    said = [] if is_hidden else provenance(answer, handoff, 200)
    said += [blocks.words("  — asked again", italic=True)] if field.key in handoff.wanted else []
    first = answer.model_copy(update={"value": pieces[0]})
    is_long_link = field.type is FieldType.LINK and len(text) > 2000  # which Slack does not take as a link
    plain = field.model_copy(update={"type": FieldType.TEXT}) if is_long_link else field
    begins = shown(plain, first, _PIECE + 100, may_read=may_read)
    yield _asked(field.ask, begins, *(said if len(pieces) == 1 else []))
    for number, piece in enumerate(pieces[1:], 2):
        yield blocks.rich(blocks.line(blocks.words(piece), *(said if number == len(pieces) else [])))


def _task(handoff: Handoff, workflow: Workflow) -> Iterator[Block]:
    title = first_task.title(handoff, workflow)
    if title is None or workflow.first_task is None:
        return
    yield {"type": "divider"}
    due = first_task.due(handoff, workflow)
    when = f", due {due:%a} {due.day} {due:%b %Y}" if due else f", due {workflow.first_task.due} after it is taken"
    yield _asked("What task starts the work?", blocks.words(f"{blocks.cut(title, 1000)}{when}"))
    if steps := first_task.step_lines(handoff, workflow.first_task):
        yield blocks.rich(blocks.bullets(steps))


def _record(handoff: Handoff, workflow: Workflow) -> Iterator[Block]:
    record = handoff.record
    yield {"type": "divider"}
    seller = f" · from {handoff.asked.name}" if handoff.asked else ""
    said = [
        blocks.words(f"{workflow.title}{seller} · begun ", italic=True, limit=500),
        blocks.moment(handoff.opened_at),
    ]
    if record.url:
        said += [blocks.words(" · "), blocks.link(record.url, f"open in {system_name(record.ref.system)}")]
    yield blocks.rich(blocks.line(*said))


def _pages(body: list[Block]) -> list[list[Block]]:
    """The blocks in pages that Slack takes."""
    pages: list[list[Block]] = [[]]
    size = 0
    for block in body:
        weight = len(json.dumps(block))
        if pages[-1] and (len(pages[-1]) >= _MOST_BLOCKS or size + weight > _MOST_BYTES):
            pages.append([])
            size = 0
        pages[-1].append(block)
        size += weight
    return pages
