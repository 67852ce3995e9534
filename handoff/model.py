"""The words of product.md as data: who, which record, what was answered, where the handoff stands.

Everything is frozen. A change is a new object made by `decide`; nothing here reads a clock or an outside system.
"""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Model(BaseModel):
    """Frozen data that refuses keys it does not know and datetimes without a zone. Its errors repeat no value."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Status(StrEnum):
    """The states of README's picture that this version reaches; change both together."""

    COLLECTING = "collecting"
    UNCLAIMED = "unclaimed"
    OWNED = "owned"


class Person(Model):
    """Somebody, as far as Baton knows them. Two persons are the same if their Slack ids are."""

    name: str
    email: str | None = None
    slack_id: str | None = None

    def is_same(self, other: "Person | None") -> bool:
        """Whether both are known in Slack as the same member."""
        return other is not None and self.slack_id is not None and self.slack_id == other.slack_id


class RecordRef(Model):
    """Which CRM object: system, kind of object, id in that system."""

    system: str
    object: str
    id: str

    @property
    def key(self) -> str:
        """The one text that names this record everywhere, e.g. `hubspot:deal:123`."""
        return f"{self.system}:{self.object}:{self.id}"


class Record(Model):
    """The CRM object as it was read. `fields` maps CRM names to text; a field that is empty or unknown is None."""

    ref: RecordRef
    name: str
    url: str | None = None
    stage: str = ""
    stage_label: str = ""
    pipeline: str = ""
    pipeline_label: str = ""
    owner: Person | None = None
    fields: Mapping[str, str | None] = {}


class Source(StrEnum):
    """Where an answer comes from: the first half of its provenance."""

    CRM = "crm"
    PERSON = "person"


class Answer(Model):
    """A field's value with its provenance. `by` is empty for values read from the CRM."""

    key: str
    value: str
    source: Source
    at: AwareDatetime
    by: Person | None = None


class Post(Model):
    """Where a message stands in Slack."""

    channel: str
    ts: str


class Reminder(Model):
    """A reminder that stands in Slack and is true until the deed it waits for."""

    ladder: str
    post: Post


class Handoff(Model):
    """One record passing once through one workflow.

    `edition` names the text of the workflow it began with and keeps. `asked` is who answers for sales: the rep, or
    whoever had to be asked instead, with the reason in `asked_because`; None means that only a channel could be asked.
    """

    id: str
    workspace: str
    workflow: str
    edition: str
    record: Record
    status: Status
    opened_at: AwareDatetime
    asked: Person | None = None
    asked_because: str | None = None
    answers: tuple[Answer, ...] = ()
    completed_at: AwareDatetime | None = None
    owner: Person | None = None
    owned_at: AwareDatetime | None = None
    ask_post: Post | None = None
    brief_post: Post | None = None
    reminders: tuple[Reminder, ...] = ()
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is under way. While one is open, its record starts no second one in the same workflow."""
        return self.status in (Status.COLLECTING, Status.UNCLAIMED, Status.OWNED)

    def answer(self, key: str) -> Answer | None:
        """The answer to one field, if there is one."""
        return next((a for a in self.answers if a.key == key), None)
