"""Webhooks that arrive together are stored together, and each hears what became of its own."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bot.arrivals import Arrivals
from bot.landing import Landing
from handoff.errors import StorageError
from handoff.events import Hint
from storage.engine import open_database
from storage.migrate import migrate
from storage.store import SqlStore
from tests.factories import NOW, hint


class Inbox:
    """The store's inbox, which notes what it was given at once; and a hint that it cannot store."""

    def __init__(self, store: SqlStore) -> None:
        self.given: list[int] = []
        self.poison = hint(666)
        self._store = store

    def taking(self, hints: Sequence[Hint], now: Any) -> Future[Sequence[bool]]:
        """Store them, unless the one is among them."""
        self.given.append(len(hints))
        if self.poison not in hints:
            return self._store.taking(hints, now)
        failed: Future[Sequence[bool]] = Future()
        failed.set_exception(StorageError("no room"))
        return failed


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    database = open_database(f"sqlite:///{tmp_path}/arrivals.db")
    migrate(database)
    yield SqlStore(database, "T0TEST0001")
    database.close()


@pytest.fixture
def inbox(store: SqlStore) -> Inbox:
    return Inbox(store)


@pytest.fixture
def arrivals(inbox: Inbox) -> Arrivals:
    return Arrivals(inbox.taking, Landing())


def test_webhooks_that_arrive_together_are_stored_at_once(arrivals: Arrivals, inbox: Inbox) -> None:
    told = _at_once(*(arrivals.take([hint(n), hint(n + 100)], NOW) for n in range(30)))

    assert told == [2] * 30
    assert inbox.given == [60]


def test_webhook_that_comes_after_is_stored_after(arrivals: Arrivals, inbox: Inbox) -> None:
    async def one_after_the_other() -> list[int]:
        return [await arrivals.take([hint(n)], NOW) for n in (1, 2, 1)]

    assert asyncio.run(one_after_the_other()) == [1, 1, 0]
    assert inbox.given == [1, 1, 1]


def test_each_is_told_of_its_own_hints(arrivals: Arrivals, store: SqlStore) -> None:
    store.take([hint(1), hint(2)], NOW)

    told = _at_once(
        arrivals.take([hint(1), hint(3)], NOW),
        arrivals.take([hint(2)], NOW),
        arrivals.take([], NOW),
        arrivals.take([hint(3), hint(4), hint(5)], NOW),
    )

    assert told == [1, 0, 0, 2]


def test_webhook_without_hints_asks_nothing_of_the_database(arrivals: Arrivals, inbox: Inbox) -> None:
    assert _at_once(arrivals.take([], NOW)) == [0]
    assert inbox.given == []


def test_one_that_cannot_be_stored_takes_no_other_with_it(arrivals: Arrivals, inbox: Inbox, store: SqlStore) -> None:
    told = _at_once(
        arrivals.take([hint(1), hint(2)], NOW), arrivals.take([inbox.poison], NOW), arrivals.take([hint(3)], NOW)
    )

    assert told == [2, "no room", 1]
    assert store.take([hint(1), hint(2), hint(3), inbox.poison], NOW) == 1


def test_one_that_fails_alone_is_not_tried_again(arrivals: Arrivals, inbox: Inbox) -> None:
    assert _at_once(arrivals.take([inbox.poison], NOW)) == ["no room"]
    assert inbox.given == [1]


def test_one_who_hangs_up_takes_nothing_from_the_others(arrivals: Arrivals, store: SqlStore) -> None:
    async def hang_up() -> int:
        gone = asyncio.create_task(arrivals.take([hint(1)], NOW))
        stays = asyncio.create_task(arrivals.take([hint(2)], NOW))
        await asyncio.sleep(0)
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
        return await stays

    assert asyncio.run(hang_up()) == 1
    assert store.take([hint(1), hint(2)], NOW) == 0


def test_webhooks_on_several_loops_are_each_answered_on_their_own(arrivals: Arrivals) -> None:
    told: list[int] = []

    async def many(first: int) -> None:
        told.extend([await arrivals.take([hint(n)], NOW) for n in range(first, first + 200)])

    threads = [Thread(target=asyncio.run, args=(many(1000 * i),), daemon=True) for i in range(1, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert told == [1] * 600


def _at_once(*takes: Coroutine[Any, Any, int]) -> list[int | str]:
    """What each comes to: a number, or the words of the error."""

    async def together() -> list[int | BaseException]:
        return await asyncio.gather(*takes, return_exceptions=True)

    return [str(one) if isinstance(one, BaseException) else one for one in asyncio.run(together())]
