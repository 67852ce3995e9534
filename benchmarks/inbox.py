"""Webhook to inbox: verify, commit, 200, against bare Starlette that only checks the signature."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import httpx

from benchmarks.clicks import BARE, CONNECTIONS, only
from benchmarks.configs import shipped
from benchmarks.load import Loaded, closed, hubspot_request, paced
from benchmarks.parts import Part, one_process, postgres, town
from benchmarks.report import Section, Table

BATCH = 100
DEALS = 50


@dataclass(frozen=True)
class Door:
    """A server that takes webhooks, the address they are signed for, and deals that its CRM has."""

    part: Part
    url: str
    deals: tuple[int, ...]

    def one(self, number: int) -> bytes:
        """A webhook about one deal."""
        return hubspot_request(self.url, [self.deals[number % len(self.deals)]], number)

    def many(self, number: int) -> bytes:
        """A webhook with a hundred events."""
        return hubspot_request(self.url, [self.deals[i % len(self.deals)] for i in range(BATCH)], -number * 1000)


def measure(*, quick: bool) -> Section:
    """One by one, in batches, and at a steady pace while everything else runs."""
    rounds, count, batches, seconds = (3, 400, 20, 6.0) if quick else (5, 3000, 100, 30.0)
    single: dict[str, list[Loaded]] = {}
    batch: dict[str, Loaded] = {}
    calm: dict[str, Loaded] = {}
    with contextlib.ExitStack() as open_:
        bare = open_.enter_context(one_process(("-m", "benchmarks.instead.bare"), BARE))
        doors = {"Starlette that only checks the signature": Door(bare, BARE["BATON_PUBLIC_URL"], tuple(range(1, 51)))}
        doors["Baton, SQLite"] = open_.enter_context(_baton(None))
        doors["Baton, PostgreSQL"] = open_.enter_context(_baton(open_.enter_context(postgres())))
        parts = [door.part for door in doors.values()]
        for name, door in doors.items():
            with only(door.part, parts):
                calm[name] = asyncio.run(paced([door.part.port], door.one, rate=100, seconds=seconds))
        for turn in range(rounds):
            for name, door in doors.items():
                with only(door.part, parts):
                    single.setdefault(name, []).append(_round(door, 100_000 + turn * count, count))
        for name, door in doors.items():
            with only(door.part, parts):
                batch[name] = asyncio.run(closed([door.part.port], door.many, count=batches, connections=4))
    return _section(single, batch, calm, count, rounds)


def _round(door: Door, first: int, count: int) -> Loaded:
    return asyncio.run(closed([door.part.port], lambda i: door.one(first + i), count=count, connections=CONNECTIONS))


@contextlib.contextmanager
def _baton(address: str | None) -> Iterator[Door]:
    with town(shipped(nags=False), database_url=address) as there:
        with httpx.Client(base_url=there.slack, trust_env=False) as http:
            made = [
                http.post("/sandbox/crm/deals", json={"properties": {"dealname": f"Deal {i}"}}).json()["deal"]["id"]
                for i in range(DEALS)
            ]
        yield Door(there.bots[0], there.url, tuple(int(one) for one in made))


def _section(
    single: dict[str, list[Loaded]], batch: dict[str, Loaded], calm: dict[str, Loaded], count: int, rounds: int
) -> Section:
    rates = {name: median(r.rate for r in loaded) for name, loaded in single.items()}
    base = next(iter(rates.values()))
    rows = [
        [
            name,
            f"{rates[name]:.0f}",
            f"**{rates[name] / base:.2f}**",
            f"{median(r.percentile(0.99) for r in single[name]):.0f}",
            f"**{batch[name].rate * BATCH:.0f}**",
            f"{calm[name].percentile(0.5):.0f}",
            f"**{calm[name].percentile(0.99):.0f}**",
            str(sum(r.bad for r in [*single[name], batch[name], calm[name]])),
        ]
        for name in single
    ]
    head = [
        "",
        "webhooks/s",
        "ratio",
        "p99 ms",
        "events/s in hundreds",
        "p50 ms at 100/s",
        "p99 ms at 100/s",
        "refused",
    ]
    return Section(
        "Webhook to inbox",
        "At least 0.5 of bare Starlette with the signature check one by one, and at least 10,000 events/s in batches "
        "of 100; p99 of the answer under 250 ms at 100 requests/s while everything else runs.",
        f"One by one: {CONNECTIONS} connections, {count} webhooks per round, {rounds} rounds in turns, medians. "
        "Batches: 4 connections. The answer goes out when every event is on disk; meanwhile the same process reads "
        "the deals that the events are about from the CRM. One process each; the others are held still.",
        [Table(head, rows)],
    )
