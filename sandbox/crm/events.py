"""From changes of records to HubSpot's webhook events, in the three spellings seen in the wild. Pure.

The app subscribes to every property of deals, and to their creation.
"""

import random
from collections.abc import Iterable
from typing import Any

from sandbox.crm.model import DEALS, Change, Json
from sandbox.crm.schema import PROPERTIES

PORTAL_ID = 148_812_077
APP_ID = 4_471_920
FIRST_SUBSCRIPTION = 2_905_100
FORMS = ("classic", "generic", "eventType")


def events_of(changes: Iterable[Change], form: str, dice: random.Random) -> list[Json]:
    """One event per change. `form` is one of FORMS: the classic name, the generic one, or the other key."""
    return [_event(change, form, dice) for change in changes]


def multiplied(events: list[Any], copies: int, dice: random.Random | None) -> list[Any]:
    """Each event `copies` times in all; with dice, in an order of their choosing."""
    many = [event for event in events for _ in range(copies)]
    if dice is not None:
        dice.shuffle(many)
    return many


def _event(change: Change, form: str, dice: random.Random) -> Json:
    verb = "creation" if change.name is None else "propertyChange"
    prop = {} if change.name is None else {"propertyName": change.name, "propertyValue": change.value or ""}
    named: Json = {"subscriptionType": f"deal.{verb}"}
    if form == "eventType":
        named = {"eventType": f"deal.{verb}"}
    elif form == "generic":
        named = {"subscriptionType": f"object.{verb}", "objectTypeId": "0-3"}
    return {
        "objectId": int(change.record_id),
        **prop,
        "changeSource": change.source,
        "eventId": dice.randrange(10**9, 2**32),
        "subscriptionId": _subscription(change.name),
        "portalId": PORTAL_ID,
        "appId": APP_ID,
        "occurredAt": int(change.at.timestamp() * 1000),
        **named,
        "attemptNumber": 0,
    }


def _subscription(name: str | None) -> int:
    names = list(PROPERTIES[DEALS])
    return FIRST_SUBSCRIPTION + (names.index(name) + 1 if name in names else 0)
