"""What can happen. An event is a fact: who, what, when, from where. It decides nothing.

Events are stored as they are, in the append-only log; a kind may gain fields with a default, and never loses one.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from handoff.model import Model, Person, Post, Record, RecordRef
from handoff.notices import Notice


class Hint(Model):
    """A CRM's word that something about a record may have changed. It is never believed: the record is read again.

    `key` is the same for every delivery of the same change. `stage` is what the CRM said, for the log only.
    """

    key: str
    ref: RecordRef
    at: AwareDatetime
    stage: str = ""
    trace: str = ""


class Event(Model):
    """What every event says. `via` names the way in, such as `hubspot`, `modal`, `button` or `clock`."""

    handoff_id: str
    at: AwareDatetime
    via: str
    trace: str = ""


class StageEntered(Event):
    """A record entered the stage that starts a handoff. `rep` and `backup` are None if Slack does not know them."""

    kind: Literal["stage_entered"] = "stage_entered"
    workspace: str
    record: Record
    rep: Person | None
    backup: Person | None


class Answered(Event):
    """Somebody answered fields: key → what they typed, unchecked. `people` are those they picked, by their id."""

    kind: Literal["answered"] = "answered"
    by: Person
    answers: dict[str, str]
    people: Mapping[str, Person] = {}


class Claimed(Event):
    """Somebody pressed *Take ownership*."""

    kind: Literal["claimed"] = "claimed"
    by: Person


class Said(Event):
    """A notice reached its place outside. `post` is where, if it is a message."""

    kind: Literal["said"] = "said"
    notice: Notice
    post: Post | None = None


class Unsaid(Event):
    """A notice was refused for good. `reason` is the outside system's word, such as `is_archived`."""

    kind: Literal["unsaid"] = "unsaid"
    notice: Notice
    reason: str


AnyEvent = Annotated[StageEntered | Answered | Claimed | Said | Unsaid, Field(discriminator="kind")]
EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
