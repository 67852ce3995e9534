"""What is to be said or written outside. A notice is stored before it is sent and carries no text: texts are made when
it is sent, from the handoff as it then stands.

`key` is unique: the same thing is never said twice. Notices of one `lane` of a handoff go out in their order; lanes do
not wait for each other. `due_at` is when it is wanted.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from handoff.model import Handoff, News, Person, Post, Told
from handoff.nagging import BaseNotice, Ladder, Lane, Nag, SettleNag, TellOps, To, UpdateNag

__all__ = [
    "NOTICE",
    "AskDifference",
    "AskNext",
    "AskQuestion",
    "AskRep",
    "AskTakeOver",
    "BaseNotice",
    "Ladder",
    "Lane",
    "Nag",
    "Notice",
    "OfferEnds",
    "PostBrief",
    "PostReview",
    "PostTask",
    "SettleNag",
    "SilenceEnds",
    "Tell",
    "TellAnswer",
    "TellOps",
    "TellRep",
    "To",
    "UpdateAsk",
    "UpdateBrief",
    "UpdateDifference",
    "UpdateForgotten",
    "UpdateNag",
    "UpdateOffer",
    "UpdateQuestion",
    "UpdateReview",
    "UpdateTask",
    "WriteBack",
    "WriteNote",
]


class AskRep(BaseNotice):
    """Ask for what is missing. `instead` says that the first address was refused, with the reason.

    `again` says why it is asked once more: `sent_back`, `passed_on` or `resumed`. With `is_complete` nothing was
    missing, and it only says so.
    """

    kind: Literal["ask_rep"] = "ask_rep"
    lane: Lane = "rep"
    to: To
    instead: str | None = None
    again: Literal["sent_back", "passed_on", "resumed"] | None = None
    is_complete: bool = False


class UpdateAsk(BaseNotice):
    """Bring the question in the direct message up to date; with `post`, an earlier one that is closed now."""

    kind: Literal["update_ask"] = "update_ask"
    lane: Lane = "rep"
    post: Post | None = None


class AskNext(BaseNotice):
    """Answer a reply in the thread of the question: what was wrong with it, if anything, and what is asked next."""

    kind: Literal["ask_next"] = "ask_next"
    lane: Lane = "rep"
    complaint: str | None = None


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


class Tell(BaseNotice):
    """Tell somebody what happened. `what` names the sentence, `note` is what a person said with it.

    In the lane `delivery` it stands in the brief's thread, in the channel too if `is_for_all`. `until`: time to act.
    """

    kind: Literal["tell"] = "tell"
    what: Told
    to: To | None = None
    by: Person | None = None
    is_for_all: bool = False
    note: str = ""
    until: AwareDatetime | None = None

    @property
    def asks(self) -> Ladder | None:
        """The ladder whose deed it asks for with a button, if it does."""
        if self.lane == "delivery" and self.what in ("released", "released_in_silence", "ready_again", "resumed"):
            return "channel"
        return "owner" if self.lane == "owner" and self.what in ("kept", "ready_again", "silent") else None

    @property
    def news(self) -> News:
        """What it tells, to be told once more without its button."""
        return News(
            what=self.what, to=self.to.person if self.to else None, by=self.by, note=self.note, until=self.until
        )


class PostTask(BaseNotice):
    """Create the first task: its checklist in the brief's thread."""

    kind: Literal["post_task"] = "post_task"
    lane: Lane = "delivery"


class UpdateTask(BaseNotice):
    """Bring the first task up to date."""

    kind: Literal["update_task"] = "update_task"
    lane: Lane = "delivery"


class PostReview(BaseNotice):
    """Ask the reviewers to decide on a flag, named by its place."""

    kind: Literal["post_review"] = "post_review"
    lane: Lane = "review"
    channel: str
    flag: int
    instead: str | None = None


class UpdateReview(BaseNotice):
    """Bring a review up to date: what was decided, or that it is over."""

    kind: Literal["update_review"] = "update_review"
    lane: Lane = "review"
    flag: int


class AskQuestion(BaseNotice):
    """Ask one person one question."""

    kind: Literal["ask_question"] = "ask_question"
    lane: Lane = "rep"
    question_id: str
    to: To


class UpdateQuestion(BaseNotice):
    """Bring a question up to date: it is answered, or not needed any more."""

    kind: Literal["update_question"] = "update_question"
    lane: Lane = "rep"
    question_id: str


class TellAnswer(BaseNotice):
    """Bring the answer of a question to whoever asked: the brief's thread, or the rep."""

    kind: Literal["tell_answer"] = "tell_answer"
    question_id: str
    to: To | None = None


class AskTakeOver(BaseNotice):
    """Ask another person to take the handoff over from its owner."""

    kind: Literal["ask_take_over"] = "ask_take_over"
    lane: Lane = "owner"
    to: To


class UpdateOffer(BaseNotice):
    """Bring that question up to date: how it was answered."""

    kind: Literal["update_offer"] = "update_offer"
    lane: Lane = "owner"
    post: Post


class OfferEnds(BaseNotice):
    """The time to accept is over: tell the owner that it stays with them. `offered_at` names the offer."""

    kind: Literal["offer_ends"] = "offer_ends"
    lane: Lane = "owner"
    to: To
    offered_at: AwareDatetime


class SilenceEnds(BaseNotice):
    """Look whether the owner since `owned_at` has done anything. If not: asked if it `is_check`, else released.

    `ready_at` is when it last came to delivery: what is sent back is looked at anew once it is answered.
    """

    kind: Literal["silence_ends"] = "silence_ends"
    lane: Lane = "owner"
    owned_at: AwareDatetime
    ready_at: AwareDatetime | None = None
    is_check: bool = False


class AskDifference(BaseNotice):
    """Ask which value is kept, the CRM's or the handoff's. The difference is named by its place."""

    kind: Literal["ask_difference"] = "ask_difference"
    difference: int
    to: To | None = None


class UpdateDifference(BaseNotice):
    """Bring that question up to date: what was chosen."""

    kind: Literal["update_difference"] = "update_difference"
    difference: int


class UpdateForgotten(BaseNotice):
    """Put one sentence in the place of a message that spoke of what is forgotten."""

    kind: Literal["update_forgotten"] = "update_forgotten"
    lane: Lane = "delivery"
    post: Post


class WriteBack(BaseNotice):
    """Write fields of the record: CRM name → text. Writing the same again changes nothing.

    `base` is what the CRM had when it was last read, for the fields that people change too: if one of them has another
    value by now, it is not written. A field that is not in `base` belongs to Baton and is written always.
    """

    kind: Literal["write_back"] = "write_back"
    lane: Lane = "crm"
    fields: dict[str, str]
    base: Mapping[str, str | None] = {}


class WriteNote(BaseNotice):
    """Put a note on the record: who did what. `keys` are the fields that were answered."""

    kind: Literal["write_note"] = "write_note"
    lane: Lane = "crm"
    what: Literal["answered", "waived", "sent_back", "cancelled", "owned", "done"]
    by: Person | None = None
    keys: tuple[str, ...] = ()


Asking = AskRep | UpdateAsk | AskNext | TellRep | AskQuestion | UpdateQuestion | TellAnswer
Briefing = PostBrief | UpdateBrief | Tell | PostTask | UpdateTask | PostReview | UpdateReview
Owning = AskTakeOver | UpdateOffer | OfferEnds | SilenceEnds | AskDifference | UpdateDifference
Reminding = Nag | SettleNag | UpdateNag | TellOps
Writing = WriteBack | WriteNote
Notice = Annotated[Asking | Briefing | Owning | Reminding | UpdateForgotten | Writing, Field(discriminator="kind")]
NOTICE: TypeAdapter[Notice] = TypeAdapter(Notice)


def thread_of(notice: Notice, handoff: Handoff) -> Post | None:
    """The message in whose thread a notice stands, if it stands in one."""
    if isinstance(notice, AskNext):
        return handoff.ask_post
    if notice.lane == "review" and isinstance(notice, Nag) and notice.flag is not None:
        return handoff.flags[notice.flag].post
    if notice.lane == "delivery" and not isinstance(notice, PostBrief):
        return handoff.brief_post
    return None
