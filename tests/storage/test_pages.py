"""Pages show each handoff once, also where many were opened in the same millisecond."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Connection, update
from sqlmodel import col

from handoff.model import Handoff, Status
from storage.engine import Database
from storage.store import SqlStore
from storage.tables import HandoffRow, WordRow, to_ms
from tests.factories import NOW, SAM
from tests.storage.crowd import fill

MANY = 60
STATUSES = (Status.COLLECTING, Status.IN_REVIEW, Status.UNCLAIMED, Status.OWNED)
ASKED: dict[str, Callable[[SqlStore, int, int], Sequence[Handoff]]] = {
    "what waits": lambda store, limit, offset: store.search(None, limit, offset),
    "everything": lambda store, limit, offset: store.search(None, limit, offset, everything=True),
    "a name": lambda store, limit, offset: store.search("deal", limit, offset),
    "a name over or not": lambda store, limit, offset: store.search("deal", limit, offset, everything=True),
    "somebody's": lambda store, limit, offset: store.of(str(SAM.slack_id), limit, offset),
    "what rests": lambda store, limit, offset: store.resting(NOW, limit, offset),
}


@pytest.mark.parametrize("what", ASKED)
def test_pages_show_each_of_those_that_were_opened_at_once(what: str, store: SqlStore, database: Database) -> None:
    fill(database, [f"Deal {n}" for n in range(MANY)])

    def at_once(connection: Connection) -> None:
        for row in (HandoffRow, WordRow):
            connection.execute(update(row).values(opened_at=to_ms(NOW)))
        for n, status in enumerate(STATUSES):
            some = col(HandoffRow.record_name).like(f"%{n}")
            connection.execute(update(HandoffRow).where(some).values(status=status.value))

    database.write(at_once)
    for size in (1, 7):
        shown = [one.id for offset in range(0, MANY, size) for one in ASKED[what](store, size, offset)]
        assert len(shown) == len(set(shown)) == MANY
