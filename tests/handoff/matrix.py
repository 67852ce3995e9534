"""Every role, every act, every state: what is needed to ask for each of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handoff.model import Difference, Handoff, Offer, Person, Question, Quiet, Status
from handoff.rights import outsider_of
from handoff.workflow import Workflow
from tests.factories import (
    ANSWERS,
    BEA,
    CHECKLIST,
    DANA,
    MAX,
    NOW,
    PRIYA,
    REASON,
    RUI,
    SAM,
    answer,
    record,
    whole_workflow,
)
from tests.handoff.deciding import LATER, SCOPE, flag, whole

_ELSEWHERE = (outsider_of("#delivery"), outsider_of("#reviews"))


def _somebody(name: str) -> Person:
    return Person(name=name, email=f"{name.casefold()}@example.com", slack_id=f"U0{name.upper():0<8}")


COLLEAGUE, TAKER, RESTER = _somebody("Colleague"), _somebody("Taker"), _somebody("Rester")

# Who it is, and what Slack says of them: their user groups, and the channels they are not in.
ROLES: Mapping[str, tuple[Person, tuple[str, ...]]] = {
    "rep": (SAM, _ELSEWHERE),
    "another rep": (_somebody("Lee"), _ELSEWHERE),
    "manager": (RUI, _ELSEWHERE),
    "backup": (BEA, _ELSEWHERE),
    "colleague": (COLLEAGUE, _ELSEWHERE),  # was asked one question by sales
    "claimer": (_somebody("Claimer"), ("@claimers", *_ELSEWHERE)),
    "sender": (_somebody("Sender"), ("@senders", *_ELSEWHERE)),
    "pauser": (_somebody("Pauser"), ("@pausers", *_ELSEWHERE)),
    "finance": (_somebody("Finance"), ("@finance", *_ELSEWHERE)),
    "reviewer": (MAX, _ELSEWHERE[:1]),
    "owner": (PRIYA, _ELSEWHERE[1:]),
    "delivery": (DANA, _ELSEWHERE[1:]),  # in the channel, and named nowhere
    "taker": (TAKER, _ELSEWHERE),  # the owner has offered it to them
    "rester": (RESTER, _ELSEWHERE),  # has snoozed it
    "ops": (_somebody("Ops"), _ELSEWHERE),
    "member": (_somebody("Member"), _ELSEWHERE),  # of the workspace, and nothing else
}
GUEST = _somebody("Guest").model_copy(update={"is_guest": True})
EVERY_NAME = ("@claimers", "@senders", "@pausers", "@finance", str(MAX.email))

_CHECKLIST = [{**field, **({"visible_to": ["@finance"]} if field["key"] == "pricing" else {})} for field in CHECKLIST]
_REVIEWS = {"flags": [SCOPE, "Delivery Risk"], "channel": "#reviews"}
_NAMED = {"may_claim": ["@claimers"], "may_send_back": ["@senders"], "may_pause": ["@pausers"]}


def _flow(delivery: Mapping[str, Any], reviewers: list[str | None]) -> Workflow:
    checklist = [{"crm": f"crm_{field['key']}", **field} for field in _CHECKLIST]
    return whole_workflow(
        checklist=checklist,
        delivery={"channel": "#delivery", **delivery},
        exceptions={**_REVIEWS, "reviewers": reviewers},
    )


# The same workflow by lists of names and by the members of its channels, and whom its words mean then.
FLOWS: Mapping[str, Workflow] = {"names": _flow(_NAMED, [MAX.email]), "channels": _flow({}, [])}
_READERS = {"anybody": frozenset(ROLES), "readers": {"finance"}}
MEANT: Mapping[str, Mapping[str, Any]] = {
    "names": {**_READERS, "claimers": {"claimer"}, "senders": {"sender"}, "pausers": {"pauser"}},
    "channels": {**_READERS, **dict.fromkeys(("claimers", "senders", "pausers"), frozenset(("owner", "delivery")))},
}

STATES: Mapping[str, Status] = {
    "collecting": Status.COLLECTING,
    "back": Status.COLLECTING,  # sent back while somebody owned it
    "in_review": Status.IN_REVIEW,
    "unclaimed": Status.UNCLAIMED,
    "owned": Status.OWNED,
    "kickoff": Status.KICKOFF_SCHEDULED,
    "done": Status.DONE,
    "cancelled": Status.CANCELLED,
}


def standing(state: str, deed: str) -> Handoff:
    """A handoff in one state with everything open that can be: questions, a flag, an offer, differences, a snooze.

    A restricted reply finds nothing missing but the restricted answer.
    """
    status = STATES[state]
    asked = (_question("colleague", COLLEAGUE), _question("sales", SAM))
    changes: dict[str, Any] = {
        "questions": asked,
        "differences": (_difference("promised"), _difference("pricing")),
        "flags": () if status is Status.UNCLAIMED else (flag(),),  # a flag would hold it back
        "quiet": Quiet(by=RESTER, at=NOW, until=LATER + timedelta(days=1)),
    }
    if state in ("owned", "kickoff"):
        changes["offer"] = Offer(to=TAKER, by=PRIYA, note="", at=NOW)
    if state == "back":
        changes |= {"owner": PRIYA, "owned_at": NOW, "wanted": ("goals",)}
    if deed == "replied, restricted":
        changes |= {"answers": tuple(map(answer, ANSWERS)), "record": record(fields={"discount": "10"}), "wanted": ()}
    return whole(status, edition=FLOWS["names"].edition, **changes)


def _question(id_: str, to: Person) -> Question:
    return Question(id=id_, about=None, text="?", by=PRIYA, to=to, at=NOW, is_to_sales=id_ == "sales")


def _difference(key: str) -> Difference:
    return Difference(key=key, theirs="Another one", ours="Ours", at=NOW, is_for_sales=False)


# One deed of each kind, and of those whose rights depend on what it is about, more than one.
DEEDS: Mapping[str, Mapping[str, Any]] = {
    "answered": {"answers": {**ANSWERS, "goals": "Fewer late invoices in the first year"}},
    "answered, restricted": {"answers": {"pricing": "15 % in the first year, agreed with finance"}},
    "drafted": {"answers": {"goals": "Fewer late"}},
    "drafted, restricted": {"answers": {"pricing": "15 %"}},
    "replied": {"text": "Fewer late invoices in the first year"},
    "replied, restricted": {"text": "15 % in the first year, agreed with finance"},
    "passed_on": {"to": _somebody("Next")},
    "not_needed": {"reason": REASON},
    "question_asked, colleague": {"question_id": "new", "text": "Which scope?", "to": BEA},
    "question_asked, sales": {"question_id": "new", "text": "Which scope?"},
    "question_answered, colleague": {"question_id": "colleague", "text": "The second one"},
    "question_answered, sales": {"question_id": "sales", "text": "The second one"},
    "flagged": {"flag": "Delivery Risk", "note": REASON},
    "reviewed": {"flag": 0, "verdict": "approved", "reason": REASON},
    "claimed": {},
    "assigned": {"to": _somebody("Next")},
    "offered": {"to": _somebody("Next")},
    "offer_answered": {"accepts": True},
    "released": {},
    "sent_back": {"fields": ("goals",), "reason": REASON},
    "kickoff_scheduled": {"kickoff_at": LATER + timedelta(days=2)},
    "finished": {},
    "ticked": {"done": (0,)},
    "email_saved": {"subject": "Welcome", "body": "Hello"},
    "chosen": {"difference": 0, "kept": "theirs"},
    "chosen, restricted": {"difference": 1, "kept": "ours"},
    "snoozed": {"until": LATER + timedelta(days=3)},
    "paused": {"reason": REASON},
    "unpaused": {},
}
