"""Having PostgreSQL count its rows in time.

It plans a statement for the sizes its tables have, and each connection keeps the plan. Among empty tables all indexes
cost the same, so that a plan made then may find a handoff by reading all of them later. Autovacuum counts, and has all
plans made anew, but only begins to after a minute, and in its turn after a restore
(https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-STATISTICS).
"""

from sqlalchemy import Connection, text

TABLES = ("handoffs", "inbox", "log", "outbox", "records", "words")
_GROWN = text("""
SELECT count(*) FROM unnest(CAST(:tables AS text[])) AS name JOIN pg_class ON pg_class.oid = to_regclass(name)
WHERE pg_relation_size(pg_class.oid) > :times * greatest(relpages, 4) * CAST(current_setting('block_size') AS bigint)
""")
_TIMES = 2  # a plan made for so many rows is good for twice as many
_COUNT = text(f"ANALYZE (SKIP_LOCKED) {', '.join(TABLES)}")  # what another process counts just now is left to it


def count_if_grown(connection: Connection) -> bool:
    """Have the rows counted if a table has grown manifold since that was done; whether it was."""
    grown = connection.execute(_GROWN, {"tables": list(TABLES), "times": _TIMES}).scalar_one()
    if grown:
        connection.execute(_COUNT)
    return bool(grown)
