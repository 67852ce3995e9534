"""A database with very many handoffs, written in rows without their history."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Connection, insert, text

from handoff.model import Quiet
from storage.engine import Database
from storage.names import words_of
from storage.queue import table
from storage.search import ENDLESS
from storage.tables import HandoffRow, WordRow, to_ms
from tests.factories import NOW, SAM, handoff, record
from tests.handoff.bench import WORKSPACE


def fill(database: Database, names: Iterable[str], first: int = 0, *, counted: bool = True) -> None:
    """A handoff for each name, each a second younger than the one before; all are Sam's, and paused for ever.

    Their ids say nothing of their age. If `counted`, the engine then learns what is in its tables.
    """
    model = handoff(quiet=Quiet(by=SAM, at=NOW, until=None, is_pause=True))
    common = {"workspace": WORKSPACE, "is_open": True}
    state = {"workflow": model.workflow, "status": model.status.value, "version": 1, "quiet_until": ENDLESS}
    rows, words = [], []
    for number, name in enumerate(names, first):
        about, at = record(number, name=name), NOW + timedelta(seconds=number)
        one = model.model_copy(update={"id": f"h{number * 7919 % 100_003}", "record": about, "opened_at": at})
        key = {"id": one.id, "record_key": about.ref.key, "record_name": name, "asked_id": SAM.slack_id}
        rows.append({**common, **state, **key, "opened_at": to_ms(at), "body": one.model_dump_json()})
        words += [{**common, "handoff_id": one.id, "word": w, "opened_at": to_ms(at)} for w in words_of(name)]

    def work(connection: Connection) -> None:
        connection.execute(insert(table(HandoffRow)), rows)
        connection.execute(insert(table(WordRow)), words)
        if counted:
            connection.execute(text("ANALYZE"))

    database.write(work)
