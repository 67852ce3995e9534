"""What a rule answers: the changed handoff, what is to be said, and the private answer to whoever acted."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from pydantic import Field

from handoff.model import Handoff, Model, Person, Status
from handoff.notices import Notice


class ReplyKind(StrEnum):
    """What a person is told privately about what they just did."""

    DONE = "done"
    STILL_MISSING = "still_missing"
    WRONG_ANSWERS = "wrong_answers"
    ALREADY_COMPLETE = "already_complete"
    ALREADY_OWNED = "already_owned"
    ALREADY_YOURS = "already_yours"
    ALREADY_DECIDED = "already_decided"
    ALREADY_SO = "already_so"
    NOT_READY = "not_ready"
    NOT_NOW = "not_now"
    NOT_YOURS = "not_yours"
    NOT_ALLOWED = "not_allowed"
    OWN_FLAG = "own_flag"
    TOO_OFTEN = "too_often"
    OVER = "over"


class Reply(Model):
    """The private answer to the person who acted.

    `complaints` maps a field's key, or `reason`, to what is wrong with it. `names` are those who may do it. `status` is
    where the handoff stands.
    """

    kind: ReplyKind = ReplyKind.DONE
    person: Person | None = None
    ago: timedelta | None = None
    complaints: Mapping[str, str] = {}
    names: tuple[str, ...] = ()
    status: Status | None = None


_DONE = Reply()


class Decision(Model):
    """What follows from an event.

    `cancel` names the ladders whose waiting nags are void (`reviewer:0` is that of one flag). `remarks` go to the log.
    """

    handoff: Handoff
    notices: tuple[Notice, ...] = ()
    cancel: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    reply: Reply = Field(default_factory=lambda: _DONE)

    @property
    def counts(self) -> bool:
        """Whether this goes into the log; an act that came too late or was wrong changes nothing and does not."""
        return self.reply.kind in (ReplyKind.DONE, ReplyKind.STILL_MISSING)

    def also(self, *notices: Notice) -> "Decision":
        """The same with more to say, after the rest."""
        return self.model_copy(update={"notices": (*self.notices, *notices)})
