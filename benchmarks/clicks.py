"""*Take ownership* through the full bot, against a Bolt app that only acknowledges."""

import asyncio
import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import httpx

from benchmarks import cores, crowded
from benchmarks.configs import shipped
from benchmarks.filling import filler, handoff_id
from benchmarks.load import Loaded, click, closed, paced, slack_request
from benchmarks.parts import BOT_TOKEN, CLIENT_SECRET, SIGNING_SECRET, Part, Town, one_process, postgres, town
from benchmarks.report import Section, Table
from handoff.model import Post
from storage.engine import open_database

CONNECTIONS = 32
_WARM = 50
PEOPLE = tuple(crowded.slack_id(number) for number in range(crowded.REPS))
BARE_BOLT, STOCK_BOLT = "Bolt that only acknowledges", "the same, acknowledging first (its default)"
_SLOWER = 10  # times: the stock one gets as many fewer clicks, else each of its rounds would take half a minute
NOWHERE = "http://127.0.0.1:9/"  # private answers are not part of this; nobody listens there
BARE = {"SLACK_SIGNING_SECRET": SIGNING_SECRET, "HUBSPOT_CLIENT_SECRET": CLIENT_SECRET, "BATON_PUBLIC_URL": "http://x"}


def measure(*, quick: bool) -> Section:
    """Rounds of the same load on each, in turns, so that whatever else the machine does hits all of them."""
    rounds, count, seconds = (3, 400, 6.0) if quick else (9, 3000, 30.0)
    steady = int(seconds * 50)
    calm: dict[str, Loaded] = {}
    kept: dict[str, list[Loaded]] = {}
    if cores.there_are_several():
        with cores.set_apart() as core, _servers(_WARM + rounds * count) as parts:
            for part in parts.values():
                cores.keep_on(core, part)
            kept = _turns(parts, _WARM, count, rounds)
    with _servers(_WARM + steady + rounds * count) as parts:
        for name, part in parts.items():
            with only(part, parts.values()):
                calm[name] = asyncio.run(paced([part.port], lambda i: _press(_WARM + i), rate=50, seconds=seconds))
        free = _turns(parts, _WARM + steady, count, rounds)
    return _section(kept, free, calm, count, rounds)


@contextlib.contextmanager
def _servers(handoffs: int) -> Iterator[dict[str, Part]]:
    """All that are compared, warmed up, each Baton with so many briefs that nobody has."""
    bare = {BARE_BOLT: "0", STOCK_BOLT: "1"}
    with contextlib.ExitStack() as open_:
        parts = {}
        for name, stock in bare.items():
            started = one_process(("-m", "benchmarks.instead.bare"), {**BARE, "BENCH_STOCK": stock})
            parts[name] = open_.enter_context(started)
        parts["Baton, SQLite"] = open_.enter_context(_baton(handoffs))
        parts["Baton, PostgreSQL"] = open_.enter_context(_baton(handoffs, open_.enter_context(postgres())))
        for part in parts.values():
            with only(part, parts.values()):
                asyncio.run(closed([part.port], _press, count=_WARM, connections=CONNECTIONS))
        yield parts


def _turns(parts: Mapping[str, Part], first: int, count: int, rounds: int) -> dict[str, list[Loaded]]:
    runs: dict[str, list[Loaded]] = {}
    for turn in range(rounds):
        for name, part in parts.items():
            with only(part, parts.values()):
                few = count // _SLOWER if name == STOCK_BOLT else count
                runs.setdefault(name, []).append(_round(part.port, first + turn * count, few))
    return runs


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


def _section(
    kept: Mapping[str, list[Loaded]],
    free: Mapping[str, list[Loaded]],
    calm: Mapping[str, Loaded],
    count: int,
    rounds: int,
) -> Section:
    rows = [
        [
            name,
            *cores.both_ways(kept, free, name),
            f"{calm[name].percentile(0.5):.0f}",
            f"**{calm[name].percentile(0.99):.0f}**",
            str(sum(r.bad for r in [*kept.get(name, ()), *free[name], calm[name]])),
        ]
        for name in free
    ]
    head = [
        "",
        *(text.format(what="clicks") for text in cores.BOTH_WAYS),
        "p50 ms at 50/s",
        "p99 ms at 50/s",
        "not answered",
    ]
    return Section(
        "Click to answer",
        "At least 0.3 of the throughput of a Bolt app that only acknowledges on SQLite and 0.2 on PostgreSQL "
        "(0.4 is the goal); p99 under 100 ms at 50 clicks/s.",
        f"{CONNECTIONS} connections, {count} signed clicks per round (a tenth for the slow one), {rounds} rounds in "
        "turns, medians. Each click takes a brief that nobody has: one transaction with the new owner, its log entry, "
        "the reminders taken back and five notices, on disk before the answer. Meanwhile the same process sends those "
        "notices to Slack and the CRM. Same server (uvicorn, one process) for all; while one is measured the others "
        "are held still. "
        f"{cores.ABOUT} The steady 50/s are measured free.",
        [Table(head, rows)],
    )
