"""Waiting on the event loop for what other threads do."""

import asyncio
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from bot.landing import Landing
from handoff.errors import StorageError


def test_each_waits_for_its_own_outcome() -> None:
    landing = Landing()

    async def all_of_them() -> list[int]:
        with ThreadPoolExecutor(8) as pool:
            return await asyncio.gather(*(landing.of(pool.submit(pow, n, 2)) for n in range(500)))

    assert asyncio.run(all_of_them()) == [n * n for n in range(500)]


def test_error_reaches_the_one_who_waits() -> None:
    landing = Landing()
    work: Future[int] = Future()

    async def wait() -> int:
        asyncio.get_running_loop().call_later(0.01, work.set_exception, StorageError("full"))
        return await landing.of(work)

    with pytest.raises(StorageError, match="full"):
        asyncio.run(wait())


def test_one_who_has_stopped_waiting_does_not_hold_up_the_others() -> None:
    landing = Landing()
    gone, kept = Future[str](), Future[str]()

    async def wait() -> str:
        first = asyncio.create_task(landing.of(gone))
        second = asyncio.create_task(landing.of(kept))
        await asyncio.sleep(0)
        first.cancel()
        gone.set_result("nobody hears this")
        kept.set_result("done")
        return await asyncio.wait_for(second, 5)

    assert asyncio.run(wait()) == "done"


def test_loop_that_has_ended_holds_up_no_other() -> None:
    landing, late = Landing(), Future[str]()

    async def leave() -> None:
        waiting = asyncio.create_task(landing.of(late))
        await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(leave())
    late.set_result("nobody hears this")

    assert asyncio.run(_soon(landing)) == "done"


def test_two_loops_at_once_each_take_home_their_own() -> None:
    landing = Landing()

    async def many(pool: ThreadPoolExecutor) -> int:
        for _ in range(200):
            works = [landing.of(pool.submit(_a_little_later)) for _ in range(5)]
            await asyncio.wait_for(asyncio.gather(*works), 5)
        return 1000

    with ThreadPoolExecutor(2) as loops, ThreadPoolExecutor(10) as pool:
        both = [
            loops.submit(asyncio.run, many(pool), debug=True) for _ in range(2)
        ]  # else a wrong wake-up only dawdles

        assert [done.result() for done in both] == [1000, 1000]


async def _soon(landing: Landing) -> str:
    with ThreadPoolExecutor(1) as pool:
        return await asyncio.wait_for(landing.of(pool.submit(_a_little_later)), 5)


def _a_little_later() -> str:
    time.sleep(0.001)
    return "done"


def test_what_is_done_already_is_there_at_once() -> None:
    work: Future[str] = Future()
    work.set_result("done")

    assert asyncio.run(Landing().of(work)) == "done"
