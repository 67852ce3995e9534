"""handoffs.yml: each mistake with file, line, key and what to put there, all at once."""

from pathlib import Path

import pytest

from bot.config import load_handbook, parse_handbook, without_effect
from handoff.errors import ConfigError
from tests.bot.mistakes import GOOD, MISTAKES
from tests.running import ROOT


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as told:
        parse_handbook(text, "f.yml")
    return told.value.problems


def with_mistake(text: str, right: str, wrong: str) -> str:
    assert right in text
    return text.replace(right, wrong, 1)


def test_good_file() -> None:
    handbook = parse_handbook(GOOD, "f.yml")

    workflow = handbook.workflows["sales-to-delivery"]
    assert workflow.name == "sales-to-delivery"
    assert [field.key for field in workflow.checklist] == ["goals", "kickoff"]
    assert workflow.defaults.backup_rep == "ops@example.com"


def test_groups_and_channels_may_have_hours_holidays_and_a_zone() -> None:
    notes = (
        'people:\n  "@leads": {holidays: GB}\n  S0LEADS001: {time_zone: Asia/Tokyo}\n  "#ops": {working_hours: always}'
    )

    people = parse_handbook(with_mistake(GOOD, "people:", notes), "f.yml").workflows["sales-to-delivery"].people

    assert list(people) == ["@leads", "S0LEADS001", "#ops", "sam@example.com"]
    assert people["@leads"].holidays == "GB"


def test_shipped_file() -> None:
    handbook = load_handbook(str(ROOT / "handoffs.yml"))

    assert list(handbook.workflows) == ["sales-to-delivery"]
    assert without_effect(handbook) == []


@pytest.mark.parametrize(("right", "wrong", "told"), MISTAKES, ids=[wrong or right for right, wrong, _ in MISTAKES])
def test_one_mistake(right: str, wrong: str, told: str) -> None:
    text = with_mistake(GOOD, right, wrong)

    assert problems(text) == (told,)


def test_parts_that_do_not_fit_together_are_told_one_by_one() -> None:
    text = with_mistake(with_mistake(GOOD, "{key: kickoff,", "{key: goals,"), ", stage: Closed Won", "")

    told = [problem.removeprefix("f.yml:7: workflows.sales-to-delivery: ") for problem in problems(text)]

    assert told == [
        "the checklist has 'goals' twice: give each field its own key.",
        "trigger.stage is missing: put the stage's id or label, such as closedwon.",
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = GOOD
    for right, wrong in [
        ("due: 2d", "due: 2 days"),
        ("backup_rep: ops", "backup_repp: ops"),
        ("type: long_text", "type: prose"),
        ("record.name }}", "record.name"),
        ("promised: goals", "promised: gaols"),
        ("    nags:\n", "    title: Again\n    nags:\n"),
    ]:
        text = with_mistake(text, right, wrong)

    lines = [problem.split(":")[1] for problem in problems(text)]

    assert lines == ["3", "7", "13", "17", "17", "18"]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("version: 1\nworkflows: [", 2, "expected the node content"),
        ("version: 1\n\tworkflows: {}", 2, r"found character '\\t'"),
        ("version: 1\ntitle: Sales: delivery", 2, "mapping values are not allowed here"),
        ("version: 1\n---\nversion: 1", 2, "found another document"),
        ("version: !!python/object:os.system x", 1, "could not determine a constructor"),
        ("\x00", 1, "special characters are not allowed"),
        ("[" * 5000, 1, "nested too deeply"),
        ("a: &a [*a]", 1, "nested too deeply"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_text_that_is_not_yaml(text: str, line: int, what: str) -> None:
    with pytest.raises(ConfigError, match=what) as told:
        parse_handbook(text, "f.yml")

    assert str(told.value).startswith(f"f.yml:{line}: this is not YAML: ")
    assert str(told.value).endswith("Check the indentation, and quote texts with # or :.")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "- a\n- b\n", "42"])
def test_text_without_keys(text: str) -> None:
    assert problems(text) == ("f.yml:1: the file is not a list of keys. Put `version: 1` and `workflows:` first.",)


@pytest.mark.parametrize("workflows", ["{}", "[]", "null", "later"])
def test_no_workflow(workflows: str) -> None:
    (problem,) = problems(f"version: 1\nworkflows: {workflows}\n")

    assert problem.startswith("f.yml:2: workflows: ")
    assert problem.endswith("Put a name such as sales-to-delivery and its workflow.")


def test_file_of_another_kind() -> None:
    (problem,) = problems("a" * 1_000_001)

    assert problem == "f.yml is longer than a million characters. Is it the right file?"


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read: No such file or directory\. Set BATON_CONFIG"):
        load_handbook(str(tmp_path / "handoffs.yml"))


def test_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "handoffs.yml").write_bytes(b"version: 1 # \xff\xfe")

    with pytest.raises(ConfigError, match=r"is not UTF-8 text\. Save it as UTF-8\."):
        load_handbook(str(tmp_path / "handoffs.yml"))


def test_what_this_version_does_not_do_yet_is_told() -> None:
    text = with_mistake(GOOD, "hubspot", "salesforce")

    (note,) = without_effect(parse_handbook(text, "f.yml"))

    assert note.startswith(
        "sales-to-delivery: trigger.crm salesforce is not connected in this version. Until then, start"
    )
