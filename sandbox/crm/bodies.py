"""Reading JSON bodies without trusting them. Knows no endpoint and no error shape."""

import json
from typing import Any

from sandbox.crm.model import Json


class BadBody(ValueError):
    """The body is not what it must be; the text says what is wrong."""


def parse_object(body: bytes) -> Json:
    """A JSON object. Half a surrogate pair, which JSON can spell and UTF-8 cannot, becomes a `?`. Raises BadBody."""
    try:
        text = json.dumps(json.loads(body, parse_constant=_refuse), ensure_ascii=False)
        parsed = json.loads(text.encode("utf-8", errors="replace"))
    except (ValueError, RecursionError) as error:
        raise BadBody("The body must be JSON.") from error
    if not isinstance(parsed, dict):
        raise BadBody("The body must be a JSON object.")
    return parsed


def objects_in(body: Json, key: str) -> list[Json]:
    """The list of objects under a key; none if it is absent. Raises BadBody."""
    found = body.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadBody(f"{key} must be a list of objects.")
    return found


def texts_in(body: Json, key: str) -> list[str]:
    """The list of texts under a key; none if it is absent. Raises BadBody."""
    found: Any = body.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadBody(f"{key} must be a list of texts.")
    return list(found)


def whole_number(text: object, least: int, most: int) -> int:
    """A number from `least` to `most`, given as text or number. Raises BadBody."""
    spelled = str(text)
    if not (spelled.isascii() and spelled.isdigit() and len(spelled) < 20 and least <= int(spelled) <= most):
        raise BadBody(f"{spelled[:20]!r} is not a whole number from {least} to {most}.")
    return int(spelled)


def _refuse(constant: str) -> None:
    raise BadBody(f"{constant} is not JSON.")
