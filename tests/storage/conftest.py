"""Every store must pass the same tests: on SQLite, and on a PostgreSQL that pip installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import Database, open_database
from storage.store import SqlStore
from tests.factories import NOW, workflow
from tests.migrated import migrated_database, migrated_file
from tests.postgres import empty_database


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/baton.db"
    return empty_database(request.getfixturevalue("postgres"))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of the newest shape."""
    if request.param == "sqlite":
        migrated_file(tmp_path / "baton.db")
        return f"sqlite:///{tmp_path}/baton.db"
    return migrated_database(request.getfixturevalue("postgres"))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database of the newest shape."""
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> SqlStore:
    """The memory of one workspace."""
    made = SqlStore(database, "T0TEST0001")
    made.remember([workflow()], NOW)
    return made
