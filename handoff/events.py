"""What can happen: facts, stored as they are in the append-only log. A kind may gain fields, and never loses one."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from handoff.acts import (
    Act,
    Answered,
    Assigned,
    Chosen,
    Claimed,
    Drafted,
    EmailSaved,
    Event,
    Finished,
    Flagged,
    KickoffScheduled,
    NotNeeded,
    OfferAnswered,
    Offered,
    PassedOn,
    Paused,
    QuestionAnswered,
    QuestionAsked,
    Released,
    Replied,
    Reviewed,
    SentBack,
    Snoozed,
    Ticked,
    Unpaused,
)
from handoff.model import Model, Person, Post, Record, RecordRef, Reminded, Reminder
from handoff.notices import Notice, To

__all__ = [
    "EVENT",
    "Act",
    "Answered",
    "AnyEvent",
    "Assigned",
    "Chosen",
    "Claimed",
    "Drafted",
    "EmailSaved",
    "Event",
    "Finished",
    "Flagged",
    "Forgotten",
    "Hint",
    "KickoffScheduled",
    "NotNeeded",
    "OfferAnswered",
    "Offered",
    "PassedOn",
    "Paused",
    "PutOff",
    "QuestionAnswered",
    "QuestionAsked",
    "RecordChanged",
    "RecordVanished",
    "Reentered",
    "Released",
    "Replied",
    "Reviewed",
    "Said",
    "SentBack",
    "Snoozed",
    "StageEntered",
    "Ticked",
    "Unpaused",
    "Unsaid",
]


class Hint(Model):
    """A CRM's word that a record may have changed; never believed, the record is read again. `stage` is for the log.

    `key` is the same for every delivery of the same change.
    """

    key: str
    ref: RecordRef
    at: AwareDatetime
    stage: str = ""
    trace: str = ""


class StageEntered(Event):
    """A record entered the stage that starts a handoff. `rep` and `backup` are None if Slack does not know them.

    `by` is who started it by hand, where no CRM did.
    """

    kind: Literal["stage_entered"] = "stage_entered"
    workspace: str
    record: Record
    rep: Person | None
    backup: Person | None
    by: Person | None = None


class RecordChanged(Event):
    """The record was read again: other values, perhaps another stage."""

    kind: Literal["record_changed"] = "record_changed"
    record: Record


class Reentered(Event):
    """The record of a cancelled handoff entered its stage again."""

    kind: Literal["reentered"] = "reentered"
    record: Record


class RecordVanished(Event):
    """The CRM has no such record any more: `deleted`, or `merged` into another one."""

    kind: Literal["record_vanished"] = "record_vanished"
    because: Literal["deleted", "merged"]
    reason: str = ""


class Forgotten(Event):
    """Somebody asked that a record, or a person, be forgotten; what was stored of them is covered with this event.

    `posts` are messages that spoke of them and can only be covered, `digests` those that spoke of others as well.
    """

    kind: Literal["forgotten"] = "forgotten"
    what: Literal["record", "person"]
    posts: tuple[Post, ...] = ()
    digests: tuple[Reminder, ...] = ()


class Said(Event):
    """A notice reached its place outside. `post` is where, if it is a message.

    `differs` are fields that were not written to the CRM, because somebody had changed them: CRM name → its value.
    `among` are the reminders that were said in one message. `people` are those that the next reminder waits for or goes
    to, as Slack knows them at this moment.
    """

    kind: Literal["said"] = "said"
    notice: Notice
    post: Post | None = None
    differs: Mapping[str, str | None] = Field(default_factory=dict)
    among: tuple[Reminded, ...] = ()
    people: tuple[Person, ...] = ()


class Unsaid(Event):
    """A notice was refused for good. `reason` is the outside system's word, such as `is_archived`."""

    kind: Literal["unsaid"] = "unsaid"
    notice: Notice
    reason: str


class PutOff(Event):
    """A reminder was not sent: why, and when it is looked at again. `to` is who gets it instead, if that changed.

    `is_gone`: whoever was meant is not in Slack any more.
    """

    kind: Literal["put_off"] = "put_off"
    notice: Notice
    until: AwareDatetime
    reason: str
    to: To | None = None
    is_gone: bool = False


Moving = RecordChanged | Reentered | RecordVanished | Chosen | Forgotten
Selling = Answered | Drafted | Replied | PassedOn | NotNeeded | QuestionAsked | QuestionAnswered
Owning = Claimed | Assigned | Offered | OfferAnswered | Released
Delivering = SentBack | KickoffScheduled | Finished | Ticked | EmailSaved
Resting = Snoozed | Paused | Unpaused
Sending = Said | Unsaid | PutOff
AnyEvent = Annotated[
    StageEntered | Moving | Selling | Flagged | Reviewed | Owning | Delivering | Resting | Sending,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
