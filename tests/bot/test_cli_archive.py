"""`baton export` and `baton forget` as processes, on the database of a Baton that is not running."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from handoff.decide import decide
from storage.engine import open_database
from storage.migrate import migrate
from storage.store import SqlStore
from tests.bot.command_rig import baton
from tests.factories import NOW, answered, record, stage_entered, workflow


@pytest.fixture
def stored(settings: dict[str, str]) -> dict[str, str]:
    """The same, with a handoff in the database."""
    event = stage_entered(workspace="T0BATON", record=record(name="Quillfeather Ltd"))
    given = answered({"promised": "Quillfeather gets training"})
    database = open_database(settings["BATON_DATABASE_URL"])
    with closing(database):
        migrate(database)
        store = SqlStore(database, "T0BATON")
        store.remember([workflow()], NOW)
        begun = decide(None, event, workflow(), NOW)
        store.write(lambda unit: unit.save(event, begun, NOW))
        after = decide(store.handoff("h1"), given, workflow(), NOW)
        store.write(lambda unit: unit.save(given, after, NOW))
    return settings


def test_export_leaves_out_what_people_said(stored: dict[str, str]) -> None:
    done = baton(stored, "export")

    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 0
    assert "Quillfeather" not in done.stdout
    assert (first["at"], first["kind"], first["record"]) == (
        "2026-03-02T09:00:00.000Z",
        "stage_entered",
        "hubspot:deal:1",
    )
    assert (second["handoff"], second["number"], second["by"]["email"]) == ("h1", 2, "sam@example.com")
    assert (second["via"], second["workflow"]) == ("modal", "sales-to-delivery")
    assert second["facts"]["answers"] == {"promised": "(left out)"}


def test_export_with_answers_to_a_file(stored: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"

    done = baton(stored, "export", "--answers", "--out", str(file), "--record", "hubspot:deal:1")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads(file.read_text().splitlines()[1])["facts"]["answers"] == {
        "promised": "Quillfeather gets training"
    }
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("words", [("--handoff", "h2"), ("--record", "hubspot:deal:2"), ("--since", "2026-03-03")])
def test_export_of_something_else(stored: dict[str, str], words: tuple[str, ...]) -> None:
    done = baton(stored, "export", *words)

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "Nothing was exported: nothing is known of what you asked for.\n"


def test_forget_asks_first(stored: dict[str, str], tmp_path: Path) -> None:
    done = baton(stored, "forget", "--record", "hubspot:deal:1")

    assert done.returncode == 1
    assert "Would be covered: 1 handoff(s), 1 of them open and cancelled with it" in done.stdout
    assert b"Quillfeather" in b"".join(f.read_bytes() for f in tmp_path.glob("baton.db*"))


def test_forget_leaves_nothing(stored: dict[str, str], tmp_path: Path) -> None:
    done = baton(stored, "forget", "--record", "hubspot:deal:1", "--yes")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing of it is left in the database." in done.stdout
    assert b"Quillfeather" not in b"".join(f.read_bytes() for f in tmp_path.glob("baton.db*"))
    assert baton(stored, "export", "--answers").stdout.count('"kind": "forgotten"') == 1


@pytest.mark.parametrize(
    "words", [(), ("--record", "a:b:1", "--person", "a@b.example"), ("--record", "a:b:1", "--name", "A")]
)
def test_forget_of_nothing_in_particular(settings: dict[str, str], words: tuple[str, ...]) -> None:
    assert baton(settings, "forget", *words).returncode == 2
