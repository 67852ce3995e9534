"""Webhooks that arrive while others are being stored are stored together, after them.

Each by itself would wake the writer, which then wants Python's one lock while the next is still being read.
"""

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from bot.landing import Landing
from handoff.errors import StorageRefused
from handoff.events import Hint

_MANY = 1000  # hints, after which others need not wait for them

Taking = Callable[[Sequence[Hint], datetime], Future[Sequence[bool]]]


@dataclass(frozen=True)
class _Together:
    """Hints that share a transaction, and those who wait to hear whether theirs were new."""

    loop: AbstractEventLoop
    hints: list[Hint] = field(default_factory=list)
    waiting: list[asyncio.Future[Sequence[bool]]] = field(default_factory=list)

    def hear(self, stored: asyncio.Task[Sequence[bool]]) -> None:
        """Tell those who wait. Whoever hung up took nothing away from the others."""
        error = None if stored.cancelled() else stored.exception()
        for here in (one for one in self.waiting if not one.done()):
            if stored.cancelled():
                here.cancel()
            elif error is not None:
                here.set_exception(error)
            else:
                here.set_result(stored.result())


class Arrivals:
    """What arrives on an event loop is handed over in the next turn, or once those before are stored.

    Those before are waited for up to `patience` seconds: something may hold them up. `visitors` is entered while
    somebody waits for an answer.
    """

    def __init__(
        self, taking: Taking, landing: Landing, visitors: AbstractContextManager[None], patience: float = 0.1
    ) -> None:
        self._taking = taking
        self._landing = landing
        self._visitors = visitors
        self._patience = patience
        self._open: _Together | None = None
        self._last: asyncio.Task[Sequence[bool]] | None = None

    async def take(self, hints: Sequence[Hint], now: datetime) -> int:
        """How many of a webhook's hints were new, once all are on disk. Raises StorageError if they are not."""
        if not hints:
            return 0
        together = self._together(now)
        first = len(together.hints)
        together.hints.extend(hints)
        here: asyncio.Future[Sequence[bool]] = together.loop.create_future()
        together.waiting.append(here)
        try:
            new = await here
        except StorageRefused:
            if len(together.hints) == len(hints):
                raise
            with self._visitors:
                new = await self._landing.of(self._taking(hints, now))  # it may have been another's fault
            first = 0
        return sum(new[first : first + len(hints)])

    def _together(self, now: datetime) -> _Together:
        loop, there = asyncio.get_running_loop(), self._open
        if there is None or there.loop is not loop or len(there.hints) >= _MANY:
            self._open = there = _Together(loop)
            stored = loop.create_task(self._store(there, self._before(loop), now))
            stored.add_done_callback(there.hear)
            stored.add_done_callback(self._let_go)
            self._last = stored
        return there

    def _before(self, loop: AbstractEventLoop) -> asyncio.Task[Sequence[bool]] | None:
        return self._last if self._last is not None and self._last.get_loop() is loop else None

    async def _store(
        self, together: _Together, before: asyncio.Task[Sequence[bool]] | None, now: datetime
    ) -> Sequence[bool]:
        with self._visitors:
            try:
                if before is not None and not before.done():
                    await asyncio.wait([before], timeout=self._patience)
            finally:
                before = None  # an error keeps what was known here, and would keep those before, and so on
                if self._open is together:
                    self._open = None
            return await self._landing.of(self._taking(together.hints, now))

    def _let_go(self, stored: asyncio.Task[Sequence[bool]]) -> None:
        if self._last is stored:
            self._last = None
