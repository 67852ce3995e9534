"""Waiting on the event loop for what other threads do."""

import asyncio
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


def test_what_is_done_already_is_there_at_once() -> None:
    work: Future[str] = Future()
    work.set_result("done")

    assert asyncio.run(Landing().of(work)) == "done"
