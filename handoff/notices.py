"""What is to be said or written outside. A notice is stored before it is sent and carries no text: texts are made when
it is sent, from the handoff as it then stands.

`key` is unique: the same thing is never said twice. Notices of one `lane` of a handoff go out in their order; lanes do
not wait for each other. `due_at` is when it is wanted.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from handoff.model import Model, Person, Post

Lane = Literal["rep", "delivery", "crm"]
Ladder = Literal["rep", "channel"]


class To(Model):
    """Whom a notice is for: a person as known, or a name as config writes it (e-mail, @handle, @group, #channel)."""

    person: Person | None = None
    name: str | None = None


class BaseNotice(Model):
    """What every notice says."""

    key: str
    handoff_id: str
    due_at: AwareDatetime
    lane: Lane
    trace: str = ""


class AskRep(BaseNotice):
    """Ask for what is missing. `instead` says that the first address was refused, with the reason."""

    kind: Literal["ask_rep"] = "ask_rep"
    lane: Lane = "rep"
    to: To
    instead: str | None = None


class UpdateAsk(BaseNotice):
    """Bring the question in the direct message up to date."""

    kind: Literal["update_ask"] = "update_ask"
    lane: Lane = "rep"


class TellRep(BaseNotice):
    """Tell whoever was asked who owns it now."""

    kind: Literal["tell_rep"] = "tell_rep"
    lane: Lane = "rep"
    to: To


class PostBrief(BaseNotice):
    """Post the brief. `instead` says that the delivery channel refused it, with the reason."""

    kind: Literal["post_brief"] = "post_brief"
    lane: Lane = "delivery"
    channel: str
    instead: str | None = None


class UpdateBrief(BaseNotice):
    """Bring the brief up to date."""

    kind: Literal["update_brief"] = "update_brief"
    lane: Lane = "delivery"


class Nag(BaseNotice):
    """Remind somebody. `step` counts from 0 along the ladder, repeats included."""

    kind: Literal["nag"] = "nag"
    ladder: Ladder
    step: int
    to: To


class SettleNag(BaseNotice):
    """Take back a reminder whose deed is done: it may say nothing that is no longer true."""

    kind: Literal["settle_nag"] = "settle_nag"
    ladder: Ladder
    post: Post


class WriteBack(BaseNotice):
    """Write fields of the record: CRM name → text. Writing the same again changes nothing."""

    kind: Literal["write_back"] = "write_back"
    lane: Lane = "crm"
    fields: dict[str, str]


Notice = Annotated[
    AskRep | UpdateAsk | TellRep | PostBrief | UpdateBrief | Nag | SettleNag | WriteBack, Field(discriminator="kind")
]
NOTICE: TypeAdapter[Notice] = TypeAdapter(Notice)
