"""What is there, what is missing, and whether an answer is of the right kind."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from handoff import conditions
from handoff.model import Answer, Handoff, Person, Record, Source
from handoff.terms import is_email
from handoff.workflow import ChecklistField, FieldType, Workflow

Values = Mapping[str, str | None]


def values(record: Record, answers: tuple[Answer, ...]) -> dict[str, str | None]:
    """What conditions may speak of: the record's fields by their CRM name, and answers by their key."""
    return {**record.fields, **{a.key: None if a.source is Source.WAIVED else a.value for a in answers}}


def applies(field: ChecklistField, known: Values) -> bool:
    """Whether a field belongs on this handoff's checklist. A field whose condition is false is not asked at all."""
    return conditions.holds(field.required, known) if isinstance(field.required, str) else True


def is_required(field: ChecklistField, known: Values) -> bool:
    """Whether the handoff waits for this field."""
    return conditions.holds(field.required, known) if isinstance(field.required, str) else field.required


def applying(workflow: Workflow, handoff: Handoff) -> tuple[ChecklistField, ...]:
    """The checklist of this handoff as its values stand."""
    known = values(handoff.record, handoff.answers)
    return tuple(f for f in workflow.checklist if applies(f, known))


def missing(workflow: Workflow, handoff: Handoff) -> tuple[ChecklistField, ...]:
    """What the handoff waits for: required fields without an answer, and fields that were sent back."""
    known = values(handoff.record, handoff.answers)
    return tuple(
        f
        for f in applying(workflow, handoff)
        if f.key in handoff.wanted or (handoff.answer(f.key) is None and is_required(f, known))
    )


def supposing(handoff: Handoff, said: Mapping[str, str], by: Person, now: datetime) -> Handoff:
    """The handoff as if these answers had been given, for a form that changes while it is filled in."""
    given = tuple(Answer(key=k, value=v, source=Source.PERSON, at=now, by=by) for k, v in said.items() if v.strip())
    kept = tuple(a for a in handoff.answers if a.key not in said)
    return handoff.model_copy(update={"answers": kept + given})


def from_crm(workflow: Workflow, record: Record, now: datetime) -> tuple[Answer, ...]:
    """The answers the CRM already holds. A value of the wrong kind, such as `tbd` for a date, is no answer."""
    found = []
    for field in workflow.checklist:
        text = record.fields.get(field.crm) if field.crm else None
        if text and complaint(field, text, record.fields) is None:
            found.append(Answer(key=field.key, value=tidy(field, text), source=Source.CRM, at=now))
    return tuple(found)


def tidy(field: ChecklistField, text: str) -> str:
    """The value in the form it is stored: dates as YYYY-MM-DD, yes or no, an option as config writes it.

    Raises:
        ValueError: the text is not a value of this kind; the message is written for the person who typed it.
    """
    text = text.strip()
    if not text:
        raise ValueError("Please write an answer.")
    match field.type:
        case FieldType.DATE:
            return _date(text).isoformat()
        case FieldType.NUMBER | FieldType.MONEY:
            return _number(text)
        case FieldType.EMAIL if not is_email(text):
            raise ValueError("That is not an e-mail address. Write it like name@company.com.")
        case FieldType.LINK if not _is_link(text):
            raise ValueError("That is not a link. It starts with https:// or http://.")
        case FieldType.CHOICE:
            return _option(field, text)
        case FieldType.CHOICES:
            parts = [part.strip() for part in text.split(";") if part.strip()]
            if not parts:
                raise ValueError("Please choose at least one.")
            return ";".join(_option(field, part) for part in parts)
        case FieldType.YES_NO:
            return _yes_no(text)
        case _:
            return text


def restricted(workflow: Workflow) -> frozenset[str]:
    """The fields whose values only some may read, by their keys and as the CRM names them."""
    names = ((f.key, f.crm) for f in workflow.checklist if f.visible_to)
    return frozenset(name for pair in names for name in pair if name)


def complaint(field: ChecklistField, text: str, known: Values, workflow: Workflow | None = None) -> str | None:
    """What is wrong with an answer, said to the person who gave it; None if it will do.

    `workflow` says what another field is called, and which values are compared with and not told.
    """
    try:
        value = tidy(field, text)
    except ValueError as e:
        return str(e)
    if field.type is FieldType.DATE and field.not_before and (earlier := known.get(field.not_before)):
        try:
            limit = _date(earlier)
        except ValueError:
            return None  # the other date is no date: nothing to compare with
        if date.fromisoformat(value) < limit:
            name = called(field.not_before, workflow)
            if workflow is not None and field.not_before in restricted(workflow):
                return f"That is before the date in “{name}”, which only some may read. Pick a later day."
            return f"That is before {limit.isoformat()}, the date in “{name}”. Pick that day or a later one."
    return None


def called(name: str, workflow: Workflow | None = None) -> str:
    """A key or CRM field as people know it: by its question, else in words: `close date` for `closedate`.

    CRMs join the words of a name in several ways: `hs_closed_won_date`, `CloseDate`, `Start_Date__c`, `contact.email`.
    """
    asked = workflow.checklist if workflow is not None else ()
    if (found := next((f for f in asked if name in (f.key, f.crm)), None)) is not None:
        return found.ask
    bare = name.removeprefix("hs_").removesuffix("__c")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z])(?<!up)(?=date$)|[_.]+", " ", bare)
    return words.strip().lower() or name


def _date(text: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{12,14}", text):  # HubSpot's other form: midnight UTC in milliseconds
            return datetime.fromtimestamp(int(text) / 1000, UTC).date()
        return datetime.fromisoformat(text).date()
    except (ValueError, OverflowError, OSError) as e:
        raise ValueError("That is not a date. Write it like 2026-01-31.") from e


def _number(text: str) -> str:
    if re.search(r"\d\s*(k|m|mm|mn|mil|mio|mrd|b|bn)$", text, re.IGNORECASE):  # 50k is not 50
        raise ValueError("Please write the number in full, like 50000.")
    bare = re.sub(r"^[^\d+.-]{1,4}|[^\d.]{1,4}$", "", text)
    bare = re.sub(r"(?<=\d)[,'\u00a0\u202f ](?=\d{3}(?!\d))", "", bare)
    if not re.fullmatch(r"[+-]?(\d{1,18}(\.\d{1,6})?|\.\d{1,6})", bare, re.ASCII):
        raise ValueError("That is not a number. Write it like 1200 or 1200.50.")
    return bare


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>|\x00-\x1f]", text)


def _option(field: ChecklistField, text: str) -> str:
    for option in field.options:
        if option.casefold() == text.casefold():
            return option
    raise ValueError(f"“{text}” is not one of the choices: {', '.join(field.options)}.")


def _yes_no(text: str) -> str:
    if text.casefold() in ("yes", "true", "1"):
        return "yes"
    if text.casefold() in ("no", "false", "0"):
        return "no"
    raise ValueError("Please answer yes or no.")
