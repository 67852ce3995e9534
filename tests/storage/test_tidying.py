"""What has been done for long is cleared away; what is open, due or given up stays."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlmodel import col

from handoff.courtesy import Presence
from storage.tables import InboxRow, LogRow, OutboxRow
from tests.factories import FILLED, SAM, claimed, did, hint, record
from tests.handoff.bench import Bench

DAYS = timedelta(days=90)


def left(bench: Bench, row: type[InboxRow] | type[OutboxRow]) -> dict[str, int]:
    """How many rows there are in each state."""
    states = bench.database.read(lambda c: c.execute(select(col(row.state))).scalars().all())
    return {state: states.count(state) for state in sorted(set(states))}


def lived(tmp_path: Path, url: str) -> Bench:
    """Two handoffs of which the first is done."""
    bench = Bench(tmp_path, url=url)
    for number in (1, 2):
        fields = {**FILLED, "promised": "Training"}
        bench.crm.put_record(record(number, fields=fields))
        bench.flow.take([hint(number, key=f"k{number}")], bench.clock.now)
        bench.work()
    for number in (1, 2):
        given = {"promised": "Two integrations and training", "next_step": "A call this week with the project lead"}
        answered = did("answered", handoff_id=f"h{number}", answers=given, via="modal")
        bench.flow.record(answered, bench.clock.now)
        bench.work()
    bench.flow.record(claimed(handoff_id="h1"), bench.clock.now)
    bench.flow.record(did("finished", handoff_id="h1"), bench.clock.now)
    bench.work()
    return bench


def test_rows_that_are_done_go_once_they_are_old_and_their_handoff_is_over(url: str, tmp_path: Path) -> None:
    bench = lived(tmp_path, url)
    before = left(bench, OutboxRow)

    assert bench.store.clear_away(bench.clock.now) == 0  # nothing was done before now
    assert left(bench, OutboxRow) == before
    later = bench.clock.now + timedelta(days=1)
    while bench.store.clear_away(later):
        pass

    kept = bench.database.read(lambda c: c.execute(select(col(OutboxRow.handoff_id))).scalars().all())
    assert set(kept) == {"h2"}
    assert left(bench, InboxRow) == {}
    logged = bench.database.read(lambda c: len(c.execute(select(col(LogRow.version))).all()))
    assert logged == sum(handoff.version for handoff in bench.everything())
    assert len(bench.everything()) == 2
    bench.stop()


def test_a_reminder_that_somebody_else_got_goes_as_well(url: str, tmp_path: Path) -> None:
    bench = Bench(tmp_path, url=url)
    bench.crm.put_record(record(1))
    bench.flow.take([hint(1)], bench.clock.now)
    bench.work()
    bench.people.presences["U0SAM00001"] = Presence(is_away=True)
    bench.work_after(timedelta(hours=2))
    bench.flow.record(did("not_needed", SAM, reason="They bought the small package"), bench.clock.now)
    bench.work()
    assert left(bench, OutboxRow)["skipped"] == 1

    while bench.store.clear_away(bench.clock.now + DAYS):
        pass

    assert left(bench, OutboxRow) == {}
    bench.stop()


def test_what_was_given_up_or_is_due_stays(url: str, tmp_path: Path) -> None:
    bench = lived(tmp_path, url)
    given_up = update(InboxRow).where(col(InboxRow.key) == "k1").values(state="dead")
    bench.database.write(lambda c: c.execute(given_up))
    due = left(bench, OutboxRow)["due"]

    while bench.store.clear_away(bench.clock.now + DAYS):
        pass

    assert left(bench, InboxRow) == {"dead": 1}
    assert left(bench, OutboxRow)["due"] == due
    bench.stop()
