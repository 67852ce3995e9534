"""The load balancer in front of several replicas: round and round, past those that do not listen."""

import asyncio
import contextlib
import itertools
from collections.abc import Sequence


class Balancer:
    """Passes each connection on to one of the ports. Sends nothing twice: a connection that breaks stays broken."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = ports
        self._turn = itertools.count()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on, both ways, until either side ends it."""
        there = await self._connect()
        if there is not None:
            back, forth = there
            ways = {asyncio.create_task(_pump(reader, forth)), asyncio.create_task(_pump(back, writer))}
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            forth.close()
        writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        first = next(self._turn)
        for step in range(len(self._ports)):
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self._ports[(first + step) % len(self._ports)])
        return None


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.CancelledError):
        while part := await source.read(65536):
            sink.write(part)
            await sink.drain()
