"""`baton status` and `baton migrate` as processes, on the database of a Baton that is not running."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.standing import MOST
from handoff.decide import decide
from handoff.events import AnyEvent
from storage.engine import open_database
from storage.migrate import newest
from storage.store import SqlStore
from tests.bot.command_rig import baton, refusal
from tests.commands import ROOT
from tests.factories import NOW, PRIYA, SAM, answered, claimed, did, record, stage_entered, workflow
from tests.migrated import migrated_file

OF_0_1_0 = ROOT / "tests/samples/releases/0.1.0/sqlite.sql"


@pytest.fixture
def migrated(settings: dict[str, str]) -> dict[str, str]:
    """The same, with a database that has nothing in it."""
    migrated_file(Path(settings["BATON_DATABASE_URL"].removeprefix("sqlite:///")))
    return settings


def keep(settings: dict[str, str], *events: AnyEvent, workspace: str = "T0BATON") -> None:
    """Let these have happened."""
    with closing(open_database(settings["BATON_DATABASE_URL"])) as database:
        store = SqlStore(database, workspace)
        store.remember([workflow()], NOW)
        for event in events:
            decision = decide(store.handoff(event.handoff_id), event, workflow(), NOW)
            store.write(lambda unit, e=event, d=decision: unit.save(e, d, NOW))  # type: ignore[misc]


def begun(number: int, name: str) -> AnyEvent:
    return stage_entered(handoff_id=f"h{number}", workspace="T0BATON", record=record(number, name=name))


def test_migrate_of_an_empty_database(settings: dict[str, str]) -> None:
    first, again = baton(settings, "migrate"), baton(settings, "migrate")

    assert (first.returncode, first.stderr) == (again.returncode, again.stderr) == (0, "")
    assert first.stdout == f"{settings['BATON_DATABASE_URL']} is at revision {newest()} now; it was empty.\n"
    assert again.stdout == f"{settings['BATON_DATABASE_URL']} is up to date: revision {newest()}.\n"


def test_migrate_of_the_database_of_an_earlier_release(settings: dict[str, str]) -> None:
    with closing(sqlite3.connect(settings["BATON_DATABASE_URL"].removeprefix("sqlite:///"))) as file:
        file.executescript(OF_0_1_0.read_text(encoding="utf-8"))

    before = baton(settings, "problems"), baton(settings, "check")
    done = baton(settings, "migrate")
    after = baton(settings, "problems"), baton(settings, "check")

    older = "This database is of an older Baton. Use its command; or stop that Baton, then say: baton migrate\n"
    assert [(each.returncode, each.stderr) for each in before] == [(1, older)] * 2
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{settings['BATON_DATABASE_URL']} is at revision {newest()} now; it was at 0001.\n"
    assert [each.returncode for each in after] == [0, 0]


def test_migrate_of_something_else(settings: dict[str, str]) -> None:
    with closing(sqlite3.connect(settings["BATON_DATABASE_URL"].removeprefix("sqlite:///"))) as file:
        file.execute("CREATE TABLE handoffs (whatever)")

    said = refusal(settings, "migrate")

    assert said.endswith("BATON_DATABASE_URL may point to something that is not Baton's.")


def test_migrate_needs_to_know_the_database_only(settings: dict[str, str], tmp_path: Path) -> None:
    secret = tmp_path / "address"
    secret.write_text(settings["BATON_DATABASE_URL"], encoding="utf-8")
    bare = {name: value for name, value in settings.items() if not name.startswith(("SLACK_", "HUBSPOT_", "BATON_"))}

    first = baton({**bare, "BATON_DATABASE_URL_FILE": str(secret)}, "migrate")
    again = baton({**bare, "BATON_DATABASE_URL": settings["BATON_DATABASE_URL"]}, "migrate")

    assert first.stdout == f"{settings['BATON_DATABASE_URL']} is at revision {newest()} now; it was empty.\n"
    assert again.stdout == f"{settings['BATON_DATABASE_URL']} is up to date: revision {newest()}.\n"


def test_migrate_beside_a_running_baton(migrated: dict[str, str]) -> None:
    with closing(open_database(migrated["BATON_DATABASE_URL"])):
        said = refusal(migrated, "migrate")

    assert said.startswith("Another Baton already uses ")


@pytest.mark.parametrize("command", ["status", "problems", "export"])
def test_looking_into_a_database_that_is_not_there_makes_none(settings: dict[str, str], command: str) -> None:
    file = Path(settings["BATON_DATABASE_URL"].removeprefix("sqlite:///"))

    said = refusal(settings, command)

    assert said.startswith(f"There is no database {file}. Check BATON_DATABASE_URL")
    assert not file.exists()


def test_looking_into_a_database_that_is_empty(settings: dict[str, str]) -> None:
    Path(settings["BATON_DATABASE_URL"].removeprefix("sqlite:///")).touch()

    assert refusal(settings, "status").startswith("Baton has never run on this database.")


def test_status_of_nothing(migrated: dict[str, str]) -> None:
    done = baton(migrated, "status")

    assert (done.returncode, done.stdout, done.stderr) == (0, "Nothing is under way.\n", "")


def test_status_says_who_is_waited_for(migrated: dict[str, str]) -> None:
    keep(
        migrated,
        begun(1, "Quillfeather Ltd"),
        begun(2, "Fjordlight Robotics"),
        answered(handoff_id="h2"),
        claimed(PRIYA, handoff_id="h2"),
        begun(3, "Osterwick \x1b[31mMills"),
        did("paused", SAM, handoff_id="h3", reason="They are away"),
    )

    total, *rows = baton(migrated, "status").stdout.splitlines()

    assert total == "2 waiting on sales, 1 owned."
    assert rows[0].startswith("Quillfeather Ltd: waiting on Sam Rivers for 5 answers, for ")
    assert rows[1].startswith("Osterwick ␛[31mMills: waiting on Sam Rivers for 5 answers, for ")
    assert rows[1].endswith(" (paused by Sam Rivers)")
    assert rows[2].startswith("Fjordlight Robotics: owned by Priya Nair, for ")


def test_status_of_one_says_what_is_still_to_be_added(migrated: dict[str, str]) -> None:
    keep(migrated, begun(1, "Quillfeather Ltd"), begun(2, "Fjordlight Robotics"))

    first, *details = baton(migrated, "status", "fjord").stdout.splitlines()

    assert first.startswith("Fjordlight Robotics: waiting on Sam Rivers")
    assert details[0] == "    hubspot:deal:2, sales-to-delivery, handoff h2"
    assert details[1:3] == [f"    still to add: {field.ask}" for field in workflow().checklist][:2]


def test_name_of_several_lines_takes_one(migrated: dict[str, str]) -> None:
    keep(migrated, begun(1, "Good Ltd\nEvil Ltd: owned by\u2028Priya Nair"))

    assert len(baton(migrated, "status").stdout.splitlines()) == 2


def test_status_of_a_name_that_nobody_has(migrated: dict[str, str]) -> None:
    keep(migrated, begun(1, "Quillfeather Ltd"))

    done = baton(migrated, "status", "fjord")

    assert (done.returncode, done.stdout) == (0, "No open handoff has “fjord” in its name.\n")


def test_status_while_slack_is_away(migrated: dict[str, str]) -> None:
    away = {**migrated, "SLACK_API_URL": "http://127.0.0.1:9/"}
    nothing_known = refusal(away, "status")
    keep(migrated, begun(1, "Quillfeather Ltd"))

    only_one = baton(away, "status")
    keep(migrated, begun(2, "Fjordlight Robotics"), workspace="T0ELSE0001")
    one_of_two = refusal(away, "status")

    assert nothing_known.startswith("Slack cannot be reached")
    assert only_one.stdout.startswith("1 waiting on sales.\nQuillfeather Ltd: ")
    assert one_of_two.startswith("Slack cannot be reached")


def test_status_of_more_than_fit(migrated: dict[str, str]) -> None:
    keep(migrated, *(begun(number, f"Deal {number}") for number in range(1, MOST + 4)))

    *rows, last = baton(migrated, "status").stdout.splitlines()
    *named, end = baton(migrated, "status", "deal").stdout.splitlines()

    assert len(rows) == 1 + MOST
    assert last == "3 more. One of them: baton status <name>"
    assert sum(row.startswith("Deal ") for row in named) == MOST
    assert end == "There are more. Give more of the name."
