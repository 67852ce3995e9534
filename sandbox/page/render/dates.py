"""Slack's date tokens, e.g. `{date_short} at {time}`, in the viewer's time zone.

Tokens: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
"""

import re
from datetime import datetime

_TOKEN = re.compile(r"\{(\w+)\}")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def format_date(moment: datetime, pattern: str, now: datetime) -> str:
    """The pattern with its known tokens filled in; unknown ones stay. Both moments in the viewer's zone."""
    return _TOKEN.sub(lambda match: _token(match.group(1), moment, now) or match.group(), pattern)


def relative_day(moment: datetime, now: datetime) -> str | None:
    """yesterday, today or tomorrow; None for any other day."""
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((moment.date() - now.date()).days)


def day_label(moment: datetime, now: datetime) -> str:
    """The heading above a day's messages."""
    near = relative_day(moment, now)
    return near.capitalize() if near in ("today", "yesterday") else _long(moment)


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, or in how long, in one unit."""
    seconds = (now - moment).total_seconds()
    size = abs(seconds)
    if size < _MINUTE:
        return "just now"
    steps = ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"))
    unit, name = next((unit, name) for unit, name in steps if size >= unit)
    count = int(size // unit)
    phrase = f"{count} {name}{'' if count == 1 else 's'}"
    return f"{phrase} ago" if seconds > 0 else f"in {phrase}"


def _long(moment: datetime) -> str:
    return f"{moment:%A, %B} {moment.day}{_suffix(moment.day)}"


def _suffix(day: int) -> str:
    if 11 <= day <= 13:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _token(name: str, moment: datetime, now: datetime) -> str | None:
    base = name.removesuffix("_pretty")
    near = relative_day(moment, now) if base != name else None
    written = {
        "date_num": f"{moment:%Y-%m-%d}",
        "date": f"{moment:%B} {moment.day}{_suffix(moment.day)}, {moment.year}",
        "date_slash": f"{moment:%m/%d/%Y}",
        "date_short": f"{moment:%b} {moment.day}, {moment.year}",
        "date_long": f"{_long(moment)}, {moment.year}",
        "day_divider": _long(moment),
        "time": f"{moment:%H:%M}",
        "time_secs": f"{moment:%H:%M:%S}",
        "ago": ago(moment, now),
    }
    return near or written.get(base)
