"""Commands of `baton`, each a process of its own, begun from one that has imported it (tests/warm.py)."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 60.0  # until a command that must end has ended


@cache
def _warm() -> socket.socket:
    """What begins the commands of this process of tests."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-m", "tests.warm", str(theirs.fileno())]
        warm = subprocess.Popen(command, stdin=subprocess.DEVNULL, cwd=ROOT, pass_fds=[theirs.fileno()])
    atexit.register(warm.wait)
    atexit.register(ours.close)
    return ours


class Command:
    """`baton <words>` while it runs."""

    def __init__(
        self, *words: str, variables: Mapping[str, str], output: IO[bytes], errors: IO[bytes], folder: Path = ROOT
    ) -> None:
        self._words = words
        self._report, theirs = socket.socketpair()
        with theirs, tempfile.TemporaryFile() as order:
            order.write(json.dumps([words, dict(variables), str(folder)]).encode())
            order.seek(0)
            sent = [order.fileno(), theirs.fileno(), output.fileno(), errors.fileno()]
            socket.send_fds(_warm(), [b"."], sent)
        self._said = self._report.makefile("rb")
        self.pid = int(self._said.readline())
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, seconds: float = SECONDS) -> int:
        """Its exit code, once it has ended; of a signal, the number below zero. Raises subprocess.TimeoutExpired."""
        if self._code is None:
            if not select.select([self._report], [], [], seconds)[0]:
                raise subprocess.TimeoutExpired(self._words, seconds)
            self._code = int(self._said.readline())
            self._said.close()
            self._report.close()
        return self._code

    def send(self, what: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, what)


def command(
    variables: Mapping[str, str], *words: str, folder: Path = ROOT, seconds: float = SECONDS
) -> "subprocess.CompletedProcess[str]":
    """What became of a command. Raises subprocess.TimeoutExpired, and the command has ended."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        running = Command(*words, variables=variables, output=output, errors=errors, folder=folder)
        try:
            code = running.wait(seconds)
        finally:
            running.send(signal.SIGKILL)
        said = [_read(stream) for stream in (output, errors)]
    return subprocess.CompletedProcess(words, code, *said)


def _read(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode()
