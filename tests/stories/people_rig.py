"""What the stories about commands and the Home tab share: a config with flags, groups and a secret, and short ways."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from handoff.model import Handoff
from tests.running import ROOT, Running, running_baton, wait_for

SECRET = "The margin is 31 percent, do not tell"
FINANCE_ONLY = {"key": "margin", "ask": "What is the margin?", "type": "text", "visible_to": ["@finance"]}


def config(**delivery: object) -> str:
    """The shipped file with flags, a manager, a second workflow by hand and, in the first, a field for finance."""
    text: dict[str, Any] = yaml.safe_load((ROOT / "handoffs.yml").read_text(encoding="utf-8"))
    sales = text["workflows"]["sales-to-delivery"]
    sales["delivery"] |= delivery
    sales["exceptions"] = {"flags": ["Risk"], "channel": "#deal-review", "reviewers": ["founder@example.com"]}
    sales["checklist"].append({**FINANCE_ONLY, "required": False, "crm": "margin"})
    by_hand = {**sales, "title": "By hand", "trigger": {"crm": "manual"}, "write_back": {}}
    text["workflows"]["by-hand"] = by_hand
    return yaml.safe_dump(text, sort_keys=False)


@contextmanager
def office(folder: Path, **delivery: object) -> Iterator[Running]:
    """Baton with that config."""
    with running_baton(folder, config(**delivery)) as running:
        yield running


def won(baton: Running, *names: str) -> None:
    """These deals are won, and what follows at once has been said."""
    for name in names:
        baton.post(f"crm/deals/{baton.deal(name)['id']}/move", stage="Closed won")
    wait_for(lambda: all(baton.baton.flow.store.search(name, 1) for name in names))


def handoff_of(baton: Running, name: str) -> Handoff:
    """The newest handoff of a customer."""
    found = baton.baton.flow.store.search(name, 1, everything=True)
    assert found, name
    return found[0]


def owner_of(baton: Running, name: str) -> str | None:
    """Who owns the newest handoff of a customer."""
    owner = handoff_of(baton, name).owner
    return owner.name if owner else None


def say(baton: Running, who: str, text: str, channel: str = "#delivery") -> str:
    """What somebody reads after `/handoff <text>`; nothing if a form was opened instead."""
    answer = baton.post("command", user=who, channel=channel, text=f"/handoff {text}")
    assert answer["outcome"] == "ok", answer
    if not answer["text"]:
        return ""
    return str(newest(baton, who, channel)["plain"])


def newest(baton: Running, who: str, channel: str = "#delivery") -> Any:
    """The last answer to a command that somebody sees; what Baton says by itself carries its key."""
    return wait_for(lambda: [m for m in baton.messages(who, channel) if not m["metadata"]])[-1]


def press(baton: Running, who: str, action_id: str, channel: str = "#delivery", **more: object) -> None:
    """Press a button in the last message."""
    message = newest(baton, who, channel)
    answer = baton.post("click", user=who, channel=channel, ts=message["ts"], action_id=action_id, **more)
    assert answer["outcome"] == "ok", answer


def form(baton: Running, who: str) -> Any:
    """The form that somebody has open."""
    return wait_for(lambda: baton.get("views", user=who)["views"])[-1]


def tab(baton: Running, who: str) -> str:
    """What stands on somebody's Home tab."""
    view = baton.get("home", user=who)["view"]
    return str(view["plain"]) if view else ""
