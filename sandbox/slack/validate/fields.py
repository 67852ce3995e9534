"""What holds between the keys of one element: an initial value is one of the choices, a minimum below its maximum.

Each function sees only elements whose keys are in order one by one. All wordings here are assumed.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.slack.validate.schema import NO_MATCH, At, Problem, Rule, string

_DATE = string(pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = string(pattern="([01][0-9]|2[0-3]):[0-5][0-9]")
NUMBER = string(pattern=r"-?[0-9]+(\.[0-9]+)?")


def day(value: Any, at: At) -> Iterator[Problem]:
    """A day of the calendar as YYYY-MM-DD."""
    wrong = list(_DATE(value, at))
    yield from wrong
    if not wrong:
        try:
            date.fromisoformat(value)
        except ValueError:
            yield at.says(NO_MATCH)


def initial_among_options(value: Any, at: At) -> Iterator[Problem]:
    """What is chosen at the start must equal one of the options, the text object's `emoji` included."""
    groups = value.get("option_groups", [])
    options = [*value.get("options", []), *(option for group in groups for option in group["options"])]
    chosen = [(at / "initial_option", value["initial_option"])] if "initial_option" in value else []
    chosen += [(at / "initial_options" / index, one) for index, one in enumerate(value.get("initial_options", []))]
    for place, one in chosen:
        if one not in options:
            yield place.says("must match one of the options")


def number_in_range(value: Any, at: At) -> Iterator[Problem]:
    """A number input's bounds and first value; whole numbers unless decimals are allowed."""
    for key in ("min_value", "max_value", "initial_value"):
        if not value["is_decimal_allowed"] and "." in value.get(key, ""):
            yield (at / key).says(NO_MATCH)
    least, most, first = (
        Decimal(value[key]) if key in value else None for key in ("min_value", "max_value", "initial_value")
    )
    if least is not None and most is not None and least > most:
        yield (at / "min_value").says("must not be more than `max_value`")
    elif first is not None and least is not None and first < least:
        yield (at / "initial_value").says("must not be less than `min_value`")
    elif first is not None and most is not None and first > most:
        yield (at / "initial_value").says("must not be more than `max_value`")


def ordered(low: str, high: str) -> Rule:
    """Where both keys are given, the first is not the larger one."""

    def check(value: Any, at: At) -> Iterator[Problem]:
        if low in value and high in value and value[low] > value[high]:
            yield (at / low).says(f"must not be more than `{high}`")

    return check


def needs(key: str, other: str) -> Rule:
    """The first key is allowed only beside the second."""

    def check(value: Any, at: At) -> Iterator[Problem]:
        if key in value and other not in value:
            yield at.says(f"must define `{other}` to use `{key}`")

    return check


def not_both(one: str, other: str) -> Rule:
    """At most one of two keys."""

    def check(value: Any, at: At) -> Iterator[Problem]:
        if one in value and other in value:
            yield at.says(f"must not define both `{one}` and `{other}`")

    return check
