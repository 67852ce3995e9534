"""What can happen. An event is a fact: who, what, when, from where. It decides nothing.

Events are stored as they are, in the append-only log; a kind may gain fields with a default, and never loses one.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from handoff.model import Model, Person, Post, Record, RecordRef, VerdictKind
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


class Act(Event):
    """Something a person does. `roles` are the names by which the config may mean them: e-mail, id, user groups."""

    by: Person
    roles: tuple[str, ...] = ()


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


class Answered(Act):
    """Somebody answered fields: key → what they typed, unchecked. `people` are those they picked, by their id.

    `waived` maps a key to why the field does not apply. `flags` are raised with it, explained by `flag_note`.
    `opened_at` is when they began to look at the form: an answer that another person gave since is not overwritten.
    """

    kind: Literal["answered"] = "answered"
    answers: dict[str, str]
    people: Mapping[str, Person] = {}
    waived: Mapping[str, str] = {}
    flags: tuple[str, ...] = ()
    flag_note: str = ""
    opened_at: AwareDatetime | None = None


class Drafted(Act):
    """Somebody saved what they typed so far: key → text as it stands, empty where they took it back."""

    kind: Literal["drafted"] = "drafted"
    answers: dict[str, str]
    waived: Mapping[str, str] = {}


class Replied(Act):
    """Somebody wrote in the thread where sales was asked: the answer to the question that stands there."""

    kind: Literal["replied"] = "replied"
    text: str


class PassedOn(Act):
    """*Not mine*: somebody else should answer for sales."""

    kind: Literal["passed_on"] = "passed_on"
    to: Person
    note: str = ""


class Snoozed(Act):
    """No reminders until then. Capped."""

    kind: Literal["snoozed"] = "snoozed"
    until: AwareDatetime


class Paused(Act):
    """No reminders, for a reason, until a moment or until they are resumed."""

    kind: Literal["paused"] = "paused"
    until: AwareDatetime | None = None
    reason: str = ""


class Unpaused(Act):
    """Reminders go on."""

    kind: Literal["unpaused"] = "unpaused"


class NotNeeded(Act):
    """*No handoff needed*, with the reason."""

    kind: Literal["not_needed"] = "not_needed"
    reason: str


class QuestionAsked(Act):
    """One question to one person: delivery asks sales, or the rep asks a colleague. `about` is a field's key."""

    kind: Literal["question_asked"] = "question_asked"
    question_id: str
    text: str
    about: str | None = None
    to: Person | None = None


class QuestionAnswered(Act):
    """The answer to a question."""

    kind: Literal["question_answered"] = "question_answered"
    question_id: str
    text: str


class Flagged(Act):
    """Somebody raised a flag."""

    kind: Literal["flagged"] = "flagged"
    flag: str
    note: str = ""


class Reviewed(Act):
    """A reviewer decided on a flag, which is named by its place. `fields` are what goes back to sales, if it does."""

    kind: Literal["reviewed"] = "reviewed"
    flag: int
    verdict: VerdictKind
    reason: str
    fields: tuple[str, ...] = ()


class Claimed(Act):
    """Somebody pressed *Take ownership*."""

    kind: Literal["claimed"] = "claimed"


class SentBack(Act):
    """Delivery gives named fields back to sales, with the reason."""

    kind: Literal["sent_back"] = "sent_back"
    fields: tuple[str, ...]
    reason: str


class Assigned(Act):
    """Somebody made another person the owner."""

    kind: Literal["assigned"] = "assigned"
    to: Person
    note: str = ""


class Offered(Act):
    """The owner asks another person to take it over."""

    kind: Literal["offered"] = "offered"
    to: Person
    note: str = ""


class OfferAnswered(Act):
    """The other person accepts, or does not."""

    kind: Literal["offer_answered"] = "offer_answered"
    accepts: bool
    reason: str = ""


class Released(Act):
    """The owner gives it back to the channel."""

    kind: Literal["released"] = "released"
    reason: str = ""


class KickoffScheduled(Act):
    """The owner says when the kickoff is."""

    kind: Literal["kickoff_scheduled"] = "kickoff_scheduled"
    kickoff_at: AwareDatetime


class Finished(Act):
    """The owner says that the handoff is done."""

    kind: Literal["finished"] = "finished"


class Ticked(Act):
    """The steps of the first task that are done now, by their place."""

    kind: Literal["ticked"] = "ticked"
    done: tuple[int, ...]


class EmailSaved(Act):
    """The owner saved the welcome e-mail."""

    kind: Literal["email_saved"] = "email_saved"
    subject: str
    body: str


class Chosen(Act):
    """A person chose which value of a difference is kept."""

    kind: Literal["chosen"] = "chosen"
    difference: int
    kept: Literal["theirs", "ours"]


class Said(Event):
    """A notice reached its place outside. `post` is where, if it is a message.

    `differs` are fields that were not written to the CRM, because somebody had changed them: CRM name → its value.
    """

    kind: Literal["said"] = "said"
    notice: Notice
    post: Post | None = None
    differs: Mapping[str, str | None] = {}


class Unsaid(Event):
    """A notice was refused for good. `reason` is the outside system's word, such as `is_archived`."""

    kind: Literal["unsaid"] = "unsaid"
    notice: Notice
    reason: str


Moving = RecordChanged | Reentered | RecordVanished | Chosen
Selling = Answered | Drafted | Replied | PassedOn | NotNeeded | QuestionAsked | QuestionAnswered
Reviewing = Flagged | Reviewed
Owning = Claimed | Assigned | Offered | OfferAnswered | Released
Delivering = SentBack | KickoffScheduled | Finished | Ticked | EmailSaved
Resting = Snoozed | Paused | Unpaused
Sending = Said | Unsaid
AnyEvent = Annotated[
    StageEntered | Moving | Selling | Reviewing | Owning | Delivering | Resting | Sending, Field(discriminator="kind")
]
EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
