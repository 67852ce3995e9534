"""kill −9 at random moments while handoffs run through their story and both outside systems lose answers."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import httpx

from benchmarks import crowded
from benchmarks.configs import shipped
from benchmarks.parts import BATON, DidNotStart, Part, Town, ask, postgres, town
from benchmarks.people import REPS, Crowd, Deal
from benchmarks.report import Section, Table
from benchmarks.verdict import Verdict, Witness

INSTEAD = ("-m", "benchmarks.instead.bot")
FAULTS = (("drop", 0.05), ("5xx", 0.02), ("429", 0.02))
QUIET = 12.0  # seconds without a new message before a bot that has no queue to read counts as finished
MOST_SETTLING = 150.0
MOST_STARTS = 20
SELLERS = REPS[:8]


@dataclass(frozen=True)
class Size:
    """How much of it: handoffs, kills, and the seconds a bot lives between two kills, at least and at most."""

    handoffs: int = 1000
    kills: int = 200
    least: float = 0.3
    most: float = 4.0
    thinking: float = 6.0  # seconds that a person waits at most before an act
    patience: float = 600.0  # seconds that a person waits for a message
    seed: int = 20


@dataclass
class Outcome:
    """One run."""

    verdict: Verdict
    kills: int
    faults: int
    seconds: float
    settled: float


def measure(*, quick: bool) -> Section:
    """Baton on both engines, and the other bot, under the same kills."""
    size = Size(75, 15, most=3.0, patience=300.0) if quick else Size()
    runs = {
        "Baton, SQLite, 1 process": run(size),
        "Bolt + APScheduler, SQLite, 1 process": run(replace(size, patience=60), bot=INSTEAD),
    }
    with postgres() as address:
        runs["Baton, PostgreSQL, 3 replicas"] = run(size, database_url=address, replicas=3)
    return Section(
        "kill −9",
        "200 kills while 1,000 handoffs run, with 5 % dropped answers, 2 % 5xx and 2 % 429 from Slack and the CRM: "
        "nothing lost, nothing doubled.",
        f"{size.handoffs} handoffs and {size.kills} kills per run at random moments (seed {size.seed}). Of ten deals, "
        "eight go through to an owner, one is never answered and one never claimed, so that their ladders must be "
        "walked to the end. Four teams, each with its channel and workflow. Baton keeps to one message a second in a "
        "channel throughout. Counted from outside: the "
        "keys in the metadata of Slack's messages, and the CRM.",
        [_table(runs)],
        [f"{name}: {line}" for name, r in runs.items() for line in _examples(r.verdict)],
    )


def run(
    size: Size, *, database_url: str | None = None, replicas: int = 1, bot: Sequence[str] = BATON, faults: bool = True
) -> Outcome:
    """One run: people, faults and kills at once; then quiet; then what became of everything."""
    with town(shipped(teams=crowded.TEAMS), database_url=database_url, replicas=replicas, bot=bot) as there:
        return asyncio.run(_Run(size, there, is_baton=bot == BATON, faults=faults).outcome())


class _Run:
    def __init__(self, size: Size, there: Town, *, is_baton: bool, faults: bool) -> None:
        self.size = size
        self.town = there
        self.is_baton = is_baton
        self.faults = faults
        self.dice = random.Random(size.seed)
        self.deals = [_deal(i) for i in range(size.handoffs)]
        self.killed = 0

    async def outcome(self) -> Outcome:
        began = time.monotonic()
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(base_url=self.town.slack, timeout=60, trust_env=False, limits=limits) as http:
            crowd = Crowd(http, self.dice, SELLERS, self.size.thinking, self.size.patience)
            async with crowd.looking():
                if self.faults:
                    await _switch_on(http, self.size.seed)
                killing = asyncio.create_task(self._kill())
                await asyncio.gather(*(self._later(crowd, i, deal) for i, deal in enumerate(self.deals)))
                await killing
                struck = await _switch_off(http)
            settled = await self._settle(http)
        with httpx.Client(base_url=self.town.slack, timeout=60, trust_env=False) as calm:
            verdict = await asyncio.to_thread(Witness(calm, self._names()).judge, self.deals)
        return Outcome(verdict, self.killed, struck, time.monotonic() - began, settled)

    async def _later(self, crowd: Crowd, number: int, deal: Deal) -> None:
        """Deals are won evenly over the time that the kills take."""
        pace = (self.size.least + self.size.most) / 2 + 1.5
        await asyncio.sleep(number * self.size.kills * pace / self.size.handoffs)
        try:
            await crowd.play(deal)
        except (httpx.HTTPError, AssertionError) as e:
            deal.trouble.append(f"{type(e).__name__}: {e}")

    async def _kill(self) -> None:
        """Kill a bot, start it again, and give it a random time to live, now and then less than it needs to start."""
        for _ in range(self.size.kills):
            await asyncio.sleep(self.dice.uniform(self.size.least, self.size.most))
            victim = self.dice.choice(self.town.bots)
            await asyncio.to_thread(victim.kill)
            self.killed += 1
            victim.spawn()
            if self.dice.random() < 0.9:
                await _ready(victim)
        for bot in self.town.bots:
            await _ready(bot)

    async def _settle(self, http: httpx.AsyncClient) -> float:
        """Wait until nothing will be due while we wait: read off the queue, or off Slack's silence if there is none.

        What the CRM still has to deliver comes first: it sends again for minutes.
        """
        while (await http.get("/sandbox/crm/deliveries")).json()["pending"]:  # noqa: ASYNC110 -- another process
            await asyncio.sleep(2)
        began, last, at = time.monotonic(), -1, time.monotonic()
        while time.monotonic() - began < MOST_SETTLING:
            if self.is_baton:
                soon = _WAITING.format(until=int((time.time() + MOST_SETTLING) * 1000))
                if await asyncio.to_thread(ask, self.town.database_url, soon) == [(0,)]:
                    break
            else:
                version = (await http.get("/sandbox/changes", params={"since": last - 1})).json()["version"]
                last, at = (version, time.monotonic()) if version != last else (last, at)
                if time.monotonic() - at > QUIET:
                    break
            await asyncio.sleep(0.5)
        return time.monotonic() - began

    def _names(self) -> Mapping[str, str]:
        if not self.is_baton:
            return {deal.id: deal.name for deal in self.deals}
        return dict(ask(self.town.database_url, "SELECT id, record_name FROM handoffs"))


_WAITING = (
    "SELECT (SELECT count(*) FROM inbox WHERE state = 'due') + "
    "(SELECT count(*) FROM outbox WHERE state = 'due' AND due_at < {until})"
)


def _deal(number: int) -> Deal:
    until = {3: "ask", 7: "brief"}.get(number % 10, "all")
    return Deal(f"Deal-{number:04d}", SELLERS[number % len(SELLERS)], until, number % crowded.TEAMS)


async def _ready(part: Part) -> None:
    """Wait until it works. One that ends by itself is started again, as whatever supervises it would."""
    for _ in range(MOST_STARTS):
        try:
            while not await asyncio.to_thread(part.is_ready):  # noqa: ASYNC110 -- another process sets no event
                await asyncio.sleep(0.02)
        except DidNotStart:
            await asyncio.sleep(0.2)
            part.spawn()
        else:
            return
    raise DidNotStart(part.last_words())


async def _switch_on(http: httpx.AsyncClient, seed: int) -> None:
    for number, (kind, rate) in enumerate(FAULTS):
        plain = {"kind": kind, "rate": rate, "seconds": 1, "seed": seed + number}
        (await http.post("/sandbox/faults", json={"method": "*", **plain})).raise_for_status()
        (await http.post("/sandbox/crm/faults", json=plain)).raise_for_status()


async def _switch_off(http: httpx.AsyncClient) -> int:
    """Switch all faults off; how often they struck."""
    struck = 0
    for path in ("/sandbox/faults", "/sandbox/crm/faults"):
        struck += sum(f["struck"] for f in (await http.get(path)).json()["faults"])
        await http.delete(path)
    return struck


def _table(runs: Mapping[str, Outcome]) -> Table:
    facts: Sequence[tuple[str, Callable[[Outcome], object]]] = [
        ("kills", lambda r: r.kills),
        ("faults that struck", lambda r: r.faults),
        ("messages posted", lambda r: r.verdict.posts),
        ("reminders among them", lambda r: r.verdict.nags),
        ("seconds, of which until quiet after the last act", lambda r: f"{r.seconds:.0f}, {r.settled:.0f}"),
    ]
    rows = [[what, *(str(get(r)) for r in runs.values())] for what, get in facts]
    names = next(iter(runs.values())).verdict.counts()
    rows += [[f"**{n.replace('_', ' ')}**", *(f"**{r.verdict.counts()[n]}**" for r in runs.values())] for n in names]
    return Table(["", *runs], rows)


def _examples(verdict: Verdict) -> list[str]:
    more = len(verdict.what) - 3
    return [*verdict.what[:3], *([f"and {more} more"] if more > 0 else [])]
