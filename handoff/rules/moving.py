"""The record moves on in the CRM: other values, another stage, gone. Nobody's value is overwritten unseen."""

from collections.abc import Collection, Mapping

from handoff import checklist, conditions
from handoff.decision import Decision, ReplyKind
from handoff.events import Chosen, RecordChanged, Reentered
from handoff.ladder import sales
from handoff.model import OVER, WITH_DELIVERY, Answer, Difference, Handoff, Record, Source, Status
from handoff.notices import AskDifference, AskRep, Lane, UpdateDifference
from handoff.rights import may
from handoff.rules import progress
from handoff.rules.case import Case, Notices, collecting
from handoff.rules.ending import cancelled
from handoff.rules.owning import not_allowed
from handoff.workflow import ChecklistField, Trigger


def starts(trigger: Trigger, record: Record, stage_before: str | None) -> bool:
    """Whether a record that was just read has newly entered the stage of this trigger.

    `stage_before` is the id of the stage it was last seen in. CRMs send hints, not transitions, so only a stage that
    differs from the last one seen counts as entered.
    """
    if record.stage == stage_before or not is_in_stage(trigger, record):
        return False
    return trigger.when is None or conditions.holds(trigger.when, record.fields)


def is_in_stage(trigger: Trigger, record: Record) -> bool:
    """Whether a record stands in the stage of this trigger now."""
    if (record.ref.system, record.ref.object) != (trigger.crm, trigger.object):
        return False
    if trigger.pipeline and not _is_called(trigger.pipeline, record.pipeline, record.pipeline_label):
        return False
    return any(_is_called(stage, record.stage, record.stage_label) for stage in trigger.stages)


def _is_called(name: str, id_: str, label: str) -> bool:
    return name == id_ or (bool(label) and name.casefold() == label.casefold())


def changed(case: Case, event: RecordChanged) -> Decision:
    """Take over what the record says now, as far as nobody has said otherwise; ask where they differ."""
    handoff, record = case.handoff, event.record
    if not handoff.is_open or _is_older(record, handoff.record):
        return case.unchanged(ReplyKind.ALREADY_SO)
    trigger = case.workflow.trigger
    was_in_stage = is_in_stage(trigger, handoff.record)  # begun by hand, it may never have been
    if was_in_stage and not is_in_stage(trigger, record):
        return cancelled(case, "stage_left", record.stage_label or record.stage, None)
    if _same(record, handoff.record):
        return case.unchanged(ReplyKind.ALREADY_SO)
    read, notices = _read(case, handoff, record)
    return _go_on(case, read, (*notices, *case.update_ask(), *case.update_brief()))


def reentered(case: Case, event: Reentered) -> Decision:
    """The same handoff goes on where it was, with what the record says now."""
    if case.handoff.is_open:
        return case.unchanged(ReplyKind.ALREADY_SO)
    again = {"status": Status.COLLECTING, "ending": None, "round": case.handoff.round + 1, "ask_post": None}
    handoff, differences = _read(case, case.handoff.model_copy(update=again), event.record)
    is_complete = not checklist.missing(case.workflow, handoff)
    to = sales(handoff, case.workflow)
    ask = AskRep(to=to, again="resumed", is_complete=is_complete, **case.common("ask"))
    told = case.tell_delivery("resumed", is_for_all=True)
    handoff, reviews, _ = progress.review_posts(case, handoff, handoff.undecided)
    decision = progress.advance(case, handoff, (ask, *told, *case.update_task(), *reviews, *differences))
    if decision.handoff.status is not Status.COLLECTING:
        return decision
    waiting, nags, remarks = case.ladder_begins(decision.handoff)
    notices = (*decision.notices, *case.update_brief(), *nags, *case.status_written("waiting on sales"))
    return Decision(handoff=waiting, notices=notices, remarks=remarks)


def written(case: Case, fields: Mapping[str, str], differs: Mapping[str, str | None]) -> Decision:
    """What the record says after a write: what was written, and what somebody else had put there meanwhile."""
    known = case.handoff.record
    record = known.model_copy(update={"fields": {**known.fields, **fields, **differs}})
    if not case.handoff.is_open:
        return Decision(handoff=case.handoff.model_copy(update={"record": record}))
    read, notices = _read(case, case.handoff, record, differs)
    return _go_on(case, read, notices)  # a condition may speak of what was written


def chosen(case: Case, event: Chosen) -> Decision:
    """A person chose: the CRM's value is taken into the handoff, or the handoff's is written to the CRM."""
    handoff = case.handoff
    if not 0 <= event.difference < len(handoff.differences):
        return case.unchanged(ReplyKind.NOT_NOW)
    difference = handoff.differences[event.difference]
    if difference.kept is not None:
        return case.unchanged(ReplyKind.ALREADY_DECIDED, difference.by)
    if handoff.status in OVER:
        return case.unchanged(ReplyKind.OVER)
    field = next(f for f in case.workflow.checklist if f.key == difference.key)
    if field.visible_to:  # whoever may not read the two values cannot choose between them
        if not may(field.visible_to, event, case.workflow.delivery.channel):
            return not_allowed(case, field.visible_to)
    elif handoff.status in WITH_DELIVERY and handoff.owner and not event.by.is_same(handoff.owner):
        return case.unchanged(ReplyKind.NOT_YOURS, handoff.owner)
    settled = _kept(handoff, event.difference, difference.model_copy(update={"kept": event.kept, "by": event.by}))
    said: Notices = (
        UpdateDifference(lane=_lane(difference), difference=event.difference, **case.common("difference")),
    )
    if event.kept == "ours":
        answer = handoff.answer(field.key)
        is_reason = answer is not None and answer.source is Source.WAIVED  # why it does not apply is no value of it
        name = field.crm or ""
        seen = {name: difference.theirs}  # what was chosen between: a third value is asked about again
        back = () if is_reason else case.written({name: difference.ours}, "choice", seen)
        return Decision(handoff=settled, notices=(*said, *back))
    taken = _with_answer(settled, field, _from_crm(field, difference.theirs, handoff.record, case))
    return _go_on(case, taken, (*said, *case.update_ask(), *case.update_brief()))


def _read(
    case: Case, handoff: Handoff, record: Record, names: Collection[str] | None = None
) -> tuple[Handoff, Notices]:
    """The handoff with what the record says now, and the questions where the two differ. `names`: look at these."""
    record = record.model_copy(update={"fields": {**handoff.record.fields, **record.fields}})
    read, notices = handoff.model_copy(update={"record": record}), Notices()
    for field in case.workflow.checklist:
        is_new = record.fields.get(field.crm or "") != handoff.record.fields.get(field.crm or "")
        if field.crm and (field.crm in names if names is not None else is_new):
            read, more = _field_changed(case, read, field)
            notices += more
    return read, notices


def _go_on(case: Case, handoff: Handoff, said: Notices) -> Decision:
    """On from here, if sales is waited for; back to sales, if something is missing now and nobody owns it."""
    if handoff.status in (Status.IN_REVIEW, Status.UNCLAIMED) and checklist.missing(case.workflow, handoff):
        return progress.waits_for_sales(case, handoff, said)
    if handoff.status is Status.COLLECTING:
        return progress.advance(case, handoff, said)
    return Decision(handoff=handoff, notices=said)


def _differ(case: Case, handoff: Handoff, field: ChecklistField, theirs: str | None) -> tuple[Handoff, Notices]:
    """Ask a person which value is kept. A question about the same field that is still open speaks of the new value."""
    answer = handoff.answer(field.key)
    ours = (answer.crm_value or answer.value) if answer else ""
    for place, old in enumerate(handoff.differences):
        if old.key == field.key and old.kept is None:
            newer = _kept(handoff, place, old.model_copy(update={"theirs": theirs, "ours": ours, "at": case.event.at}))
            return newer, (UpdateDifference(lane=_lane(old), difference=place, **case.common(f"differ-{field.key}")),)
    place = len(handoff.differences)
    is_for_sales = collecting(handoff.status)
    new = Difference(key=field.key, theirs=theirs, ours=ours, at=case.event.at, is_for_sales=is_for_sales)
    asked = handoff.model_copy(update={"differences": (*handoff.differences, new)})
    to = sales(handoff, case.workflow) if is_for_sales else None
    return asked, (AskDifference(lane=_lane(new), difference=place, to=to, **case.common(f"differ-{field.key}")),)


def _field_changed(case: Case, handoff: Handoff, field: ChecklistField) -> tuple[Handoff, Notices]:
    theirs = handoff.record.fields.get(field.crm or "")
    answer = handoff.answer(field.key)
    found = _from_crm(field, theirs, handoff.record, case)
    if answer is None:
        return _with_answer(handoff, field, found), ()
    if answer.source is not Source.WAIVED and (theirs or "") in (answer.crm_value, answer.value):
        return _agreed(case, handoff, field)
    if found is not None and found.value == answer.value:
        return _agreed(case, handoff, field)
    if answer.source is Source.CRM and handoff.status is Status.COLLECTING:
        return _with_answer(handoff, field, found), ()
    return _differ(case, handoff, field, theirs)


def _agreed(case: Case, handoff: Handoff, field: ChecklistField) -> tuple[Handoff, Notices]:
    """The values are the same again: a question about them that is still open is settled."""
    for place, old in enumerate(handoff.differences):
        if old.key == field.key and old.kept is None:
            settled = _kept(handoff, place, old.model_copy(update={"kept": "same"}))
            common = case.common(f"differ-{field.key}")
            return settled, (UpdateDifference(lane=_lane(old), difference=place, **common),)
    return handoff, ()


def _from_crm(field: ChecklistField, theirs: str | None, record: Record, case: Case) -> Answer | None:
    """What the CRM says, as an answer; None if it is empty or of another kind."""
    if not theirs or checklist.complaint(field, theirs, record.fields) is not None:
        return None
    return Answer(key=field.key, value=checklist.tidy(field, theirs), source=Source.CRM, at=case.event.at)


def _with_answer(handoff: Handoff, field: ChecklistField, answer: Answer | None) -> Handoff:
    kept = tuple(a for a in handoff.answers if a.key != field.key)
    return handoff.model_copy(update={"answers": (*kept, answer) if answer else kept})


def _kept(handoff: Handoff, place: int, difference: Difference) -> Handoff:
    all_of_them = tuple(difference if i == place else d for i, d in enumerate(handoff.differences))
    return handoff.model_copy(update={"differences": all_of_them})


def _lane(difference: Difference) -> Lane:
    """Sales is asked while it is at it; else it stands in the brief's thread."""
    return "rep" if difference.is_for_sales else "delivery"


def _is_older(record: Record, known: Record) -> bool:
    return record.changed_at is not None and known.changed_at is not None and record.changed_at < known.changed_at


def _same(record: Record, known: Record) -> bool:
    ignored = {"changed_at": None}
    merged = {**ignored, "fields": {**known.fields, **record.fields}}
    return record.model_copy(update=merged) == known.model_copy(update=ignored)
