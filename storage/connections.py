"""Connections to PostgreSQL that are kept open.

On a busy machine the journeys to the server are what a transaction costs: each makes two processes wait for their turn.
So nothing is asked that is known. And the connection that was used last is used next: it has its statements prepared.
"""

import time
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

_RESTED = 1.0  # seconds without use after which the other side may have hung up


def engine_for(address: URL, *, most: int) -> Engine:
    """An engine that keeps so many connections. One that has rested is asked whether it lives, as it is taken."""
    engine = create_engine(address, pool_size=most, pool_use_lifo=True, hide_parameters=True)

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
