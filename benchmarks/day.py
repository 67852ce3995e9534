"""A simulated day: does what the bot keeps in memory grow with what it does?"""

import asyncio
import os
import random
import subprocess
import sys
import time

import httpx

from benchmarks.configs import shipped
from benchmarks.parts import Town, town
from benchmarks.people import REPS, Crowd, Deal
from benchmarks.report import ROOT, Section, Table

AFTER = (1, 9, 12, 15, 18, 24)  # o'clock: before the first deal, while they are won, at the end


def measure(*, quick: bool) -> Section:
    """One day, lived in one process of its own."""
    count = 60 if quick else 1000
    with town(shipped(nags=False), start=False) as there:
        deals = asyncio.run(_made(there, count))
        began = time.monotonic()
        hours = _lived(there, deals)
        took = time.monotonic() - began
    return Section(
        "A day's memory",
        "No growth of resident memory over a simulated day.",
        f"{count:,} handoffs, won between 8 and 18 o'clock, go through question, answers, brief and claim, with a tick "
        "every five seconds around the clock. The clock is an argument; SQLite, HTTP to the local Slack and the toy "
        "CRM, and Bolt are real. All in one process, the measure with it; the web server and its threads are not.",
        [Table([f"{hour} h" for hour in AFTER], [[f"{hours[hour - 1]:.0f} MB" for hour in AFTER]])],
        [f"From 12 to 24 o'clock it grew by {hours[23] - hours[11]:.1f} MB. The day took {took:.0f} s."],
    )


async def _made(there: Town, count: int) -> list[Deal]:
    """Deals that are won already; nobody listens to their webhooks."""
    deals = [Deal(f"Deal-{i:04d}", REPS[i % len(REPS)]) for i in range(count)]
    async with httpx.AsyncClient(base_url=there.slack, timeout=60, trust_env=False) as http:
        crowd = Crowd(http, random.Random(1), REPS)
        for deal in deals:
            await crowd.make(deal)
            await crowd.move(deal)
    return deals


def _lived(there: Town, deals: list[Deal]) -> list[float]:
    """Resident megabytes after each hour."""
    command = [sys.executable, "-m", "benchmarks.simulated", *(deal.id for deal in deals)]
    environment = {**os.environ, **there.bots[0].environment}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    assert f"{len(deals)} of {len(deals)} have an owner" in done.stderr, done.stderr[-2000:]
    return [float(line) for line in done.stdout.split()]
