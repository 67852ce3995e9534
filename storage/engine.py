"""Engines, and the one place that runs transactions.

SQLite: one process owns the file. Write-ahead log with synchronous FULL, because what was accepted must survive a
power cut; `BEGIN IMMEDIATE`, because a transaction that reads first and writes later is otherwise refused at once
(https://www.sqlite.org/rescode.html#busy_snapshot); and one writer thread (`writers.py`), which is faster and fairer
than threads that wait for the file's lock.
PostgreSQL: two such writers, and what fails among others is run again by itself, also after a lost race.
"""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from handoff.errors import ConfigError, StorageError
from storage import counting
from storage.connections import engine_for, impatient_engine_for, is_cut
from storage.failures import Conflict, reason, storage_error
from storage.gathering import About, Gathering, Later
from storage.writers import Writers

T = TypeVar("T")
_TRIES = 5
_FEW_ROWS = 100  # for which any way to find them will do
_WRITERS = 2  # so that one may gather while the other waits for the disk
_AFTER_COUNTING_IN_VAIN = 720  # times that it is not tried: about an hour
_LOST_RACES = ("40001", "40P01")


class Database(Protocol):
    """Runs transactions. Raises StorageError if nothing could be stored or read.

    `alone` says that no other process can be at work on it.
    """

    alone: bool

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Hand over `work` to be run in a transaction; the future is done once it is on disk, or with its error.

        `work` may run again after a conflict, or after a failure of other work beside it.
        """

    def gather(self, work: Callable[[Gathering], T | Later[T]], about: About | None = None) -> Future[T]:
        """The same for work that leaves what it writes to be written with what others beside it leave.

        `about` is the handoff that it reads first.
        """

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction; on disk when this returns."""

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which only reads."""

    def learn(self) -> None:
        """Let the engine see how much there is by now, where it does not by itself soon enough."""

    def scour(self) -> None:
        """Leave nothing of what was overwritten or deleted. Others may be at work, and wait meanwhile."""

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
        return SharedDatabase(address)
    raise ConfigError(_ADDRESS.format(what=f"for {parsed.get_backend_name()}"))


def without_password(url: str) -> str:
    """The address of a database as anybody may read it."""
    return make_url(url).set(query={}).render_as_string(hide_password=True)


_UNWRITABLE = "The database {path} cannot be written: {why}. Check that its folder exists, its rights and its space."
_NOWHERE = "There is no database {path}. Check BATON_DATABASE_URL and the folder you are in, or start it: baton run"
_ADDRESS = "BATON_DATABASE_URL is {what}: put sqlite:///baton.db or postgresql://user:password@host/name."


class SharedDatabase:
    """A database that several processes write at once."""

    alone = False

    def __init__(self, address: URL) -> None:
        self.engine = engine_for(address, most=8)
        self._reading = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._together = impatient_engine_for(address, most=_WRITERS)
        self._until_next = 0
        self._writers = Writers("writer", _WRITERS, self._repeated, self._together.begin)

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Hand over `work`; it is run again after a conflict."""
        return self._writers.submit(lambda gathering: work(gathering.settled()))

    def gather(self, work: Callable[[Gathering], T | Later[T]], about: About | None = None) -> Future[T]:
        """The same for work that leaves what it writes."""
        return self._writers.submit(work, about)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction, again after a conflict."""
        return self.submit(work).result()

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, each statement by itself: in a transaction, too, each would see what is stored by then."""
        try:
            return self._read(work)
        except SQLAlchemyError as e:
            raise storage_error(e) from e

    def learn(self) -> None:
        """Have the rows counted if there are many times as many; seldom tried again where that is of no use."""
        self._until_next -= 1
        if self._until_next <= 0 and self.read(counting.count_if_grown):
            self._until_next = _AFTER_COUNTING_IN_VAIN

    def scour(self) -> None:
        """Let go of the rows as they were before; the space they took is written over as it is used again."""
        try:
            with self._reading.connect() as connection:
                connection.exec_driver_sql("VACUUM")
        except SQLAlchemyError as e:
            raise storage_error(e) from e

    def close(self) -> None:
        """Store what was handed over, then close the connections."""
        if self._writers.close():
            self._together.dispose()
            self.engine.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        for last in (False, True):
            try:
                with self._reading.connect() as connection:
                    return work(connection)
            except DBAPIError as e:
                if last or not is_cut(e):
                    raise
        raise AssertionError("the last try returns or raises")

    def _repeated(self, work: Callable[[Connection], T]) -> T:
        """Run one piece, again after a serialization failure or a lost race, or on a connection that was dead."""
        for left in reversed(range(_TRIES)):
            is_written = False
            try:
                with self.engine.begin() as connection:
                    result = work(connection)
                    is_written = True
            except (Conflict, DBAPIError) as e:
                lost = isinstance(e, Conflict | IntegrityError) or getattr(e.orig, "sqlstate", "") in _LOST_RACES
                if not left or not (lost or (is_cut(e) and not is_written)):
                    raise storage_error(e) from e
            else:
                return result
        raise AssertionError("the last try returns or raises")


class SqliteDatabase:
    """A database file that this process owns, written by one thread."""

    def __init__(self, path: str, *, beside: bool = False) -> None:
        if beside and not Path(path).exists():
            raise ConfigError(_NOWHERE.format(path=path))
        self.alone = not beside
        self._lock = None if beside else _own(path)
        self.engine = _sqlite_engine(path)
        self._counted = 0
        self._check()
        self._writers = Writers("sqlite-writer", 1, self._once, self._transaction)

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Hand `work` to the writer."""
        return self._writers.submit(lambda gathering: work(gathering.settled()))

    def gather(self, work: Callable[[Gathering], T | Later[T]], about: About | None = None) -> Future[T]:
        """The same for work that leaves what it writes."""
        return self._writers.submit(work, about)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Hand `work` to the writer and wait until it is on disk."""
        return self.submit(work).result()

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a connection of its own, beside the writer."""
        try:
            with self._transaction("BEGIN") as connection:
                return work(connection)
        except SQLAlchemyError as e:
            raise storage_error(e) from e

    def learn(self) -> None:
        """Have the rows counted, at first and whenever there may be twice as many."""
        there_are = self.read(counting.size)
        if there_are > counting.TIMES * self._counted:
            self.write(counting.count)
            self._counted = max(there_are, _FEW_ROWS)
            self.engine.dispose()  # a connection goes by the numbers that there were when it was opened

    def scour(self) -> None:
        """Write the file anew without its free space, and empty the log beside it."""
        try:
            with closing(self.engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA temp_store=FILE")  # the whole file would not fit into memory
                connection.cursor().execute("VACUUM")
                busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() or (1,)
                connection.invalidate()
        except sqlite3.Error as e:
            raise StorageError(f"The database could not be written anew: {e}. Say the same again.") from e
        if busy:
            raise StorageError(
                "Others were reading the database, so that old words are left in its file. Say the same again."
            )

    def close(self) -> None:
        """Store what was handed over, then let go of the file."""
        if self._writers.close():
            self.engine.dispose()
            if self._lock is not None:
                os.close(self._lock)

    def _check(self) -> None:
        try:
            with self._transaction() as connection:
                connection.exec_driver_sql("PRAGMA user_version")
        except SQLAlchemyError as e:
            raise ConfigError(_UNWRITABLE.format(path=self.engine.url.database, why=reason(e))) from e

    def _once(self, work: Callable[[Connection], T]) -> T:
        with self._transaction() as connection:
            return work(connection)

    @contextmanager
    def _transaction(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[Connection]:
        """A transaction that begins in these words. An event of the engine could say them too, but then each statement
        would be an event, which costs more than most statements.
        """
        with self.engine.begin() as connection:
            connection.exec_driver_sql(begin)
            yield connection


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
        pool_use_lifo=True,  # what a connection has read stays good until another writes
        max_overflow=20,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin when we say so, above
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
