"""The whole log, read in pages: handoffs in the order they were opened, each with its events in theirs.

So a page is found along an index, however long the log is, and needs no order of its own in the table.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, tuple_
from sqlmodel import col

from handoff.events import EVENT
from handoff.model import Handoff
from handoff.ports import Happened
from storage.tables import HandoffRow, LogRow, to_ms

_HANDOFFS = 50  # to a page


@dataclass(frozen=True)
class Wanted:
    """Of which handoff or record, if not of all. `since` leaves out earlier events, not handoffs."""

    handoff: str | None = None
    record: str | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Events, and where the next page begins; None after the last one."""

    happened: list[Happened]
    after: tuple[int, str] | None


def page(connection: Connection, workspace: str, wanted: Wanted, after: tuple[int, str] | None) -> Page:
    """The next handoffs and what happened to them."""
    row = HandoffRow
    chosen = select(col(row.opened_at), col(row.id), col(row.body)).where(col(row.workspace) == workspace)
    chosen = chosen.where(col(row.id) == wanted.handoff) if wanted.handoff else chosen
    chosen = chosen.where(col(row.record_key) == wanted.record) if wanted.record else chosen
    place = tuple_(col(row.opened_at), col(row.id))
    chosen = chosen.where(place > after) if after else chosen
    rows = connection.execute(chosen.order_by(col(row.opened_at), col(row.id)).limit(_HANDOFFS)).all()
    events = _events(connection, workspace, [id_ for _, id_, _ in rows], wanted.since)
    happened = []
    for _, id_, body in rows:
        which = Handoff.model_validate_json(body)
        happened += [Happened(which, version, EVENT.validate_json(text), said) for version, text, said in events[id_]]
    return Page(happened, (rows[-1][0], rows[-1][1]) if len(rows) == _HANDOFFS else None)


def _events(
    connection: Connection, workspace: str, handoff_ids: list[str], since: datetime | None
) -> dict[str, list[tuple[int, str, str]]]:
    log = LogRow
    wanted = select(col(log.handoff_id), col(log.version), col(log.body), col(log.remarks))
    wanted = wanted.where(col(log.workspace) == workspace, col(log.handoff_id).in_(handoff_ids))
    wanted = wanted.where(col(log.at) >= to_ms(since)) if since else wanted
    found = defaultdict(list)
    for id_, version, body, remarks in connection.execute(wanted.order_by(col(log.handoff_id), col(log.version))):
        found[id_].append((version, body, remarks))
    return found
