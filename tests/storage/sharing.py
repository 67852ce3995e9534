"""Pieces of work that surely share one transaction."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from storage.engine import Database


@contextmanager
def one_transaction(database: Database) -> Iterator[None]:
    """Keep every writer busy, so that what is handed over in the block waits, and then shares a transaction."""
    held, writers = threading.Event(), 1 if database.alone else 2
    busy = threading.Barrier(writers + 1)

    def hold(_: object) -> None:
        busy.wait(10)
        held.wait(10)

    for _ in range(writers):
        database.submit(hold)
        if writers > 1:
            threading.Event().wait(0.05)  # else both holds might share one writer
    busy.wait(10)
    yield
    held.set()
