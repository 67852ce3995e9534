"""The rows. Moments are whole milliseconds since 1970 in UTC, so that both engines sort and compare them alike."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Index, String, Text, text
from sqlmodel import Field, SQLModel

_OPEN = text("is_open")
_QUIET = text("quiet_until IS NOT NULL")
_SKIPPED = text("state = 'skipped'")
_DUE_OF_LADDER = text("state = 'due' AND ladder IS NOT NULL")
# A PostgreSQL that has not counted the rows yet would look for one handoff's notices in an index of all.
_REMINDER, _DUE_REMINDER = text("recipient IS NOT NULL"), text("state = 'due' AND recipient IS NOT NULL")


def to_ms(moment: datetime) -> int:
    """A moment as it is stored. Raises ValueError for a datetime without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a datetime needs a zone")
    return int(moment.timestamp() * 1000)


def from_ms(value: int) -> datetime:
    """A stored moment as an aware datetime in UTC."""
    return datetime.fromtimestamp(value / 1000, UTC)


BINARY_ORDER = String().with_variant(String(collation="C"), "postgresql")  # so that what begins alike lies together


class WorkflowRow(SQLModel, table=True):
    """The text of a workflow as some handoff began with it."""

    __tablename__ = "workflows"

    edition: str = Field(primary_key=True)
    name: str
    body: str = Field(sa_type=Text)
    first_seen: int = Field(sa_type=BigInteger)


class HandoffRow(SQLModel, table=True):
    """A handoff: `body` is the model as JSON; the columns beside it are copies to find and to guard it by."""

    __tablename__ = "handoffs"
    __table_args__ = (
        Index(
            "one_open_handoff",
            "workspace",
            "workflow",
            "record_key",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("handoffs_by_age", "workspace", "is_open", "status", "opened_at"),
        Index("handoffs_by_record", "workspace", "record_key", "workflow", "opened_at"),
        Index("handoffs_by_asked", "workspace", "asked_id", "is_open", "opened_at"),
        Index("handoffs_by_owner", "workspace", "owner_id", "is_open", "opened_at"),
        Index("handoffs_by_opening", "workspace", "opened_at"),
        Index("handoffs_by_quiet", "workspace", "quiet_until", "id", sqlite_where=_QUIET, postgresql_where=_QUIET),
    )

    id: str = Field(primary_key=True)
    workspace: str = Field(primary_key=True)
    workflow: str
    record_key: str
    record_name: str = Field(sa_type=Text)
    status: str
    is_open: bool
    version: int
    opened_at: int = Field(sa_type=BigInteger)
    asked_id: str | None
    owner_id: str | None
    quiet_until: int | None = Field(sa_type=BigInteger)
    body: str = Field(sa_type=Text)


class WordRow(SQLModel, table=True):
    """A word of a handoff's name, to find it by; the rest are copies to sort it by."""

    __tablename__ = "words"
    __table_args__ = (Index("words_by_word", "workspace", "is_open", "word", "opened_at", "handoff_id"),)

    workspace: str = Field(primary_key=True)
    handoff_id: str = Field(primary_key=True)
    word: str = Field(primary_key=True, sa_type=BINARY_ORDER)
    is_open: bool
    opened_at: int = Field(sa_type=BigInteger)


class LogRow(SQLModel, table=True):
    """One event that counted. Append-only: rows are never changed."""

    __tablename__ = "log"

    handoff_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    workspace: str = Field(primary_key=True)
    kind: str
    at: int = Field(sa_type=BigInteger)
    body: str = Field(sa_type=Text)
    remarks: str = Field(sa_type=Text, sa_column_kwargs={"server_default": ""})


class RecordRow(SQLModel, table=True):
    """The stage a record was last seen in."""

    __tablename__ = "records"

    workspace: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    stage: str
    seen_at: int = Field(sa_type=BigInteger)


class QueueRow(SQLModel):
    """What inbox and outbox share. `not_before` is the end of a lease or of a pause, whichever was set last.

    `clean` counts the attempts that surely did nothing outside; an attempt beyond those may have. `looks` counts how
    often history was read in vain. `state` is `due` or `done`, `dead` if it was given up, `void` for a nag that the
    deed overtook, `skipped` for one that somebody else got; `outcome` says what became of it.
    """

    id: int | None = Field(default=None, primary_key=True)
    workspace: str
    key: str
    lane: str
    body: str = Field(sa_type=Text)
    state: str
    due_at: int = Field(sa_type=BigInteger)
    not_before: int = Field(sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    attempt: int = Field(sa_column_kwargs={"server_default": "0"})
    clean: int = Field(sa_column_kwargs={"server_default": "0"})
    looks: int = Field(sa_column_kwargs={"server_default": "0"})
    outcome: str = Field(sa_type=Text, sa_column_kwargs={"server_default": ""})
    created_at: int = Field(sa_type=BigInteger)
    done_at: int | None = Field(sa_type=BigInteger)


def _queue_indexes(name: str) -> tuple[Index, ...]:
    waiting, dead = text("state = 'due'"), text("state = 'dead'")
    return (
        Index(f"{name}_dead", "workspace", "id", sqlite_where=dead, postgresql_where=dead),
        Index(f"{name}_key", "workspace", "key", unique=True),
        Index(f"{name}_due", "workspace", "due_at", "id", sqlite_where=waiting, postgresql_where=waiting),
        Index(f"{name}_lane", "workspace", "lane", "id", sqlite_where=waiting, postgresql_where=waiting),
    )


class InboxRow(QueueRow, table=True):
    """A hint that arrived. Its lane is the record: hints of one record are worked off in order."""

    __tablename__ = "inbox"
    __table_args__ = _queue_indexes("inbox")


class OutboxRow(QueueRow, table=True):
    """A notice that is to go out. Its lane is one conversation of one handoff."""

    __tablename__ = "outbox"
    __table_args__ = (
        *_queue_indexes("outbox"),
        Index(
            "outbox_handoff",
            *("workspace", "handoff_id"),  # PostgreSQL that has not counted the rows yet prefers an index with both
            sqlite_where=_DUE_OF_LADDER,
            postgresql_where=_DUE_OF_LADDER,
        ),
        Index("outbox_skipped", "workspace", "done_at", sqlite_where=_SKIPPED, postgresql_where=_SKIPPED),
        Index(
            "outbox_recipient",
            *("workspace", "recipient", "state", "done_at"),
            sqlite_where=_REMINDER,
            postgresql_where=_REMINDER,
        ),
        Index(
            "outbox_reminders",
            *("workspace", "recipient", "due_at", "id"),
            sqlite_where=_DUE_REMINDER,
            postgresql_where=_DUE_REMINDER,
        ),
    )

    handoff_id: str
    ladder: str | None
    recipient: str | None
