"""HubSpot's webhooks → hints. Pure: bytes and headers in, hints out, or an error with the HTTP status to answer.

It believes nothing it reads: the stage in an event is for the log, the record is read again.
https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crm.signatures import is_hubspot_v3
from handoff.errors import BadRequest
from handoff.events import Hint
from handoff.model import RecordRef

MOST_EVENTS = 1000  # HubSpot sends up to 100; a little room costs nothing
_DEAL = "0-3"


@dataclass(frozen=True)
class Read:
    """What a webhook said: hints for stage changes, and how many events were none of our business."""

    hints: tuple[Hint, ...]
    ignored: int


def read(
    headers: Mapping[str, str], body: bytes, *, url: str, secrets: Sequence[str], now: datetime, trace: str
) -> Read:
    """The hints in a webhook.

    Raises:
        BadRequest: 401 for a signature that is not good, 400 for a body that is not an array of events.
    """
    if not is_hubspot_v3(secrets, "POST", url, headers, body, now):
        raise BadRequest(401, "The signature is missing, wrong or older than five minutes.")
    events = _parse(body)
    hints = tuple(hint for event in events if (hint := _hint(event, trace)) is not None)
    return Read(hints, len(events) - len(hints))


def _parse(body: bytes) -> list[Any]:
    try:
        events = json.loads(body)
    except (ValueError, RecursionError) as e:
        raise BadRequest(400, "The body is not JSON.") from e
    if not isinstance(events, list):
        raise BadRequest(400, "The body is not an array of events.")
    if len(events) > MOST_EVENTS:
        raise BadRequest(400, f"The body has more than {MOST_EVENTS} events.")
    return events


def _hint(event: Any, trace: str) -> Hint | None:
    """The hint in one event, or None if it is not about the stage of a deal."""
    if not isinstance(event, dict) or event.get("propertyName") != "dealstage":
        return None
    kind = event.get("subscriptionType") or event.get("eventType")
    generic = kind == "object.propertyChange" and event.get("objectTypeId") == _DEAL
    if kind != "deal.propertyChange" and not generic:
        return None
    deal, at = _digits(event.get("objectId")), _moment(event.get("occurredAt"))
    if deal is None or at is None:
        return None
    account, subscription = (_text(event.get(name)) for name in ("portalId", "subscriptionId"))
    return Hint(
        # eventId is "not guaranteed to be unique"; these together name one change
        key=f"hubspot:{account}:{subscription}:{deal}:dealstage:{event['occurredAt']}",
        ref=RecordRef(system="hubspot", object="deal", id=deal),
        at=at,
        stage=_text(event.get("propertyValue")),
        trace=trace,
    )


def _digits(value: Any) -> str | None:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text if re.fullmatch(r"[0-9]{1,20}", text, re.ASCII) else None


def _text(value: Any) -> str:
    """Up to 100 characters that every database takes: JSON may hold half a surrogate pair, or a NUL."""
    text = str(value)[:100] if isinstance(value, str | int) else ""
    return text.encode(errors="replace").decode().replace("\0", "?")


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
