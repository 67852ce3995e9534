"""What is found again of a handoff: the newest of its record, its log with remarks, whose it is, what is void."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from handoff.decide import decide
from handoff.errors import StorageError
from handoff.events import AnyEvent, RecordChanged, Reentered
from handoff.model import Handoff
from handoff.notices import Nag
from handoff.ports import Unit
from storage.engine import Database, SharedDatabase
from storage.queue import table
from storage.search import quiet_until
from storage.store import SqlStore
from storage.tables import HandoffRow
from tests.factories import (
    DANA,
    MAX,
    NOW,
    PRIYA,
    REASON,
    SAM,
    answered,
    claimed,
    did,
    record,
    stage_entered,
    unsaid,
    whole_workflow,
)
from tests.factories import nag as reminder
from tests.storage.hearing import heard

WHOLE = whole_workflow()
LATER = NOW + timedelta(days=1)


def _apply(store: SqlStore, *events: AnyEvent) -> Handoff:
    def work(unit: Unit, event: AnyEvent) -> None:
        handoff = unit.handoff(event.handoff_id)
        unit.save(event, decide(handoff, event, WHOLE, event.at), event.at)

    for event in events:
        store.write(lambda unit, event=event: work(unit, event))  # type: ignore[misc]
    found = store.handoff(events[-1].handoff_id)
    assert found is not None
    return found


def _ended(handoff_id: str = "h1", **changes: Any) -> tuple[AnyEvent, ...]:
    """A handoff that sales said is not needed."""
    over: AnyEvent = did("not_needed", SAM, reason=REASON, handoff_id=handoff_id)
    return stage_entered(handoff_id=handoff_id, **changes), over


def _newest(store: SqlStore) -> str | None:
    found = store.write(lambda unit: unit.newest("sales-to-delivery", record().ref))
    return found.id if found else None


def _due_nags(store: SqlStore) -> list[str]:
    """The reminders that come within a month; each is taken and given up."""
    scopes = []
    while leased := store.lease_notice(LATER + timedelta(days=30), LATER + timedelta(days=31)):
        scopes += [leased.item.scope] if isinstance(leased.item, Nag) else []
        store.write(lambda unit, leased=leased: unit.finish(leased, "seen", LATER))  # type: ignore[misc]
    return sorted(scopes)


def test_newest_handoff_of_a_record_is_the_open_one_or_else_the_last_one(store: SqlStore) -> None:
    nobody = _newest(store)
    _apply(store, *_ended("h1", at=LATER))
    _apply(store, *_ended("h2", at=NOW))
    last = _newest(store)
    _apply(store, stage_entered(handoff_id="h3", at=NOW))

    assert (nobody, last, _newest(store)) == (None, "h1", "h3")


def test_handoff_that_is_over_leaves_room_for_another_and_can_come_back(store: SqlStore) -> None:
    _apply(store, *_ended())
    closed = (store.count(), [h.id for h in store.search(None, 9)], [h.id for h in store.of("U0SAM00001", 9)])

    resumed = _apply(store, Reentered(handoff_id="h1", at=LATER, via="hubspot", record=record()))

    assert closed == ({}, [], [])
    assert resumed.is_open
    assert store.count() == {"collecting": 1}
    assert [h.id for h in store.of("U0SAM00001", 9)] == ["h1"]


def test_everything_is_found_of_a_name_and_the_open_ones_only_unless_asked(store: SqlStore) -> None:
    _apply(store, *_ended())
    _apply(store, stage_entered(handoff_id="h2", at=LATER))

    assert [h.id for h in store.search("deal", 9)] == ["h2"]
    assert [h.id for h in store.search("deal", 9, everything=True)] == ["h2", "h1"]
    assert [h.id for h in store.search(None, 9, everything=True)] == ["h2", "h1"]


def test_a_member_finds_what_they_answer_for_and_what_they_own(store: SqlStore) -> None:
    _apply(store, stage_entered(), answered({"kickoff": "Call"}), did("passed_on", SAM, to=DANA))
    _apply(store, stage_entered(handoff_id="h2", record=record(2), at=LATER))
    _apply(store, answered(handoff_id="h2"), claimed(PRIYA, handoff_id="h2"))

    mine = {who.name: [h.id for h in store.of(who.slack_id or "", 9)] for who in (SAM, DANA, PRIYA, MAX)}

    assert mine == {SAM.name: ["h2"], DANA.name: ["h1"], PRIYA.name: ["h2"], MAX.name: []}


def test_log_tells_every_event_in_order_with_its_remarks(store: SqlStore) -> None:
    _apply(store, stage_entered(), unsaid(reminder()), did("paused", PRIYA))

    log = store.log("h1")

    assert [event.kind for event, _ in log] == ["stage_entered", "unsaid", "paused"]
    assert [remarks for _, remarks in log] == [
        "",
        "nag was refused: is_archived",
        "no reminders while it is paused",
    ]
    assert list(store.log("h9")) == []


def test_deed_voids_the_reminders_of_its_own_flag_and_no_others(store: SqlStore) -> None:
    flags = ("Custom Scope", "Delivery Risk")
    _apply(store, stage_entered(), answered(flags=flags, flag_note=REASON))
    _apply(store, did("reviewed", MAX, flag=0, verdict="approved", reason=REASON))

    assert _due_nags(store) == ["reviewer:1"]


def test_snooze_leaves_one_reminder_for_each_deed(store: SqlStore) -> None:
    _apply(store, stage_entered(), answered({"kickoff": "Call"}, flags=("Custom Scope",), flag_note=REASON))
    _apply(store, did("snoozed", SAM, until=LATER))

    assert _due_nags(store) == ["rep", "reviewer:0"]


def test_handoff_is_found_by_what_it_is_after_every_event(store: SqlStore, database: Database) -> None:
    story = (
        stage_entered(),
        did("snoozed", SAM, until=LATER),
        did("paused", SAM),
        answered({"kickoff": "Call"}),
        did("passed_on", SAM, to=DANA),
        answered(),
        claimed(PRIYA),
        did("released", PRIYA, reason=REASON),
        claimed(MAX),
        RecordChanged(handoff_id="h1", at=NOW, via="hubspot", record=record(name="Another name")),
        did("not_needed", SAM, reason=REASON),
    )

    for event in story:
        _apply(store, event)
        assert _beside(database) == _as_it_is(store)


def test_handoff_is_found_by_what_it_is_after_two_events_without_reading_it_between(
    store: SqlStore, database: Database
) -> None:
    _apply(store, stage_entered(), answered())

    def work(unit: Unit) -> None:
        taken = decide(unit.handoff("h1"), claimed(PRIYA), WHOLE, NOW)
        unit.save(claimed(PRIYA), taken, NOW)
        owned = taken.handoff.model_copy(update={"version": taken.handoff.version + 1})
        released = did("released", PRIYA, reason=REASON)
        unit.save(released, decide(owned, released, WHOLE, NOW), NOW)

    store.write(work)

    assert _beside(database) == _as_it_is(store)


def test_event_that_changes_nothing_to_find_a_handoff_by_writes_none_of_it(store: SqlStore, database: Database) -> None:
    _apply(store, stage_entered())
    with heard() as said:
        _apply(store, did("drafted", SAM, answers={"kickoff": "Call"}))

    (update,) = [text for text in said if text.startswith("UPDATE handoffs")]
    if not isinstance(database, SharedDatabase):  # whose indexes are left alone if a value is the same
        assert re.findall(r"(\w+)=", update.partition(" WHERE ")[0]) == ["version", "body"]
    assert [text for text in said if "words" in text] == []


def test_handoff_that_is_renamed_is_found_by_its_new_name_only(store: SqlStore) -> None:
    _apply(store, stage_entered(record=record(name="Old name")))
    _apply(store, RecordChanged(handoff_id="h1", at=NOW, via="hubspot", record=record(name="Another name")))

    assert [[h.id for h in store.search(word, 9)] for word in ("another", "old")] == [["h1"], []]


def test_whoever_was_quicker_is_noticed_before_the_log(store: SqlStore) -> None:
    """Of two pieces of work in one transaction the second changes other columns than the first, and comes too late."""
    _apply(store, stage_entered(), stage_entered(handoff_id="h2", record=record(2)))
    stale = store.handoff("h2")
    _apply(store, did("drafted", SAM, answers={"kickoff": "Call"}, handoff_id="h2"))
    drafted, late = did("drafted", SAM, answers={"kickoff": "Call"}), did("passed_on", SAM, to=DANA, handoff_id="h2")

    def work(unit: Unit) -> None:
        unit.save(drafted, decide(unit.handoff("h1"), drafted, WHOLE, NOW), NOW)
        unit.save(late, decide(stale, late, WHOLE, NOW), NOW)

    with pytest.raises(StorageError, match="quicker"):
        store.write(work)


def _beside(database: Database) -> tuple[Any, ...]:
    """What stands beside the body of the only handoff."""
    row = table(HandoffRow).c
    columns = (row.record_name, row.status, row.is_open, row.version, row.asked_id, row.owner_id, row.quiet_until)
    return tuple(database.read(lambda connection: connection.execute(select(*columns)).one()))


def _as_it_is(store: SqlStore) -> tuple[Any, ...]:
    h = store.handoff("h1")
    assert h is not None
    who = (person.slack_id if person else None for person in (h.asked, h.owner))
    return (h.record.name, h.status.value, h.is_open, h.version, *who, quiet_until(h))
