"""*Take ownership* through the full bot, against a Bolt app that only acknowledges."""

import asyncio
import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

import httpx

from benchmarks import crowded
from benchmarks.configs import shipped
from benchmarks.filling import filler, handoff_id
from benchmarks.load import Loaded, click, closed, paced, slack_request
from benchmarks.parts import BOT_TOKEN, CLIENT_SECRET, SIGNING_SECRET, Part, Town, one_process, postgres, town
from benchmarks.report import Section, Table
from handoff.model import Post
from storage.engine import open_database

CONNECTIONS = 32
PEOPLE = tuple(crowded.slack_id(number) for number in range(crowded.REPS))
NOWHERE = "http://127.0.0.1:9/"  # private answers are not part of this; nobody listens there
BARE = {"SLACK_SIGNING_SECRET": SIGNING_SECRET, "HUBSPOT_CLIENT_SECRET": CLIENT_SECRET, "BATON_PUBLIC_URL": "http://x"}


def measure(*, quick: bool) -> Section:
    """Rounds of the same load on each, in turns, so that whatever else the machine does hits all of them."""
    rounds, count, seconds = (3, 400, 6.0) if quick else (5, 3000, 30.0)
    bare = {"Bolt that only acknowledges": "0", "the same, acknowledging first (its default)": "1"}
    runs: dict[str, list[Loaded]] = {}
    calm: dict[str, Loaded] = {}
    with contextlib.ExitStack() as open_:
        parts = {}
        for name, stock in bare.items():
            started = one_process(("-m", "benchmarks.instead.bare"), {**BARE, "BENCH_STOCK": stock})
            parts[name] = open_.enter_context(started)
        need = 50 + int(seconds * 50) + rounds * count
        parts["Baton, SQLite"] = open_.enter_context(_baton(need))
        parts["Baton, PostgreSQL"] = open_.enter_context(_baton(need, open_.enter_context(postgres())))
        for part in parts.values():
            with only(part, parts.values()):
                asyncio.run(closed([part.port], _press, count=50, connections=CONNECTIONS))  # to warm up
        first = 50
        for name, part in parts.items():
            with only(part, parts.values()):
                calm[name] = asyncio.run(paced([part.port], lambda i: _press(first + i), rate=50, seconds=seconds))
        first += int(seconds * 50)
        for _ in range(rounds):
            for name, part in parts.items():
                with only(part, parts.values()):
                    runs.setdefault(name, []).append(_round(part.port, first, count))
            first += count
    return _section(runs, calm, count, rounds)


@contextlib.contextmanager
def only(part: Part, parts: Iterable[Part]) -> Iterator[None]:
    """Hold the others still."""
    with contextlib.ExitStack() as held:
        for other in parts:
            if other is not part:
                held.enter_context(other.frozen())
        yield


def _round(port: int, first: int, count: int) -> Loaded:
    return asyncio.run(closed([port], lambda i: _press(first + i), count=count, connections=CONNECTIONS))


def _press(number: int) -> bytes:
    return slack_request(click(PEOPLE[number % len(PEOPLE)], handoff_id(number + 1), NOWHERE))


@contextlib.contextmanager
def _baton(handoffs: int, address: str | None = None) -> Iterator[Part]:
    with town(shipped(nags=False), database_url=address, start=False) as there:
        with_unclaimed(there, handoffs)
        there.bots[0].start()
        yield there.bots[0]


def with_unclaimed(there: Town, count: int) -> None:
    """Give a bot that has not started yet so many briefs that nobody has taken."""
    database = open_database(there.database_url)
    try:
        config = Path(there.folder, "handoffs.yml")
        filler(database, config, one_message(there.slack)).unclaimed(1, count)
    finally:
        database.close()


def one_message(slack: str) -> Post:
    """A real message of the bot's in the delivery channel, for all briefs to be."""
    more = {"channel": "C0DELIVERY", "text": "A brief"}
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    answer = httpx.post(f"{slack}/api/chat.postMessage", json=more, headers=headers, trust_env=False).json()
    return Post(channel=answer["channel"], ts=answer["ts"])


def _section(runs: dict[str, list[Loaded]], calm: dict[str, Loaded], count: int, rounds: int) -> Section:
    rates = {name: median(r.rate for r in loaded) for name, loaded in runs.items()}
    base = next(iter(rates.values()))
    rows = [
        [
            name,
            f"{rates[name]:.0f}",
            f"**{rates[name] / base:.2f}**",
            f"{median(r.percentile(0.5) for r in loaded):.0f}",
            f"{median(r.percentile(0.99) for r in loaded):.0f}",
            f"{calm[name].percentile(0.5):.0f}",
            f"**{calm[name].percentile(0.99):.0f}**",
            str(sum(r.bad for r in loaded) + calm[name].bad),
        ]
        for name, loaded in runs.items()
    ]
    head = ["", "clicks/s", "ratio", "p50 ms", "p99 ms", "p50 ms at 50/s", "p99 ms at 50/s", "not answered"]
    return Section(
        "Click to answer",
        "At least 0.3 of the throughput of a Bolt app that only acknowledges on SQLite and 0.2 on PostgreSQL "
        "(0.4 is the goal); p99 under 100 ms at 50 clicks/s.",
        f"{CONNECTIONS} connections, {count} signed clicks per round, {rounds} rounds in turns, medians. Each click "
        "takes a brief that nobody has: one transaction with the new owner, its log entry, the reminders taken back "
        "and three notices, on disk before the answer. Meanwhile the same process sends those notices to Slack and "
        "the CRM. Same server (uvicorn, one process) for all; while one is measured the others are held still.",
        [Table(head, rows)],
    )
