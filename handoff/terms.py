"""The small types handoffs.yml is written in: durations, channels, people, conditions, rungs.

Each is text with a check; the error says what was wrong, the field's description what to put there.
"""

import re
from datetime import timedelta
from functools import lru_cache
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from handoff import conditions
from handoff.model import Model

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=366)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SLACK_ID = re.compile(r"[UWS][A-Z0-9]{5,}")


def _duration(value: str) -> str:
    length(value)
    return value


@lru_cache(256)
def length(duration: str) -> timedelta:
    """How long `30s`, `15m`, `2h` or `1d` is around the clock.

    Raises:
        ValueError: the text is not a duration.
    """
    found = re.fullmatch(r"([0-9]{1,5})([smhd])", duration.strip())
    if found is None or int(found[1]) == 0:
        raise ValueError(f"{duration!r} is not a duration")
    found_length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if found_length > _LONGEST:
        raise ValueError(f"{duration!r} is longer than a year")
    return found_length


def _condition(value: str) -> str:
    conditions.names(value)
    return value


def is_channel(text: str) -> bool:
    """Whether a text is a channel, as #name or id."""
    return re.fullmatch(r"#[^\s#@]{1,80}|[CG][A-Z0-9]{5,}", text) is not None


def _channel(value: str) -> str:
    if not is_channel(value):
        raise ValueError(f"{value!r} is not a channel")
    return value


def is_email(text: str) -> bool:
    """Whether a text has the shape of an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def may_be_group(text: str) -> bool:
    """Whether a text may mean a user group: an @handle, which may be a member's as well, or a group's id."""
    return re.fullmatch("@.+|S[A-Z0-9]{5,}", text) is not None


def who(value: str) -> str:
    """The text of a person or group, checked.

    Raises:
        ValueError: it is no e-mail address, @handle, @user-group or Slack id.
    """
    if not (is_email(value) or _SLACK_ID.fullmatch(value) or re.fullmatch(r"@[^\s@]{1,80}", value)):
        raise ValueError(f"{value!r} names nobody")
    return value


def _known(value: str) -> str:
    try:
        return value if is_channel(value) else who(value)
    except ValueError as e:
        raise ValueError(f"{value!r} names nobody: write an e-mail address, @user-group, a Slack id or #channel") from e


def _clock(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f"{value!r} is not a time of day")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError) as e:  # unknown, a path, a folder
        raise ValueError(f"{value!r} is not a time zone") from e
    return value


def _week(value: str) -> str:
    if length(value) < timedelta(days=7):
        raise ValueError(f"{value!r} is too short")
    return value


Duration = Annotated[str, AfterValidator(_duration)]
Keeping = Annotated[str, AfterValidator(_week)]
Zone = Annotated[str, AfterValidator(_zone)]
Condition = Annotated[str, AfterValidator(_condition)]
Channel = Annotated[str, AfterValidator(_channel)]
Who = Annotated[str, AfterValidator(who)]
Known = Annotated[str, AfterValidator(_known)]  # whatever can have working hours
Clock = Annotated[str, AfterValidator(_clock)]

WHO = "an e-mail address, @handle, @user-group or a Slack id"
CHANNEL = "a channel as #name or its id"
DURATION = "a duration such as 30s, 15m, 2h or 1d"
ZONE = "a time zone such as Europe/Lisbon"
CONDITION = "a condition such as amount >= 1000"

_WORDS = ("rep", "owner", "reviewer", "channel", "ops_channel", "manager of rep", "manager of owner")


class Rung(Model):
    """One reminder of a ladder: after how long, or every how long, and to whom."""

    after: Duration | None = Field(None, description=DURATION)
    every: Duration | None = Field(None, description=DURATION)
    to: str = Field(description=f"{', '.join(_WORDS)}, a channel as #name, or {WHO}")
    at_most: int | None = Field(None, description="a whole number from 1 to 50", ge=1, le=50)

    @model_validator(mode="after")
    def _once_or_again(self) -> Self:
        if (self.after is None) == (self.every is None):
            raise ValueError("a rung has either `after:` or `every:`: put one of them, such as {after: 2h, to: rep}")
        if self.every is not None and self.at_most is None:
            raise ValueError("a repeating rung needs an end: put `at_most: 5`")
        if self.every is None and self.at_most is not None:
            raise ValueError("`at_most` goes with `every`: remove it")
        if self.to.startswith("#"):
            _channel(self.to)
        elif self.to not in _WORDS:
            who(self.to)
        return self


class Nags(Model):
    """The ladders: what Baton does while it waits for the rep, a reviewer, an owner or the kickoff."""

    rep: tuple[Rung, ...] = Field((), description="a list of rungs such as [{after: 2h, to: rep}]")
    reviewer: tuple[Rung, ...] = Field((), description="a list of rungs such as [{after: 4h, to: reviewer}]")
    channel: tuple[Rung, ...] = Field((), description="a list of rungs such as [{after: 1h, to: channel}]")
    owner: tuple[Rung, ...] = Field((), description="a list of rungs such as [{after: 2d, to: owner}]")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for name in ("rep", "reviewer", "channel", "owner"):
            rungs: tuple[Rung, ...] = getattr(self, name)
            after = [length(r.after) for r in rungs if r.after is not None]
            if after != sorted(after):
                raise ValueError(f"the {name} ladder goes back in time: sort its rungs by `after:`")
            if any(r.every is not None for r in rungs[:-1]):
                raise ValueError(f"in the {name} ladder a rung follows one that repeats: put the repeating one last")
        return self
