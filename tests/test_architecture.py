"""The rules of ARCHITECTURE.md, read off the source. A failure names the places that break one."""

import ast
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from tests.architecture import slack_app, source
from tests.architecture.source import PACKAGES, ROOT, Module, imported, modules

ALL = (*PACKAGES, "tests")

# Who may import whom, besides itself. Only the wiring knows everybody.
MAY_IMPORT = {
    "handoff": set[str](),
    "crm": {"handoff"},
    "tasks": {"handoff"},
    "storage": {"handoff"},
    "scheduler": {"handoff"},
    "bot": {"handoff"},
    "sandbox": set[str](),
}
WIRING = {"bot.wiring": {"handoff", "crm", "tasks", "storage", "scheduler", "bot"}}


def test_the_core_imports_only_python_and_pydantic() -> None:
    outside = {
        f"{module.name} imports {name}"
        for module in modules("handoff")
        for name in imported(module)
        if not source.is_standard(name) and name.partition(".")[0] not in ("handoff", "pydantic")
    }

    assert outside == set()


def test_packages_import_only_what_their_layer_allows() -> None:
    wrong = {
        f"{module.name} imports {name}"
        for module in modules()
        for name in imported(module)
        if name.partition(".")[0] in PACKAGES
        and name.partition(".")[0] not in WIRING.get(module.name, {module.package, *MAY_IMPORT[module.package]})
    }

    assert wrong == set()


def test_only_the_command_imports_the_wiring() -> None:
    importers = {(module.name, name) for module in modules() for name in imported(module)}

    assert {who for who, name in importers if name == "bot.wiring"} == {"bot.cli"}
    assert {who for who, name in importers if name == "bot.cli"} == {"bot.__main__"}


def test_no_module_of_ours_imports_the_tests() -> None:
    assert [module.name for module in modules() if any(n.startswith("tests") for n in imported(module))] == []


def test_imports_make_no_cycle() -> None:
    assert source.cycles() == []


def test_no_import_stands_inside_a_function() -> None:
    assert [place for module in modules(*ALL) for place in source.imports_inside_functions(module)] == []


def test_only_the_migration_is_loaded_later() -> None:  # docs/decisions/0025 says why
    late = {m.name for m in modules() if any(name.partition(".")[0] == "importlib" for name in imported(m))}

    assert late == {"storage.migrate"}


def test_importing_any_module_touches_no_network_disk_environment_or_clock() -> None:
    names = [module.name for module in modules() if module.name != "storage.migrations.env"]  # Alembic runs that one
    program = [sys.executable, "-B", str(ROOT / "tests/architecture/quiet_import.py"), *names]

    done = subprocess.run(program, capture_output=True, text=True, check=False, cwd=ROOT)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == []


def test_files_are_short() -> None:
    ours = [module.length for module in modules()]

    assert [f"{m.path.relative_to(ROOT)}: {m.length}" for m in modules(*ALL) if m.length > 300] == []
    assert statistics.median(ours) <= 120


def test_functions_are_short() -> None:
    assert list(_longer_than(40, *modules(*ALL))) == []


def test_handlers_and_jobs_delegate() -> None:
    thin = [*modules("bot/handlers"), *(m for m in modules("scheduler") if m.name == "scheduler.jobs")]

    assert len(thin) > 3
    assert [place for place in _longer_than(15, *thin) if not place.endswith(" register")] == []


def _longer_than(limit: int, *among: Module) -> Iterator[str]:
    for module in among:
        for function in module.functions():
            if source.lines_of(function) > limit:
                yield f"{module.at(function)} {function.name}"


def test_every_function_is_annotated() -> None:
    silent = {
        f"{module.at(function)} {function.name}: {', '.join(missing)}"
        for module in modules(*ALL)
        for function in module.functions()
        if (missing := source.unannotated(function))
    }

    assert silent == set()


def test_public_functions_and_classes_have_a_docstring() -> None:
    assert [place for module in modules() for place in source.without_docstring(module)] == []


def test_whoever_catches_everything_says_why_and_does_it_once() -> None:
    handlers = {module: source.broad_handlers(module) for module in modules()}
    silent = [
        module.at(handler)
        for module, found in handlers.items()
        for handler in found
        if not re.search(r"  # (noqa: \w+ -- )?[^:]{10,}", module.text.splitlines()[handler.lineno - 1])
    ]

    assert silent == []
    assert [module.name for module, found in handlers.items() if len(found) > 1] == []


def test_tests_use_real_parts() -> None:
    replaced = [place for module in modules("tests") for place in _replacements(module)]

    assert replaced == []


def test_no_test_is_passed_over() -> None:
    ways = {"skip", "skipif", "xfail", "importorskip", "SkipTest"}
    passed_over = [
        module.at(node)
        for module in modules("tests")
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr in ways) or (isinstance(node, ast.Name) and node.id in ways)
    ]

    assert passed_over == []


def _replacements(module: Module) -> Iterator[str]:
    """Where a test puts something else in the place of a real part."""
    if any(re.match(r"(unittest\.)?mock\b|pytest_mock", name) for name in imported(module)):
        yield module.name
    for node in ast.walk(module.tree):
        is_patch = isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith(("monkeypatch", "mocker"))
        if is_patch and isinstance(node, ast.Attribute) and node.attr not in ("setenv", "delenv", "chdir"):
            yield module.at(node)


def test_no_file_names_a_machine_or_a_package_index() -> None:
    machine = re.compile(r"(?<![\w.])/(?:home|Users|root|work)/\w|\bfile:" + "///")
    index = re.compile(r"--(?:extra-)?index-" + r"url\b|--find-" + r"links\b|https?://\S+/simp" + r"le\b")
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in _our_files()
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if machine.search(line) or index.search(line)
    ]

    assert found == []


def _our_files() -> Iterator[Path]:
    """Every file that a checkout has; what Git ignores is not ours."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return (ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    return loaded


def test_the_manifest_is_one_that_slack_takes(manifest: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "tests/samples/slack_manifest.schema.json").read_text(encoding="utf-8"))

    problems = [f"{error.json_path}: {error.message}" for error in Draft7Validator(schema).iter_errors(manifest)]

    assert problems == []


def test_the_manifest_lists_exactly_the_commands_that_handlers_take(manifest: dict[str, Any]) -> None:
    listed = [command["command"] for command in manifest["features"].get("slash_commands", [])]

    assert sorted(listed) == sorted(slack_app.listens_for("command"))


def test_the_manifest_lists_exactly_the_shortcuts_that_handlers_take(manifest: dict[str, Any]) -> None:
    listed = [shortcut["callback_id"] for shortcut in manifest["features"].get("shortcuts", [])]
    taken = [slack_app.listens_for(kind) for kind in ("shortcut", "global_shortcut", "message_shortcut")]

    assert sorted(listed) == sorted(set().union(*taken))


def test_the_manifest_lists_exactly_the_events_that_handlers_take(manifest: dict[str, Any]) -> None:
    listed = manifest["settings"].get("event_subscriptions", {}).get("bot_events", [])
    taken = slack_app.listens_for("event") | ({"message"} if slack_app.listens_for("message") else set())

    assert {event.partition(".")[0] for event in listed} == taken


def test_the_manifest_switches_on_exactly_what_is_used(manifest: dict[str, Any]) -> None:
    home_tab = manifest["features"]["app_home"]["home_tab_enabled"]
    interactivity = manifest["settings"]["interactivity"]["is_enabled"]

    assert home_tab == ("views.publish" in slack_app.methods_called())
    assert interactivity == slack_app.is_interactive()


def test_the_manifest_asks_for_exactly_the_scopes_that_the_calls_need(manifest: dict[str, Any]) -> None:
    called = slack_app.methods_called()
    commands = {"commands"} if manifest["features"].keys() & {"slash_commands", "shortcuts"} else set()

    assert called <= slack_app.SCOPES.keys()
    needed = commands.union(*(slack_app.SCOPES[method] for method in called))
    assert sorted(manifest["oauth_config"]["scopes"]["bot"]) == sorted(needed)
