"""Start-up, memory, and how clicks fare while others misbehave."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from statistics import median

from benchmarks.clicks import NOWHERE, PEOPLE, with_unclaimed
from benchmarks.configs import shipped
from benchmarks.filling import handoff_id
from benchmarks.load import Loaded, click, paced, slack_request
from benchmarks.parts import Town, postgres, town
from benchmarks.report import Section, Table

HALF_OPEN = 1000
HUGE = 50 * 1024 * 1024
AT_ONCE = 8  # who send huge bodies


def measure(*, quick: bool) -> Section:
    """Starts on both engines; then one bot that is attacked while people press."""
    starts, rest, seconds = (5, 5.0, 8.0) if quick else (20, 60.0, 30.0)
    rows = []
    with postgres() as address:
        for name, url in (("SQLite", None), ("PostgreSQL", address)):
            with town(shipped(), database_url=url, start=False) as there:
                first = there.bots[0].start()
                again = [_restart(there) for _ in range(starts)]
                time.sleep(rest)
                memory = f"**{there.bots[0].memory():.0f}**"
                rows.append([name, f"{first:.2f}", f"**{median(again):.2f}**", f"{max(again):.2f}", memory])
    with town(shipped(nags=False), start=False) as there:
        with_unclaimed(there, int(seconds * 50))
        there.bots[0].start()
        attacked = asyncio.run(_attacked(there, seconds))
        after = there.bots[0].memory()
    return Section(
        "At rest and under attack",
        "Start-up under 1.5 s to ready; resident memory under 120 MB idle; 1,000 half-open connections and 50 MB "
        "bodies while clicks stay under 1 s.",
        f"{starts} starts after the first, which also makes the tables; memory {rest:.0f} s after the last. Attack: "
        f"{HALF_OPEN} connections that send half a head and nothing more, {AT_ONCE} clients that keep sending "
        f"{HUGE // 2**20} MB bodies, and 50 signed clicks per second, on SQLite.",
        [
            Table(["", "first start, s", "start, median s", "slowest s", "idle memory, MB"], rows),
            _attack_table(attacked, after),
        ],
    )


def _restart(there: Town) -> float:
    there.bots[0].stop()
    return there.bots[0].start()


async def _attacked(there: Town, seconds: float) -> Loaded:
    port = there.bots[0].port
    half_open = [await asyncio.open_connection("127.0.0.1", port) for _ in range(HALF_OPEN)]
    for _, writer in half_open:
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Le")
    senders = [asyncio.create_task(_send_huge(port)) for _ in range(AT_ONCE)]
    loaded = await paced([port], _press, rate=50, seconds=seconds)
    for task in senders:
        task.cancel()
    for _, writer in half_open:
        writer.close()
    return loaded


def _press(number: int) -> bytes:
    return slack_request(click(PEOPLE[number % len(PEOPLE)], handoff_id(number + 1), NOWHERE))


async def _send_huge(port: int) -> None:
    """Send a body that is far too big, as much of it as is taken, again and again; in chunks, so no length warns."""
    head = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    head += b"Transfer-Encoding: chunked\r\n\r\n"
    part = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head)
            for _ in range(HUGE // 65536):
                writer.write(part)
                await writer.drain()
            writer.close()
        await asyncio.sleep(0.05)


def _attack_table(loaded: Loaded, memory: float) -> Table:
    row: Sequence[str] = [
        f"{loaded.percentile(0.5):.0f}",
        f"{loaded.percentile(0.99):.0f}",
        f"**{loaded.percentile(1.0):.0f}**",
        str(loaded.bad),
        f"{memory:.0f}",
    ]
    return Table(["clicks under attack: p50 ms", "p99 ms", "slowest ms", "not answered", "memory after, MB"], [row])
