"""Group commit: what has gathered while the last transaction went to disk shares the next one."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from handoff.errors import StorageError
from storage.connections import is_cut
from storage.failures import Conflict, storage_error
from storage.gathering import About, Gathering, Later

T = TypeVar("T")
_MOST_TOGETHER = 64
_CLOSED = "The database is closed; nothing was stored."


@dataclass(frozen=True)
class _Piece(Generic[T]):
    """Work that waits for a transaction, and who waits for it."""

    work: Callable[[Gathering], T | Later[T]]
    about: About | None
    future: Future[T] = field(default_factory=Future)


class Writers:
    """Threads that each run in one transaction what has gathered while the last one went to disk.

    That is group commit: the busier it is, the more pieces share one commit. If one of them fails, all are taken back
    and each is run by itself, so that no piece is stored in part and none suffers from another.
    """

    def __init__(
        self,
        name: str,
        count: int,
        alone: Callable[[Callable[[Connection], Any]], Any],
        together: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._alone = alone
        self._together = together
        self._waiting: queue.SimpleQueue[_Piece[Any] | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._run, name=f"{name}-{i}", daemon=True) for i in range(count)]
        self._closed = False
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[Gathering], T | Later[T]], about: About | None = None) -> Future[T]:
        """Put it with the others. `about` is the handoff that it reads first."""
        if self._closed:
            raise StorageError(_CLOSED)
        piece = _Piece(work, about)
        self._waiting.put(piece)
        return piece.future

    def close(self) -> bool:
        """Store what was handed over. False if that was done before."""
        if self._closed:
            return False
        self._closed = True
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        self._refuse_the_rest()  # handed over in the very moment of the end
        return True

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch = [first]
            with suppress(queue.Empty):
                while len(batch) < _MOST_TOGETHER and (more := self._waiting.get_nowait()) is not None:
                    batch.append(more)
                if len(batch) < _MOST_TOGETHER:
                    self._waiting.put(None)  # it was the sign to end: for the next round, or another thread
            self._commit(batch)

    def _commit(self, batch: list[_Piece[Any]]) -> None:
        is_written = False
        try:
            if len(batch) == 1:
                results = self._alone(lambda connection: _results(batch, connection))
            else:
                with self._together() as connection:
                    results = _results(batch, connection)
                    is_written = True
        except Exception as e:  # noqa: BLE001 -- whatever it is belongs to whoever handed the work over
            may_be_stored = is_written and is_cut(e)  # the connection broke at the commit: they must not run again
            if len(batch) > 1 and not may_be_stored:
                for piece in batch:
                    self._commit([piece])
                return
            for piece in batch:
                piece.future.set_exception(storage_error(e) if isinstance(e, SQLAlchemyError | Conflict) else e)
        else:
            for piece, result in zip(batch, results, strict=True):
                piece.future.set_result(result)

    def _refuse_the_rest(self) -> None:
        with suppress(queue.Empty):
            while True:
                if (piece := self._waiting.get_nowait()) is not None:
                    piece.future.set_exception(StorageError(_CLOSED))


def _results(batch: list[_Piece[Any]], connection: Connection) -> list[Any]:
    """Run the pieces, write what they left, and say what each came to."""
    gathering = Gathering(connection, [piece.about for piece in batch if piece.about is not None])
    results = [piece.work(gathering) for piece in batch]
    gathering.settled()
    return [result.value() if isinstance(result, Later) else result for result in results]
