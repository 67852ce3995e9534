"""An answer as people read it: its value, who gave it and when. Pure. What only some may read is never shown here."""

import re
from datetime import timedelta

from bot.messages import blocks
from bot.messages.blocks import Element
from handoff.model import Answer, Handoff, Person, Source
from handoff.workflow import ChecklistField, FieldType

UNKNOWN = "Not known yet"

_SYSTEMS = {"hubspot": "HubSpot", "salesforce": "Salesforce", "pipedrive": "Pipedrive"}
_MEMBER = re.compile("[UW][A-Z0-9]{4,}")


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


def label(key: str) -> str:
    """A field in two words, where its question would be too long."""
    return key.replace("_", " ")


def who(person: Person | None, otherwise: str = "somebody") -> str:
    """A person's name."""
    return person.name if person else otherwise


def mention(person: Person, limit: int = 200) -> Element:
    """A person whom Slack calls when they are named, if it knows them; else their name."""
    return blocks.user(person.slack_id) if person.slack_id else blocks.words(person.name, limit=limit)


def shown(
    field: ChecklistField, answer: Answer, limit: int, *, inline: bool = False, may_read: bool = False
) -> Element:
    """An answer as people read it, `inline` in italics behind its question.

    What only some may read is hidden, unless whoever reads this alone `may_read` it.
    """
    value = answer.value.replace("\n", " ") if inline else answer.value
    if field.visible_to and not may_read:
        return blocks.words(f"Answered; only {', '.join(field.visible_to)} may read it.", italic=True, limit=limit)
    if answer.source is Source.WAIVED:
        return blocks.words(f"Does not apply: {value}", italic=inline, limit=limit)
    if field.type is FieldType.LINK:
        return blocks.link(value, value, min(limit, 200))
    if field.type is FieldType.PERSON and answer.source is Source.PERSON and _MEMBER.fullmatch(value):
        return blocks.user(value)
    value = ", ".join(value.split(";")) if field.type is FieldType.CHOICES else value
    return blocks.words(value, italic=inline, limit=limit)


def provenance(answer: Answer, handoff: Handoff, limit: int) -> list[Element]:
    """Where an answer comes from: the CRM, or who said it and when."""
    if answer.source is Source.CRM:
        return [blocks.words(f"  — from {system_name(handoff.record.ref.system)}", italic=True)]
    return [blocks.words("  — ", italic=True), *said_by(answer.by, limit), blocks.moment(answer.at)]


def said_by(person: Person | None, limit: int) -> list[Element]:
    """`Sam Rivers, ` before a moment."""
    return [blocks.words(f"{blocks.cut(who(person), min(limit, 100))}, ", italic=True)]
