"""What other threads have done, brought home to the event loop many at a time.

`asyncio.wrap_future` wakes the loop once for each; where thirty requests share one commit, that is most of their cost.
"""

import asyncio
from asyncio import AbstractEventLoop
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")


class Landing:
    """Where the futures of other threads are waited for, whichever event loop waits."""

    def __init__(self) -> None:
        self._homes: WeakKeyDictionary[AbstractEventLoop, _Home] = WeakKeyDictionary()

    async def of(self, work: Future[T]) -> T:
        """The outcome of `work`, or its error. Does not cancel it if the waiting is cancelled."""
        if not work.done():
            loop = asyncio.get_running_loop()
            home = self._homes.setdefault(loop, _Home())
            here: asyncio.Future[None] = loop.create_future()
            work.add_done_callback(lambda _: home.land(loop, here))
            await here
        return work.result()


class _Home:
    """What has landed for one event loop and was not taken home yet. One of its own for each: a loop wakes no other."""

    def __init__(self) -> None:
        self._landed: deque[asyncio.Future[None]] = deque()
        self._is_called = False

    def land(self, loop: AbstractEventLoop, here: asyncio.Future[Any]) -> None:
        self._landed.append(here)
        if not self._is_called:
            self._is_called = True
            with suppress(RuntimeError):  # the loop has ended, and nobody waits there any more
                loop.call_soon_threadsafe(self._take_home)

    def _take_home(self) -> None:
        self._is_called = False  # before looking: whoever lands from now on calls again
        while self._landed:
            here = self._landed.popleft()
            if not here.done():  # it may have been cancelled
                here.set_result(None)
