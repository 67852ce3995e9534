"""Bringing a database to the shape this version needs. Goes forward only.

A revision stands for everything that is stored: tables, and what may be written in their bodies. So a release whose
bodies say more than an older one can read has a revision of its own, even if no table changes.
"""

import importlib

from sqlalchemy import Connection, inspect, text

from handoff.errors import ConfigError
from storage.engine import Database

KNOWN = ("0002", "0001")  # every revision this version of Baton knows, the newest first: migrations/versions has them
_TABLE = "alembic_version"
_REVISION = text("SELECT version_num FROM alembic_version")
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7022861)")  # any number will do, as long as it stays the same
_TOO_NEW = "This database belongs to a newer Baton. Start that version, or restore the backup from before the upgrade."


def newest() -> str:
    """The revision this version of Baton needs."""
    return KNOWN[0]


def current(database: Database) -> str | None:
    """The revision a database is at; None if it is empty. Raises StorageError."""
    return database.read(_current)


def is_ahead(database: Database) -> bool:
    """Whether a newer Baton has brought the database to a revision that this one does not know.

    It takes one short read, so that it can be asked every second. Raises StorageError.
    """
    return _is_unknown(current(database))


def migrate(database: Database) -> bool:
    """Bring the database to `newest`, while other replicas that start at the same moment wait.

    Whether there was anything to do.

    Raises:
        ConfigError: the database belongs to a newer Baton.
        StorageError: the database refuses; nothing was changed.
    """
    return database.write(_migrate)


def _migrate(connection: Connection) -> bool:
    if connection.dialect.name == "postgresql":
        connection.execute(_ONE_AT_A_TIME)
    at = _current(connection)
    if _is_unknown(at):
        raise ConfigError(_TOO_NEW)
    if at == newest():
        return False
    # The one module that is loaded late: most starts have nothing to migrate, and need not carry Alembic ever after.
    importlib.import_module("storage.upgrading").upgrade(connection)
    return True


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_TABLE):
        return None
    return connection.execute(_REVISION).scalar_one_or_none()


def _is_unknown(revision: str | None) -> bool:
    return revision is not None and revision not in KNOWN
