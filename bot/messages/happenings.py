"""Each event of the log as one sentence, without its subject: `took ownership`. Pure.

What only some may read is never in it: the caller says which fields' values may be shown.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.messages import blocks
from bot.messages.briefs import system_name
from handoff import events
from handoff.events import AnyEvent
from handoff.model import Handoff, VerdictKind
from handoff.notices import AskRep, Notice
from handoff.workflow import ChecklistField, Workflow

SHORT = 200  # characters of a text from outside

_VERDICTS = {
    VerdictKind.APPROVED: "approved",
    VerdictKind.CONDITIONS: "approved, with conditions,",
    VerdictKind.RETURNED: "returned to sales",
}
_SAID: dict[str, str] = {
    "ask_rep": "asked {to} for what is missing",
    "ask_next": "answered in the thread of the question",
    "tell_rep": "told {to} who owns it",
    "tell": "told {to} how it stands",
    "post_brief": "posted the brief",
    "post_task": "created the first task",
    "post_review": "asked the reviewers to decide",
    "ask_question": "brought the question to {to}",
    "tell_answer": "brought the answer to whoever asked",
    "ask_take_over": "asked {to} to take it over",
    "offer_ends": "told {to} that the time to take it over is up",
    "silence_ends": "looked whether anything was heard of the owner",
    "ask_difference": "asked which value is right",
    "nag": "reminded {to}",
    "tell_ops": "told {to} what cannot be reached",
    "settle_nag": "took back a reminder that was no longer true",
    "write_back": "wrote to the CRM record",
    "write_note": "put a note on the CRM record",
}
_PLAIN: dict[type, str] = {
    events.Claimed: "took ownership",
    events.Finished: "said that the handoff is done",
    events.EmailSaved: "saved the welcome e-mail",
    events.Unpaused: "resumed the reminders",
    events.Reentered: "entered its stage again: the handoff goes on",
}
_FORGOTTEN = {
    "record": "covered everything that was said, as this record was to be forgotten",
    "person": "covered a name, as somebody asked to be forgotten",
}
_COMPLETE = "told {to} that every answer is there"
_UPDATES = "brought a message up to date"


def sentence(event: AnyEvent, handoff: Handoff, workflow: Workflow, shown: Callable[[ChecklistField], bool]) -> str:
    """What happened, to stand behind the name of whoever did it. `shown` says whose values may be read."""
    known = {f.key: f for f in workflow.checklist}
    match event:
        case events.Answered() | events.Drafted():
            verb = "answered" if isinstance(event, events.Answered) else "saved as a draft"
            return _answered(event, verb, known, shown)
        case events.Replied():
            hidden = not all(shown(f) for f in workflow.checklist)
            return "answered in the thread" if hidden else f"answered in the thread: {_quoted(event.text)}"
        case events.QuestionAsked():
            return f"asked {event.to.name if event.to else 'sales'}: {_quoted(event.text)}"
        case events.QuestionAnswered():
            question = handoff.question(event.question_id)
            field = known.get(question.about or "") if question else None
            return "answered a question" + ("" if field and not shown(field) else f": {_quoted(event.text)}")
        case events.SentBack():
            return f"sent back {_fields(event.fields, known)}, because {_quoted(event.reason)}"
        case events.Chosen():
            field = _of_difference(event, handoff, known)
            return f"kept {_whose(event, handoff)} value for {_asked(field, 'a field')}"
        case events.Said() | events.Unsaid():
            return _said(event)
        case events.PutOff():
            return _put_off(event)
        case events.Forgotten():
            return _FORGOTTEN[event.what]
        case _:
            return _PLAIN.get(type(event)) or _owned(event, handoff) or _rested(event, handoff)


def _answered(
    event: events.Answered | events.Drafted,
    verb: str,
    known: Mapping[str, ChecklistField],
    shown: Callable[[ChecklistField], bool],
) -> str:
    parts = []
    for key, text in event.answers.items():
        field = known.get(key)
        visible = field is not None and shown(field) and text
        parts.append(_asked(field, key) + (f" {_quoted(text)}" if visible else ""))
    waived = [f"{_asked(known.get(key), key)} does not apply" for key in event.waived]
    flags = [f"raised the flag {flag}" for flag in getattr(event, "flags", ())]
    said = [f"{verb} {'; '.join(parts)}"] if parts else []
    return "; ".join([*said, *(f"said that {w}" for w in waived), *flags]) or f"{verb} nothing"


def _owned(event: AnyEvent, handoff: Handoff) -> str | None:
    match event:
        case events.Assigned():
            return f"made {event.to.name} the owner{_because(event.note)}"
        case events.Offered():
            return f"asked {event.to.name} to take it over{_because(event.note)}"
        case events.OfferAnswered():
            return "took it over" if event.accepts else f"did not take it over{_because(event.reason)}"
        case events.Released():
            return f"gave it back to the channel{_because(event.reason)}"
        case events.KickoffScheduled():
            return f"booked the kickoff for {event.kickoff_at:%d %b %Y %H:%M} {event.kickoff_at.tzname()}"
        case events.Ticked():
            done = len(event.done)
            return f"ticked the first task: {done} step{'' if done == 1 else 's'} done"
        case events.Flagged():
            return f"raised the flag {event.flag}{_because(event.note)}"
        case events.Reviewed():
            named = handoff.flags[event.flag].name if 0 <= event.flag < len(handoff.flags) else "a flag"
            return f"{_VERDICTS[event.verdict]} {named}{_because(event.reason)}"
        case _:
            return None


def _rested(event: AnyEvent, handoff: Handoff) -> str:
    system = system_name(handoff.record.ref.system)
    match event:
        case events.StageEntered():
            if event.by is not None:
                return f"started this handoff{f' for {event.rep.name}' if event.rep else ''}"
            stage = blocks.cut(event.record.stage_label or "its stage", 100)
            return f"reached {stage} in {system}{f'; {event.rep.name} hands it over' if event.rep else ''}"
        case events.RecordChanged():
            return f"was changed in {system}"
        case events.RecordVanished():
            return f"was {event.because} in {system}"
        case events.PassedOn():
            return f"passed it on to {event.to.name}{_because(event.note)}"
        case events.NotNeeded():
            return f"said that no handoff is needed{_because(event.reason)}"
        case events.Snoozed():
            return f"snoozed the reminders until {event.until:%d %b %Y %H:%M} {event.until.tzname()}"
        case events.Paused():
            until = f" until {event.until:%d %b %Y %H:%M} {event.until.tzname()}" if event.until else ""
            return f"paused the reminders{until}{_because(event.reason)}"
        case _:
            return event.kind.replace("_", " ")


def _put_off(event: events.PutOff) -> str:
    """A reminder that was not sent when it was due: whom it was for, until when or who got it instead, and why."""
    if event.to is not None:
        return f"did not remind {_to(event.notice)}, but {_to(event)} instead: {event.reason}"
    until = f"{event.until:%d %b %Y %H:%M} {event.until.tzname()}"
    return f"put the reminder to {_to(event.notice)} off until {until}: {event.reason}"


def _said(event: events.Said | events.Unsaid) -> str:
    notice = event.notice
    words = _COMPLETE if isinstance(notice, AskRep) and notice.is_complete else _SAID.get(notice.kind, _UPDATES)
    told = words.format(to=_to(notice))
    if isinstance(event, events.Unsaid):
        return f"could not do this: “{told}” ({event.reason})"
    return told + (", but not what somebody had changed there" if event.differs else "")


def _to(said: Notice | events.PutOff) -> str:
    to: Any = getattr(said, "to", None)
    if to is None:
        return "the channel"
    return blocks.cut(to.person.name if to.person else to.name or "the channel", 100)


def _of_difference(
    event: events.Chosen, handoff: Handoff, known: Mapping[str, ChecklistField]
) -> ChecklistField | None:
    there = 0 <= event.difference < len(handoff.differences)
    return known.get(handoff.differences[event.difference].key) if there else None


def _whose(event: events.Chosen, handoff: Handoff) -> str:
    return f"{system_name(handoff.record.ref.system)}’s" if event.kept == "theirs" else "the handoff’s"


def _fields(keys: tuple[str, ...], known: Mapping[str, ChecklistField]) -> str:
    return ", ".join(_asked(known.get(key), key) for key in keys)


def _asked(field: ChecklistField | None, otherwise: str) -> str:
    return f"“{blocks.cut(field.ask, 100)}”" if field else otherwise


def _quoted(text: str) -> str:
    return f"“{blocks.cut(text, SHORT)}”"


def _because(text: str) -> str:
    return f": {_quoted(text)}" if text.strip() else ""
