"""A small language for saying what JSON may look like. Rules are made from rules; each tells its problems, none raises.

The sentences are the ones Slack answers with. Where no real one is known, the sentence is made in the same style and
marked "wording assumed".
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]

NO_MATCH = "failed to match schema"


@dataclass(frozen=True)
class Problem:
    """One complaint: a JSON pointer into what was sent, and a sentence. The caller adds `[ERROR] ` where Slack does."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


@dataclass(frozen=True)
class At:
    """A place in a payload, and the surface the payload is for. `at / "text"` is the place one step further in."""

    pointer: str
    surface: Surface

    def __truediv__(self, step: str | int) -> "At":
        return At(f"{self.pointer}/{step}", self.surface)

    def says(self, message: str) -> Problem:
        """A complaint about this place."""
        return Problem(self.pointer, message)


Rule = Callable[[Any, At], Iterator[Problem]]


def string(most: int | None = None, least: int = 0, pattern: str = "", otherwise: str = NO_MATCH) -> Rule:
    """Text of `least` to `most` characters (Unicode code points); `otherwise` is said when it is not like `pattern`."""
    like = re.compile(pattern) if pattern else None

    def check(value: Any, at: At) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield at.says("must provide a string")
        elif len(value) < least:
            yield at.says(f"must be more than {least - 1} characters")
        elif most is not None and len(value) > most:
            yield at.says(f"must be less than {most + 1} characters")
        elif like and not like.fullmatch(value):
            yield at.says(otherwise)

    return check


def choice(*allowed: str) -> Rule:
    """One of these words."""

    def check(value: Any, at: At) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield at.says("must provide a string")
        elif value not in allowed:
            yield at.says("must be a valid enum value")

    return check


def flag(value: Any, at: At) -> Iterator[Problem]:
    """True or false. Wording assumed."""
    if not isinstance(value, bool):
        yield at.says("must provide a boolean")


def number(value: Any, at: At) -> Iterator[Problem]:
    """Any number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield at.says("must provide a number")


def whole(least: int, most: int | None = None) -> Rule:
    """A whole number from `least` to `most`, both allowed. Wording assumed."""

    def check(value: Any, at: At) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield at.says("must provide an integer")
        elif value < least:
            yield at.says(f"must be more than {least - 1}")
        elif most is not None and value > most:
            yield at.says(f"must be less than {most + 1}")

    return check


def array(item: Rule, most: int | None = None, least: int = 0) -> Rule:
    """`least` to `most` things that all follow `item`. The wording for too few is assumed."""

    def check(value: Any, at: At) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield at.says("must provide an array")
            return
        if len(value) < least:
            yield at.says(f"no fewer than {least} items allowed")
        if most is not None and len(value) > most:
            yield at.says(f"no more than {most} items allowed")
        for index, one in enumerate(value):
            yield from item(one, at / index)

    return check


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *also: Rule) -> Rule:
    """An object with these keys and no others. The rules in `also` see it only when everything in it is in order."""
    known = {**required, **(optional or {})}

    def check(value: Any, at: At) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield at.says("must provide an object")
            return
        wrong = [at.says(f"missing required field: {key}") for key in required if key not in value]
        wrong += [at.says(f"invalid additional property: {key}") for key in value if key not in known]
        for key, rule in known.items():
            if key in value:
                wrong += rule(value[key], at / key)
        yield from wrong
        if not wrong:
            for rule in also:
                yield from rule(value, at)

    return check


def typed(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *also: Rule) -> Rule:
    """A shape that also carries a `type`; which one is `by_type`'s business."""
    return shape({"type": string(), **required}, optional, *also)


def by_type(kinds: Mapping[str, Rule], surfaces: Mapping[str, Container[Surface]] | None = None) -> Rule:
    """An object that follows the rule its `type` names. Kinds in `surfaces` are known only there, others everywhere."""
    limited = surfaces or {}

    def check(value: Any, at: At) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield at.says("must provide an object")
            return
        kind = value.get("type")
        if "type" not in value:
            yield at.says("missing required field: type")
        elif not isinstance(kind, str):
            yield (at / "type").says("must provide a string")
        elif kind not in kinds or (kind in limited and at.surface not in limited[kind]):
            yield (at / "type").says(f"unsupported type: {kind}")
        else:
            yield from kinds[kind](value, at)

    return check


def either(one: str, other: str, *, both: bool = False) -> Rule:
    """At least one of two keys, and not both unless `both`. The wording for both is assumed."""

    def check(value: Any, at: At) -> Iterator[Problem]:
        if one not in value and other not in value:
            yield (at / "type").says(f"must define either `{one}` or `{other}`")
        elif one in value and other in value and not both:
            yield (at / "type").says(f"must not define both `{one}` and `{other}`")

    return check
