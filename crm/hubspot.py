"""HubSpot's webhooks → hints. Pure: bytes and headers in, hints out, or an error with the HTTP status to answer.

It believes nothing it reads: whatever happened to a deal, the hint is "read this record again"; the stage in an event
is for the log only.
https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic_core import from_json

from crm.signatures import is_hubspot_v3
from handoff.errors import BadRequest
from handoff.events import Hint
from handoff.model import RecordRef

MOST_EVENTS = 1000  # HubSpot sends up to 100; a little room costs nothing
MOST_MERGED = 20  # HubSpot merges two at a time; whoever names more gets no more reads out of us
_DEAL = "0-3"
_ID = re.compile("([0-9]{6,20})", re.ASCII)
_PAGE = re.compile(r"<?https?://[^\s|>]+/(?:record/0-3|deal)/([0-9]{1,20})(?=[/?#|>]|$)", re.ASCII)
_VERBS = {"propertyChange", "creation", "deletion", "restore", "merge"}


@dataclass(frozen=True)
class Read:
    """What a webhook said: hints for changed deals, and how many events were none of our business.

    Events about one deal at one moment share a hint, so there may be fewer hints than events that count.
    """

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
    found = [_hints(event, trace) for event in events]
    hints = _one_per_moment(hint for few in found for hint in few)
    return Read(hints, sum(not few for few in found))


def named(text: str) -> RecordRef | None:
    """The deal that somebody means by its id or by the address of its page; None if a text is neither.

    Slack may put an address into angle brackets. A number of fewer than six digits may be a customer's name.
    """
    found = _ID.fullmatch(text.strip()) or _PAGE.match(text.strip())
    return RecordRef(system="hubspot", object="deal", id=found[1]) if found else None


def _parse(body: bytes) -> list[Any]:
    try:
        events = _json(body)
    except (ValueError, RecursionError) as e:
        raise BadRequest(400, "The body is not JSON.") from e
    if not isinstance(events, list):
        raise BadRequest(400, "The body is not an array of events.")
    if len(events) > MOST_EVENTS:
        raise BadRequest(400, f"The body has more than {MOST_EVENTS} events.")
    return events


def _json(body: bytes) -> Any:
    """What a body says, by what reads it three times as fast as the standard library; that has the last word."""
    try:
        return from_json(body, cache_strings="keys")
    except ValueError:  # half a character in somebody's text is no reason to refuse the rest
        return json.loads(body)


def _hints(event: Any, trace: str) -> list[Hint]:
    """The hints in one event: one per deal it is about; none if it is not about a deal or lacks what it must say."""
    verb = _verb(event)
    at = _moment(event.get("occurredAt")) if verb else None
    prop = event.get("propertyName") if verb == "propertyChange" else verb
    if at is None or not isinstance(prop, str):
        return []
    account, subscription, named = (
        _text(given) for given in (event.get("portalId"), event.get("subscriptionId"), prop)
    )
    return [
        Hint(
            # eventId is "not guaranteed to be unique"; these together name one change
            key=f"hubspot:{event['occurredAt']}:{account}:{subscription}:{deal}:{named}",
            ref=RecordRef(system="hubspot", object="deal", id=deal),
            at=at,
            stage=_text(event.get("propertyValue")) if named == "dealstage" else "",
            trace=trace,
        )
        for deal in _deals(event, verb)
    ]


def _verb(event: Any) -> str | None:
    """What happened to a deal, by the classic name (`deal.merge`) or the generic one (`object.merge`); else None."""
    kind = (event.get("subscriptionType") or event.get("eventType")) if isinstance(event, dict) else None
    thing, _, verb = kind.partition(".") if isinstance(kind, str) else ("", "", "")
    ours = thing == "deal" or (thing == "object" and event.get("objectTypeId") == _DEAL)
    return verb if ours and verb in _VERBS else None


def _deals(event: Mapping[str, Any], verb: str | None) -> list[str]:
    """The ids an event is about. A merge is about those merged, the winner, and the record it may have made anew.

    https://developers.hubspot.com/changelog/new-subscription-types-for-webhooks
    """
    told = [event.get("objectId")]
    if verb == "merge":
        losers = event.get("mergedObjectIds")
        told += [event.get("primaryObjectId"), event.get("newObjectId")]
        told += losers[:MOST_MERGED] if isinstance(losers, list) else []
    return list(dict.fromkeys(deal for given in told if (deal := _digits(given)) is not None))


def _one_per_moment(hints: Iterable[Hint]) -> tuple[Hint, ...]:
    """One hint for all that happened to a deal at one moment: one save of five fields is one read.

    The moment is HubSpot's millisecond, so a later change keeps a hint of its own. The one kept is the stage's if there
    is one, else the first by its key: told again in another order, the same batch gives the same keys.
    """
    kept: dict[tuple[str, datetime], Hint] = {}
    for hint in hints:
        other = kept.setdefault((hint.ref.id, hint.at), hint)
        if (not hint.stage, hint.key) < (not other.stage, other.key):
            kept[hint.ref.id, hint.at] = hint
    return tuple(kept.values())


def _digits(value: Any) -> str | None:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text if text.isdigit() and text.isascii() and len(text) <= 20 else None


def _text(value: Any) -> str:
    """Up to 100 characters that every database takes: JSON may hold half a surrogate pair, or a NUL."""
    text = str(value)[:100] if isinstance(value, str | int) else ""
    return text if text.isprintable() else text.encode(errors="replace").decode().replace("\0", "?")


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
