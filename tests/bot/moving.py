"""Handoffs with reviewers and a record that moves: flags raised and decided, values that differ, ended."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from handoff.model import (
    Difference,
    Ending,
    Flag,
    Handoff,
    Person,
    SendBack,
    Status,
    Verdict,
    VerdictKind,
)
from handoff.workflow import Workflow
from tests import factories
from tests.bot.hostile import PEOPLE, SECRET, TEXTS, WORDS, Case, cases
from tests.factories import NOW, PRIYA

FRANCES = Person(name="Frances Osei", email="founder@example.com", slack_id="U0FRANCES")
EXCEPTIONS = {
    "flags": ["Custom Scope", "Delivery Risk"],
    "channel": "#deal-review",
    "reviewers": ["founder@example.com"],
}


def reviewed_workflow(**changes: Any) -> Workflow:
    """Sales to delivery with reviewers, and all four ladders."""
    ladders = factories.workflow().nags.model_dump(exclude_none=True) | {
        "reviewer": [{"after": "4h", "to": "reviewer"}, {"after": "1d", "to": "ops_channel"}],
        "owner": [{"after": "2d", "to": "owner"}, {"after": "4d", "to": "manager of owner"}],
    }
    people = {"sam@example.com": {"manager": "rui@example.com"}, "priya@example.com": {"manager": "rui@example.com"}}
    return factories.workflow(**{"exceptions": EXCEPTIONS, "nags": ladders, "people": people, **changes})


def flag(verdict: VerdictKind | None = None, **changes: Any) -> Flag:
    """Priya's flag, with Frances' decision if there is one."""
    decided = Verdict(kind=verdict, reason="Rui signs it off first", by=FRANCES, at=NOW) if verdict else None
    plain = {"name": "Custom Scope", "note": "A billing export", "by": PRIYA, "at": NOW, "verdict": decided}
    return Flag.model_validate({**plain, **changes})


def difference(**changes: Any) -> Difference:
    """HubSpot says another start date than Sam did."""
    plain = {"key": "start", "theirs": "2026-04-01", "ours": "2026-03-20", "at": NOW, "is_for_sales": False}
    return Difference.model_validate({**plain, **changes})


def ended(because: str, reason: str = "", by: Person | None = None, **changes: Any) -> Handoff:
    """A handoff that was cancelled."""
    ending = Ending(because=because, at=NOW, reason=reason, by=by)
    return factories.handoff(Status.CANCELLED, ending=ending, **changes)


@st.composite
def moving(draw: st.DrawFn) -> Case:
    """All of it at once, with texts as bad as they come. Values that only some may read are secrets."""
    case = draw(cases())
    keys = [f.key for f in case.workflow.checklist]
    hidden = {f.key for f in case.workflow.checklist if f.visible_to}
    told = case.workflow.model_copy(update={"exceptions": _exceptions(draw(WORDS))})
    key = draw(st.sampled_from(keys))
    theirs, ours = (SECRET, SECRET) if key in hidden else (draw(st.none() | TEXTS), draw(TEXTS))
    at = NOW + timedelta(minutes=draw(st.integers(0, 5000)))
    kept, by = draw(st.sampled_from((None, "theirs", "ours", "same"))), draw(st.none() | PEOPLE)
    plain = {"key": key, "theirs": theirs, "ours": ours, "at": at, "is_for_sales": draw(st.booleans())}
    changes: dict[str, Any] = {
        "flags": tuple(draw(_flag()) for _ in range(draw(st.integers(1, 3)))),
        "differences": (Difference.model_validate({**plain, "kept": kept, "by": by}),),
        "send_backs": tuple(
            SendBack(fields=tuple(keys[:n]), reason=draw(WORDS), by=draw(PEOPLE), at=at) for n in draw(_COUNTS)
        ),
        "ending": draw(st.none() | _ENDINGS),
        "kickoff_at": draw(st.sampled_from((None, at))),
        "briefed_at": draw(st.sampled_from((None, NOW, at))),
        "task_at": draw(st.sampled_from((None, NOW))),
    }
    if draw(st.booleans()):
        changes |= {"owner": draw(PEOPLE), "owned_at": NOW}
    return Case(case.handoff.model_copy(update=changes), told)


def _exceptions(name: str) -> Any:
    told = reviewed_workflow().exceptions
    assert told is not None
    return told.model_copy(update={"flags": (name, f"{name} too"), "reviewers": ("@" + "x" * 80,) * 20})


@st.composite
def _flag(draw: st.DrawFn) -> Flag:
    kind = draw(st.none() | st.sampled_from(VerdictKind))
    verdict = Verdict(kind=kind, reason=draw(WORDS), by=draw(PEOPLE), at=NOW) if kind else None
    return Flag(name=draw(WORDS), note=draw(TEXTS), by=draw(PEOPLE), at=NOW, verdict=verdict)


_COUNTS = st.lists(st.integers(1, 80), max_size=2)
_ENDINGS = st.builds(
    Ending,
    because=st.sampled_from(("not_needed", "stage_left", "deleted", "merged")),
    at=st.just(NOW),
    reason=TEXTS,
    by=st.none() | PEOPLE,
)
