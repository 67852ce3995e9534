"""A field that only some may read is answered by them only; what they saved goes with anybody's answers."""

import pytest

from handoff.decide import ReplyKind
from handoff.model import Draft, Source
from tests.factories import ANSWERS, CHECKLIST, DANA, NOW, REASON, RUI, SAM, whole_workflow
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
