"""What people do with a handoff when they get to it, and what some never do."""

import random
from datetime import datetime, timedelta
from typing import Any

from handoff.events import AnyEvent
from handoff.model import Handoff, Person, Status
from tests.factories import ANSWERS, REASON, did
from tests.handoff.year_people import DELIVERY, PEOPLE, REPS, REVIEWER

KEYS = ("promised", "next_step")
STUCK = (Status.COLLECTING, Status.IN_REVIEW, Status.UNCLAIMED, Status.OWNED)
SHARE_STUCK = 0.12
ENOUGH = 8  # after so many deeds people get on with it

Wish = tuple[str, Person, dict[str, Any]]


def patience(rng: random.Random) -> timedelta:
    """How long it takes until somebody gets to it: minutes or days."""
    return timedelta(seconds=round(300 * 10 ** rng.uniform(0, 3.2)))


def stuck_at(rng: random.Random) -> Status | None:
    """Where nobody will ever go on; None for most."""
    return rng.choice(STUCK) if rng.random() < SHARE_STUCK else None


def deed(handoff: Handoff, rng: random.Random, now: datetime, before: int) -> AnyEvent | None:
    """What somebody does now; None once there is nothing more to do. `before` counts what was done."""
    luck = rng.random() if before < ENOUGH else 1.0
    if not handoff.is_open:
        return None
    if luck < 0.1 and handoff.snoozes < 3:
        wish: Wish = _rest(handoff, rng, now)
    else:
        wish = _WISHES[handoff.status](handoff, rng, luck, now)
    kind, by, facts = wish
    event: AnyEvent = did(kind, by, handoff_id=handoff.id, at=now, trace="", **facts)
    return event


def _rest(handoff: Handoff, rng: random.Random, now: datetime) -> Wish:
    by = handoff.owner or handoff.asked or REVIEWER
    until = now + timedelta(minutes=rng.randrange(60, 6000))
    return rng.choice(["snoozed", "paused"]), by, {"until": until}


def _sales(handoff: Handoff, rng: random.Random, luck: float, now: datetime) -> Wish:  # noqa: ARG001
    by = handoff.asked or PEOPLE[0]
    if luck < 0.15:
        return "passed_on", by, {"to": rng.choice(PEOPLE[REPS])}
    if luck < 0.18:
        return "not_needed", by, {"reason": REASON}
    if luck < 0.3:
        return "answered", by, {"answers": {KEYS[0]: ANSWERS[KEYS[0]]}}
    flags = {"flags": ("Custom Scope",), "flag_note": REASON} if luck < 0.4 and not handoff.flags else {}
    return "answered", by, {"answers": {key: ANSWERS[key] for key in KEYS}, **flags}


def _review(handoff: Handoff, rng: random.Random, luck: float, now: datetime) -> Wish:  # noqa: ARG001
    verdict = "returned" if luck < 0.3 else "approved"
    return "reviewed", REVIEWER, {"flag": handoff.undecided[0], "verdict": verdict, "reason": REASON, "fields": KEYS}


def _claim(handoff: Handoff, rng: random.Random, luck: float, now: datetime) -> Wish:  # noqa: ARG001
    by = rng.choice(PEOPLE[DELIVERY])
    if luck < 0.2:
        return "sent_back", by, {"fields": KEYS[:1], "reason": REASON}
    if luck < 0.25:
        return "flagged", by, {"flag": "Custom Scope", "note": REASON}
    return "claimed", by, {}


def _own(handoff: Handoff, rng: random.Random, luck: float, now: datetime) -> Wish:
    by, other = handoff.owner or PEOPLE[0], rng.choice(PEOPLE[DELIVERY])
    if luck < 0.2:
        return "released", by, {"reason": REASON}
    if luck < 0.25:
        return "assigned", by, {"to": other}
    if luck < 0.3:
        return "sent_back", by, {"fields": KEYS[1:], "reason": REASON}
    if luck < 0.8:
        return "kickoff_scheduled", by, {"kickoff_at": now + timedelta(days=5)}
    return "finished", by, {}


def _end(handoff: Handoff, rng: random.Random, luck: float, now: datetime) -> Wish:  # noqa: ARG001
    return "finished", handoff.owner or PEOPLE[0], {}


_WISHES = {
    Status.COLLECTING: _sales,
    Status.IN_REVIEW: _review,
    Status.UNCLAIMED: _claim,
    Status.OWNED: _own,
    Status.KICKOFF_SCHEDULED: _end,
}
