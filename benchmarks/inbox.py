"""Webhook to inbox: verify, commit, 200, against bare Starlette that only checks the signature."""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx

from benchmarks import cores
from benchmarks.clicks import BARE, CONNECTIONS, only
from benchmarks.configs import shipped
from benchmarks.load import Loaded, closed, hubspot_request, paced
from benchmarks.parts import Part, one_process, postgres, town
from benchmarks.report import Section, Table

BATCH = 100
_WARM = 50
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
    rounds, count, batches, seconds = (3, 400, 20, 6.0) if quick else (9, 3000, 100, 30.0)
    batch: dict[str, Loaded] = {}
    calm: dict[str, Loaded] = {}
    kept: dict[str, list[Loaded]] = {}
    if cores.there_are_several():
        with cores.set_apart() as core, _doors() as doors:
            for door in doors.values():
                cores.keep_on(core, door.part)
            kept = _turns(doors, count, rounds)
    with _doors() as doors:
        parts = [door.part for door in doors.values()]
        for name, door in doors.items():
            with only(door.part, parts):
                calm[name] = asyncio.run(paced([door.part.port], door.one, rate=100, seconds=seconds))
        free = _turns(doors, count, rounds)
        for name, door in doors.items():
            with only(door.part, parts):
                batch[name] = asyncio.run(closed([door.part.port], door.many, count=batches, connections=4))
    return _section(kept, free, batch, calm, count, rounds)


@contextlib.contextmanager
def _doors() -> Iterator[dict[str, Door]]:
    """All that are compared."""
    with contextlib.ExitStack() as open_:
        bare = open_.enter_context(one_process(("-m", "benchmarks.instead.bare"), BARE))
        doors = {
            "Starlette that only checks the signature": Door(bare, BARE["BATON_PUBLIC_URL"], tuple(range(1, 51))),
            "Baton, SQLite": open_.enter_context(_baton(None)),
            "Baton, PostgreSQL": open_.enter_context(_baton(open_.enter_context(postgres()))),
        }
        for door in doors.values():
            _round(door, 90_000, _WARM)
        yield doors


def _turns(doors: Mapping[str, Door], count: int, rounds: int) -> dict[str, list[Loaded]]:
    runs: dict[str, list[Loaded]] = {}
    for turn in range(rounds):
        for name, door in doors.items():
            with only(door.part, [each.part for each in doors.values()]):
                runs.setdefault(name, []).append(_round(door, 100_000 + turn * count, count))
    return runs


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
    kept: Mapping[str, list[Loaded]],
    free: Mapping[str, list[Loaded]],
    batch: Mapping[str, Loaded],
    calm: Mapping[str, Loaded],
    count: int,
    rounds: int,
) -> Section:
    rows = [
        [
            name,
            *cores.both_ways(kept, free, name),
            f"**{batch[name].rate * BATCH:.0f}**",
            f"{calm[name].percentile(0.5):.0f}",
            f"**{calm[name].percentile(0.99):.0f}**",
            str(sum(r.bad for r in [*kept.get(name, ()), *free[name], batch[name], calm[name]])),
        ]
        for name in free
    ]
    both = [text.format(what="webhooks") for text in cores.BOTH_WAYS]
    head = ["", *both, "events/s in hundreds", "p50 ms at 100/s", "p99 ms at 100/s", "refused"]
    return Section(
        "Webhook to inbox",
        "At least 0.5 of bare Starlette with the signature check one by one, and at least 10,000 events/s in batches "
        "of 100; p99 of the answer under 250 ms at 100 requests/s while everything else runs.",
        f"One by one: {CONNECTIONS} connections, {count} webhooks per round, {rounds} rounds in turns, medians. "
        "Batches: 4 connections. The answer goes out when every event is on disk; meanwhile the same process reads "
        "the deals that the events are about from the CRM. One process each; the others are held still. "
        f"{cores.ABOUT} Batches and the steady 100/s are measured free.",
        [Table(head, rows)],
    )
