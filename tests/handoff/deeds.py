"""Everything that a person can do to a handoff, wise or not, for the flow machine to draw from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st

from handoff import checklist
from handoff.events import AnyEvent
from handoff.model import Handoff, Person, Status
from handoff.workflow import Workflow
from tests.factories import ANSWERS, BEA, DANA, GUEST, MAX, PRIYA, REASON, RUI, SAM, did, whole_workflow

GOOD = {**ANSWERS, "pricing": "15 % in the first year, agreed with finance", "kickoff": "Call"}
FLAGS = ("Custom Scope", "Delivery Risk")
KEYS = tuple(GOOD)
_WHOLE = whole_workflow()


@dataclass(frozen=True)
class Whim:
    """What somebody has in mind: whom, which, and whether they take the trouble to say why."""

    by: Person
    to: Person
    keys: tuple[str, ...]
    place: int
    yes: bool
    reason: str
    after: timedelta
    is_entitled: bool  # whoever may do it does, instead of `by`
    in_crm: str | None  # what somebody changes in the CRM just before


def whims() -> st.SearchStrategy[Whim]:
    """Whims of anybody."""
    return st.builds(
        Whim,
        by=st.sampled_from([SAM, RUI, PRIYA, DANA, MAX, GUEST]),
        to=st.sampled_from([SAM, RUI, BEA, PRIYA, DANA]),
        keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True).map(tuple),
        place=st.integers(0, 1),
        yes=st.booleans(),
        reason=st.sampled_from([REASON, REASON, REASON, "n/a"]),
        after=st.sampled_from([timedelta(hours=3), timedelta(days=2), timedelta(days=40), -timedelta(hours=1)]),
        is_entitled=st.sampled_from([True, True, False]),
        in_crm=st.sampled_from([None, None, None, "discount", "goals"]),
    )


Deed = Callable[[Handoff, Whim, datetime], AnyEvent]


def _did(kind: str, handoff: Handoff, whim: Whim, now: datetime, **facts: object) -> AnyEvent:
    by = _entitled(kind, handoff, whim) if whim.is_entitled else whim.by
    event: AnyEvent = did(kind, by, handoff_id=handoff.id, at=now, trace="", **facts)
    return event


def _entitled(kind: str, handoff: Handoff, whim: Whim) -> Person:
    asked = handoff.questions[-1].to if handoff.questions else None
    who = {"reviewed": MAX, "question_answered": asked, "offer_answered": handoff.offer and handoff.offer.to}
    return who.get(kind, handoff.owner) or (PRIYA if whim.place else DANA)


def _some(whim: Whim) -> dict[str, str]:
    return {key: GOOD[key] for key in whim.keys}


def _answer(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    flags = FLAGS[: w.place] if w.yes else ()
    return _did("answered", h, w, now, answers=GOOD, flags=flags, flag_note=w.reason)


def _answer_some(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("answered", h, w, now, answers=_some(w), opened_at=now - timedelta(hours=1))


def _waive(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("answered", h, w, now, answers={}, waived=dict.fromkeys(w.keys, w.reason))


def _draft(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("drafted", h, w, now, answers=_some(w) if w.yes else dict.fromkeys(w.keys, ""))


def _reply(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("replied", h, w, now, text=GOOD[w.keys[0]])


def _ask(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    to, about = w.to if w.yes else None, w.keys[0] if w.place else None
    return _did("question_asked", h, w, now, question_id=f"q{len(h.questions)}", text=w.reason, to=to, about=about)


def _tell(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    question_id = h.questions[-1].id if h.questions else "q0"
    return _did("question_answered", h, w, now, question_id=question_id, text=GOOD[w.keys[0]])


def _take_over(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("offer_answered", h, w, now, accepts=w.yes)


def _review(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    verdict = ("approved", "conditions", "returned")[len(w.keys) - 1]
    place = h.undecided[0] if h.undecided and w.yes else w.place
    return _did("reviewed", h, w, now, flag=place, verdict=verdict, reason=w.reason, fields=w.keys)


def _kickoff(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("kickoff_scheduled", h, w, now, kickoff_at=now + w.after)


def _choose(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("chosen", h, w, now, difference=max(len(h.differences) - 1, 0), kept="theirs" if w.yes else "ours")


def _simple(kind: str) -> Deed:
    return lambda h, w, now: _did(kind, h, w, now)


def _to(kind: str) -> Deed:
    return lambda h, w, now: _did(kind, h, w, now, to=w.to)


def _flag(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("flagged", h, w, now, flag=FLAGS[w.place], note=w.reason)


def _send_back(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("sent_back", h, w, now, fields=w.keys, reason=w.reason)


def _not_needed(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("not_needed", h, w, now, reason=w.reason)


def _tick(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("ticked", h, w, now, done=(w.place,) if w.yes else ())


def _word(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("email_saved", h, w, now, subject="Welcome", body=w.reason)


def _snooze(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("snoozed", h, w, now, until=now + w.after)


def _pause(h: Handoff, w: Whim, now: datetime) -> AnyEvent:
    return _did("paused", h, w, now, until=now + w.after if w.yes else None, reason=w.reason)


_ANY_TIME: tuple[Deed, ...] = (_flag, _review, _ask, _tell, _choose, _snooze, _pause, _simple("unpaused"))
_SALES: tuple[Deed, ...] = (_answer, _answer_some, _waive, _draft, _reply, _to("passed_on"), _not_needed)
_FREE: tuple[Deed, ...] = (_simple("claimed"), _to("assigned"), _send_back, _flag)
_OWNED: tuple[Deed, ...] = (
    _to("offered"),
    _take_over,
    _take_over,
    _simple("released"),
    _send_back,
    _kickoff,
    _to("assigned"),
    _tick,
    _word,
    _simple("finished"),
)


def next_step(handoff: Handoff, workflow: Workflow, now: datetime) -> AnyEvent:
    """What brings a handoff nearer to its end, by whoever may do it."""
    facts = {"handoff_id": handoff.id, "at": now, "trace": ""}
    match handoff.status:
        case Status.COLLECTING:
            missing = {f.key: GOOD[f.key] for f in checklist.missing(workflow, handoff)}
            event = did("answered", SAM, answers=missing, **facts)
        case Status.IN_REVIEW:
            event = did("reviewed", MAX, flag=handoff.undecided[0], verdict="approved", reason=REASON, **facts)
        case Status.UNCLAIMED:
            event = did("claimed", PRIYA, **facts)
        case _:
            event = did("finished", handoff.owner or PRIYA, **facts)
    return event  # type: ignore[no-any-return]


def _go_ahead(h: Handoff, w: Whim, now: datetime) -> AnyEvent:  # noqa: ARG001 -- whoever may do it does
    return next_step(h, _WHOLE, now)


FITTING: dict[Status, tuple[Deed, ...]] = {
    Status.COLLECTING: (_go_ahead, *_SALES, *_ANY_TIME, _go_ahead, _go_ahead),
    Status.IN_REVIEW: (_go_ahead, *_ANY_TIME, _review, _review, _not_needed),
    Status.UNCLAIMED: (_go_ahead, *_FREE, *_ANY_TIME, _flag),
    Status.OWNED: (*_OWNED, *_ANY_TIME, _flag),
    Status.KICKOFF_SCHEDULED: (*_OWNED, *_ANY_TIME, _flag),
}
ALL: tuple[Deed, ...] = (*_SALES, *_FREE, *_OWNED, *_ANY_TIME)
