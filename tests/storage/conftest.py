"""Every store must pass the same tests: on SQLite, and on a PostgreSQL that pip installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import Database, open_database
from storage.migrate import migrate
from storage.store import SqlStore
from tests.factories import NOW, workflow
from tests.postgres import empty_database


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/baton.db"
    return empty_database(request.getfixturevalue("postgres"))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database of the newest shape."""
    opened = open_database(url)
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> SqlStore:
    """The memory of one workspace."""
    made = SqlStore(database, "T0TEST0001")
    made.remember([workflow()], NOW)
    return made
