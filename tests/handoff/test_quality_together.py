"""Answers beside each other: the same text in many fields, and values that cannot both be true."""

from typing import Any

from handoff.quality import complaints
from handoff.workflow import Workflow
from tests.factories import ANSWERS, CHECKLIST, workflow

TEXT = "Ana decides on Friday"
EARLY = {"when": "start < '2026-01-01' and region == 'EU'", "say": "Pick a later start."}


def checklist(*fields: dict[str, Any]) -> Workflow:
    return workflow(checklist=[*CHECKLIST, *fields])


def judged(key: str) -> dict[str, Any]:
    return {"key": key, "ask": f"About {key}?", "type": "long_text", "judgement": True}


def test_good_answers_have_no_complaint() -> None:
    assert complaints(workflow(), ANSWERS, ANSWERS) == {}


def test_a_checklist_of_which_all_is_said_has_no_complaint() -> None:
    said = {**ANSWERS, "pricing": "Ten percent in the first year", "kickoff": "Call"}

    assert complaints(workflow(), said, said) == {}


def test_only_the_wrong_answer_has_a_complaint() -> None:
    found = complaints(workflow(), {**ANSWERS, "promised": "tbd"}, {})

    assert list(found) == ["promised"]
    assert found["promised"].startswith("“tbd” leaves it open.")


def test_what_was_said_before_is_not_judged_again() -> None:
    assert complaints(workflow(), {"goals": ANSWERS["goals"]}, {**ANSWERS, "promised": "tbd"}) == {}


def test_an_answer_to_no_field_is_passed_over() -> None:
    assert complaints(workflow(), {"gone": "tbd"}, {}) == {}


def test_the_same_text_in_three_fields_is_refused_in_each() -> None:
    said = {"promised": TEXT, "next_step": TEXT + "!", "pricing": TEXT.upper()}

    found = complaints(workflow(), said, said)

    assert found == dict.fromkeys(said, "The same text stands in 3 fields. Write here only what answers this question.")


def test_the_same_text_in_two_fields_passes() -> None:
    said = {"promised": TEXT, "next_step": TEXT}

    assert complaints(workflow(), said, said) == {}


def test_the_same_text_in_one_judgement_field_and_a_plain_one_passes() -> None:
    said = {"goals": TEXT, "next_step": TEXT}

    assert complaints(workflow(), said, said) == {}


def test_the_same_text_in_two_judgement_fields_is_refused_there_only() -> None:
    said = {"goals": TEXT, "risks": TEXT}

    found = complaints(checklist(judged("risks")), said, said)

    assert found.keys() == {"goals", "risks"}
    assert "in 2 fields" in found["goals"]


def test_the_same_text_as_earlier_answers_is_refused_where_it_is_said_now() -> None:
    earlier = {"promised": TEXT, "next_step": TEXT}

    assert complaints(workflow(), {"pricing": TEXT}, earlier).keys() == {"pricing"}


def test_a_corrected_answer_counts_as_it_is_now() -> None:
    earlier = {"promised": TEXT, "next_step": TEXT, "pricing": TEXT}

    assert complaints(workflow(), {"pricing": "Ten percent in the first year"}, earlier) == {}


def test_the_same_value_in_fields_that_are_no_text_passes() -> None:
    dates = [{"key": key, "ask": "When?", "type": "date"} for key in ("first", "second", "third")]
    said = dict.fromkeys(("start", "first", "second", "third"), "2026-03-20")

    assert complaints(checklist(*dates), said, said) == {}


def test_junk_in_three_fields_is_called_junk() -> None:
    said = dict.fromkeys(("promised", "next_step", "pricing"), "tbd")

    assert all(says.startswith("“tbd” leaves it open.") for says in complaints(workflow(), said, said).values())


def test_a_contradiction_is_told_at_the_answer_just_given() -> None:
    said = {"start": "2025-12-01"}

    assert complaints(workflow(contradictions=[EARLY]), said, {"region": "EU"}) == {"start": EARLY["say"]}


def test_a_contradiction_that_is_not_true_is_not_told() -> None:
    flow = workflow(contradictions=[EARLY])

    assert complaints(flow, {"start": "2026-12-01"}, {"region": "EU"}) == {}
    assert complaints(flow, {"start": "2025-12-01"}, {"region": "US"}) == {}
    assert complaints(flow, {"start": "2025-12-01"}, {"region": None}) == {}


def test_a_contradiction_between_older_values_is_not_told() -> None:
    assert complaints(workflow(contradictions=[EARLY]), ANSWERS | {"start": "2026-12-01"}, {"region": "EU"}) == {}
    assert complaints(workflow(contradictions=[EARLY]), {}, {"start": "2025-12-01", "region": "EU"}) == {}


def test_a_contradiction_is_told_at_the_last_of_the_answers_it_names() -> None:
    clash = {
        "when": "kickoff == 'next_step' and start < '2026-01-01' and contact.next_step != 'x'",
        "say": "Call them?",
    }
    flow = workflow(contradictions=[clash], checklist=[*CHECKLIST[:-1], {**CHECKLIST[-1], "options": ["next_step"]}])
    said = {"start": "2025-12-01", "kickoff": "next_step", "next_step": ANSWERS["next_step"]}

    assert complaints(flow, said, {"contact.next_step": "y"}) == {"start": "Call them?"}
    assert complaints(flow, {"kickoff": "next_step"}, {**said, "contact.next_step": "y"}) == {"kickoff": "Call them?"}


def test_one_field_gets_one_complaint_the_first_rule_first() -> None:
    clashes = [{"when": "promised == 'tbd'", "say": "One."}, {"when": "start != ''", "say": "Two."}]
    flow = workflow(contradictions=[*clashes, {"when": "start != 'x'", "say": "Three."}])
    said = {"promised": "tbd", "start": "2026-03-20"}

    found = complaints(flow, said, said)

    assert found["promised"].startswith("“tbd”")
    assert found["start"] == "Two."
