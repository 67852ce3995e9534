"""What is there and what is missing."""

from datetime import timedelta

import pytest

from handoff import checklist
from handoff.model import Answer, Source
from tests.factories import ANSWERS, FILLED, NOW, SAM, answer, field, handoff, record, workflow


def test_a_new_handoff_misses_what_is_required() -> None:
    missing = [f.key for f in checklist.missing(workflow(), handoff())]

    assert missing == ["goals", "contact", "start", "promised", "next_step"]


def test_an_answered_field_is_not_missing() -> None:
    answered = handoff(answers=(answer("goals"), answer("kickoff", "Call")))

    assert [f.key for f in checklist.missing(workflow(), answered)] == ["contact", "start", "promised", "next_step"]


def test_after_a_send_back_what_was_sent_back_is_missing_though_it_has_an_answer() -> None:
    back = handoff(answers=(answer("goals"), answer("contact"), answer("start")), wanted=("contact", "pricing"))

    assert [f.key for f in checklist.missing(workflow(), back)] == ["contact", "promised", "next_step"]


def test_a_form_that_is_being_filled_in_supposes_what_was_typed_so_far() -> None:
    known = handoff(answers=(answer("goals"), answer("contact")))

    supposed = checklist.supposing(known, {"goals": "Fewer late invoices", "contact": " ", "start": "soon"}, SAM, NOW)

    assert {a.key: a.value for a in supposed.answers} == {"goals": "Fewer late invoices", "start": "soon"}
    assert known.answers == (answer("goals"), answer("contact"))


def test_nothing_is_missing_once_every_required_field_is_answered() -> None:
    complete = handoff(answers=tuple(answer(key) for key in ANSWERS))

    assert checklist.missing(workflow(), complete) == ()


@pytest.mark.parametrize(("discount", "applies"), [("10", True), ("0", False), (None, False), ("some", False)])
def test_a_conditional_field_is_on_the_checklist_only_while_its_condition_holds(
    discount: str | None, applies: bool
) -> None:
    deal = handoff(record=record(fields={"discount": discount}))

    assert ("pricing" in [f.key for f in checklist.applying(workflow(), deal)]) is applies
    assert ("pricing" in [f.key for f in checklist.missing(workflow(), deal)]) is applies


def test_a_condition_may_speak_of_an_answer_and_prefers_it_to_the_record() -> None:
    deal = record(fields={"kickoff": "Call"})
    flow = workflow(
        checklist=[field(key="kickoff"), field(key="address", required="kickoff == 'On site'")], brief=BRIEF
    )

    before = checklist.missing(flow, handoff(record=deal))
    after = checklist.missing(flow, handoff(record=deal, answers=(answer("kickoff", "On site"),)))

    assert [f.key for f in before] == ["kickoff"]
    assert [f.key for f in after] == ["address"]


@pytest.mark.parametrize(
    ("required", "waits"), [(True, True), (False, False), ("amount > 1", True), ("amount > 9", False)]
)
def test_a_handoff_waits_for_a_field_as_config_says(required: bool | str, waits: bool) -> None:
    assert checklist.is_required(field(required=required), {"amount": "5"}) is waits


def test_answers_come_from_the_crm_with_their_provenance() -> None:
    later = NOW + timedelta(minutes=5)

    found = checklist.from_crm(workflow(), record(fields={"contact.email": " ines@client.example "}), later)

    assert found == (Answer(key="contact", value="ines@client.example", source=Source.CRM, at=later),)


@pytest.mark.parametrize("text", [None, "", "   ", "tbd", "2026-13-40", "2026-02-28"])
def test_a_crm_value_that_will_not_do_is_no_answer(text: str | None) -> None:
    deal = record(fields={**FILLED, "start_date": text, "closedate": "2026-03-01"})

    assert [a.key for a in checklist.from_crm(workflow(), deal, NOW)] == ["goals", "contact"]


def test_a_field_without_a_place_in_the_crm_is_not_read_from_it() -> None:
    deal = record(fields={"promised": "everything", "next_step": "a call"})

    assert checklist.from_crm(workflow(), deal, NOW) == ()


def test_values_are_the_fields_of_the_record_and_the_answers_by_key() -> None:
    known = checklist.values(record(fields={"goals": "from the CRM"}), (answer("goals"), answer("kickoff", "Call")))

    assert (known["goals"], known["kickoff"], known["amount"]) == (ANSWERS["goals"], "Call", "48000")


BRIEF = {"promised": "kickoff", "expects_next": "address"}
