"""Having the rows counted in time, by which an engine chooses among indexes.

PostgreSQL plans a statement for the sizes its tables have, and each connection keeps the plan. Among empty tables all
indexes cost the same, so that a plan made then may find a handoff by reading all of them later. Autovacuum counts, and
has all plans made anew, but only begins to after a minute, and in its turn after a restore
(https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-STATISTICS).
SQLite never counts unless it is told to, and takes a workspace for a few rows: among 110,000 handoffs it looked
for those of one record for 0.2 s (https://www.sqlite.org/pragma.html#pragma_optimize).
"""

from sqlalchemy import Connection, text

TABLES = ("handoffs", "inbox", "log", "outbox", "records", "words")
_GROWN = text("""
SELECT count(*) FROM unnest(CAST(:tables AS text[])) AS name JOIN pg_class ON pg_class.oid = to_regclass(name)
WHERE pg_relation_size(pg_class.oid) > :times * greatest(relpages, 4) * CAST(current_setting('block_size') AS bigint)
""")
TIMES = 2  # a plan made for so many rows is good for twice as many
_COUNT = text(f"ANALYZE (SKIP_LOCKED) {', '.join(TABLES)}")  # what another process counts just now is left to it

_SIZES = " + ".join(f"(SELECT coalesce(max(rowid), 0) FROM {name})" for name in TABLES)  # noqa: S608 -- our own
_FEW = "PRAGMA analysis_limit=1000"  # entries of an index that are read: the numbers need not be exact


def count_if_grown(connection: Connection) -> bool:
    """Have PostgreSQL count its rows if a table has grown manifold since that was done; whether that was of no use.

    Only the owner of a table can. Others are told so in the server's log, and nothing changes.
    """
    if not _has_grown(connection):
        return False
    connection.execute(_COUNT)
    return _has_grown(connection)


def _has_grown(connection: Connection) -> bool:
    return bool(connection.execute(_GROWN, {"tables": list(TABLES), "times": TIMES}).scalar_one())


def size(connection: Connection) -> int:
    """How many rows were ever put into SQLite's tables, as far as it is known at once."""
    return int(connection.exec_driver_sql(f"SELECT {_SIZES}").scalar_one())


def count(connection: Connection) -> None:
    """Have SQLite count its rows, not for long. Connections see the numbers that are there when they are opened."""
    connection.exec_driver_sql(_FEW)
    connection.exec_driver_sql("ANALYZE")
