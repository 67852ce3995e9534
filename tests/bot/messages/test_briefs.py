"""The brief: four questions first, every answer with its provenance, and nothing in it that acts by itself."""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import briefs
from handoff.model import Answer, Handoff, Person, Source, Status
from handoff.workflow import FieldType, Workflow
from tests.bot.hostile import SECRET, TEXTS, Case, cases, emptiest, fullest, thoroughly
from tests.bot.reading import answered, everything, links, parts, pings, refused, seen
from tests.factories import ANSWERS, NOW, SAM, answer, field, handoff, workflow

QUESTIONS = (
    "Who owns the next step?",
    "What was promised?",
    "What does the client expect next?",
    "What task starts the work?",
)


@thoroughly
@example(fullest(), "is_archived")
@example(emptiest(), None)
@given(cases(), st.none() | TEXTS)
def test_a_brief_is_taken_whatever_is_in_it(case: Case, instead: str | None) -> None:
    text, blocks = briefs.brief(case.handoff, case.workflow, instead)

    assert refused(text, blocks) == []


def test_a_brief_of_nothing_but_long_links_is_taken() -> None:
    checklist = [field(key=f"f{n}", ask="?" * 200, type="link").model_dump() for n in range(80)]
    told = workflow(checklist=checklist, brief={"promised": "f0", "expects_next": "f1"})
    answers = tuple(answer(f"f{n}", f"https://client.example/{n}/" + "a" * 1900) for n in range(80))

    text, blocks = briefs.brief(handoff(Status.UNCLAIMED, answers=answers), told)

    assert refused(text, blocks) == []
    assert list(links(blocks))[:80] == [one.value for one in answers]


@thoroughly
@given(cases())
def test_a_brief_pings_only_the_owner_and_who_was_picked(case: Case) -> None:
    text, blocks = briefs.brief(case.handoff, case.workflow)

    owner = {case.handoff.owner.slack_id} if case.handoff.owner else set()
    assert pings(text, blocks) - owner <= {"U0PICKED01"}


@thoroughly
@given(cases())
def test_a_brief_links_only_to_the_record_and_to_addresses_that_show_themselves(case: Case) -> None:
    _, blocks = briefs.brief(case.handoff, case.workflow)

    elsewhere = {url: words for url, words in links(blocks).items() if url != case.handoff.record.url}
    fields = case.seen_by_all()
    answered = {a.value for a in case.handoff.answers if a.key in fields and fields[a.key].type is FieldType.LINK}
    assert elsewhere.keys() <= answered
    assert [url for url, words in elsewhere.items() if not url.startswith(words.removesuffix("…"))] == []


@thoroughly
@given(cases())
def test_an_answer_for_some_eyes_only_is_never_in_a_brief(case: Case) -> None:
    text, blocks = briefs.brief(case.handoff, case.workflow)

    assert SECRET not in everything(text, blocks)


@thoroughly
@given(cases())
def test_the_four_questions_come_first_and_in_order(case: Case) -> None:
    _, blocks = briefs.brief(case.handoff, case.workflow)

    assert tuple(question for question, _ in answered(blocks))[:4] == QUESTIONS


def test_what_nobody_answered_is_not_known_yet() -> None:
    _, blocks = briefs.brief(handoff(), workflow(first_task=None))

    sales = "Sam Rivers in sales: 5 answers are missing."
    assert [answer for _, answer in answered(blocks)[:4]] == [sales, *["Not known yet"] * 3]
    assert answered(blocks)[4:] == [
        ("What do they care about?", "Not known yet"),
        ("Who is the main contact?", "Not known yet"),
        ("When do we start?", "Not known yet"),
        ("How?", "Not known yet"),
    ]


def test_every_answer_says_who_gave_it() -> None:
    by_crm = Answer(key="contact", value="ines@client.example", source=Source.CRM, at=NOW)
    by_sam = answer("promised")

    _, blocks = briefs.brief(handoff(Status.UNCLAIMED, answers=(by_crm, by_sam)), workflow())

    assert "ines@client.example  — from HubSpot" in seen(blocks)
    assert f"{ANSWERS['promised']}  — Sam Rivers, " in seen(blocks)
    assert [date["timestamp"] for date in parts(blocks, "date")] == [int(NOW.timestamp())]


def test_an_owned_brief_shows_the_owner_and_how_long_it_took() -> None:
    owned = handoff(Status.OWNED, owned_at=NOW + timedelta(minutes=12))

    text, blocks = briefs.brief(owned, workflow())

    assert text == "Deal 1: Priya Nair owns the next step."
    assert pings(text, blocks) == {"U0PRIYA001"}
    assert "took it 12 min after the brief was ready." in seen(blocks)


def test_an_owner_whom_slack_does_not_know_is_named() -> None:
    owned = handoff(Status.OWNED, owner=Person(name="Somebody Else"))

    _, blocks = briefs.brief(owned, workflow())

    assert "Somebody Else took it" in seen(blocks)


def test_a_brief_in_another_channel_says_where_it_belongs_and_why() -> None:
    _, blocks = briefs.brief(handoff(Status.UNCLAIMED), workflow(), "is_archived")

    assert "This belongs in #delivery, which refused it (is_archived)." in seen(blocks[1])


def test_the_first_task_says_when_it_is_due_and_its_steps() -> None:
    steps = workflow(first_task={"title": "Kick off {{ record.name }}", "due": "2d ", "checklist": ["Read it", "Call"]})

    _, blocks = briefs.brief(handoff(Status.UNCLAIMED), steps)

    assert "Kick off Deal 1, due 2 days after somebody takes it: read it, then call." in seen(blocks)


def test_a_long_answer_is_cut_where_there_is_no_room_and_whole_where_there_is() -> None:
    short, long = answer("promised", "a" * 1500), answer("next_step", "b" * 9000)

    _, blocks = briefs.brief(handoff(Status.UNCLAIMED, answers=(short, long)), workflow())

    assert "a" * 1500 in seen(blocks)
    assert "b" * 1499 + "…" in seen(blocks)


def _with(kind: str, value: str, **changes: object) -> tuple[Handoff, Workflow]:
    told = workflow(checklist=[field(type=kind, **changes).model_dump()], brief=dict.fromkeys(_BRIEF, "scope"))
    return handoff(Status.UNCLAIMED, answers=(answer("scope", value),)), told


_BRIEF = ("promised", "expects_next")


def test_several_choices_are_shown_as_a_list() -> None:
    _, blocks = briefs.brief(*_with("choices", "Training;Data import", options=["Training", "Data import"]))

    assert "Training, Data import  — Sam Rivers" in seen(blocks)


def test_a_person_who_was_picked_is_shown_by_name() -> None:
    text, blocks = briefs.brief(*_with("person", "U0DANA0001"))

    assert pings(text, blocks) == {"U0DANA0001"}


def test_a_person_whom_the_crm_names_is_only_text() -> None:
    one, told = _with("person", "U0DANA0001")
    from_crm = one.model_copy(update={"answers": (Answer(key="scope", value="U0DANA0001", source=Source.CRM, at=NOW),)})

    text, blocks = briefs.brief(from_crm, told)

    assert pings(text, blocks) == set()
    assert "U0DANA0001  — from HubSpot" in seen(blocks)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "1 s"),
        (4, "4 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (7200, "2 h"),
        (86_400, "24 h"),
        (172_799, "47 h"),
        (172_800, "2 days"),
        (-5, "1 s"),
    ],
)
def test_a_span_is_said_in_one_unit(seconds: int, said: str) -> None:
    assert briefs.ago(timedelta(seconds=seconds)) == said


def test_who_handed_it_over_stands_below() -> None:
    _, blocks = briefs.brief(handoff(Status.UNCLAIMED), workflow())

    assert f"Sales to delivery · from {SAM.name} · open in HubSpot" in seen(blocks)
    assert links(blocks) == {"https://crm.example/deal/1": "open in HubSpot"}
