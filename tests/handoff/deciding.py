"""One deed on one handoff of the whole workflow, and what follows from it."""

from datetime import timedelta
from typing import Any, TypeVar

from handoff.decide import Decision, decide
from handoff.model import Flag, Handoff, Person, Post, Status
from handoff.notices import Notice
from handoff.workflow import Workflow
from tests.factories import NOW, SAM, did, handoff, whole_workflow

N = TypeVar("N", bound=Notice)

LATER = NOW + timedelta(minutes=30)
WHOLE = whole_workflow()
POST = Post(channel="C0TEST0001", ts="1772450000.000100")

SCOPE, RISK = "Custom Scope", "Delivery Risk"


def whole(status: Status = Status.COLLECTING, **changes: Any) -> Handoff:
    """A handoff of the whole workflow."""
    return handoff(status, **{"edition": WHOLE.edition, **changes})


def flag(name: str = SCOPE, **changes: Any) -> Flag:
    """A flag of Sam's that nobody has decided on, an hour old."""
    plain = {"name": name, "note": "They want a portal", "by": SAM, "at": NOW, "post": POST}
    return Flag.model_validate({**plain, **changes})


def after(case: Handoff, kind: str, by: Person = SAM, *, flow: Workflow = WHOLE, **facts: Any) -> Decision:
    """What follows when somebody does it half an hour later."""
    return decide(case, did(kind, by, **{"at": LATER, **facts}), flow, facts.get("at", LATER))


def of_kind(decision: Decision, kind: type[N]) -> list[N]:
    """The notices of one kind."""
    return [notice for notice in decision.notices if isinstance(notice, kind)]


def changes_nothing(decision: Decision, before: Handoff) -> bool:
    """Whether an act was only answered."""
    return (decision.handoff, decision.notices, decision.cancel, decision.counts) == (before, (), (), False)
