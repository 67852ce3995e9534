"""The command `baton` as a process."""

import subprocess
from pathlib import Path

from tests.commands import ROOT, command

GOOD = (ROOT / "handoffs.yml").read_text(encoding="utf-8")


def baton(settings: dict[str, str], *words: str, folder: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """What became of a command."""
    return command(settings, *words, folder=folder)


def refusal(settings: dict[str, str], *words: str) -> str:
    """What a command says that cannot be done: exit 1, nothing on standard output, no traceback."""
    done = baton(settings, *words)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert "Traceback" not in done.stderr
    return done.stderr.strip()
