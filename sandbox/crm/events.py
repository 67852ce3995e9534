"""From changes of records to HubSpot's webhook events, in the three spellings seen in the wild. Pure.

The app subscribes to every property of deals, to their creation, deletion, restoring and merging.
https://developers.hubspot.com/changelog/new-subscription-types-for-webhooks
"""

import random
from collections.abc import Iterable
from typing import Any

from sandbox.crm.model import DEALS, Change, Json
from sandbox.crm.schema import PROPERTIES

PORTAL_ID = 148_812_077
APP_ID = 4_471_920
FIRST_SUBSCRIPTION = 2_905_100
VERBS = ("creation", "deletion", "restore", "merge")
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
    verb = change.verb
    prop = {} if change.name is None else {"propertyName": change.name, "propertyValue": change.value or ""}
    named: Json = {"subscriptionType": f"deal.{verb}"}
    if form == "eventType":
        named = {"eventType": f"deal.{verb}"}
    elif form == "generic":
        named = {"subscriptionType": f"object.{verb}", "objectTypeId": "0-3"}
    return {
        "objectId": int(change.record_id),
        **prop,
        **_merge(change),
        "changeSource": change.source,
        "eventId": dice.randrange(10**9, 2**32),
        "subscriptionId": _subscription(change),
        "portalId": PORTAL_ID,
        "appId": APP_ID,
        "occurredAt": int(change.at.timestamp() * 1000),
        **named,
        "attemptNumber": 0,
    }


def _merge(change: Change) -> Json:
    if change.merge is None:
        return {}
    return {
        "primaryObjectId": int(change.merge.primary_id),
        "mergedObjectIds": [int(one) for one in change.merge.merged_ids],
        "newObjectId": int(change.record_id),
        "numberOfPropertiesMoved": change.merge.moved,
    }


def _subscription(change: Change) -> int:
    """Each property and each verb is a subscription of its own."""
    if change.verb in VERBS:
        return FIRST_SUBSCRIPTION - VERBS.index(change.verb)
    names = list(PROPERTIES[DEALS])
    return FIRST_SUBSCRIPTION + (names.index(change.name) + 1 if change.name in names else 0)
