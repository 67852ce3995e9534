"""What a handoff is made of: who, which record, what was answered, asked, decided. Frozen, like all of it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Model(BaseModel):
    """Frozen data that refuses keys it does not know and datetimes without a zone. Its errors repeat no value."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Person(Model):
    """Somebody, as far as Baton knows them. Two persons are the same if their Slack ids are. `zone` is an IANA name.

    `groups` are those of their user groups of which config says something, as @handle or id.
    """

    name: str
    email: str | None = None
    slack_id: str | None = None
    is_guest: bool = False
    zone: str | None = None
    groups: tuple[str, ...] = ()

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
    """The CRM object as it was read. `fields` maps CRM names to text; a field that is empty or unknown is None.

    `changed_at` is the CRM's own time of its newest change, if the CRM tells it.
    """

    ref: RecordRef
    name: str
    url: str | None = None
    stage: str = ""
    stage_label: str = ""
    pipeline: str = ""
    pipeline_label: str = ""
    owner: Person | None = None
    fields: Mapping[str, str | None] = {}
    changed_at: AwareDatetime | None = None


class Source(StrEnum):
    """Where an answer comes from. `WAIVED`: it does not apply; the value is the reason."""

    CRM = "crm"
    PERSON = "person"
    WAIVED = "waived"


class Answer(Model):
    """A field's value with its provenance. `by` is empty for values read from the CRM.

    `crm_value` is how the CRM was told of it, where that is another text: a person's name instead of their id.
    """

    key: str
    value: str
    source: Source
    at: AwareDatetime
    by: Person | None = None
    crm_value: str | None = None


class Post(Model):
    """Where a message stands in Slack. `instead` says why it does not stand where it belongs, if that was refused."""

    channel: str
    ts: str
    instead: str | None = None


class Reminded(Model):
    """One reminder of a digest: of which handoff, and from which rung of which ladder."""

    handoff_id: str
    ladder: str
    step: int
    round: int
    flag: int | None = None
    to: Person | None = None


class Draft(Model):
    """What somebody typed and saved without handing it over. `waived`: the text is why the field does not apply."""

    key: str
    text: str
    at: AwareDatetime
    by: Person
    waived: bool = False


class PassOn(Model):
    """*Not mine*: who gave it to whom to answer for sales."""

    by: Person
    to: Person
    note: str
    at: AwareDatetime


class SendBack(Model):
    """Delivery or a reviewer gave it back to sales: which fields, and why."""

    fields: tuple[str, ...]
    reason: str
    by: Person
    at: AwareDatetime


class VerdictKind(StrEnum):
    """What a reviewer can decide on a flag."""

    APPROVED = "approved"
    CONDITIONS = "conditions"
    RETURNED = "returned"


class Verdict(Model):
    """A reviewer's decision, with its reason; for `conditions`, the conditions."""

    kind: VerdictKind
    reason: str
    by: Person
    at: AwareDatetime


class Flag(Model):
    """An exception on a handoff. `step` is the rung of its reviewer's ladder that comes next.

    `late_at` is when the last rung of that ladder falls due, once it is written.
    """

    name: str
    note: str
    by: Person
    at: AwareDatetime
    verdict: Verdict | None = None
    post: Post | None = None
    step: int = 0
    late_at: AwareDatetime | None = None


class Question(Model):
    """One question to one person, beside the checklist. `about` is a field's key, or None if it is about no field.

    `is_to_sales`: delivery asks sales; otherwise the rep asks a colleague, whose answer becomes a draft.
    """

    id: str
    about: str | None
    text: str
    by: Person
    to: Person | None
    at: AwareDatetime
    is_to_sales: bool
    post: Post | None = None
    answer: str | None = None
    answered_by: Person | None = None
    answered_at: AwareDatetime | None = None


class Difference(Model):
    """A field whose value in the CRM is not the one in the handoff: a person chooses.

    `kept` is `theirs`, `ours`, or `same` if the two agreed again by themselves. `is_for_sales`: sales is asked, not
    delivery.
    """

    key: str
    theirs: str | None
    ours: str
    at: AwareDatetime
    is_for_sales: bool
    post: Post | None = None
    kept: str | None = None
    by: Person | None = None


class Offer(Model):
    """The owner wants to hand it over; it stays theirs until the other person accepts."""

    to: Person
    by: Person
    note: str
    at: AwareDatetime
    post: Post | None = None


class Tick(Model):
    """A step of the first task that is done."""

    step: int
    by: Person
    at: AwareDatetime


class Quiet(Model):
    """No reminders until `until`; without it, until somebody resumes them."""

    by: Person
    at: AwareDatetime
    until: AwareDatetime | None
    reason: str = ""
    is_pause: bool = False


class Ending(Model):
    """Why a handoff was cancelled. `because` is `not_needed`, `stage_left`, `deleted`, `merged` or `forgotten`."""

    because: str
    at: AwareDatetime
    reason: str = ""
    by: Person | None = None


class Email(Model):
    """The welcome e-mail as the owner last saved it. Baton never sends it."""

    subject: str
    body: str
    by: Person
    at: AwareDatetime


# What somebody is told after something happened; the words are made when it is sent.
Told = Literal[
    "owned",  # to sales: who has it now
    "yours",  # to the owner: it is yours, here is the brief, the task and the e-mail
    "taken_away",  # to the former owner: somebody else was made the owner
    "kept",  # to the owner: the other person did not accept
    "taken_over",  # to the former owner: the other person accepted
    "sent_back",
    "ready_again",
    "released",
    "review_over",
    "cancelled",
    "resumed",
    "kickoff",
    "done",
    "not_needed",
    "silent",  # to the owner: nothing was seen to happen, it will be offered again
    "released_in_silence",
]


class News(Model):
    """What a message told that has a button as well: once its deed is done it says the same without the button."""

    what: Told
    to: Person | None = None
    by: Person | None = None
    note: str = ""
    until: AwareDatetime | None = None


class Reminder(Model):
    """A message that asks for a deed and is true until it is done: a reminder, or news with a button.

    `ladder` is the one whose deed it waits for; `among` are all reminders of the same message.
    """

    ladder: str
    post: Post
    among: tuple[Reminded, ...] = ()
    news: News | None = None
