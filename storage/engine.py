"""Engines, and the one place that runs transactions.

SQLite: one process owns the file. Write-ahead log with synchronous FULL, because what was accepted must survive a
power cut; `BEGIN IMMEDIATE`, because a transaction that reads first and writes later is otherwise refused at once
(https://www.sqlite.org/rescode.html#busy_snapshot); and one writer thread that commits what has gathered together,
which is faster and fairer than threads that wait for the file's lock.
PostgreSQL: each transaction on its own connection, run again after a serialization failure or a lost race.
"""

import fcntl
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from handoff.errors import ConfigError, StorageError

T = TypeVar("T")
_MOST_TOGETHER = 64
_TRIES = 5


class Conflict(Exception):
    """Somebody else changed the row between our read and our write: run the transaction again."""


class Database(Protocol):
    """Runs transactions. Raises StorageError if nothing could be stored or read.

    `alone` says that no other process can be at work on it.
    """

    alone: bool

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction; on disk when this returns."""

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction that only reads."""

    def close(self) -> None:
        """Finish what was given and let go of the database."""


def open_database(url: str, *, beside: bool = False) -> Database:
    """The database behind `BATON_DATABASE_URL`. `beside` a process that owns the file, for an operator's few words.

    Raises:
        ConfigError: the address is not one we can use, the file cannot be written, or another process owns it.
    """
    try:
        parsed = make_url(url)
    except (SQLAlchemyError, ValueError) as e:  # what cannot be read is not repeated: it may hold a password
        raise ConfigError(_ADDRESS.format(what="no address")) from e
    if "@" in (parsed.host or ""):  # half a password would pass for a host, and be named when it cannot be reached
        raise ConfigError(_ADDRESS.format(what="ambiguous (an @ in a password is written %40)"))
    if parsed.get_backend_name() == "sqlite":
        return SqliteDatabase(parsed.database or "baton.db", beside=beside)
    if parsed.get_backend_name() == "postgresql":
        address = parsed.set(drivername="postgresql+psycopg")
        return SharedDatabase(create_engine(address, pool_pre_ping=True, pool_size=8, hide_parameters=True))
    raise ConfigError(_ADDRESS.format(what=f"for {parsed.get_backend_name()}"))


_UNWRITABLE = "The database {path} cannot be written: {why}. Check that its folder exists, its rights and its space."
_ADDRESS = "BATON_DATABASE_URL is {what}: put sqlite:///baton.db or postgresql://user:password@host/name."


class SharedDatabase:
    """A database that several processes write at once."""

    alone = False

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction, again after a conflict."""
        for _ in range(_TRIES - 1):
            try:
                return self._once(work)
            except (Conflict, IntegrityError):
                continue
            except DBAPIError as e:
                if getattr(e.orig, "sqlstate", "") not in ("40001", "40P01"):
                    raise _storage_error(e) from e
        try:
            return self._once(work)
        except (Conflict, SQLAlchemyError) as e:
            raise _storage_error(e) from e

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction that only reads."""
        try:
            return self._once(work)
        except SQLAlchemyError as e:
            raise _storage_error(e) from e

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def _once(self, work: Callable[[Connection], T]) -> T:
        with self.engine.begin() as connection:
            return work(connection)


class SqliteDatabase:
    """A database file that this process owns, written by one thread."""

    def __init__(self, path: str, *, beside: bool = False) -> None:
        self.alone = not beside
        self._lock = None if beside else _own(path)
        self.engine = _sqlite_engine(path)
        self._reads = self.engine.execution_options(baton_reads=True)
        self._waiting: queue.SimpleQueue[tuple[Callable[[Connection], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._closed = False
        self._check()
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Hand `work` to the writer and wait until it is on disk."""
        if self._closed:
            raise StorageError("The database is closed; nothing was stored.")
        future: Future[T] = Future()
        self._waiting.put((work, future))
        return future.result()

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a connection of its own, beside the writer."""
        try:
            with self._reads.begin() as connection:
                return work(connection)
        except SQLAlchemyError as e:
            raise _storage_error(e) from e

    def close(self) -> None:
        """Store what was handed over, then let go of the file."""
        if not self._closed:
            self._closed = True
            self._waiting.put(None)
            self._thread.join()
            self.engine.dispose()
            if self._lock is not None:
                os.close(self._lock)

    def _check(self) -> None:
        try:
            with self.engine.begin() as connection:
                connection.exec_driver_sql("PRAGMA user_version")
        except SQLAlchemyError as e:
            raise ConfigError(_UNWRITABLE.format(path=self.engine.url.database, why=_reason(e))) from e

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch = [first]
            ended = False
            while len(batch) < _MOST_TOGETHER and not self._waiting.empty():
                more = self._waiting.get()
                if more is None:
                    ended = True
                    break
                batch.append(more)
            self._commit(batch)
            if ended:
                return

    def _commit(self, batch: list[tuple[Callable[[Connection], Any], Future[Any]]]) -> None:
        results: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self.engine.begin() as connection:
                for work, future in batch:
                    try:
                        with connection.begin_nested():
                            results.append((future, work(connection), None))
                    except Exception as e:  # noqa: BLE001 -- it belongs to whoever handed the work over, not to the batch
                        results.append((future, None, e))
        except SQLAlchemyError as e:
            for _, future in batch:
                future.set_exception(_storage_error(e))
            return
        for future, result, error in results:
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(_storage_error(error) if isinstance(error, SQLAlchemyError) else error)


def _own(path: str) -> int:
    """Hold a lock beside the file for as long as the process lives; the system lets go of it even after kill -9."""
    beside = Path(f"{path}.lock")
    try:
        lock = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as e:
        raise ConfigError(_UNWRITABLE.format(path=path, why=e.strerror)) from e
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as e:
        os.close(lock)
        text = f"Another Baton already uses {path}. Stop it first, or use PostgreSQL for several processes."
        raise ConfigError(text) from e
    return lock


def _sqlite_engine(path: str) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": 10, "check_same_thread": False},
        pool_size=10,
        max_overflow=20,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin when we say so, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("baton_reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _reason(error: BaseException) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _storage_error(error: BaseException) -> StorageError:
    kind = "did not answer" if isinstance(error, OperationalError) else "refused"
    return StorageError(f"The database {kind}: {_reason(error)}. Nothing was stored.")
