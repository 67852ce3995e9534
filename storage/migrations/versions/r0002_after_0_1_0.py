"""What Baton stores since release 0.1.0.

Bodies now say things that 0.1.0 refuses to read, so it must be able to see that it is overtaken. Handoffs can be found
by who answers for them, by who owns them, and by their record after they are over.
"""

import sqlalchemy as sa
from alembic import op

from storage.names import words_of
from storage.tables import BINARY_ORDER

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """From release 0.1.0."""
    for who in ("asked", "owner"):
        op.add_column("handoffs", sa.Column(f"{who}_id", sa.String))
        op.create_index(f"handoffs_by_{who}", "handoffs", ["workspace", f"{who}_id", "is_open", "opened_at"])
    waiting = sa.text("state = 'due' AND ladder IS NOT NULL")
    op.drop_index("outbox_handoff", "outbox")
    op.create_index(
        "outbox_handoff", "outbox", ["workspace", "handoff_id"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.add_column("outbox", sa.Column("recipient", sa.String))
    said, due = sa.text("recipient IS NOT NULL"), sa.text("state = 'due' AND recipient IS NOT NULL")
    recipient = ["workspace", "recipient", "state", "done_at"]
    op.create_index("outbox_recipient", "outbox", recipient, sqlite_where=said, postgresql_where=said)
    reminders = ["workspace", "recipient", "due_at", "id"]
    op.create_index("outbox_reminders", "outbox", reminders, sqlite_where=due, postgresql_where=due)
    op.add_column("handoffs", sa.Column("quiet_until", sa.BigInteger))
    quiet, skipped = sa.text("quiet_until IS NOT NULL"), sa.text("state = 'skipped'")
    resting = ["workspace", "quiet_until", "id"]
    op.create_index("handoffs_by_quiet", "handoffs", resting, sqlite_where=quiet, postgresql_where=quiet)
    passed_over = ["workspace", "done_at"]
    op.create_index("outbox_skipped", "outbox", passed_over, sqlite_where=skipped, postgresql_where=skipped)
    op.create_index("handoffs_by_record", "handoffs", ["workspace", "record_key", "workflow", "opened_at"])
    op.create_index("handoffs_by_opening", "handoffs", ["workspace", "opened_at"])
    op.create_table(
        "words",
        sa.Column("workspace", sa.String, primary_key=True),
        sa.Column("handoff_id", sa.String, primary_key=True),
        sa.Column("word", BINARY_ORDER, primary_key=True),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
    )
    op.create_index("words_by_word", "words", ["workspace", "is_open", "word", "opened_at", "handoff_id"])
    _fill()


def _fill() -> None:
    """The people and the words of the handoffs that are there."""
    bind = op.get_bind()
    op.execute(_ON_SQLITE if bind.dialect.name == "sqlite" else _ON_POSTGRESQL)
    rows = bind.execute(sa.text("SELECT workspace, id, record_name, is_open, opened_at FROM handoffs")).all()
    words = sa.table(
        "words", *(sa.column(name) for name in ("workspace", "handoff_id", "word", "is_open", "opened_at"))
    )
    for workspace, id_, name, is_open, opened_at in rows:
        common = {"workspace": workspace, "handoff_id": id_, "is_open": bool(is_open), "opened_at": opened_at}
        if found := [{**common, "word": word} for word in words_of(name)]:
            bind.execute(words.insert(), found)


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
