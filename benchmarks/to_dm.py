"""Webhook to direct message: from the moment a deal is moved until the rep is asked in Slack."""

import asyncio
import random
import time
from collections.abc import Sequence

import httpx

from benchmarks.configs import shipped
from benchmarks.kills import INSTEAD
from benchmarks.parts import BATON, Town, ask, postgres, town
from benchmarks.people import REPS, Crowd, Deal
from benchmarks.report import Section, Table
from benchmarks.verdict import Witness

RATE = 20.0  # handoffs per second
LAST_WORDS = 8.0
_TO_READ = "SELECT count(*) FROM inbox WHERE state = 'due'"


def measure(*, quick: bool) -> Section:
    """Baton on both engines and the other bot, one after the other."""
    seconds = 60 if quick else 300
    runs = {"Baton, SQLite": _run(seconds), "Bolt that asks inside the webhook": _run(seconds, bot=INSTEAD)}
    with postgres() as address:
        runs["Baton, PostgreSQL"] = _run(seconds, address)
    rows = [[name, *_row(waits, int(seconds * RATE))] for name, waits in runs.items()]
    return Section(
        "Webhook to direct message",
        "p95 under 1 s at 20 handoffs/s for 5 minutes.",
        f"{RATE:.0f} deals per second are moved to Closed Won in the toy CRM for {seconds} s. The time is from the "
        "move to the ts of the question in Slack: webhook, inbox, the deal and its contact read from the CRM, one "
        "transaction, outbox, post. The deals belong to forty reps, because Baton keeps to one message per second in a "
        "conversation.",
        [Table(["", "asked", "p50 s", "p95 s", "p99 s", "slowest s"], rows)],
    )


def _run(seconds: int, address: str | None = None, bot: Sequence[str] = BATON) -> list[float]:
    with town(shipped(nags=False), database_url=address, bot=bot) as there:
        return asyncio.run(_moved(there, int(seconds * RATE), is_baton=bot == BATON))


async def _moved(there: Town, count: int, *, is_baton: bool) -> list[float]:
    deals = [Deal(f"Deal-{i:04d}", REPS[i % len(REPS)]) for i in range(count)]
    async with httpx.AsyncClient(base_url=there.slack, timeout=60, trust_env=False) as http:
        crowd = Crowd(http, random.Random(1), REPS)
        for deal in deals:
            await crowd.make(deal)
        await asyncio.sleep(2)
        while is_baton and ask(there.database_url, _TO_READ) != [(0,)]:  # noqa: ASYNC110 -- a new deal is news, too
            await asyncio.sleep(0.2)
        moved = await _move_all(crowd, deals)
        await asyncio.sleep(LAST_WORDS)
    with httpx.Client(base_url=there.slack, timeout=60, trust_env=False) as calm:
        asked = await asyncio.to_thread(Witness(calm, {}).asked)
    return [asked[deal.name] - moved[deal.name] for deal in deals if deal.name in asked]


async def _move_all(crowd: Crowd, deals: Sequence[Deal]) -> dict[str, float]:
    began, moved = time.monotonic(), {}
    async with asyncio.TaskGroup() as group:
        for number, deal in enumerate(deals):
            await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
            moved[deal.name] = time.time()
            group.create_task(crowd.move(deal))
    return moved


def _row(waits: list[float], wanted: int) -> list[str]:
    ordered = sorted(waits) or [float("nan")]
    shares = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95, 0.99, 1.0)]
    p50, p95, *rest = (f"{s:.2f}" for s in shares)
    return [f"{len(waits)} of {wanted}", p50, f"**{p95}**", *rest]
