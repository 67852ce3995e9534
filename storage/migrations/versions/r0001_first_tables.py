"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

_WAITING = sa.text("state = 'due'")
_DEAD = sa.text("state = 'dead'")


def _queue(name: str, *more: sa.Column[str]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("workspace", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("lane", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
        sa.Column("clean", sa.Integer, nullable=False, server_default="0"),
        sa.Column("looks", sa.Integer, nullable=False, server_default="0"),
        sa.Column("outcome", sa.Text, nullable=False, server_default=""),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("done_at", sa.BigInteger),
        *more,
    )
    op.create_index(f"{name}_key", name, ["workspace", "key"], unique=True)
    op.create_index(f"{name}_dead", name, ["workspace", "id"], sqlite_where=_DEAD, postgresql_where=_DEAD)
    for part in ("due_at", "lane"):
        index = f"{name}_{part.removesuffix('_at')}"
        op.create_index(index, name, ["workspace", part, "id"], sqlite_where=_WAITING, postgresql_where=_WAITING)


def upgrade() -> None:
    """From an empty database."""
    _workflows()
    _handoffs()
    _log_and_records()
    _queue("inbox")
    _queue("outbox", sa.Column("handoff_id", sa.String, nullable=False), sa.Column("ladder", sa.String))
    op.create_index("outbox_handoff", "outbox", ["handoff_id"], sqlite_where=_WAITING, postgresql_where=_WAITING)


def _workflows() -> None:
    op.create_table(
        "workflows",
        sa.Column("edition", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
    )


def _handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("workspace", sa.String, primary_key=True),
        sa.Column("workflow", sa.String, nullable=False),
        sa.Column("record_key", sa.String, nullable=False),
        sa.Column("record_name", sa.Text, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    open_ones = sa.text("is_open")
    op.create_index(
        "one_open_handoff",
        "handoffs",
        ["workspace", "workflow", "record_key"],
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    op.create_index("handoffs_by_age", "handoffs", ["workspace", "is_open", "status", "opened_at"])


def _log_and_records() -> None:
    op.create_table(
        "log",
        sa.Column("handoff_id", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("workspace", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("remarks", sa.Text, nullable=False, server_default=""),
    )
    op.create_table(
        "records",
        sa.Column("workspace", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
    )
