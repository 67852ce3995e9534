"""What other threads have done, brought home to the event loop many at a time.

`asyncio.wrap_future` wakes the loop once for each; where thirty requests share one commit, that is most of their cost.
"""

import asyncio
from collections import deque
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Landing:
    """Where the futures of other threads are waited for. Belongs to the first event loop that uses it."""

    def __init__(self) -> None:
        self._landed: deque[tuple[Future[Any], asyncio.Future[None]]] = deque()
        self._is_called = False

    async def of(self, work: Future[T]) -> T:
        """The outcome of `work`, or its error. Does not cancel it if the waiting is cancelled."""
        if not work.done():
            loop = asyncio.get_running_loop()
            here: asyncio.Future[None] = loop.create_future()
            work.add_done_callback(lambda done: self._land(loop, done, here))
            await here
        return work.result()

    def _land(self, loop: asyncio.AbstractEventLoop, work: Future[Any], here: asyncio.Future[None]) -> None:
        self._landed.append((work, here))
        if not self._is_called:
            self._is_called = True
            loop.call_soon_threadsafe(self._take_home)

    def _take_home(self) -> None:
        self._is_called = False  # before looking: whoever lands from now on calls again
        while self._landed:
            _, here = self._landed.popleft()
            if not here.done():  # it may have been cancelled
                here.set_result(None)
