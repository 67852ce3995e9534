"""A field that only some may read is answered by them only; what they saved goes with anybody's answers."""

from typing import Any

import pytest

from handoff.decide import ReplyKind
from handoff.model import Draft, Question, Source, Status
from tests.factories import ANSWERS, CHECKLIST, DANA, NOW, PRIYA, REASON, RUI, SAM, whole_workflow
from tests.handoff.deciding import after, changes_nothing, whole

FINANCE = ("@finance",)
PRICING = "15 % in the first year, agreed with finance"
_FIELDS = [{"crm": f"crm_{f['key']}", **f} for f in CHECKLIST if f["key"] != "pricing"]
_SECRET = {"key": "pricing", "ask": "Any pricing exceptions?", "type": "text", "visible_to": ["@finance"]}
RESTRICTED = whole_workflow(checklist=[*_FIELDS, _SECRET])


def saved(text: str = PRICING, *, waived: bool = False) -> Draft:
    return Draft(key="pricing", text=text, at=NOW, by=RUI, waived=waived)


@pytest.mark.parametrize("facts", [{"answers": {"pricing": PRICING}}, {"answers": {}, "waived": {"pricing": REASON}}])
def test_whoever_may_not_read_it_may_not_say_it(facts: dict[str, object]) -> None:
    before = whole(drafts=(saved(),) if "waived" in facts else ())

    refused = after(before, "answered", SAM, flow=RESTRICTED, **facts)
    taken = after(before, "answered", RUI, flow=RESTRICTED, roles=FINANCE, **facts)

    assert (refused.reply.kind, refused.reply.names) == (ReplyKind.NOT_ALLOWED, FINANCE)
    assert changes_nothing(refused, before)
    assert [a.key for a in taken.handoff.answers] == ["pricing"]


@pytest.mark.parametrize("waived", [False, True])
def test_what_they_saved_goes_with_the_answers_of_sales_in_their_name(waived: bool) -> None:
    before = whole(drafts=(saved(REASON if waived else PRICING, waived=waived),))
    facts = (
        {"answers": ANSWERS, "waived": {"pricing": REASON}} if waived else {"answers": {**ANSWERS, "pricing": PRICING}}
    )

    answer = after(before, "answered", SAM, flow=RESTRICTED, **facts).handoff.answer("pricing")

    assert answer is not None
    assert (answer.value, answer.source) == ((REASON, Source.WAIVED) if waived else (PRICING, Source.PERSON))


def test_other_words_than_those_they_saved_are_not_theirs() -> None:
    before = whole(drafts=(saved(),))

    decision = after(before, "answered", SAM, flow=RESTRICTED, answers={"pricing": "Half of it"})

    assert decision.reply.kind is ReplyKind.NOT_ALLOWED


def test_of_a_draft_the_rest_is_kept() -> None:
    before = whole(drafts=(saved(),))

    decision = after(before, "drafted", DANA, flow=RESTRICTED, answers={"goals": "Fewer late", "pricing": ""})

    assert [(d.key, d.text, d.by) for d in decision.handoff.drafts] == [
        ("pricing", PRICING, RUI),
        ("goals", "Fewer late", DANA),
    ]


def test_colleague_who_may_not_read_it_does_not_answer_it_for_sales() -> None:
    asked = Question(id="q1", about="pricing", text="What did we give them?", by=SAM, to=RUI, at=NOW, is_to_sales=False)
    before = whole(questions=(asked,))
    facts: dict[str, Any] = {"flow": RESTRICTED, "question_id": "q1", "text": PRICING}

    refused = after(before, "question_answered", RUI, **facts)
    taken = after(before, "question_answered", RUI, roles=FINANCE, **facts)

    assert (refused.reply.kind, refused.reply.names) == (ReplyKind.NOT_ALLOWED, FINANCE)
    assert changes_nothing(refused, before)
    assert [d.key for d in taken.handoff.drafts] == ["pricing"]


def test_what_sales_tells_delivery_about_it_does_not_change_it() -> None:
    asked = Question(id="q1", about="pricing", text="Is that all?", by=PRIYA, to=SAM, at=NOW, is_to_sales=True)
    before = whole(Status.OWNED, questions=(asked,))
    facts: dict[str, Any] = {"flow": RESTRICTED, "question_id": "q1", "text": PRICING}

    decision = after(before, "question_answered", SAM, **facts)
    by_finance = after(before, "question_answered", SAM, roles=FINANCE, **facts)

    assert decision.reply.kind is ReplyKind.DONE
    assert decision.handoff.answer("pricing") is None
    assert by_finance.handoff.answer("pricing") is not None
