"""What Baton stores since release 0.1.0.

Bodies now say things that 0.1.0 refuses to read, so it must be able to see that it is overtaken. Handoffs can be found
by who answers for them, by who owns them, and by their record after they are over.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """From release 0.1.0."""
    open_ones = sa.text("is_open")
    for who in ("asked", "owner"):
        op.add_column("handoffs", sa.Column(f"{who}_id", sa.String))
        columns = ["workspace", f"{who}_id"]
        op.create_index(f"handoffs_by_{who}", "handoffs", columns, sqlite_where=open_ones, postgresql_where=open_ones)
    op.create_index("handoffs_by_record", "handoffs", ["workspace", "record_key", "workflow", "opened_at"])
    _fill()


def _fill() -> None:
    """The people of the handoffs that are there, read off their bodies."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(_ON_SQLITE if is_sqlite else _ON_POSTGRESQL)


_ON_SQLITE = """
UPDATE handoffs SET
    asked_id = json_extract(body, '$.asked.slack_id'),
    owner_id = json_extract(body, '$.owner.slack_id')
"""
_ON_POSTGRESQL = """
UPDATE handoffs SET
    asked_id = body::json -> 'asked' ->> 'slack_id',
    owner_id = body::json -> 'owner' ->> 'slack_id'
"""
