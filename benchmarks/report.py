"""Figures as rows, and RESULTS.md: one section per measure, replaced when that measure runs again."""

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
_PARTS = ("slack-bolt", "slack-sdk", "SQLAlchemy", "APScheduler", "starlette", "uvicorn", "httpx", "psycopg")
_ABOUT = """# Figures

Written by `make bench` (`python -m benchmarks`; `--quick` takes small sizes, names take some sections only).
Everything runs on one machine: the real `baton run` processes, the local Slack and toy CRM as a process of their own,
and the load. Read ratios rather than absolute numbers: the load takes its share of the same cores.
"""


@dataclass(frozen=True)
class Table:
    """One table of a section: a heading row and rows, all text."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def text(self) -> str:
        """As Markdown."""
        lines = [self.head, ["---"] * len(self.head), *self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)


@dataclass(frozen=True)
class Section:
    """What one measure found. `goal` is the promise it is held against, `notes` are sentences."""

    title: str
    goal: str
    how: str
    tables: Sequence[Table]
    notes: Sequence[str] = field(default_factory=tuple)


def write(name: str, section: Section, seconds: float) -> None:
    """Put a section into RESULTS.md in place of its older self."""
    old = _sections(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    stamp = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {_commit()}, {seconds:.0f} s, {_machine()}."
    parts = [f"## {section.title}", f"**Goal.** {section.goal}", section.how, *(t.text() for t in section.tables)]
    parts += ["\n".join(f"- {note}" for note in section.notes)] if section.notes else []
    old[name] = "\n\n".join([*parts, f"<sub>{stamp}</sub>"])
    body = "\n\n".join(f"<!-- {key} -->\n{text}" for key, text in sorted(old.items(), key=lambda item: _order(item[0])))
    RESULTS.write_text(f"{_ABOUT}\n{_versions()}\n\n{body}\n", encoding="utf-8")


ORDER = ("kills", "race", "clicks", "inbox", "to_dm", "growth", "ticks", "idle", "day")


def _order(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _sections(text: str) -> dict[str, str]:
    parts = re.split(r"<!-- (\w+) -->\n", text)[1:]
    return {name: body.strip() for name, body in zip(parts[::2], parts[1::2], strict=True)}


def _commit() -> str:
    """The commit that was measured, and whether code was changed since; empty outside a checkout.

    Other sections that were measured just before do not count as a change.
    """
    commit = _git("rev-parse", "--short=7", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{RESULTS.relative_to(ROOT)}")
    return f"commit {commit}{', with changes' if changed else ''}" if commit else "no checkout"


def _git(*ask: str) -> str:
    return subprocess.run(("git", "-C", str(ROOT), *ask), capture_output=True, text=True, check=False).stdout.strip()


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[1]
    return f"{os.cpu_count()} cores, {memory:.0f} GB, load of the last five minutes {load:.1f}"


def _versions() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in _PARTS)
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}; {libraries}."
