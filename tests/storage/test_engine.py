"""Opening a database, and what a person is told if that is not possible."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from handoff.errors import ConfigError, StorageError, StorageRefused
from storage import tables
from storage.engine import Database, open_database
from storage.migrate import current, migrate, newest

HOLD = """
import sys, time
from storage.engine import open_database
open_database(sys.argv[1])
print("held", flush=True)
time.sleep(60)
"""


def test_migrations_lead_to_the_shape_that_the_tables_describe(database: Database) -> None:
    assert tables.HandoffRow.__tablename__ == "handoffs"

    different = database.read(lambda c: compare_metadata(MigrationContext.configure(c), SQLModel.metadata))

    assert different == []


def test_migrating_twice_does_nothing_the_second_time(empty_url: str) -> None:
    opened = open_database(empty_url)

    done = [migrate(opened), migrate(opened)]

    assert done == [True, False]
    assert current(opened) == newest()
    opened.close()


@pytest.mark.parametrize("address", ["nonsense", "mysql://host/name", ""])
def test_address_of_another_kind_is_refused_with_what_to_put(address: str) -> None:
    with pytest.raises(ConfigError, match=r"put sqlite:///baton\.db or postgresql://"):
        open_database(address)


def test_file_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        open_database(f"sqlite:///{tmp_path}/nowhere/baton.db")


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "baton.db"
    file.write_text("A letter, not a database. " * 100)

    with pytest.raises(ConfigError, match="cannot be written"):
        open_database(f"sqlite:///{file}")


def test_second_process_on_one_file_is_refused_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/baton.db"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, address], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"

    with pytest.raises(ConfigError, match="Another Baton already uses"):
        open_database(address)
    holder.kill()
    holder.communicate()
    opened = open_database(address)

    assert migrate(opened)
    opened.close()


def test_closed_database_stores_nothing_and_says_so(tmp_path: Path) -> None:
    opened = open_database(f"sqlite:///{tmp_path}/baton.db")
    opened.close()

    with pytest.raises(StorageError, match="closed"):
        opened.write(lambda _: None)


def test_what_the_database_refuses_differs_from_its_silence(database: Database) -> None:
    with pytest.raises(StorageRefused, match=r"^The database refused: .+ Nothing was stored\.$"):
        database.write(lambda c: c.exec_driver_sql("INSERT INTO workflows (edition) VALUES (NULL)"))

    with pytest.raises(StorageError) as silent:
        database.write(_fall_silent)

    assert not isinstance(silent.value, StorageRefused)


def _fall_silent(_: Connection) -> None:
    raise OperationalError("SELECT 1", {}, Exception("database is locked"))
