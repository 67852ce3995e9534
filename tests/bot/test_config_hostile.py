"""Texts that are small and mean very much, or look like something they are not: an answer comes soon, in a sentence."""

import os
from pathlib import Path

import pytest

from bot.config import parse_handbook
from handoff.errors import ConfigError
from tests.commands import command

SOON = 30  # seconds; without a limit these take hours
TEN = "abcdefghij"


def bomb(first: str, row: str) -> str:
    """Ten lines, each ten times the line before: ten thousand million values."""
    lines = [f"a0: &a0 {first}", *(f"a{n}: &a{n} {row.replace('*', f'*a{n - 1}')}" for n in range(1, 11))]
    return "\n".join(["version: 1", *lines])


BOMBS = {
    "lists": bomb("[x]", "[*, *, *, *, *, *, *, *, *, *]"),
    "mappings": bomb("{x: y}", "{" + ", ".join(f"{c}: * " for c in TEN) + "}"),
    "the same key": bomb("{x: y}", "{" + ", ".join("k: * " for _ in TEN) + "}"),
    "as a key": bomb("[x]", "[*, *, *, *, *, *, *, *, *, *]") + "\n? *a10\n: x",
    "one long text": f"version: 1\na: &a {'x' * 500_000}\npeople: [{'*a,' * 20_000}]",
    "thousands of mistakes": f"version: 1\nworkflows: {{a: {{trigger: {{stage: [{'1,' * 15_000}]}}}}}}",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_a_small_file_that_means_very_much(text: str, tmp_path: Path) -> None:
    (tmp_path / "f.yml").write_text(text, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"]}

    done = command(environment, "check", "--offline", "--config", "f.yml", folder=tmp_path, seconds=SOON)

    assert done.returncode == 1
    assert all(line.startswith("f.yml:") for line in done.stderr.splitlines())


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as told:
        parse_handbook(text, "f.yml")
    return told.value.problems


def test_aliases_without_end_are_refused_with_the_line() -> None:
    assert problems(BOMBS["lists"]) == (
        (
            "f.yml:2: the file says too much, with each alias (*name) counted as often as it is used. "
            "Remove aliases, or split the file into several."
        ),
    )


def test_an_alias_is_written_out() -> None:
    text = """\
version: 1
workflows:
  sales:
    title: Sales
    trigger: {crm: hubspot, stage: Closed Won}
    checklist: [{key: goals, ask: What do they care about, type: text}]
    brief: {promised: goals, expects_next: goals}
    delivery: {channel: "#delivery"}
    nags:
      rep: &ladder [{after: 1h, to: rep}, {every: 1d, to: rep, at_most: 2}]
      channel: *ladder
"""

    nags = parse_handbook(text, "f.yml").workflows["sales"].nags

    assert nags.channel == nags.rep
    assert len(nags.rep) == 2


def test_a_list_as_a_key() -> None:
    assert problems("? [a, b]\n: c\nversion: 1\nworkflows: {}")[0] == (
        "f.yml:1: a list stands where a key belongs. Put a word there."
    )


@pytest.mark.parametrize("tag", ["", "!!int ", "!!bool ", "!!float ", "!!timestamp "])
def test_a_value_that_looks_like_a_date_or_a_number_and_is_none(tag: str) -> None:
    (problem, *_) = problems(f"version: {tag}2026-02-30\nworkflows: {{}}")

    assert problem == "f.yml:1: version: '2026-02-30' does not fit here. Put 1."
