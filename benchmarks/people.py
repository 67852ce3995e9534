"""People in the local Slack and its CRM: they win deals, fill in forms, press buttons, and press again when told to.

They know the bot only by what it shows, so the same people use Baton and what a user would write instead.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from benchmarks import crowded
from benchmarks.configs import amount
from benchmarks.parts import BOT_TOKEN

Json = dict[str, Any]
REPS = tuple(f"rep{number}" for number in range(crowded.REPS))
DELIVERY = ("priya", "dana", "rui", "sam", "ana")

ANSWERS = {
    "buyer_goals": "Orders packed the same day, before the spring season",
    "promised_deliverables": "Two integrations and training for ten people",
    "risk_notes": "Their IT lead leaves in May",
}


@dataclass
class Deal:
    """A deal and what its people mean to do with it: `all`, or only `ask` (nobody answers), or up to the `brief`."""

    name: str
    rep: str
    until: str = "all"
    team: int = 0
    id: str = ""
    handed_over_at: float | None = None  # when Slack said that the form was taken, epoch seconds
    claimed_at: float | None = None
    trouble: list[str] = field(default_factory=list)


class Eyes:
    """Reads the conversations again and again, as people look at Slack: what was posted, by a deal's name."""

    def __init__(self, http: httpx.AsyncClient, reps: Sequence[str]) -> None:
        self._http = http
        self._reps = reps
        self._since: dict[str, str] = {}
        self._rooms: dict[str, str] = {}
        self._seen: dict[tuple[str, str], str] = {}

    async def find_rooms(self) -> None:
        """The direct messages of the reps, and the delivery channels."""
        for user in self._reps:
            token = {"Authorization": f"Bearer {BOT_TOKEN}"}
            users = (await self._http.get("/sandbox/users")).json()["users"]
            user_id = next(u["id"] for u in users if u["name"] == user)
            opened = await self._http.post("/api/conversations.open", data={"users": user_id}, headers=token)
            self._rooms[user] = opened.json()["channel"]["id"]
        channels = (await self._http.get("/sandbox/channels")).json()["channels"]
        self._rooms |= {f"#{c['name']}": c["id"] for c in channels if c["name"].startswith("delivery")}

    async def look(self, text: str, what: str) -> tuple[str, str] | None:
        """The room and ts of the first message whose key ends in `what` and that speaks of `text`."""
        return next(((room, ts) for room in self._rooms if (ts := self._seen.get((room, f"{text}:{what}")))), None)

    async def watch(self) -> None:
        """Keep looking until cancelled."""
        while True:
            for room, channel in self._rooms.items():
                for message in await self._new(channel):
                    key = ((message.get("metadata") or {}).get("event_payload") or {}).get("key", "")
                    name = deal_in(message.get("text", ""))
                    self._seen.setdefault((room, f"{name}:{key.rpartition(':')[2]}"), message["ts"])
            await asyncio.sleep(0.15)

    async def _new(self, channel: str) -> list[Json]:
        """What was posted since the last look; nothing if Slack is in trouble just now."""
        query: dict[str, str | int] = {
            "channel": channel,
            "oldest": self._since.get(channel, "0"),
            "limit": 999,
            "include_all_metadata": 1,
        }
        try:
            answer = await self._http.get(
                "/api/conversations.history", params=query, headers={"Authorization": f"Bearer {BOT_TOKEN}"}
            )
            messages = list(answer.json().get("messages") or [])
        except (httpx.HTTPError, ValueError):
            return []
        if messages:
            self._since[channel] = messages[0]["ts"]
        return messages


def deal_in(text: str) -> str:
    """The name of the deal that a message speaks of."""
    start = text.find("Deal-")
    return text[start : start + 9] if start >= 0 else ""


class Crowd:
    """Everybody who takes part in the handoffs of one run. `dice` decides how long they think, up to `thinking`
    seconds; `patience` is how long they wait for a message, or press a button that does nothing.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        dice: random.Random,
        reps: Sequence[str],
        thinking: float = 6.0,
        patience: float = 600.0,
    ) -> None:
        self._http = http
        self._dice = dice
        self._thinking = thinking
        self._patience = patience
        self._eyes = Eyes(http, reps)
        self._desks = {rep: asyncio.Lock() for rep in reps}  # one form at a time before one person

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Have everybody look at Slack for as long as the block lasts."""
        await self._eyes.find_rooms()
        watching = asyncio.create_task(self._eyes.watch())
        try:
            yield
        finally:
            watching.cancel()

    async def make(self, deal: Deal) -> None:
        """Somebody enters the deal, with most of what delivery needs."""
        soon = datetime.now(UTC) + timedelta(days=14)
        properties = {
            "dealname": deal.name,
            "amount": str(amount(deal.team)),
            "discount": "0",
            "closedate": f"{datetime.now(UTC):%Y-%m-%d}",
            "start_date": f"{soon:%Y-%m-%d}",
            "signed_scope_url": "https://docs.example.com/scopes/v3",
            "client_expects_next": "A kickoff call before the end of next week",
        }
        contact = {"email": f"{deal.name.lower()}@client.example", "firstname": "Ines"}
        made = await self._act("crm/deals", properties=properties, owner=f"{deal.rep}@example.com", contacts=[contact])
        deal.id = made["deal"]["id"]

    async def move(self, deal: Deal) -> None:
        """The deal is won."""
        await self._act(f"crm/deals/{deal.id}/move", stage="closedwon")

    async def play(self, deal: Deal) -> None:
        """One deal's whole story, as far as its people mean to go."""
        await self.make(deal)
        await self.move(deal)
        if deal.until == "ask":
            return
        ask = await self._until(deal.name, "ask")
        if ask is None:
            deal.trouble.append("never asked")
            return
        await asyncio.sleep(self._dice.uniform(0, self._thinking))
        async with self._desks[deal.rep]:
            await self._hand_over(deal, ask[1])
        if deal.until == "all":
            await self._claim(deal)

    async def _hand_over(self, deal: Deal, ask: str) -> None:
        ends = time.monotonic() + self._patience
        while time.monotonic() < ends:
            press = await self._try("click", user=deal.rep, channel=deal.rep, ts=ask, action_id="complete_handoff")
            if press.get("status") == 404:  # the button is gone: it is complete
                deal.handed_over_at = deal.handed_over_at or time.time()
                return
            if await self._form_opens(deal.rep) and await self._submit(deal):
                return
            await asyncio.sleep(0.3)
        deal.trouble.append("never handed over")

    async def _form_opens(self, rep: str) -> bool:
        for _ in range(10):
            if (await self._get("views", user=rep))["views"]:
                return True
            await asyncio.sleep(0.05)
        return False

    async def _submit(self, deal: Deal) -> bool:
        """Press *Hand over* until the form goes away; whether the answers are there."""
        values: Json = {f"field:{key}": text for key, text in ANSWERS.items()}
        for _ in range(8):  # the form may say that it had trouble, or that nothing was saved
            if await self._is_complete_already(deal.rep):
                deal.handed_over_at = deal.handed_over_at or time.time()
                return True
            answer = await self._try("submit", user=deal.rep, values=values)
            outcome, values = answer.get("outcome"), {}
            if outcome == "closed":
                deal.handed_over_at = time.time()
                return True
            if outcome not in ("trouble", "updated"):
                break
            await asyncio.sleep(0.3)
        await self._try("close", user=deal.rep, all=True)
        return False

    async def _is_complete_already(self, rep: str) -> bool:
        """Whether the form only says so; then it is closed."""
        views = (await self._get("views", user=rep))["views"]
        if not views or "already" not in views[-1]["title"]:
            return False
        await self._try("close", user=rep, all=True)
        return True

    async def _claim(self, deal: Deal) -> None:
        brief = await self._until(deal.name, "brief")
        if brief is None:
            deal.trouble.append("no brief")
            return
        await asyncio.sleep(self._dice.uniform(0, self._thinking))
        rivals = self._dice.sample(DELIVERY, 2)
        heard = await asyncio.gather(*(self._press(rival, *brief) for rival in rivals))
        deal.claimed_at = time.time()
        if not any(heard):
            deal.trouble.append("never claimed")

    async def _press(self, user: str, room: str, brief: str) -> bool:
        """Press *Take ownership* until somebody heard it or the button is gone."""
        ends = time.monotonic() + self._patience
        while time.monotonic() < ends:
            told = await self._try("click", user=user, channel=room, ts=brief, action_id="take_ownership")
            if told.get("outcome") == "ok" or told.get("status") == 404:
                return True
            await asyncio.sleep(0.3)
        return False

    async def _until(self, name: str, what: str) -> tuple[str, str] | None:
        ends = time.monotonic() + self._patience
        while time.monotonic() < ends:
            if found := await self._eyes.look(name, what):
                return found
            await asyncio.sleep(0.1)
        return None

    async def _act(self, path: str, **what: object) -> Json:
        answer = await self._http.post(f"/sandbox/{path}", json=what)
        assert answer.is_success, f"{path}: {answer.text}"
        return dict(answer.json())

    async def _try(self, path: str, **what: object) -> Json:
        """Do something that may be impossible by now; then the answer has only the HTTP status."""
        answer = await self._http.post(f"/sandbox/{path}", json=what)
        return dict(answer.json()) if answer.is_success else {"status": answer.status_code}

    async def _get(self, path: str, **query: str) -> Json:
        return dict((await self._http.get(f"/sandbox/{path}", params=query)).json())
