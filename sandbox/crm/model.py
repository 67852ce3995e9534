"""The nouns of the toy CRM. Plain data: no rules, no wire shapes, no clock."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]

DEALS, CONTACTS, COMPANIES, TASKS, NOTES = "deals", "contacts", "companies", "tasks", "notes"


@dataclass(frozen=True)
class Option:
    """One choice of an enumeration: what is stored and what people read."""

    value: str
    label: str


@dataclass(frozen=True)
class Property:
    """One property of a kind of record; `type` and `field_type` are HubSpot's own words."""

    name: str
    label: str
    type: str = "string"
    field_type: str = "text"
    options: tuple[Option, ...] = ()
    read_only: bool = False
    required: bool = False


@dataclass(frozen=True)
class Stage:
    """One stage of a pipeline. Its id may be a word, digits or a UUID: only the label is for people."""

    id: str
    label: str
    probability: str = "0.5"

    @property
    def is_closed(self) -> bool:
        """Whether a deal here is over, won or lost."""
        return self.probability in {"0.0", "1.0"}


@dataclass(frozen=True)
class Pipeline:
    """Stages in the order they are walked."""

    id: str
    label: str
    stages: tuple[Stage, ...]

    def find_stage(self, wanted: str) -> Stage | None:
        """A stage by id or, without regard to case, by label."""
        key = wanted.casefold()
        return next((s for s in self.stages if s.id == wanted or s.label.casefold() == key), None)


@dataclass(frozen=True)
class Owner:
    """A user of the CRM. An archived one has left but still owns what they owned."""

    id: str
    user_id: int
    email: str
    first_name: str
    last_name: str
    archived: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass
class Record:
    """A deal, contact, company, task or note. Every value is text; a property never set is absent."""

    kind: str
    id: str
    properties: dict[str, str]
    created_at: datetime
    updated_at: datetime
    archived: bool = False
    merged_into: str | None = None  # the id of the record that this one, archived now, has become part of
    links: dict[str, list[str]] = field(default_factory=dict)  # kind -> ids, in the order they were linked


@dataclass(frozen=True)
class Merge:
    """Which records became one: the winner, those merged into it, and how many values moved."""

    primary_id: str
    merged_ids: tuple[str, ...]
    moved: int


@dataclass(frozen=True)
class Change:
    """What a webhook tells: one property of one record has a new value, or, without a property, the verb says what.

    Of a merge, `record_id` is the record that remains, which may be a new one.
    """

    record_id: str
    name: str | None
    value: str | None
    source: str  # HubSpot's changeSource: CRM_UI for a person, INTEGRATION for an API call
    at: datetime
    verb: str = "propertyChange"  # or creation, deletion, restore, merge
    merge: Merge | None = None
