"""A surface's fields: what they begin with, what stays when the app changes them, what a person may submit."""

import re
from copy import deepcopy
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from sandbox.slack.state import Json, View, new_id
from sandbox.slack.values import VALUE_KEYS, initial, is_empty
from sandbox.slack.walk import Spot, fill_ids, spots

REQUIRED = "Please complete this required field."


def fields(blocks: list[Json]) -> list[Spot]:
    """The elements that hold a value, inputs or not, in reading order."""
    return [spot for spot in spots(blocks) if spot.element["type"] in VALUE_KEYS]


def fresh_state(blocks: list[Json], old: Json | None = None) -> Json:
    """State for these blocks: block_id -> action_id -> value object.

    A field that was there before under the same block_id and action_id keeps what it held; a new initial value is
    ignored, as in Slack (https://docs.slack.dev/surfaces/modals).
    """
    state: Json = {}
    for spot in fields(blocks):
        kept = (old or {}).get(spot.block_id, {}).get(spot.action_id)
        same_kind = kept is not None and kept["type"] == spot.element["type"]
        state.setdefault(spot.block_id, {})[spot.action_id] = kept if same_kind else initial(spot.element)
    return state


def new_view(user_id: str, payload: Json, below: View | None = None) -> View:
    """A view as it opens for a person, `below` being the modal it is pushed onto. Puts it nowhere."""
    content = _content(payload)
    view_id = new_id("V")
    return View(
        id=view_id,
        type=str(content["type"]),
        user=user_id,
        payload=content,
        hash=new_hash(),
        root_id=below.root_id if below else view_id,
        previous_id=below.id if below else None,
        state=fresh_state(content["blocks"]),
    )


def revise(view: View, payload: Json) -> None:
    """Replace what a view shows: new hash, typed values kept, errors and banner gone."""
    view.payload = _content(payload)
    view.state = fresh_state(view.payload["blocks"], view.state)
    view.hash = new_hash()
    view.errors = {}
    view.banner = None


def new_hash() -> str:
    """A view revision's hash, new on every change."""
    return new_id("").lower()


def _content(payload: Json) -> Json:
    content = deepcopy(payload)
    fill_ids(content.setdefault("blocks", []))
    return content


def complaints(view: View) -> dict[str, str]:
    """What Slack's own client says under the fields before it asks the app: block_id -> sentence."""
    found: dict[str, str] = {}
    for spot in fields(view.payload["blocks"]):
        if spot.is_input:
            value = view.state[spot.block_id][spot.action_id]
            complaint = _complaint(spot, value)
            if complaint:
                found[spot.block_id] = complaint
    return found


def _complaint(spot: Spot, value: Json) -> str | None:
    if is_empty(value):
        return None if spot.block.get("optional") else REQUIRED
    kind, text = spot.element["type"], value.get("value")
    if kind == "plain_text_input":
        return _length_complaint(spot.element, str(text))
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", str(text)):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not _is_link(str(text)):
        return "Please enter a valid link, beginning with http:// or https://."
    if kind == "number_input":
        return _number_complaint(spot.element, str(text))
    return None


def _length_complaint(element: Json, text: str) -> str | None:
    if len(text) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    limit = element.get("max_length", 3000)
    return f"Please enter at most {limit} characters." if len(text) > limit else None


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)


def _number_complaint(element: Json, text: str) -> str | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None
