"""Many people press *Take ownership* on the same brief at the same moment, spread over three replicas."""

import asyncio
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import httpx

from benchmarks import crowded
from benchmarks.clicks import one_message, with_unclaimed
from benchmarks.configs import shipped
from benchmarks.filling import handoff_id
from benchmarks.kills import INSTEAD
from benchmarks.load import Connection, click, slack_request
from benchmarks.parts import Town, ask, postgres, town
from benchmarks.report import Section, Table

CROWD = 20
REPLICAS = 3
QUIET = 10.0  # seconds without a new private answer after which no more are on their way


@dataclass
class Told:
    """What became of the presses: per brief the names that losers were told, and who was told something."""

    briefs: int
    names: dict[int, set[str]] = field(default_factory=dict)
    losers: dict[int, set[str]] = field(default_factory=dict)
    unanswered: int = 0
    seconds: list[float] = field(default_factory=list)
    owners: Mapping[int, str] = field(default_factory=dict)


def measure(*, quick: bool) -> Section:
    """Baton on one PostgreSQL database, and the other bot on one SQLite file, three processes each."""
    briefs = 50 if quick else 1000
    with (
        postgres() as address,
        town(shipped(nags=False), database_url=address, replicas=REPLICAS, start=False) as there,
    ):
        with_unclaimed(there, briefs)
        for bot in there.bots:
            bot.start()
        ours = asyncio.run(_race(there, briefs, handoff_id))
        ours.owners = _owners(there, briefs)
        claims = ask(there.database_url, "SELECT count(*) FROM log WHERE kind = 'claimed'")[0][0]
    with town(shipped(nags=False), replicas=REPLICAS, bot=INSTEAD, start=False) as there:
        for bot in there.bots:
            bot.start()
        _fill_other(there, briefs)
        theirs = asyncio.run(_race(there, briefs, str))
    return _section(ours, theirs, claims)


async def _race(there: Town, briefs: int, name_of: Callable[[int], str]) -> Told:
    """One brief after the other: everybody's request is written before anybody waits for an answer."""
    people = [crowded.slack_id(number) for number in range(CROWD)]
    told = Told(briefs)
    lines = [Connection(there.bots[i % len(there.bots)].port) for i in range(CROWD)]
    for number in range(1, briefs + 1):
        presses = [
            slack_request(click(user, name_of(number), f"{there.slack}/told/{number}/{user}")) for user in people
        ]
        answers = await asyncio.gather(*(line.ask(p) for line, p in zip(lines, presses, strict=True)))
        told.unanswered += sum(status != 200 for _, status in answers)
        told.seconds += [seconds for seconds, _ in answers]
    for line in lines:
        line.close()
    await _hear(there.slack, told)
    return told


async def _hear(slack: str, told: Told) -> None:
    """Collect the private answers until all losers have theirs, or none has come for a while."""
    heard, last = 0, time.monotonic()
    async with httpx.AsyncClient(base_url=slack, trust_env=False, timeout=30) as http:
        while heard < told.briefs * (CROWD - 1) and time.monotonic() - last < QUIET:
            new = (await http.get("/told", params={"since": heard})).json()
            for number, user, text in new:
                told.losers.setdefault(number, set()).add(user)
                told.names.setdefault(number, set()).add(text.partition(" took this")[0])
            heard, last = heard + len(new), time.monotonic() if new else last
            await asyncio.sleep(0.5)


def _owners(there: Town, briefs: int) -> Mapping[int, str]:
    rows = ask(there.database_url, "SELECT id, body FROM handoffs WHERE status = 'owned'")
    names = {row[0]: json.loads(row[1])["owner"]["name"] for row in rows}
    return {number: names[handoff_id(number)] for number in range(1, briefs + 1) if handoff_id(number) in names}


def _fill_other(there: Town, briefs: int) -> None:
    post = one_message(there.slack)
    connection = sqlite3.connect(there.database_url.removeprefix("sqlite:///"))
    rows = [(str(i), f"Deal {i}", crowded.slack_id(i % crowded.REPS), "{}", post.ts) for i in range(1, briefs + 1)]
    connection.executemany("INSERT INTO deals (id, name, rep, answers, brief_ts) VALUES (?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()


def _section(ours: Told, theirs: Told, claims: int) -> Section:
    runs = {"Baton, PostgreSQL": ours, "Bolt, SQLite, reads then writes": theirs}
    facts: Sequence[tuple[str, Callable[[Told], object]]] = [
        ("presses", lambda t: t.briefs * CROWD),
        ("briefs whose pressers were all but one told that somebody else has it", _one_winner),
        ("**briefs for which two or more people believe they own it**", lambda t: f"**{_more_winners(t)}**"),
        (
            "**briefs whose losers were told different names**",
            lambda t: f"**{sum(len(n) > 1 for n in t.names.values())}**",
        ),
        ("requests not answered 200", lambda t: t.unanswered),
        ("answer to a press, median and slowest, ms", _times),
    ]
    wrong = sum(ours.names.get(i, {name}) != {name} for i, name in ours.owners.items())
    return Section(
        "Claim race",
        "1,000 briefs, 20 simultaneous clicks each over 3 replicas: one owner each; the other 19 told truthfully who.",
        f"{ours.briefs} briefs, {CROWD} people, {REPLICAS} processes each; the requests go straight to the processes, "
        "all twenty at once, and the private answers come back to the local Slack, which keeps them.",
        [Table(["", *runs], [[what, *(str(get(t)) for t in runs.values())] for what, get in facts])],
        [
            f"Baton's database has {claims} claims in its log for {ours.briefs} briefs, and {len(ours.owners)} owners.",
            f"{wrong} of Baton's briefs told a loser a name that is not the owner's.",
        ],
    )


def _winners(told: Told) -> Counter[int]:
    """How many people per brief were not told that somebody else has it."""
    return Counter(CROWD - len(told.losers.get(number, ())) for number in range(1, told.briefs + 1))


def _one_winner(told: Told) -> int:
    return _winners(told)[1]


def _more_winners(told: Told) -> int:
    return sum(count for winners, count in _winners(told).items() if winners > 1)


def _times(told: Told) -> str:
    return f"{1000 * median(told.seconds):.0f}, {1000 * max(told.seconds):.0f}"
