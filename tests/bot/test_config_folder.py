"""A folder of workflows is read as one handbook; what is wrong in it is told with file and line."""

from pathlib import Path

import pytest

from bot.config import load_handbook, without_effect
from handoff.errors import ConfigError

WORKFLOW = """\
version: 1
defaults: {backup_rep: %(backup)s%(more)s}
people: {%(backup)s: {manager: boss@example.com}}
workflows:
  %(name)s:
    title: %(name)s
    trigger: {crm: hubspot, stage: Closed Won}
    checklist: [{key: goals, ask: What do they care about, type: text}]
    brief: {promised: goals, expects_next: goals}
    delivery: {channel: "#delivery"}
"""


def put(folder: Path, file: str, name: str, backup: str = "ops@example.com", more: str = "") -> None:
    """Write a small good file with one workflow."""
    text = WORKFLOW % {"name": name, "backup": backup, "more": f", {more}" if more else ""}
    (folder / file).write_text(text, encoding="utf-8")


def problems(folder: Path) -> list[str]:
    """What is told about a folder, without the folder's own name."""
    with pytest.raises(ConfigError) as told:
        load_handbook(str(folder))
    return [problem.replace(f"{folder}/", "") for problem in told.value.problems]


def test_all_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    put(tmp_path, "b.yaml", "second")
    put(tmp_path, "a.yml", "first")
    put(tmp_path, "c.YML", "third")

    assert list(load_handbook(str(tmp_path)).workflows) == ["first", "second", "third"]


def test_other_files_hidden_files_and_folders_below_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, "a.yml", "first")
    (tmp_path / ".a.yml").write_text("not: [yaml", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not: [yaml", encoding="utf-8")
    (tmp_path / "old").mkdir()
    put(tmp_path / "old", "b.yml", "second")

    assert list(load_handbook(str(tmp_path)).workflows) == ["first"]


def test_each_workflow_keeps_the_defaults_and_people_of_its_file(tmp_path: Path) -> None:
    put(tmp_path, "a.yml", "first", backup="ana@example.com")
    put(tmp_path, "b.yml", "second", backup="ben@example.com")

    handbook = load_handbook(str(tmp_path))

    assert {n: w.defaults.backup_rep for n, w in handbook.workflows.items()} == {
        "first": "ana@example.com",
        "second": "ben@example.com",
    }
    assert [list(w.people) for w in handbook.workflows.values()] == [["ana@example.com"], ["ben@example.com"]]
    assert sorted(handbook.people) == ["ana@example.com", "ben@example.com"]
    assert handbook.defaults.backup_rep == "ana@example.com"


def test_a_workflow_has_the_same_edition_in_a_folder_as_alone(tmp_path: Path) -> None:
    put(tmp_path, "a.yml", "first", backup="ana@example.com")
    put(tmp_path, "b.yml", "second", more="give_up_after: 5d")

    together = load_handbook(str(tmp_path)).workflows

    for name, file in (("first", "a.yml"), ("second", "b.yml")):
        assert together[name].edition == load_handbook(str(tmp_path / file)).workflows[name].edition


def test_what_holds_for_the_whole_process_may_stand_in_any_file(tmp_path: Path) -> None:
    put(tmp_path, "a.yml", "first")
    put(tmp_path, "b.yml", "second", more="give_up_after: 5d, when_unsure: hold")

    defaults = load_handbook(str(tmp_path)).defaults

    assert (defaults.give_up_after, defaults.when_unsure) == ("5d", "hold")


def test_what_holds_for_the_whole_process_is_said_twice_differently(tmp_path: Path) -> None:
    put(tmp_path, "a.yml", "first", more="give_up_after: 5d, when_unsure: hold")
    put(tmp_path, "b.yml", "second", more="give_up_after: 1d, when_unsure: hold")

    assert problems(tmp_path) == [
        "b.yml:2: defaults.give_up_after: 1d, but 5d in a.yml:2. Put the same: it holds for all files."
    ]


def test_two_files_with_the_same_workflow(tmp_path: Path) -> None:
    put(tmp_path, "a.yml", "sales")
    put(tmp_path, "b.yml", "sales")

    assert problems(tmp_path) == ["b.yml:5: workflows.sales: stands in a.yml:5 too. Give one of them another name."]


def test_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        put(tmp_path, f"{name}.yml", name)
    for name, right, wrong in (("a", '"#delivery"', "delivery"), ("b", "title", "titel"), ("c", "{crm", "[{crm")):
        file = tmp_path / f"{name}.yml"
        file.write_text(file.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")

    told = problems(tmp_path)

    assert [problem.split(": ")[0] for problem in told] == ["a.yml:10", "b.yml:5", "b.yml:6", "c.yml:8"]
    assert "this is not YAML" in told[3]


def test_an_unreadable_file_in_the_folder(tmp_path: Path) -> None:
    put(tmp_path, "a.yml", "first")
    (tmp_path / "b.yml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c.yml").mkdir()
    (tmp_path / "d.yml").write_bytes(b"\xff")

    assert problems(tmp_path) == [
        "b.yml cannot be read: No such file or directory. Set BATON_CONFIG to the file with your workflows.",
        "c.yml cannot be read: Is a directory. Set BATON_CONFIG to the file with your workflows.",
        "d.yml is not UTF-8 text. Save it as UTF-8.",
    ]


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "readme.md").write_text("nothing", encoding="utf-8")

    with pytest.raises(ConfigError) as told:
        load_handbook(str(tmp_path))

    assert str(told.value) == (
        f"{tmp_path} holds no .yml file. Put your workflows there, or set BATON_CONFIG to another place."
    )


def test_work_that_is_done_is_kept_for_a_week_at_least(tmp_path: Path) -> None:
    put(tmp_path, "a.yml", "first", more="keep_finished: 6d")

    (problem,) = problems(tmp_path)

    assert problem.startswith(
        "a.yml:2: defaults.keep_finished: '6d' is too short. Put how long rows of work that is done"
    )


def test_a_country_without_a_calendar_in_any_file_is_noted(tmp_path: Path) -> None:
    put(tmp_path, "a.yml", "first", more="holidays: PT")
    put(tmp_path, "b.yml", "second", more="holidays: ZZ")

    notes = without_effect(load_handbook(str(tmp_path)))

    assert notes == ["second: no calendar of public holidays is known for ZZ."]


@pytest.mark.parametrize(
    ("first", "second", "noted"),
    [
        ("status: handoff_status", "status: handoff_status", ["handoff_status"]),
        ("owner: goal", "status: other", ["goal"]),  # the other one's checklist asks for it
        ("status: first_status", "status: second_status", []),
    ],
)
def test_fields_that_two_workflows_write_are_noted(tmp_path: Path, first: str, second: str, noted: list[str]) -> None:
    for file, name, written in (("a.yml", "first", first), ("b.yml", "second", second)):
        text = WORKFLOW % {"name": name, "backup": "ops@example.com", "more": ""}
        text = text.replace("type: text", "type: text, crm: goal")
        (tmp_path / file).write_text(f"{text}    write_back: {{{written}}}\n", encoding="utf-8")

    assert without_effect(load_handbook(str(tmp_path))) == [
        f"first and second write {field} of the same hubspot deal, each over the other's word: "
        "give one of them another field in `write_back`."
        for field in noted
    ]
