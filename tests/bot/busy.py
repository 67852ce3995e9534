"""Handoffs in the hands of sales with everything that can be on them: drafts, questions, flags, send-backs, rests."""

from typing import Any

from hypothesis import strategies as st

from bot.modals.sheet import Place, Sheet
from handoff.model import Draft, Ending, Flag, Handoff, PassOn, Person, Question, Quiet, SendBack, Status
from handoff.workflow import ChecklistField, Workflow
from tests.bot.hostile import LINKS, PEOPLE, SECRET, TYPICAL, WORDS, Case, cases, fullest
from tests.factories import NOW, SAM

FLAGS = tuple(f"{n} {'<!channel> & *flag* ' * 20}"[:300] for n in range(10))


def seen_by(handoff: Handoff, workflow: Workflow, *roles: str, **place: Any) -> Sheet:
    """The form as Sam sees it."""
    return Sheet(handoff, workflow, SAM, roles, Place(handoff.id, NOW, **place))


@st.composite
def busy(draw: st.DrawFn) -> Case:
    """Anything at all, of a handoff with flags to raise."""
    case = draw(cases())
    exceptions = {"flags": FLAGS, "channel": "#deal-review", "reviewers": ["rui@example.com"]}
    told = case.workflow.model_dump(by_alias=True) | {"exceptions": exceptions}
    workflow = Workflow.model_validate(told)
    keys = st.lists(st.sampled_from([f.key for f in workflow.checklist]), max_size=20, unique=True)
    kinds = {f.key: f for f in workflow.checklist}
    drafts = tuple(_draft(draw, kinds[key].key, kinds) for key in draw(keys))
    wanted = tuple(draw(st.one_of(st.just([]), keys)))
    changes: dict[str, Any] = {
        "drafts": drafts,
        "wanted": wanted,
        "send_backs": tuple(SendBack(fields=wanted, reason=draw(WORDS), by=draw(PEOPLE), at=NOW) for _ in range(3)),
        "flags": tuple(Flag(name=name, note=draw(WORDS), by=draw(PEOPLE), at=NOW) for name in draw(_some(FLAGS))),
        "questions": tuple(_question(draw, n, draw(st.sampled_from([None, *kinds.values()]))) for n in range(3)),
        "quiet": draw(st.none() | st.builds(_quiet, PEOPLE, st.booleans(), WORDS)),
        "passed_on": draw(
            st.none() | st.builds(lambda by, to, note: PassOn(by=by, to=to, note=note, at=NOW), PEOPLE, PEOPLE, WORDS)
        ),
        "asked_because": draw(st.sampled_from((None, "passed_on", "not_in_slack", "no_owner"))),
        "edition": workflow.edition,
    }
    if case.handoff.status is Status.CANCELLED:
        changes["ending"] = Ending(
            because=draw(st.sampled_from(("not_needed", "merged", "other"))), at=NOW, reason=draw(WORDS)
        )
    return Case(case.handoff.model_copy(update=changes), workflow)


def fullest_sheet() -> Sheet:
    """As many questions as config takes, each with the longest draft by somebody else."""
    case = fullest()
    long = "<@U0VICTIM01> & " * 150
    talker = Person(name=long)
    drafts = tuple(Draft(key=f.key, text=TYPICAL.get(f.type, long), at=NOW, by=talker) for f in case.workflow.checklist)
    blank = {"status": Status.COLLECTING, "drafts": drafts, "wanted": tuple(f.key for f in case.workflow.checklist)}
    sent_back = SendBack(fields=blank["wanted"], reason=long, by=talker, at=NOW)
    handoff = case.handoff.model_copy(update={**blank, "send_backs": (sent_back,)})
    return seen_by(handoff, case.workflow, "finance@example.com")


def _some(items: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(items), max_size=4, unique=True)


def _quiet(by: Person, is_pause: bool, reason: str) -> Quiet:
    return Quiet(by=by, at=NOW, until=None if is_pause else NOW, reason=reason, is_pause=is_pause)


def _draft(draw: st.DrawFn, key: str, kinds: dict[str, Any]) -> Draft:
    field = kinds[key]
    fitting = [field.options[-1]] if field.options else [TYPICAL.get(field.type, "+.5")]
    text = SECRET if field.visible_to else draw(WORDS | LINKS | st.sampled_from([*fitting, "tbd", "+5", ".5"]))
    return Draft(key=key, text=text, at=NOW, by=draw(PEOPLE | st.just(SAM)), waived=draw(st.booleans()))


def _question(draw: st.DrawFn, number: int, field: ChecklistField | None) -> Question:
    about, said = (field.key if field else None), SECRET if field and field.visible_to else draw(WORDS)
    asked: dict[str, Any] = {"id": f"q{number}", "about": about, "text": draw(WORDS), "by": draw(PEOPLE), "at": NOW}
    answered = {"answer": said, "answered_by": draw(PEOPLE), "answered_at": NOW} if draw(st.booleans()) else {}
    return Question(to=draw(st.none() | PEOPLE), is_to_sales=draw(st.booleans()), **asked, **answered)
