"""The workflows that the figures are taken with: the shipped ones, with ladders that fit a run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.report import ROOT

REP_STEPS = CHANNEL_STEPS = 4


def shipped(*, nags: bool = True, file: Path = ROOT / "handoffs.yml") -> str:
    """The shipped handoffs.yml. Without `nags`, reminders come so late that no run sees one."""
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    data["defaults"] |= {
        "working_hours": "always",
        "max_nags_per_person_per_day": 100_000,
    }  # runs on any day, in minutes
    for workflow in data["workflows"].values():
        workflow["nags"] = _quick() if nags else _never()
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


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
