"""What became of each deal, read off Slack and the CRM from outside when everything is quiet."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks.configs import CHANNEL_STEPS, REP_STEPS
from benchmarks.parts import BOT_TOKEN
from benchmarks.people import ANSWERS, REPS, Deal, deal_in

Json = dict[str, Any]
_DOUBLED = {"ask": "asks_doubled", "brief": "briefs_doubled", "owned": "reps_told_twice", "task": "tasks_doubled"}
IN_FLIGHT = 1.0  # seconds; a reminder that was on its way when the deed was done is no fault


@dataclass
class Verdict:
    """Counts of what must be none, and `what`, a line for each of them."""

    handoffs_lost: int = 0
    asks_doubled: int = 0
    briefs_doubled: int = 0
    owners_doubled: int = 0
    reps_told_twice: int = 0
    tasks_doubled: int = 0
    anything_else_doubled: int = 0
    nags_lost: int = 0
    nags_doubled: int = 0
    nags_after_the_deed: int = 0
    crm_writes_lost: int = 0
    nags: int = 0
    posts: int = 0
    what: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """What must be none, by name."""
        kept = ("nags", "posts", "what")
        return {name: count for name, count in vars(self).items() if name not in kept}


@dataclass(frozen=True)
class Posted:
    """One message of the bot: whose deal, the rest of its key, when."""

    deal: str
    what: str
    at: float
    text: str


class Witness:
    """Reads Slack and the CRM. `names` are the deals' names by the first part of a message's key."""

    def __init__(self, http: httpx.Client, names: Mapping[str, str]) -> None:
        self._http = http
        self._names = names

    def judge(self, deals: Sequence[Deal]) -> Verdict:
        """Hold what was seen against what the people meant to do."""
        found = list(self._posts())
        crm = {d["id"]: d["properties"] for d in self._http.get("/sandbox/crm/deals").json()["deals"]}
        verdict = Verdict(posts=len(found))
        for deal in deals:
            mine = [p for p in found if p.deal == deal.name]
            _judge_posts(deal, Counter(p.what for p in mine), verdict)
            _judge_nags(deal, mine, verdict)
            _judge_crm(deal, crm[deal.id], verdict)
            _judge_owner(deal, mine, crm[deal.id].get("delivery_owner") or "", verdict)
            verdict.what += [f"{deal.name} ({deal.until}): {t}" for t in deal.trouble]
        return verdict

    def asked(self) -> Mapping[str, float]:
        """When each deal's rep was asked, by the deal's name: epoch seconds."""
        return {deal_in(p.text): p.at for p in self._posts() if p.what == "ask"}

    def _posts(self) -> Iterator[Posted]:
        users = {u["name"]: u["id"] for u in self._http.get("/sandbox/users").json()["users"]}
        rooms = [self._api("conversations.open", users=users[rep])["channel"]["id"] for rep in REPS]
        for room in [*rooms, *(c["id"] for c in self._http.get("/sandbox/channels").json()["channels"])]:
            for message in self._pages("conversations.history", channel=room):
                if message.get("thread_ts") in (None, message["ts"]):
                    yield from self._posted(message)
                if message.get("reply_count"):
                    replies = self._pages("conversations.replies", channel=room, ts=message["ts"])
                    for reply in replies:
                        if reply["ts"] != message["ts"]:
                            yield from self._posted(reply)

    def _posted(self, message: Json) -> Iterator[Posted]:
        """What a message says: one notice, or several reminders in one. A reminder put off is still the same."""
        said = (message.get("metadata") or {}).get("event_payload") or {}
        more = [one["key"] if isinstance(one, dict) else one for one in said.get("keys", ())]
        for key in dict.fromkeys([said["key"], *more]) if "key" in said else ():
            whose, _, what = key.partition(":put-off")[0].partition(":")
            yield Posted(self._names.get(whose, "?"), what, float(message["ts"]), message.get("text", ""))

    def _pages(self, method: str, **query: str) -> Iterator[Json]:
        cursor = ""
        while True:
            asked = {**query, "limit": "200", "include_all_metadata": "1"}
            page = self._api(method, **(asked | {"cursor": cursor} if cursor else asked))
            yield from page.get("messages", [])
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    def _api(self, method: str, **query: str) -> Json:
        answer = self._http.get(f"/api/{method}", params=query, headers={"Authorization": f"Bearer {BOT_TOKEN}"})
        return dict(answer.json())


def _judge_posts(deal: Deal, seen: Counter[str], verdict: Verdict) -> None:
    wanted = {"ask": ("ask",), "brief": ("ask", "brief"), "all": ("ask", "brief", "owned")}[deal.until]
    missing = [what for what in wanted if not seen[what]]
    if missing:
        verdict.handoffs_lost += 1
        verdict.what.append(f"{deal.name} ({deal.until}): no {', '.join(missing)}")
    for what, times in seen.items():
        if times > 1 and not what.startswith("nag:"):
            counter = _DOUBLED.get(what, "anything_else_doubled")
            setattr(verdict, counter, getattr(verdict, counter) + times - 1)
            verdict.what.append(f"{deal.name}: {what} {times} times")


def _judge_nags(deal: Deal, posts: Sequence[Posted], verdict: Verdict) -> None:
    """A ladder that nobody ended must have been walked to its end; no step twice; none after the deed."""
    nags = [p for p in posts if p.what.startswith("nag:")]
    seen = Counter(p.what for p in nags)
    verdict.nags += len(nags)
    ladder = {"ask": ("rep", REP_STEPS), "brief": ("channel", CHANNEL_STEPS)}.get(deal.until)
    if ladder:
        lost = [step for step in range(ladder[1]) if not seen[f"nag:{ladder[0]}:{step}"]]
        verdict.nags_lost += len(lost)
        verdict.what += [f"{deal.name}: nag {ladder[0]} {step} never came" for step in lost]
    for what, times in seen.items():
        if times > 1:
            verdict.nags_doubled += times - 1
            verdict.what.append(f"{deal.name}: {what} {times} times")
    ends = {"nag:rep": deal.handed_over_at, "nag:channel": deal.claimed_at}
    for post in nags:
        if (end := ends[post.what.rpartition(":")[0]]) and post.at > end + IN_FLIGHT:
            verdict.nags_after_the_deed += 1
            verdict.what.append(f"{deal.name}: {post.what} {post.at - end:.1f} s after the deed")


def _judge_crm(deal: Deal, properties: Mapping[str, str], verdict: Verdict) -> None:
    status = {"ask": "waiting on sales", "brief": "waiting for an owner", "all": "owned by"}[deal.until]
    lost = [] if str(properties.get("handoff_status", "")).startswith(status) else ["handoff_status"]
    if deal.until != "ask":
        lost += [key for key, text in ANSWERS.items() if properties.get(key) != text]
    if deal.until == "all":
        lost += [] if properties.get("delivery_owner") else ["delivery_owner"]
    verdict.crm_writes_lost += len(lost)
    verdict.what += [f"{deal.name} ({deal.until}): the CRM lacks {key}" for key in lost]


def _judge_owner(deal: Deal, posts: Sequence[Posted], in_crm: str, verdict: Verdict) -> None:
    """Whoever was named as owner, to the rep or in the CRM, must be one person."""
    named = {p.text.partition(" took ")[0] for p in posts if p.what == "owned"} | ({in_crm} if in_crm else set())
    if len(named) > 1:
        verdict.owners_doubled += len(named) - 1
        verdict.what.append(f"{deal.name}: owners {', '.join(sorted(named))}")
