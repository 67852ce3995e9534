"""Webhooks that arrive together are stored together, and each hears what became of its own."""

import asyncio
import gc
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bot.arrivals import Arrivals
from bot.landing import Landing
from handoff.errors import StorageError, StorageRefused
from handoff.events import Hint
from storage.engine import open_database
from storage.migrate import migrate
from storage.store import SqlStore
from tests.factories import NOW, hint


class Visitors(AbstractContextManager[None]):
    """Counts who waits."""

    number = 0

    def __enter__(self) -> None:
        self.number += 1

    def __exit__(self, *_: object) -> None:
        self.number -= 1


class Inbox:
    """The store's inbox, which notes what it was given at once; there is a hint that it refuses."""

    def __init__(self, store: SqlStore) -> None:
        self.given: list[int] = []
        self.poison = hint(666)
        self.error: StorageError = StorageRefused("no number")
        self._store = store
        self._held: list[Future[Sequence[bool]]] = []

    def hold(self) -> Future[Sequence[bool]]:
        """What will say what became of those that are taken next, and of them only; nobody else answers."""
        self._held.append(Future())
        return self._held[-1]

    def taking(self, hints: Sequence[Hint], now: Any) -> Future[Sequence[bool]]:
        """Store them, unless the one is among them."""
        if self._held:
            return self._held.pop()
        self.given.append(len(hints))
        if self.poison not in hints:
            return self._store.taking(hints, now)
        failed: Future[Sequence[bool]] = Future()
        failed.set_exception(self.error)
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
    return Arrivals(inbox.taking, Landing(), nullcontext())


def test_webhooks_that_arrive_together_are_stored_at_once(arrivals: Arrivals, inbox: Inbox) -> None:
    told = _at_once(*(arrivals.take([hint(n), hint(n + 100)], NOW) for n in range(30)))

    assert told == [2] * 30
    assert inbox.given == [60]


def test_webhook_that_comes_after_is_stored_after(arrivals: Arrivals, inbox: Inbox) -> None:
    async def one_after_the_other() -> list[int]:
        return [await arrivals.take([hint(n)], NOW) for n in (1, 2, 1)]

    assert asyncio.run(one_after_the_other()) == [1, 1, 0]
    assert inbox.given == [1, 1, 1]


def test_webhooks_that_come_while_others_are_stored_are_stored_together_after_them(inbox: Inbox) -> None:
    held, arrivals = inbox.hold(), Arrivals(inbox.taking, Landing(), nullcontext(), patience=60)

    async def one_then_many() -> list[int]:
        one = asyncio.create_task(arrivals.take([hint(1)], NOW))
        many = []
        for n in range(2, 12):
            await asyncio.sleep(0.001)
            many.append(asyncio.create_task(arrivals.take([hint(n)], NOW)))
        await asyncio.sleep(0.01)
        assert inbox.given == []
        held.set_result([True])
        return [await each for each in (one, *many)]

    assert asyncio.run(one_then_many()) == [1] * 11
    assert inbox.given == [10]


def test_those_who_come_after_some_that_could_not_be_stored_are_stored(arrivals: Arrivals, inbox: Inbox) -> None:
    failed = inbox.hold()

    async def one_after_the_other() -> Sequence[int | BaseException]:
        unlucky = asyncio.create_task(arrivals.take([hint(1)], NOW))
        await asyncio.sleep(0.001)
        after = asyncio.create_task(arrivals.take([hint(2)], NOW))
        await asyncio.sleep(0.001)
        failed.set_exception(StorageError("no answer"))
        return await asyncio.gather(unlucky, after, return_exceptions=True)

    told = asyncio.run(one_after_the_other())

    assert [str(one) for one in told] == ["no answer", "1"]


@pytest.mark.parametrize("others", [0, 2])
def test_whoever_waits_is_a_visitor_also_when_it_is_tried_again(inbox: Inbox, others: int) -> None:
    visitors, seen = Visitors(), []

    def taking(hints: Sequence[Hint], now: Any) -> Future[Sequence[bool]]:
        seen.append(visitors.number > 0)
        return inbox.taking(hints, now)

    arrivals = Arrivals(taking, Landing(), visitors)
    _at_once(arrivals.take([inbox.poison], NOW), *(arrivals.take([hint(n)], NOW) for n in range(others)))

    assert (seen, visitors.number) == ([True] * (1 + bool(others) * (1 + others)), 0)


def test_transaction_that_hangs_holds_up_no_other_for_long(arrivals: Arrivals, inbox: Inbox) -> None:
    hangs = inbox.hold()

    async def one_after_the_other() -> int:
        stuck = asyncio.create_task(arrivals.take([hint(1)], NOW))
        await asyncio.sleep(0.001)
        told = await arrivals.take([hint(2)], NOW)
        assert not stuck.done()
        hangs.set_result([True])
        return told + await stuck

    assert asyncio.run(one_after_the_other()) == 2


def test_nothing_is_kept_of_webhooks_that_could_not_be_stored() -> None:
    late: list[Future[Sequence[bool]]] = []

    def taking(*_: object) -> Future[Sequence[bool]]:
        late.append(Future())
        return late[-1]

    arrivals = Arrivals(taking, Landing(), nullcontext(), patience=60)

    async def fail() -> None:
        late.pop(0).set_exception(StorageError("no answer"))
        await asyncio.sleep(0.001)

    def kept(*keys: str) -> int:
        gc.collect()
        return sum(isinstance(one, Hint) and one.key in keys for one in gc.get_objects())

    async def each_while_the_one_before_is_stored() -> tuple[int, int]:
        waiting = []
        for n in range(50):
            waiting.append(asyncio.create_task(arrivals.take([hint(7_000_000 + n)], NOW)))
            await asyncio.sleep(0.001)
            if n:
                await fail()
        last = waiting.pop()
        assert {str(waiting.pop().exception()) for _ in range(49)} == {"no answer"}
        of_those_before = kept(*(hint(7_000_000 + n).key for n in range(49)))
        await fail()
        assert str(last.exception()) == "no answer"
        del last
        return of_those_before, kept(*(hint(7_000_000 + n).key for n in range(50)))

    assert asyncio.run(each_while_the_one_before_is_stored()) == (0, 0)


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


def test_one_that_is_refused_takes_no_other_with_it(arrivals: Arrivals, inbox: Inbox, store: SqlStore) -> None:
    told = _at_once(
        arrivals.take([hint(1), hint(2)], NOW), arrivals.take([inbox.poison], NOW), arrivals.take([hint(3)], NOW)
    )

    assert told == [2, "no number", 1]
    assert store.take([hint(1), hint(2), hint(3), inbox.poison], NOW) == 1


def test_one_that_fails_alone_is_not_tried_again(arrivals: Arrivals, inbox: Inbox) -> None:
    assert _at_once(arrivals.take([inbox.poison], NOW)) == ["no number"]
    assert inbox.given == [1]


def test_database_that_does_not_answer_is_not_asked_by_each(arrivals: Arrivals, inbox: Inbox) -> None:
    inbox.error = StorageError("no answer")

    told = _at_once(*(arrivals.take([one], NOW) for one in (hint(1), inbox.poison, hint(2))))

    assert told == ["no answer"] * 3
    assert inbox.given == [3]


def test_many_hints_do_not_hold_up_who_comes_after_them(arrivals: Arrivals, inbox: Inbox) -> None:
    few, many = [hint(1)], [hint(n) for n in range(1001, 2200)]

    told = _at_once(arrivals.take(few, NOW), arrivals.take(many, NOW), arrivals.take(few, NOW), arrivals.take(few, NOW))

    assert told == [1, 1199, 0, 0]
    assert inbox.given == [1200, 2]


def test_error_that_nobody_waits_for_disturbs_nobody() -> None:
    complaints: list[str] = []
    late: Future[Sequence[bool]] = Future()
    arrivals = Arrivals(lambda *_: late, Landing(), nullcontext())

    async def leave() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about["message"]))
        gone = asyncio.create_task(arrivals.take([hint(1)], NOW))
        await asyncio.sleep(0.01)
        gone.cancel()
        await asyncio.wait([gone])
        late.set_exception(StorageError("no answer"))
        await asyncio.sleep(0.01)
        with suppress(StorageError):
            await arrivals.take([hint(2)], NOW)
        gc.collect()

    asyncio.run(leave())

    assert complaints == []


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
