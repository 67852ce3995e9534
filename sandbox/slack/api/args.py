"""A call's arguments, however they came: JSON, urlencoded, multipart or in the address.

https://docs.slack.dev/apis/web-api/#slack-web-api-basics__post-bodies
"""

import json
import math
from dataclasses import dataclass, field

from starlette.requests import Request

from sandbox.slack.api.errors import ApiError, bad_arguments
from sandbox.slack.state import Json

TRUE_WORDS = {"1", "true", "True"}


@dataclass(frozen=True)
class Args:
    """Named arguments as sent; each accessor reads one and refuses what cannot be meant."""

    given: Json = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A required text: `missing required field` if it is not there."""
        value = self.maybe(name)
        if value is None:
            raise bad_arguments([f"missing required field: {name}"])
        return value

    def maybe(self, name: str) -> str | None:
        """A text, or None if it is missing, null or empty. Numbers are taken as text."""
        value = self.given.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise bad_arguments([f"must be a string [json-pointer:/{name}]"])
        return str(value)

    def flag(self, name: str, *, otherwise: bool = False) -> bool:
        """A boolean; `1` and `true` mean yes in forms."""
        value = self.given.get(name)
        return otherwise if value in (None, "") else str(value) in TRUE_WORDS

    def number(self, name: str, otherwise: int, most: int) -> int:
        """A count from 1 to `most`; more than that is cut, as Slack does."""
        value = self.maybe(name)
        if value is None:
            return otherwise
        if not value.removeprefix("-").isdecimal():
            raise ApiError("invalid_limit" if name == "limit" else "invalid_arguments")
        return max(1, min(int(value), most))

    def has(self, name: str) -> bool:
        """Whether the argument was sent with anything but null in it."""
        return self.given.get(name) is not None

    def structure(self, name: str) -> object:
        """A value that is JSON or a string of JSON; None if missing. Raises ValueError if the string is not JSON."""
        value = self.given.get(name)
        if value is None or value == "":
            return None
        return parse_json(value) if isinstance(value, str) else value


async def read_args(request: Request) -> tuple[Args, str | None]:
    """The arguments, and the token: from the header, else from the arguments. Raises ApiError for a broken body."""
    given: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind == "application/json":
        given |= _parsed(await request.body())
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form() as form:
            given |= {name: value for name, value in form.items() if isinstance(value, str)}
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    in_body = given.pop("token", None)
    if scheme.casefold() == "bearer" and token.strip():
        return Args(given), token.strip()
    return Args(given), in_body if isinstance(in_body, str) and in_body else None


def parse_json(text: str | bytes) -> object:
    """JSON as Slack takes it: no NaN, no infinity; half a surrogate pair becomes a question mark. Raises ValueError."""
    words = text if isinstance(text, str) else text.decode()
    parsed: object = json.loads(words, parse_constant=_finite, parse_float=_finite)
    if "\\ud" not in words.casefold():
        return parsed
    whole: object = json.loads(json.dumps(parsed, ensure_ascii=False).encode("utf-8", "replace"))
    return whole


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a number that JSON can carry")
    return number


def _parsed(body: bytes) -> Json:
    if not body.strip():
        return {}
    try:
        parsed = parse_json(body)
    except (ValueError, RecursionError) as error:
        raise ApiError("invalid_json") from error
    if not isinstance(parsed, dict):
        raise ApiError("json_not_object")
    return parsed
