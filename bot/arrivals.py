"""Webhooks that arrive together are stored together.

Each by itself would wake the writer, which then wants Python's one lock while the next is still being read.
"""

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.landing import Landing
from handoff.errors import StorageRefused
from handoff.events import Hint

_MANY = 1000  # hints, after which others need not wait for them

Taking = Callable[[Sequence[Hint], datetime], Future[Sequence[bool]]]


@dataclass(frozen=True)
class _Together:
    """The hints of one turn of an event loop, and whether each was new once they are stored."""

    loop: AbstractEventLoop
    hints: list[Hint]
    stored: asyncio.Task[Sequence[bool]]


class Arrivals:
    """What arrives in one turn of the event loop is handed over in the next, whichever loop it is."""

    def __init__(self, taking: Taking, landing: Landing) -> None:
        self._taking = taking
        self._landing = landing
        self._open: _Together | None = None

    async def take(self, hints: Sequence[Hint], now: datetime) -> int:
        """How many of a webhook's hints were new, once all are on disk. Raises StorageError if they are not."""
        if not hints:
            return 0
        together = self._those_of_this_turn(now)
        first = len(together.hints)
        together.hints.extend(hints)
        try:
            new = await asyncio.shield(together.stored)  # whoever hangs up takes nothing away from the others
        except StorageRefused:
            if len(together.hints) == len(hints):
                raise
            new, first = await self._landing.of(self._taking(hints, now)), 0  # it may have been another's fault
        return sum(new[first : first + len(hints)])

    def _those_of_this_turn(self, now: datetime) -> _Together:
        loop, there = asyncio.get_running_loop(), self._open
        if there is None or there.loop is not loop or len(there.hints) >= _MANY:
            hints: list[Hint] = []
            self._open = there = _Together(loop, hints, loop.create_task(self._store(hints, now)))
            there.stored.add_done_callback(_heard)
        return there

    async def _store(self, hints: Sequence[Hint], now: datetime) -> Sequence[bool]:
        self._open = None
        return await self._landing.of(self._taking(hints, now))


def _heard(stored: asyncio.Task[Any]) -> None:
    """Take note of an error that nobody waits for any more, or asyncio would complain that nobody did."""
    if not stored.cancelled():
        stored.exception()
