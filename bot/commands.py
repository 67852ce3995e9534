"""What somebody wrote behind `/handoff`, read: the word, the customer, until when, whether it is to be shared. Pure."""

import difflib
import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from handoff.model import Model
from handoff.terms import length

WORDS = ("status", "mine", "new", "history", "pause", "resume", "flag", "problems", "help")

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MORNING = time(9)
_MOST_NAME = 200
_MOST_TIME = 60
_NEAR = 3
_FURTHEST = 1_000_000
NO_TIME = "“{}” is no time that Baton knows. Write a date such as 2026-12-01, or tomorrow, friday, 2h or 3d."
PAST = "“{}” is over already. Choose a later time."


class Wish(Model):
    """One thing somebody wants to know or do, as typed or as a button of an earlier answer says it.

    `handoff_id` is set once it was chosen among several; `offset` is how much of the answer is passed over.
    """

    word: str
    name: str = ""
    until: str = ""
    handoff_id: str = ""
    offset: int = 0
    is_shared: bool = False

    def value(self, **changes: object) -> str:
        """The same wish with some changes, as the value of a button."""
        return self.model_copy(update=changes).model_dump_json(exclude_defaults=True)


def parse(text: str) -> Wish:
    """What was typed. A word that does not exist stays as it is."""
    words = text.split()
    shared = len(words) > 1 and words[-1].casefold() == "share"
    words = words[:-1] if shared else words
    word = words[0].casefold() if words else "help"
    name = " ".join(words[1:])
    name, until = _split(name) if word == "pause" else (name, "")
    return Wish(word=word, name=_bare(name), until=until, is_shared=shared)


def from_value(value: object) -> Wish | None:
    """The wish in a button's value; None if it is none of ours."""
    try:
        wish = Wish.model_validate_json(str(value))
    except ValidationError:
        return None
    return wish if wish.word in WORDS and 0 <= wish.offset <= _FURTHEST else None


def without_last_word(wish: Wish) -> Wish | None:
    """The same with its last word read as a time: `pause fjordlight friday`. None if there is none to spare."""
    name, _, last = wish.name.rpartition(" ")
    return wish.model_copy(update={"name": name, "until": last[:_MOST_TIME]}) if name else None


def moment(text: str, now: datetime, zone: str) -> datetime:
    """The moment that a date, a day or a length of time means to somebody in `zone`; days begin at nine.

    Raises:
        ValueError: it means none, or one that is over; the message is written for whoever typed it.
    """
    wanted = text.strip().casefold().removeprefix("next ")
    try:
        if re.fullmatch(r"\d+[smhd]", wanted):
            return now + length(wanted)
    except ValueError as e:
        raise ValueError(NO_TIME.format(text)) from e
    here = now.astimezone(_zone(zone))
    at = datetime.combine(_day(wanted, text, here), _MORNING, here.tzinfo)
    if at <= now:
        raise ValueError(PAST.format(text))
    return at


def nearest_word(word: str) -> str | None:
    """The word that was probably meant."""
    return next(iter(difflib.get_close_matches(word, WORDS, 1, 0.6)), None)


def nearest_names(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Up to three names that were perhaps meant: alike as a whole, or in how one of their words begins."""
    wanted = name.casefold()
    likeness: dict[str, float] = {}
    for candidate in names:
        whole = candidate.casefold()
        beginnings = (word[: len(wanted) + 1] for word in whole.split()[:12])
        likeness[candidate] = max(_alike(wanted, part) for part in (whole, *beginnings))
    near = sorted((c for c, alike in likeness.items() if alike >= 0.7), key=lambda c: -likeness[c])
    return tuple(near[:_NEAR])


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one[:_MOST_NAME], other[:_MOST_NAME]).ratio()


def _split(rest: str) -> tuple[str, str]:
    name, _, until = rest.rpartition(" until ")
    return (name, until[:_MOST_TIME]) if name else (rest, "")


def _bare(name: str) -> str:
    """The name without the quotation marks that some put around it."""
    return name.strip().strip("\"“”'").strip()[:_MOST_NAME]


def _day(wanted: str, text: str, here: datetime) -> datetime:
    if wanted == "tomorrow":
        return here + timedelta(days=1)
    for number, day in enumerate(_DAYS):
        if wanted in (day, day[:3]):
            return here + timedelta(days=(number - here.weekday() - 1) % 7 + 1)
    try:
        return datetime.strptime(wanted, "%Y-%m-%d").replace(tzinfo=here.tzinfo)
    except ValueError as e:
        raise ValueError(NO_TIME.format(text)) from e


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # no such zone, or no zone's name at all
        return ZoneInfo("UTC")
