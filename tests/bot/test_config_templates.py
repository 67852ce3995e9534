"""The six templates in workflows/: each good by itself, all of them good together."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from bot.config import load_handbook
from handoff import conditions, quality
from handoff.checklist import complaint
from handoff.terms import is_email
from handoff.workflow import FieldType, Workflow
from tests.running import ROOT

FILES = sorted((ROOT / "workflows").glob("*.yml"))
OF_THE_RECORD = {"amount", "discount", "closedate", "score"}  # what conditions may name beside answers
each = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def workflow(file: Path) -> Workflow:
    (only,) = load_handbook(str(file)).workflows.values()
    return only


def test_there_are_six() -> None:
    assert [file.stem for file in FILES] == [
        "agency-intake-to-production",
        "marketing-to-sales",
        "order-exception-to-fulfilment",
        "recruiting-to-hiring-manager",
        "sales-to-delivery",
        "support-to-success",
    ]


@each
def test_each_is_complete(file: Path) -> None:
    it = workflow(file)

    assert it.name == file.stem
    assert 5 <= len(it.checklist) <= 10
    assert it.exceptions is not None
    assert len(it.exceptions.flags) >= 3
    assert it.exceptions.reviewers
    assert it.first_task is not None
    assert len(it.first_task.checklist) >= 3
    assert it.write_back.status
    assert it.write_back.owner
    assert it.contradictions
    assert all([it.nags.rep, it.nags.reviewer, it.nags.channel, it.nags.owner])
    assert it.welcome_email is not None or it.name.startswith("recruiting")  # no client is written to there


@each
def test_each_ladder_begins_with_whoever_can_end_it(file: Path) -> None:
    nags = workflow(file).nags

    assert [rungs[0].to for rungs in (nags.rep, nags.reviewer, nags.channel, nags.owner)] == [
        "rep",
        "reviewer",
        "channel",
        "owner",
    ]


@each
def test_every_free_question_shows_a_good_answer_that_would_be_taken(file: Path) -> None:
    it = workflow(file)
    free = [f for f in it.checklist if f.type in (FieldType.TEXT, FieldType.LONG_TEXT)]

    assert [f.key for f in free if not f.good_answer] == []
    for field in it.checklist:
        if field.good_answer:
            assert complaint(field, field.good_answer, {}) is None
            assert quality.complaint(field.model_copy(update={"good_answer": None}), field.good_answer) is None


@each
def test_conditions_name_only_what_there_is(file: Path) -> None:
    it = workflow(file)
    known = {f.key for f in it.checklist} | OF_THE_RECORD
    said = [f.required for f in it.checklist if isinstance(f.required, str)] + [c.when for c in it.contradictions]

    assert any(isinstance(f.required, str) for f in it.checklist)
    assert {name for condition in said for name in conditions.names(condition)} - known == set()


@each
def test_conditions_compare_choices_that_can_be_chosen(file: Path) -> None:
    it = workflow(file)
    options = {f.key: f.options for f in it.checklist if f.options}
    said = [f.required for f in it.checklist if isinstance(f.required, str)] + [c.when for c in it.contradictions]
    compared = [pair for condition in said for pair in re.findall(r"(\w+) [!=]= '([^']+)'", condition)]

    assert [(key, text) for key, text in compared if text not in options[key]] == []


@each
def test_each_says_only_invented_addresses(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    addresses = [word for word in re.findall(r"[\w.@+-]+@[\w.-]+\w", text) if is_email(word)]
    hosts = {address.rpartition("@")[2] for address in addresses} | set(re.findall(r"https://([\w.-]+)", text))

    assert addresses
    assert {host for host in hosts if not re.search(r"(^|\.)example(\.com)?$", host)} == set()


@each
def test_each_explains_itself(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()

    assert lines[0].startswith("# ")
    assert sum("# " in line for line in lines) >= 30
    assert f"--config workflows/{file.name}" in "\n".join(lines)
    assert [line for line in lines if len(line) > 120] == []


def test_together_they_are_one_handbook() -> None:
    handbook = load_handbook(str(ROOT / "workflows"))

    assert list(handbook.workflows) == [file.stem for file in FILES]
    assert {w.defaults.backup_rep for w in handbook.workflows.values()} > {"ops@example.com", "traffic@example.com"}


def test_side_by_side_they_do_not_disturb_each_other() -> None:
    deals = [w for w in map(workflow, FILES) if w.trigger.crm == "hubspot"]

    assert len(deals) == 3
    for one, other in combinations(deals, 2):
        assert one.trigger.pipeline != other.trigger.pipeline
        assert not {one.write_back.status, one.write_back.owner} & {other.write_back.status, other.write_back.owner}
