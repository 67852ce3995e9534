"""What sales says: answers, drafts, replies in the thread."""

from datetime import datetime

from handoff import checklist, quality
from handoff.decision import Decision, ReplyKind
from handoff.events import Answered, Drafted, Replied
from handoff.model import Answer, Draft, Flag, Handoff, Person, Source, Status
from handoff.notices import AskNext
from handoff.rights import may_read
from handoff.rules import progress
from handoff.rules.case import Case, Notices
from handoff.rules.owning import not_allowed
from handoff.workflow import ChecklistField, FieldType

NOT_ASKED = "This is not asked any more."


def answered(case: Case, event: Answered) -> Decision:
    """Take answers that are of the right kind; then on to reviewers or delivery, if nothing is missing any more."""
    handoff = case.handoff
    if handoff.status is not Status.COLLECTING:
        return too_late(case)
    said = _said(case, event)
    if barred := _of_others(case, event, said):
        return not_allowed(case, barred.visible_to)
    if wrong := _wrong(case, event, said):
        return case.wrong(wrong)
    given = _given(case, event, said)
    names = {a.key for a in given}
    changed = handoff.model_copy(
        update={
            "answers": (*(a for a in handoff.answers if a.key not in names), *given),
            "drafts": tuple(d for d in handoff.drafts if d.key not in names),
            "wanted": tuple(key for key in handoff.wanted if key not in names),
        }
    )
    changed, reviews = _flagged(case, event, changed)
    return progress.advance(case, changed, (*case.update_ask(), *_to_crm(case, event, given), *reviews))


def too_late(case: Case) -> Decision:
    """Everything was there already, or the handoff is over."""
    handoff = case.handoff
    if not handoff.is_open:
        return case.unchanged(ReplyKind.OVER)
    by = next((a.by for a in reversed(handoff.answers) if a.by), None)
    return case.unchanged(ReplyKind.ALREADY_COMPLETE, by, handoff.completed_at or case.now)


def drafted(case: Case, event: Drafted) -> Decision:
    """Keep what was typed, unchecked; what was taken back is forgotten."""
    if case.handoff.status is not Status.COLLECTING:
        return too_late(case)
    known = {f.key for f in case.workflow.checklist}
    typed = {**{k: (t, False) for k, t in event.answers.items()}, **{k: (t, True) for k, t in event.waived.items()}}
    barred = [f for f in case.workflow.checklist if f.key in typed and not may_read(f, event.roles, event.by)]
    if barred and len(barred) == len(typed):
        return not_allowed(case, barred[0].visible_to)
    for field in barred:  # what else stands in the form is kept
        del typed[field.key]
    drafts = tuple(d for d in case.handoff.drafts if d.key not in typed)
    drafts += tuple(
        Draft(key=key, text=text, at=event.at, by=_first_said(case.handoff, key, text, event.by), waived=waived)
        for key, (text, waived) in typed.items()
        if key in known and text.strip()
    )
    if drafts == case.handoff.drafts:
        return case.unchanged(ReplyKind.ALREADY_SO)
    return Decision(handoff=case.handoff.model_copy(update={"drafts": drafts}), notices=case.update_ask())


def replied(case: Case, event: Replied) -> Decision:
    """A reply in the thread answers the first question that is missing; what was wrong or is next is said there."""
    if case.was_heard:
        return case.unchanged(ReplyKind.ALREADY_SO)
    if case.handoff.status is not Status.COLLECTING:
        return too_late(case)
    field = checklist.missing(case.workflow, case.handoff)[0]
    if not may_read(field, event.roles, event.by):
        return not_allowed(case, field.visible_to)
    facts = event.model_dump(exclude={"kind", "text"})
    decision = answered(case, Answered(answers={field.key: event.text}, **facts))
    complaint = decision.reply.complaints.get(field.key)
    if decision.reply.kind is ReplyKind.WRONG_ANSWERS:
        decision = Decision(handoff=case.handoff)
    decision = decision.model_copy(update={"handoff": case.hearing(decision.handoff)})
    return decision.also(AskNext(complaint=complaint, **case.common("next")))


def _said(case: Case, event: Answered) -> dict[str, str]:
    """What was typed, without spaces that are no answer and without what the CRM or the same person said before."""
    handoff = case.handoff
    lacking = {f.key for f in checklist.missing(case.workflow, handoff)}
    meant = {key: text for key, text in event.answers.items() if key not in event.waived}
    typed = {key: text for key, text in meant.items() if text.strip() or key in lacking}
    return {key: text for key, text in typed.items() if key in handoff.wanted or not _is_the_same(handoff, key, text)}


def _of_others(case: Case, event: Answered, said: dict[str, str]) -> ChecklistField | None:
    """A field that only others may answer; none if what they saved is handed over as it is."""
    for field in case.workflow.checklist:
        text, draft = said.get(field.key) or event.waived.get(field.key), case.handoff.draft(field.key)
        is_said = text and (draft is None or draft.text.strip() != text.strip())
        if is_said and not may_read(field, event.roles, event.by):
            return field
    return None


def _is_the_same(handoff: Handoff, key: str, text: str) -> bool:
    answer = handoff.answer(key)
    return answer is not None and answer.source is not Source.WAIVED and answer.value.strip() == text.strip()


def _wrong(case: Case, event: Answered, said: dict[str, str]) -> dict[str, str]:
    """What is wrong with the answers, by key."""
    fields = {f.key: f for f in case.workflow.checklist}
    known = {**checklist.values(case.handoff.record, case.handoff.answers), **said}
    wrong = {key: NOT_ASKED for key in (*said, *event.waived) if key not in fields}
    for key, text in said.items():
        found = NOT_ASKED if key not in fields else checklist.complaint(fields[key], text, known, case.workflow)
        found = found or _overtaken(case.handoff, key, event)
        if found:
            wrong[key] = found
    for key, reason in event.waived.items():
        if key in fields and (found := quality.reason_complaint(reason) or _overtaken(case.handoff, key, event)):
            wrong[key] = found
    tidied = {key: checklist.tidy(fields[key], text) for key, text in said.items() if key not in wrong}
    wrong |= {k: v for k, v in quality.complaints(case.workflow, tidied, {**known, **tidied}).items() if k not in wrong}
    allowed = case.workflow.exceptions.flags if case.workflow.exceptions else ()
    if unknown := [name for name in event.flags if name not in allowed]:
        wrong["flags"] = f"This workflow has no flag “{unknown[0]}”."
    return wrong


def _overtaken(handoff: Handoff, key: str, event: Answered) -> str | None:
    """Whether somebody else answered while the form was open: nobody's words are overwritten unseen."""
    answer = handoff.answer(key)
    if answer is None or answer.by is None or event.opened_at is None:
        return None
    if answer.at <= event.opened_at or answer.by.is_same(event.by):
        return None
    return f"{answer.by.name} answered this while your form was open. Close it and open it again to see both."


def _given(case: Case, event: Answered, said: dict[str, str]) -> tuple[Answer, ...]:
    fields = {f.key: f for f in case.workflow.checklist}
    given = []
    for key, text in said.items():
        value = checklist.tidy(fields[key], text)
        by = _first_said(case.handoff, key, text, event.by)
        crm_value = _crm_text(fields[key], value, event)
        given.append(Answer(key=key, value=value, source=Source.PERSON, at=event.at, by=by, crm_value=crm_value))
    for key, reason in event.waived.items():
        given.append(Answer(key=key, value=reason.strip(), source=Source.WAIVED, at=event.at, by=event.by))
    return tuple(given)


def _first_said(handoff: Handoff, key: str, text: str, by: Person) -> Person:
    """Who said it: a colleague's words that are handed over as they are stay theirs."""
    draft = handoff.draft(key)
    return draft.by if draft is not None and draft.text.strip() == text.strip() else by


def _crm_text(field: ChecklistField, value: str, event: Answered) -> str | None:
    """The answer as the CRM is told of it, where that is another text."""
    if field.type is FieldType.PERSON and value in event.people:
        return event.people[value].name
    return {"yes": "true", "no": "false"}[value] if field.type is FieldType.YES_NO else None


def _to_crm(case: Case, event: Answered, given: tuple[Answer, ...]) -> Notices:
    fields = {f.key: f for f in case.workflow.checklist}
    said = [a for a in given if a.source is Source.PERSON and fields[a.key].crm]
    back = {fields[a.key].crm or "": a.crm_value or a.value for a in said}
    base = {name: case.handoff.record.fields.get(name) for name in back}
    notes = case.noted("answered", event.by, (a.key for a in said)) if said else ()
    waived = tuple(a.key for a in given if a.source is Source.WAIVED)
    notes += case.noted("waived", event.by, waived) if waived else ()
    return (*case.written(back, "answers", base), *notes)


def _flagged(case: Case, event: Answered, handoff: Handoff) -> tuple[Handoff, Notices]:
    """Flags that were ticked in the form, and are not up already."""
    up = {flag.name for flag in handoff.flags if flag.verdict is None}
    names = (name for name in dict.fromkeys(event.flags) if name not in up)
    new = tuple(new_flag(name, event.flag_note, event.by, event.at) for name in names)
    places = tuple(range(len(handoff.flags), len(handoff.flags) + len(new)))
    raised = handoff.model_copy(update={"flags": handoff.flags + new})
    raised, notices, _ = progress.review_posts(case, raised, places)
    return raised, notices


def new_flag(name: str, note: str, by: Person, at: datetime) -> Flag:
    """A flag that nobody has decided on."""
    return Flag(name=name, note=note.strip(), by=by, at=at)
