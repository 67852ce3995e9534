"""What people can do: each an event that names who did it. It decides nothing."""

from collections.abc import Mapping
from typing import Literal

from pydantic import AwareDatetime

from handoff.model import Model, Person, VerdictKind


class Event(Model):
    """What every event says. `via` names the way in, such as `hubspot`, `modal` or `button`."""

    handoff_id: str
    at: AwareDatetime
    via: str
    trace: str = ""


class Act(Event):
    """Something a person does. `roles` are the names by which the config may mean them: e-mail, id, user groups."""

    by: Person
    roles: tuple[str, ...] = ()


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
