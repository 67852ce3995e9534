"""The workflows that the figures are taken with: the shipped ones, with ladders that fit a run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.report import ROOT

REP_STEPS = CHANNEL_STEPS = 4


def shipped(*, nags: bool = True, teams: int = 1, file: Path = ROOT / "handoffs.yml") -> str:
    """The shipped handoffs.yml. Without `nags`, reminders come so late that no run sees one.

    With several `teams`, each has a channel, and the deals of one amount: a channel takes one message a second.
    """
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    data["defaults"] |= {
        "working_hours": "always",
        "max_nags_per_person_per_day": 100_000,
    }  # runs on any day, in minutes
    for workflow in data["workflows"].values():
        workflow["nags"] = _quick() if nags else _never()
    if teams > 1:
        shared = data["workflows"]["sales-to-delivery"]
        data["workflows"] = {f"team-{team}": _of_team(shared, team) for team in range(teams)}
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def amount(team: int) -> int:
    """What a team's deals are about."""
    return 12_000 + team


def room(team: int) -> str:
    """A team's channel."""
    return f"#delivery-{team}" if team else "#delivery"


def _of_team(workflow: dict[str, Any], team: int) -> dict[str, Any]:
    trigger = {**workflow["trigger"], "when": f"amount == {amount(team)}"}
    return {**workflow, "trigger": trigger, "delivery": {**workflow["delivery"], "channel": room(team)}}


def _quick() -> dict[str, Sequence[dict[str, object]]]:
    """Four steps on each ladder, all within twenty seconds."""
    rep: list[dict[str, object]] = [
        {"after": "4s", "to": "rep"},
        {"after": "8s", "to": "rep"},
        {"every": "5s", "to": "rep", "at_most": 2},
    ]
    channel: list[dict[str, object]] = [
        {"after": "4s", "to": "channel"},
        {"after": "8s", "to": "@delivery-leads"},
        {"every": "5s", "to": "channel", "at_most": 2},
    ]
    return {"rep": rep, "channel": channel}


def _never() -> dict[str, Sequence[dict[str, object]]]:
    return {"rep": [{"after": "30d", "to": "rep"}], "channel": [{"after": "30d", "to": "channel"}]}
