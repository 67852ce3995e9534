"""Group commit: pieces of work that share a transaction do not suffer from each other."""

import threading
from collections.abc import Callable
from concurrent.futures import Future

import pytest
from sqlalchemy import Connection, text

from handoff.errors import HandoffUnknown, StorageError
from storage.engine import Database
from tests.storage.sharing import one_transaction

ADD = text("INSERT INTO records (workspace, key, stage, seen_at) VALUES ('T0TEST0001', :key, 'won', 1)")
KEYS = text("SELECT key FROM records ORDER BY key")


def add(key: str) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        connection.execute(ADD, {"key": key})
        return key

    return work


def fail(connection: Connection) -> str:
    connection.execute(ADD, {"key": "half"})
    raise HandoffUnknown("not here")


def keys(database: Database) -> list[str]:
    return database.read(lambda connection: list(connection.execute(KEYS).scalars()))


def together(database: Database, *pieces: Callable[[Connection], str]) -> list[Future[str]]:
    """Hand them over while every writer is busy, so that they wait and then share a transaction."""
    with one_transaction(database):
        return [database.submit(piece) for piece in pieces]


def test_piece_that_fails_leaves_nothing_and_does_not_harm_the_others(database: Database) -> None:
    first, bad, last = together(database, add("a"), fail, add("b"))

    assert (first.result(10), last.result(10)) == ("a", "b")
    with pytest.raises(HandoffUnknown, match="not here"):
        bad.result(10)
    assert keys(database) == ["a", "b"]


def test_piece_that_the_database_refuses_is_told_so_alone(database: Database) -> None:
    first, again, last = together(database, add("a"), add("a"), add("b"))

    assert (first.result(10), last.result(10)) == ("a", "b")
    with pytest.raises(StorageError, match="refused"):
        again.result(10)
    assert keys(database) == ["a", "b"]


def test_pieces_that_wait_share_a_transaction(database: Database) -> None:
    seen: list[int] = []

    def work(connection: Connection) -> str:
        seen.append(id(connection))
        return ""

    for piece in together(database, *[work] * 5):
        piece.result(10)

    assert len(set(seen)) < len(seen)


def test_everything_handed_over_is_stored_before_the_database_closes(database: Database) -> None:
    waiting = together(database, *(add(f"{n:03}") for n in range(200)))

    database.close()

    assert [piece.result(0) for piece in waiting] == [f"{n:03}" for n in range(200)]
    with pytest.raises(StorageError, match="closed"):
        database.submit(add("late"))


def test_lock_held_elsewhere_delays_the_pieces_that_share_a_transaction_and_loses_none(
    database: Database,
) -> None:
    if database.alone:
        return  # no other process can hold a lock
    database.write(add("locked"))
    there, done = threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        connection.execute(text("SELECT 1 FROM records WHERE key = 'locked' FOR UPDATE"))
        there.set()
        done.wait(10)

    def touch(connection: Connection) -> str:
        connection.execute(text("UPDATE records SET stage = 'lost' WHERE key = 'locked'"))
        return "touched"

    holder = threading.Thread(target=database.read, args=(hold,))
    holder.start()
    there.wait(10)
    waiting = together(database, add("a"), touch, add("b"))
    assert waiting[0].result(10) == "a"

    done.set()
    holder.join(10)

    assert [piece.result(10) for piece in waiting] == ["a", "touched", "b"]
    assert keys(database) == ["a", "b", "locked"]
