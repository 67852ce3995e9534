"""Alembic at work. Only `migrate.py` loads this, and only for a database that needs it: docs/decisions/0025."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def config(connection: Connection | None = None) -> Config:
    """What Alembic must know: where the migrations are, and the connection that `migrations/env.py` runs them on."""
    told = Config()
    told.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    told.attributes["connection"] = connection
    return told


def upgrade(connection: Connection) -> None:
    """Run every migration that the database lacks, in the transaction that is open."""
    command.upgrade(config(connection), "head")
