"""People using Baton in the local Slack: what they see, press and type, for stories about flags and the record."""

from typing import Any

from handoff.model import Handoff
from tests.running import ROOT, Running, wait_for

Json = dict[str, Any]

DELIVERY, REVIEW = "#delivery", "#deal-review"
REVIEWS = """\
      flags: [Custom Scope, Needs Founder Review, Missing Contract Detail, Delivery Risk]
      channel: "#deal-review"
      reviewers: [founder@example.com]
"""
OF_TWO = REVIEWS.replace("[founder@example.com]", "[founder@example.com, rui@example.com]")


def config(**changes: str) -> str:
    """The shipped `handoffs.yml` with two reviewers; `changes` replace words of it."""
    text = (ROOT / "handoffs.yml").read_text(encoding="utf-8").replace(REVIEWS, OF_TWO, 1)
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def won(baton: Running, name: str) -> Handoff:
    """A deal enters Closed won; its handoff, once it is there."""
    deal_id = baton.deal(name)["id"]
    baton.post(f"crm/deals/{deal_id}/move", stage="Closed won")
    return wait_for(lambda: [h for h in every(baton) if h.record.ref.id == deal_id])[0]


def every(baton: Running) -> list[Handoff]:
    """All handoffs as they are stored."""
    return list(baton.baton.flow.store.search(None, 20))


def now(baton: Running, handoff: Handoff) -> Handoff:
    """The same handoff as it stands now."""
    found = baton.baton.flow.store.handoff(handoff.id)
    assert found is not None
    return found


def seen(baton: Running, user: str, channel: str, words: str, thread: str | None = None) -> Json:
    """The newest message with these words that a person sees; waits for it."""
    return wait_for(lambda: look(baton, user, channel, words, thread) or {})


def look(baton: Running, user: str, channel: str, words: str, thread: str | None = None) -> Json | None:
    """The newest message with these words, if a person sees one now."""
    where = {"user": user, "channel": channel} | ({"thread_ts": thread} if thread else {})
    found: list[Json] = [m for m in baton.get("messages", **where)["messages"] if words in m["plain"]]
    return found[-1] if found else None


def press(baton: Running, user: str, channel: str, message: Json, action_id: str, value: str | None = None) -> None:
    """Press a button, or pick in a menu."""
    more = {"value": value} if value else {}
    outcome = baton.post("click", user=user, channel=channel, ts=message["ts"], action_id=action_id, **more)
    assert outcome["outcome"] == "ok", outcome


def form(baton: Running, user: str) -> Json:
    """The form that is open on top."""
    views: list[Json] = wait_for(lambda: baton.get("views", user=user)["views"])
    return views[-1]


def submit(baton: Running, user: str, **values: object) -> Json:
    """Fill in the form on top and press its button; what became of it."""
    answer: Json = baton.post("submit", user=user, view_id=form(baton, user)["id"], values=values)
    return answer


def buttons(message: Json) -> list[str]:
    """The words on a message's buttons."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [e["text"]["text"] for row in rows for e in row if e["type"] == "button"]
