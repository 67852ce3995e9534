"""The worst that can stand on a brief besides its answers: everything happened, often, and with malicious texts."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from handoff.model import (
    Ending,
    Flag,
    Offer,
    Person,
    Post,
    Question,
    Quiet,
    SendBack,
    Status,
    Tick,
    Verdict,
    VerdictKind,
)
from tests import factories
from tests.bot.hostile import PEOPLE, SECRET, WORDS, Case, cases, fullest
from tests.factories import NOW

LATER = NOW + timedelta(days=3)


@st.composite
def busy_cases(draw: st.DrawFn) -> Case:
    """A handoff in any state to which everything happened."""
    case = draw(cases())
    text, person, status = draw(WORDS), draw(PEOPLE), draw(st.sampled_from(Status))
    return happened(case, text[:3000], person, status, draw(st.sampled_from((0, 1, 2, 30))))


def busiest(status: Status) -> Case:
    """The fullest brief, to which everything happened thirty times with the longest texts."""
    long = "<!channel> & " * 1000
    return happened(fullest(), long, Person(name=long), status, 30)


def happened(case: Case, text: str, person: Person, status: Status, times: int) -> Case:
    """The case in a state, with everything that may have happened, so often."""
    workflow = factories.workflow(
        checklist=[f.model_dump() for f in case.workflow.checklist],
        brief={"promised": "f0", "expects_next": "f1"},
        exceptions={"flags": ["Custom Scope", text[:60] or "x"], "channel": "#deal-desk"},
        first_task={"title": "Kick off {{ record.name }}", "checklist": [text[:300]] * 20},
        welcome_email={"subject": "To {{ record.name }}", "body": text},
    )
    keys = tuple(f.key for f in workflow.checklist)
    secret = next((f.key for f in workflow.checklist if f.visible_to), None)
    said = {"by": person, "at": NOW}
    flags = [Flag(name=text[:100], note=text, **said, verdict=_verdict(n, text, person)) for n in range(times)]
    known: dict[str, Any] = {
        "status": status,
        "flags": tuple(flags),
        "send_backs": tuple(SendBack(fields=keys, reason=text, **said) for _ in range(times)),
        "questions": tuple(_question(n, text, person, secret) for n in range(times)),
        "wanted": keys if status is Status.COLLECTING else (),
        "quiet": Quiet(by=person, at=NOW, until=LATER if times % 2 else None, reason=text, is_pause=True),
        "ticks": tuple(Tick(step=n, **said) for n in range(0, 20, 2)),
        "briefed_at": LATER,
        "brief_post": Post(channel="C0DELIVERY", ts="1.1"),
        "task_at": NOW,
    }
    if status in (Status.OWNED, Status.KICKOFF_SCHEDULED, Status.DONE, Status.COLLECTING):
        offer = Offer(to=person, by=person, note=text, at=NOW)
        known |= {"owner": person, "owned_at": NOW, "offer": offer, "kickoff_at": LATER, "finished_at": LATER}
    if status is Status.CANCELLED:
        known |= {"ending": Ending(because=("not_needed", "stage_left", "merged")[times % 3], reason=text, **said)}
    changes = known | {"edition": workflow.edition, "owner": known.get("owner")}
    return Case(case.handoff.model_copy(update=changes), workflow)


def _verdict(number: int, text: str, person: Person) -> Verdict | None:
    kinds = (None, *VerdictKind)
    kind = kinds[number % len(kinds)]
    return Verdict(kind=kind, reason=text, by=person, at=NOW) if kind else None


def _question(number: int, text: str, person: Person, secret: str | None) -> Question:
    about = secret if number % 2 else None
    answer = SECRET if about else text
    given = {"answer": answer, "answered_by": person, "answered_at": NOW} if number % 3 else {}
    asked = {"about": about, "text": text, "by": person, "to": person, "at": NOW, "is_to_sales": number % 5 != 4}
    return Question.model_validate({"id": f"q{number}", **asked, **given})
