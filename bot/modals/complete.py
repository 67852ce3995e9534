"""The modal *Complete handoff*: what is known on top, then only what is missing, in steps if it is much. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.messages import blocks, buttons
from bot.messages.answers import shown, system_name
from bot.messages.blocks import Block, Element
from bot.modals import fields, forms
from bot.modals.sheet import FLAG_NOTE, FLAGS, Sheet
from handoff import checklist
from handoff.model import Draft, Handoff, Question, SendBack, Source, Status
from handoff.workflow import ChecklistField, Workflow

CALLBACK = "complete_handoff"

_ROOM = 2500  # characters for what is known already
_MOST_NOTE = 1000


@dataclass(frozen=True)
class Say:
    """What the form says besides its questions: complaints under their fields' keys, when it was saved, what failed."""

    complaints: Mapping[str, str]
    saved_at: datetime | None = None
    trouble: str | None = None


NOTHING = Say({})


def build(sheet: Sheet, say: Say = NOTHING) -> dict[str, Any]:
    """The view. On all steps but the last, its submit button leads to the next one."""
    step, steps = sheet.count
    last = sheet.after is None
    title = "Complete handoff" if steps == 1 else f"Complete handoff {step}/{steps}"
    body = [*_top(sheet, step, steps), *_questions(sheet, say), *_below(sheet, last=last)]
    body += [_row(sheet), *_remarks(say)]
    view = forms.form(CALLBACK, title, "Hand over" if last else "Next", sheet.place.packed(), body)
    return {**view, "notify_on_close": True}


def closed(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:
    """What is said instead of the form where there is nothing to fill in any more."""
    name = blocks.cut(handoff.record.name, 200)
    where = {
        Status.IN_REVIEW: f"Every answer for {name} is there. It waits for a review, then goes to delivery.",
        Status.CANCELLED: f"The handoff of {name} was cancelled, so nothing is asked any more.",
        Status.DONE: f"The handoff of {name} is done; everything was there.",
    }
    plain = f"Every answer for {name} is there, and the brief is in {workflow.delivery.channel}."
    title = "Cancelled" if handoff.status is Status.CANCELLED else "Complete already"
    return forms.note(title, where.get(handoff.status, plain))


def still_missing(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:
    """What is said after answers that were not everything: what the handoff still waits for, and from whom."""
    lines = []
    for field in checklist.missing(workflow, handoff):
        by = f" Only {', '.join(field.visible_to)} may answer this: ask them." if field.visible_to else ""
        lines.append(blocks.line(blocks.words(f"{field.ask}{by}", limit=400)))
    said = f"Your answers for {blocks.cut(handoff.record.name, 200)} are stored. It still waits for:\n"
    body = [blocks.rich(blocks.line(blocks.words(said)), blocks.bullets(lines))] if lines else []
    return {
        **forms.note("Stored, not complete", said),
        "blocks": body or [blocks.rich(blocks.line(blocks.words(said)))],
    }


def _top(sheet: Sheet, step: int, steps: int) -> list[Block]:
    handoff, workflow = sheet.handoff, sheet.workflow
    does = f"goes to {workflow.delivery.channel}" if not handoff.was_briefed else "goes back to delivery"
    text = f"Once these are answered, the brief {does}."
    if handoff.wanted:
        text = f"Only what was sent back is asked here. Once it is answered, the brief {does}."
    if sheet.place.is_correcting:
        text = f"Change what is not right and leave the rest. Once nothing is missing, the brief {does}."
    if steps > 1:
        text = f"Step {step} of {steps}. {text}"
    top = forms.about(handoff, text)
    return top if sheet.place.is_correcting or step > 1 else [*top, *_known(sheet)]


def _known(sheet: Sheet) -> list[Block]:
    handoff, workflow = sheet.handoff, sheet.workflow
    asked = {f.key for f in sheet.everything}
    there = [f for f in checklist.applying(workflow, handoff) if f.key not in asked]
    known = [(f, a) for f in there if (a := handoff.answer(f.key))]
    if not known:
        return []
    limit = max(40, _ROOM // len(known))
    lines = [blocks.line(blocks.words(f"{f.ask} "), shown(f, a, limit, inline=True)) for f, a in known]
    from_crm = all(a.source is Source.CRM for _, a in known)
    title = f"In {system_name(handoff.record.ref.system)} already\n" if from_crm else "Known already\n"
    correct = blocks.button("Correct something", buttons.CORRECT, handoff.id)
    listed = blocks.rich(blocks.line(blocks.words(title, bold=True)), blocks.bullets(lines))
    return [listed, {**blocks.actions(correct), "block_id": "correct"}, {"type": "divider"}]


def _questions(sheet: Sheet, say: Say) -> list[Block]:
    body: list[Block] = []
    for field in sheet.shown:
        body += [*_why_again(field, sheet.handoff), _question(field, sheet), *_complaint(field, say)]
    if not body and not sheet.hidden:
        body.append(blocks.rich(blocks.line(blocks.words("Every question has its answer."))))
    return body


def _why_again(field: ChecklistField, handoff: Handoff) -> list[Block]:
    """Above a question: why it was sent back."""
    if field.key not in handoff.wanted or (back := sent_back(handoff, field.key)) is None:
        return []
    why = f"{blocks.cut(back.by.name, 100)} sent this back: “{blocks.cut(back.reason, 600)}”"
    return [blocks.rich(blocks.line(blocks.words(why, italic=True)))]


def _complaint(field: ChecklistField, say: Say) -> list[Block]:
    """Below a question, as Slack's own errors: what is wrong with its answer."""
    complaint = say.complaints.get(field.key)
    return [blocks.rich(blocks.line(blocks.words(f"↑ {complaint}", bold=True, limit=600)))] if complaint else []


def sent_back(handoff: Handoff, key: str) -> SendBack | None:
    """Who sent a field back last, and why."""
    return next((back for back in reversed(handoff.send_backs) if key in back.fields), None)


def _question(field: ChecklistField, sheet: Sheet) -> Block:
    draft, before = sheet.draft(field.key), sheet.answer(field.key)
    if field.key in sheet.waiving:
        waived = before.value if before and before.source is Source.WAIVED else None
        return fields.reason_block(field, draft.text if draft and draft.waived else waived)
    initial = draft.text if draft and not draft.waived else None
    if initial is None and before is not None and before.source is not Source.WAIVED:
        initial = before.value
    return fields.input_block(
        field,
        required=sheet.is_required(field),
        hints=_hints(field, sheet),
        initial=initial,
        is_watched=field.key in sheet.watched,
    )


def _hints(field: ChecklistField, sheet: Sheet) -> Sequence[str]:
    hints = []
    draft, before, doubt = sheet.draft(field.key), sheet.answer(field.key), _doubt(field, sheet)
    if draft is not None and not draft.by.is_same(sheet.reader):
        hints.append(f"From {blocks.cut(draft.by.name, 100)}.")
    elif draft is None and before is not None and before.by is not None:
        hints.append(f"Said by {blocks.cut(before.by.name, 100)}.")
    if before is not None and before.source is Source.WAIVED:
        hints.append(f"So far: does not apply, because “{blocks.cut(before.value, 200)}”.")
    hints += [_said_by_colleague(q) for q in sheet.handoff.questions if _is_beside(q, field, draft)][-2:]
    return [*hints, doubt] if doubt and before is None else hints


def _is_beside(question: Question, field: ChecklistField, draft: Draft | None) -> bool:
    """Whether a colleague's answer is to be read beside another draft."""
    if question.is_to_sales or question.about != field.key or question.answer is None:
        return False
    return draft is None or draft.text != question.answer


def _said_by_colleague(question: Question) -> str:
    name = blocks.cut(question.answered_by.name, 100) if question.answered_by else "A colleague"
    return f"{name} answered you: “{blocks.cut(question.answer or '', 400)}”"


def _doubt(field: ChecklistField, sheet: Sheet) -> str | None:
    """Why what the CRM has will not do as an answer, if it has something."""
    handoff = sheet.handoff
    says = (handoff.record.fields.get(field.crm or "") or "").strip()
    if not says or field.visible_to:
        return None
    known = checklist.values(handoff.record, handoff.answers)
    complaint = checklist.complaint(field, says, known, sheet.workflow)
    if complaint is None:
        return None
    system = system_name(handoff.record.ref.system)
    return f"{system} says “{blocks.cut(says, 100)}”. {blocks.cut(complaint, 300)}"


def _below(sheet: Sheet, *, last: bool) -> list[Block]:
    body: list[Block] = []
    for field in [f for f in sheet.hidden if f.visible_to][:10] if last else ():
        draft = sheet.draft(field.key)
        known = f"; {blocks.cut(draft.by.name, 100)} has answered, and it goes with yours" if draft else ""
        text = f"“{field.ask}” is answered by {', '.join(field.visible_to)} only{known}."
        body.append(blocks.rich(blocks.line(blocks.words(text, italic=True, limit=600))))
    if sheet.waivable:
        body.append(_waive(sheet))
    return [*body, *_flags(sheet)] if last else body


def _waive(sheet: Sheet) -> Block:
    options = forms.options({f.key: f.ask for f in sheet.waivable})
    picked = [option for option in options if option["value"] in sheet.waiving]
    menu: Element = {
        "type": "multi_static_select",
        "options": options,
        "placeholder": blocks.plain("Choose a question"),
    }
    menu |= {"initial_options": picked} if picked else {}
    hint = "Choose the question, then say why. The reason goes onto the brief."
    block = forms.input_block(sheet.waive_id, "Does something not apply?", menu, hint, optional=True)
    block["element"]["action_id"] = buttons.WAIVE
    return {**block, "dispatch_action": True}


def _flags(sheet: Sheet) -> list[Block]:
    exceptions = sheet.workflow.exceptions
    up = {flag.name for flag in sheet.handoff.flags if flag.verdict is None}
    names = {str(i): name for i, name in enumerate(exceptions.flags if exceptions else ()) if name not in up}
    if not names or exceptions is None:
        return []
    options = forms.options(names)
    ticked = [option for option in options if int(option["value"]) in sheet.place.flags]
    boxes: Element = {"type": "checkboxes", "options": options}
    boxes |= {"initial_options": ticked} if ticked else {}
    hint = f"A flag waits for a decision in {exceptions.channel} before delivery sees the brief."
    note = forms.text_input(FLAG_NOTE, "What should the reviewer know?", multiline=True, optional=True)
    note["element"] |= {"max_length": _MOST_NOTE}
    note["element"] |= {"initial_value": sheet.place.flag_note} if sheet.place.flag_note else {}
    return [forms.input_block(FLAGS, "Anything unusual?", boxes, hint, optional=True), note]


def _row(sheet: Sheet) -> Block:
    handoff_id = sheet.handoff.id
    row = [blocks.button("Back", buttons.BACK, handoff_id)] if sheet.before is not None else []
    row.append(blocks.button("Save draft", buttons.SAVE_DRAFT, handoff_id))
    if sheet.after is not None:
        row.append(blocks.button("Skip for now", buttons.SKIP, handoff_id))
    row.append(blocks.button("Ask a colleague", buttons.ASK_COLLEAGUE, handoff_id))
    return {**blocks.actions(*row), "block_id": "row"}


def _remarks(say: Say) -> list[Block]:
    if say.trouble:
        return [blocks.rich(blocks.line(blocks.words(say.trouble, bold=True, limit=600)))]
    if say.saved_at is None:
        text = "Slack forgets what is typed here when this window is closed. Save draft keeps it."
        return [blocks.rich(blocks.line(blocks.words(text, italic=True)))]
    saved = [blocks.words("Saved ", bold=True), _clock(say.saved_at), blocks.words(". Nothing is handed over yet.")]
    return [blocks.rich(blocks.line(*saved))]


def _clock(at: datetime) -> Element:
    """A time of day, in the reader's own time zone."""
    return {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": "{time}",
        "fallback": f"{at:%H:%M} {at.tzname()}",
    }
