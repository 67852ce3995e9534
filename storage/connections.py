"""Connections to PostgreSQL that are kept open.

On a busy machine the journeys to the server are what a transaction costs: each makes two processes wait for their turn.
So nothing is asked that is known. And the connection that was used last is used next: it has its statements prepared.
"""

import time
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

_LONGEST_LOCK = 50  # milliseconds
_RESTED = 1.0  # seconds without use after which the other side may have hung up
_LIVELY = {  # seconds, the last one milliseconds; unless the address says otherwise
    "connect_timeout": 10,
    "keepalives_idle": 30,  # so that nobody on the way forgets a connection that rests
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}  # https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS


def engine_for(address: URL, *, most: int) -> Engine:
    """An engine that keeps so many connections. One that has rested is asked whether it lives, as it is taken."""
    lively = {name: value for name, value in _LIVELY.items() if name not in address.query}
    engine = create_engine(address, connect_args=lively, pool_size=most, pool_use_lifo=True, hide_parameters=True)

    @event.listens_for(engine, "checkin")
    def _note(_: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _see_that_it_lives(connection: Any, record: Any, _: Any) -> None:
        if time.monotonic() - record.info.get("used", time.monotonic()) > _RESTED:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as e:
                raise InvalidatePoolError from e  # whatever cut this one cut the others; they are opened anew

    return engine


def impatient_engine_for(address: URL, *, most: int) -> Engine:
    """For many pieces in one transaction: two of those may wait for each other's rows, each holding some.

    PostgreSQL ends such a deadlock after a second (https://www.postgresql.org/docs/current/explicit-locking.html). So
    they give up sooner, and each piece is run by itself, holding no other's rows.
    """
    engine = engine_for(address, most=most)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.execute(f"SET lock_timeout = {_LONGEST_LOCK}")
        connection.commit()

    return engine


def is_cut(error: BaseException) -> bool:
    """Whether a connection was found to be dead. Then none of its pool is used any more."""
    return isinstance(error, DBAPIError) and error.connection_invalidated
