"""Bringing a database to the shape this version needs. Goes forward only."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.engine import Database


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision this version of Baton needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(database: Database) -> str | None:
    """The revision a database is at; None if it is empty."""
    return database.read(lambda connection: MigrationContext.configure(connection).get_current_revision())


def migrate(database: Database) -> bool:
    """Bring the database to `newest`. Whether there was anything to do. Raises StorageError."""
    if current(database) == newest():
        return False
    database.write(lambda connection: command.upgrade(_config(connection), "head"))
    return True
