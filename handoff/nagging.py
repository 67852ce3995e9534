"""What every notice says, and the notices about waiting: reminders, and that somebody cannot be reached."""

from typing import Literal

from pydantic import AwareDatetime

from handoff.model import Model, News, Person, Post, Reminded

Lane = Literal["rep", "delivery", "owner", "review", "crm", "ops"]
Ladder = Literal["rep", "reviewer", "channel", "owner"]


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


class Nag(BaseNotice):
    """Remind somebody. `step` counts from 0 along the ladder, repeats included, anew in each `round`.

    `flag` is the place of the flag that a reviewer is reminded of. `is_instead`: whoever was meant is not there.
    """

    kind: Literal["nag"] = "nag"
    ladder: Ladder
    step: int
    to: To
    round: int = 0
    flag: int | None = None
    is_instead: bool = False

    @property
    def scope(self) -> str:
        """What is voided together when the deed is done."""
        return self.ladder if self.flag is None else f"{self.ladder}:{self.flag}"

    @property
    def recipient(self) -> str:
        """Who gets it, as one text: reminders to the same are said in one message."""
        return (self.to.person.slack_id if self.to.person else None) or self.to.name or ""

    @property
    def named(self) -> Reminded:
        """Which reminder it is."""
        facts = {"ladder": self.ladder, "step": self.step, "round": self.round, "flag": self.flag}
        return Reminded(handoff_id=self.handoff_id, to=self.to.person, **facts)


class SettleNag(BaseNotice):
    """Take back a reminder whose deed is done: it may say nothing that is no longer true.

    `among` and `news`: see Reminder.
    """

    kind: Literal["settle_nag"] = "settle_nag"
    ladder: Ladder
    post: Post
    among: tuple[Reminded, ...] = ()
    news: News | None = None


class UpdateNag(BaseNotice):
    """Bring a reminder up to date that stands and is put off, paused or goes on. `among`: see Reminder."""

    kind: Literal["update_nag"] = "update_nag"
    ladder: Ladder
    post: Post
    among: tuple[Reminded, ...]


class TellOps(BaseNotice):
    """Tell whoever runs Baton that a channel or a person cannot be reached, why, and what was done in its place.

    Its key is of the cause and the day, not of the handoff: it is said once. `about` is what cannot be reached, `what`
    the kind of notice that could not be said; `instead` says that whoever is told first refused this too.
    """

    kind: Literal["tell_ops"] = "tell_ops"
    lane: Lane = "ops"
    to: To
    about: To
    reason: str
    what: str
    in_its_place: To | None = None
    instead: str | None = None
