"""The model of handoffs.yml: what it refuses and what to do then, what must be read, and the edition of a text."""

from typing import Any

import pytest
from pydantic import ValidationError

from handoff.handbook import Handbook
from handoff.workflow import FieldType, Workflow
from tests.factories import field, workflow

HOURS = {"days": ["mon", "tue"], "from": "09:00", "to": "17:30"}


def test_a_field_is_a_required_one_unless_it_says_otherwise() -> None:
    scope = field()

    assert (scope.required, scope.judgement, scope.crm, scope.options) == (True, False, None, ())


@pytest.mark.parametrize("kind", list(FieldType))
def test_a_field_of_each_type_takes_options_only_if_it_chooses(kind: FieldType) -> None:
    chooses = kind in (FieldType.CHOICE, FieldType.CHOICES)

    assert field(type=kind, options=["A", "B"] if chooses else []).type is kind
    with pytest.raises(ValidationError, match="needs options" if chooses else "options go with type choice"):
        field(type=kind, options=[] if chooses else ["A", "B"])


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"options": ["Call", "Call"]}, "two options are the same: remove one"),
        ({"options": ["Call", ""]}, "an option takes 1 to 75 characters"),
        ({"options": ["x" * 76]}, "an option takes 1 to 75 characters"),
        ({"options": ["Call;On site"]}, "an option has a ; or a space at its edge: remove it"),
        ({"options": ["Call "]}, "an option has a ; or a space at its edge: remove it"),
        ({"key": "Start date"}, "String should match pattern"),
        ({"ask": ""}, "at least 1 character"),
        ({"required": "amount"}, "is not a condition"),
        ({"type": "colour"}, "Input should be 'text'"),
        ({"wanted": True}, "Extra inputs are not permitted"),
    ],
)
def test_a_field_that_cannot_be_is_refused(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        field(**{"type": "choice", "options": ["Call"], **changes})


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"checklist": [field(), field(), field(key="b")]}, "the checklist has 'scope' twice: give each field its own"),
        ({"brief": {"promised": "promises", "expects_next": "next_step"}}, "brief.promised is 'promises', which is no"),
        ({"brief": {"promised": "promised", "expects_next": "x"}}, "brief.expects_next is 'x', which is no key"),
        ({"trigger": {"crm": "hubspot"}}, "trigger.stage is missing: put the stage's id or label"),
        ({"trigger": {"crm": "hubspot", "stage": ""}}, "trigger.stage is missing"),
        ({"trigger": {"crm": "hubspot", "stage": ["won", ""]}}, "trigger.stage is missing"),
        ({"trigger": {"crm": "sugar", "stage": "won"}}, "String should match pattern"),
        ({"checklist": []}, "at least 1 item"),
    ],
)
def test_a_workflow_that_does_not_fit_together_is_refused(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        workflow(**changes)


def test_all_that_does_not_fit_is_told_at_once() -> None:
    wrong = {"brief": {"promised": "p", "expects_next": "e"}, "trigger": {"crm": "hubspot"}}

    with pytest.raises(ValidationError) as caught:
        workflow(**wrong)

    assert all(word in str(caught.value) for word in ("brief.promised", "brief.expects_next", "trigger.stage"))


def test_a_workflow_that_is_started_by_hand_needs_no_stage() -> None:
    assert workflow(trigger={"crm": "manual"}).trigger.stages == ()


@pytest.mark.parametrize(("stage", "stages"), [("closedwon", ("closedwon",)), (["won", "Signed"], ("won", "Signed"))])
def test_a_trigger_has_one_stage_or_several(stage: str | list[str], stages: tuple[str, ...]) -> None:
    assert workflow(trigger={"crm": "hubspot", "stage": stage}).trigger.stages == stages


def test_the_crm_is_read_for_the_checklist_its_conditions_and_the_trigger() -> None:
    trigger = {"crm": "hubspot", "stage": "closedwon", "when": "amount > 1000"}
    contradiction = {"when": "start < '2026-01-01' and region == 'EU'", "say": "Pick a later start."}

    fields = workflow(trigger=trigger, contradictions=[contradiction]).crm_fields

    assert fields == ("amount", "buyer_goals", "closedate", "contact.email", "discount", "region", "start_date")


def test_an_answer_hides_the_crm_field_of_its_name_from_conditions_but_not_from_others() -> None:
    checklist = [
        field(key="budget", crm="amount"),
        field(key="amount", crm="total"),
        field(key="stage", required="amount > 5"),
        field(key="size", crm="size"),
        field(key="when", type="date", not_before="size"),
    ]
    brief = {"promised": "budget", "expects_next": "when"}

    assert workflow(checklist=checklist, brief=brief).crm_fields == ("amount", "size", "total")


def test_a_trigger_reads_the_record_even_where_an_answer_has_that_name() -> None:
    trigger = {"crm": "hubspot", "stage": "closedwon", "when": "promised == 'yes'"}

    assert "promised" in workflow(trigger=trigger).crm_fields


def test_the_edition_changes_with_anything_the_handoff_depends_on() -> None:
    texts = [
        workflow(),
        workflow(title="Sales to onboarding"),
        workflow(name="other"),
        workflow(defaults={"ops_channel": "#other"}),
        workflow(people={}),
        workflow(defaults={"working_hours": HOURS}),
    ]

    assert len({text.edition for text in texts}) == len(texts)


def test_a_changed_copy_has_an_edition_and_notes_of_its_own() -> None:
    text = workflow()
    before, notes = text.edition, text.notes

    changed = text.model_copy(update={"title": "Sales to onboarding", "people": {}})

    assert changed.edition == workflow(title="Sales to onboarding", people={}).edition != before
    assert (dict(changed.notes), text.notes) == ({}, notes)


@pytest.mark.parametrize(
    "text",
    [
        workflow(),
        workflow(trigger={"crm": "hubspot", "stage": ["won", "signed"], "when": "amount > 1"}),
        workflow(defaults={"working_hours": HOURS}, people={"a@b.example": {"working_hours": HOURS, "holidays": "PT"}}),
        workflow(delivery={"channel": "#delivery", "may_claim": ["@leads"]}),
    ],
)
def test_a_workflow_is_the_same_after_it_was_stored(text: Workflow) -> None:
    again = Workflow.model_validate_json(text.model_dump_json(by_alias=True))

    assert again == text
    assert again.edition == text.edition


def handbook(people: dict[str, Any] | None = None, **workflows: Any) -> Handbook:
    plain = workflow().model_dump(exclude={"name", "defaults", "people"}, by_alias=True)
    named = {name.replace("_", "-"): {**plain, **changes} for name, changes in workflows.items()}
    known = people or {"sam@example.com": {"manager": "rui@example.com"}}
    return Handbook.model_validate(
        {"version": 1, "defaults": {"ops_channel": "#ops"}, "people": known, "workflows": named}
    )


def test_each_workflow_of_a_file_knows_its_name_and_shares_the_files_defaults_and_people() -> None:
    told = handbook(sales_to_delivery={}, leads={"title": "Leads"}).workflows

    assert {name: w.name for name, w in told.items()} == {"sales-to-delivery": "sales-to-delivery", "leads": "leads"}
    assert {w.defaults.ops_channel for w in told.values()} == {"#ops"}
    assert all(w.people["sam@example.com"].manager == "rui@example.com" for w in told.values())


@pytest.mark.parametrize(
    ("people", "complaint"),
    [
        (
            {"#ops": {"manager": "rui@example.com"}},
            "'#ops' has a manager or another name in Slack, which only an address",
        ),
        ({"@leads": {"slack": "@leads"}}, "'@leads' has a manager or another name in Slack, which only an address can"),
        (
            {"Sam": {"holidays": "PT"}},
            "'Sam' names nobody: write an e-mail address, @user-group, a Slack id or #channel",
        ),
    ],
)
def test_what_a_file_says_of_people_is_about_somebody_and_fits_them(people: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        handbook(people=people, sales_to_delivery={})


@pytest.mark.parametrize("key", ["name", "defaults", "people"])
def test_what_belongs_to_the_whole_file_is_refused_inside_a_workflow(key: str) -> None:
    with pytest.raises(ValidationError, match=f"'sales-to-delivery' has a key '{key}': it belongs to the whole file"):
        handbook(sales_to_delivery={key: {}})


@pytest.mark.parametrize("workflows", [{}, [], None, "sales", {"sales": "all of it"}])
def test_a_file_without_workflows_is_refused(workflows: object) -> None:
    with pytest.raises(ValidationError):
        Handbook.model_validate({"version": 1, "workflows": workflows})


def test_working_hours_are_always_or_days_with_from_and_to() -> None:
    hours = workflow(defaults={"working_hours": HOURS}).defaults.working_hours

    assert hours != "always"
    assert (hours.days, hours.from_, hours.to) == (("mon", "tue"), "09:00", "17:30")


@pytest.mark.parametrize("reviewers", [["max@example.com", "rui@example.com"], ["@founders"], ["S0FOUNDER1"], []])
def test_four_eyes_need_somebody_else(reviewers: list[str]) -> None:
    exceptions = {"channel": "#reviews", "flags": ["Risk"], "four_eyes": True}

    asked = workflow(exceptions={**exceptions, "reviewers": reviewers}).exceptions

    assert asked is not None
    assert asked.four_eyes
    with pytest.raises(ValidationError, match="nobody could decide on a flag of the only reviewer"):
        workflow(exceptions={**exceptions, "reviewers": ["max@example.com"]})
