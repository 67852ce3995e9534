"""The command `baton` as a process."""

import subprocess
import sys
from pathlib import Path

from tests.running import ROOT

GOOD = (ROOT / "handoffs.yml").read_text(encoding="utf-8")
SECONDS = 60  # until a command that must end has ended


def baton(settings: dict[str, str], *words: str, folder: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """What became of a command."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=settings,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def refusal(settings: dict[str, str], *words: str) -> str:
    """What a command says that cannot be done: exit 1, nothing on standard output, no traceback."""
    done = baton(settings, *words)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert "Traceback" not in done.stderr
    return done.stderr.strip()
