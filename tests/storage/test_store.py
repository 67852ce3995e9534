"""Handoffs, their log, and what one transaction promises. The same on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from handoff.decide import decide
from handoff.errors import StorageError
from handoff.events import AnyEvent, RecordVanished
from handoff.model import Handoff, Status
from handoff.notices import WriteBack
from handoff.ports import Unit
from storage.engine import Database
from storage.store import SqlStore
from tests.factories import FILLED, NOW, PRIYA, answered, claimed, record, stage_entered, workflow

LATER = NOW + timedelta(seconds=40)


def _apply(store: SqlStore, event: AnyEvent) -> None:
    def work(unit: Unit) -> None:
        handoff = unit.handoff(event.handoff_id)
        unit.save(event, decide(handoff, event, workflow(), NOW), NOW)

    store.write(work)


def _found(store: SqlStore, handoff_id: str = "h1") -> Handoff:
    handoff = store.handoff(handoff_id)
    assert handoff is not None
    return handoff


def test_handoff_comes_back_as_it_was_saved(store: SqlStore) -> None:
    _apply(store, stage_entered(record=record(fields=FILLED)))
    _apply(store, answered())
    _apply(store, claimed())

    handoff = _found(store)

    assert handoff.status is Status.OWNED
    assert handoff.owner == PRIYA
    assert handoff.version == 3
    assert handoff.record.fields["contact.email"] == FILLED["contact.email"]


def test_second_open_handoff_of_a_record_is_refused(store: SqlStore) -> None:
    _apply(store, stage_entered())

    with pytest.raises(StorageError):
        _apply(store, stage_entered(handoff_id="h2"))

    assert store.handoff("h2") is None
    assert store.count() == {"collecting": 1}


def test_transaction_that_fails_leaves_nothing_behind(store: SqlStore) -> None:
    def work(unit: Unit) -> None:
        unit.save(stage_entered(), decide(None, stage_entered(), workflow(), NOW), NOW)
        unit.saw(record(), NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write(work)

    assert store.handoff("h1") is None
    assert store.last_stage(record().ref) is None
    assert store.lease_notice(NOW, LATER) is None


def test_failure_of_one_does_not_touch_those_who_commit_beside_it(store: SqlStore) -> None:
    def fail(unit: Unit) -> None:
        unit.saw(record(999), NOW)
        raise ZeroDivisionError

    def write(n: int) -> bool:
        try:
            store.write(fail if n % 3 == 0 else lambda unit: unit.saw(record(n), NOW))
        except ZeroDivisionError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        stored = list(pool.map(write, range(60)))

    assert stored == [n % 3 != 0 for n in range(60)]
    assert all((store.last_stage(record(n).ref) == "closedwon") == (n % 3 != 0) for n in range(60))
    assert store.last_stage(record(999).ref) is None


def test_claim_voids_the_waiting_reminder_in_the_same_transaction(store: SqlStore) -> None:
    _apply(store, stage_entered())
    _apply(store, answered())
    _apply(store, claimed())

    kinds = []
    while leased := store.lease_notice(NOW + timedelta(days=30), LATER + timedelta(days=30)):
        kinds.append(leased.item.kind)
        store.write(lambda unit, leased=leased: unit.finish(leased, "said", NOW))  # type: ignore[misc]

    assert "nag" not in kinds
    assert "post_brief" in kinds


def test_simultaneous_changes_of_one_handoff_all_count(store: SqlStore) -> None:
    _apply(store, stage_entered())

    def note(n: int) -> None:
        notice = WriteBack(key=f"k{n}", handoff_id="h1", due_at=NOW, fields={"a": str(n)})

        def work(unit: Unit) -> None:
            handoff = unit.handoff("h1")
            assert handoff is not None
            decision = decide(handoff, answered({"promised": f"thing {n}"}), workflow(), NOW)
            unit.save(answered(), decision.model_copy(update={"notices": (notice,)}), NOW)

        store.write(work)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(20)))

    assert _found(store).version == 21


def test_stage_last_seen_is_remembered_per_record(store: SqlStore) -> None:
    store.write(lambda unit: unit.saw(record(1, stage="proposal"), NOW))
    store.write(lambda unit: unit.saw(record(1, stage="closedwon"), NOW))

    assert store.last_stage(record(1).ref) == "closedwon"
    assert store.last_stage(record(2).ref) is None


def test_search_takes_signs_for_no_words(store: SqlStore) -> None:
    _apply(store, stage_entered(record=record(1, name="100% Wool")))
    _apply(store, stage_entered(handoff_id="h2", record=record(2, name="1000 Lakes")))

    assert [h.id for h in store.search("100% wool", 10)] == ["h1"]
    assert list(store.search("%", 10)) == []


@pytest.mark.parametrize("name", ["sao", "SÃO", "padaria são", "são pad", "日本", "ßta"])
def test_search_finds_words_that_begin_so_in_any_order_and_script(store: SqlStore, name: str) -> None:
    _apply(store, stage_entered(record=record(1, name="Padaria São João 日本語 Sstar")))
    _apply(store, stage_entered(handoff_id="h2", record=record(2, name="Osasao Works")))

    assert [h.id for h in store.search(name, 10)] == ["h1"]


def test_search_for_everything_finds_what_is_over_too(store: SqlStore) -> None:
    _apply(store, stage_entered(record=record(1, name="Fjord Works")))
    gone = {"at": NOW, "via": "hubspot", "because": "deleted"}
    _apply(store, RecordVanished.model_validate({"handoff_id": "h1", **gone}))
    _apply(store, stage_entered(handoff_id="h2", record=record(2, name="Fjordlight")))

    assert [h.id for h in store.search("fjord", 10)] == ["h2"]
    assert {h.id for h in store.search("fjord", 10, everything=True)} == {"h1", "h2"}


def test_pages_of_what_waits_follow_one_another(store: SqlStore) -> None:
    for number in range(5):
        event = stage_entered(handoff_id=f"h{number}", record=record(number), at=NOW + timedelta(minutes=number))
        _apply(store, event)

    pages = [[h.id for h in store.search(None, 2, offset)] for offset in (0, 2, 4)]

    assert pages == [["h0", "h1"], ["h2", "h3"], ["h4"]]


def test_search_puts_those_who_wait_longest_first_and_owned_ones_last(store: SqlStore) -> None:
    for n in (1, 2, 3):
        at = NOW - timedelta(hours=n)
        _apply(store, stage_entered(handoff_id=f"h{n}", record=record(n), at=at))
    _apply(store, answered(handoff_id="h3"))
    _apply(store, claimed(handoff_id="h3"))

    assert [h.id for h in store.search(None, 10)] == ["h2", "h1", "h3"]


def test_nothing_of_one_workspace_is_seen_in_another(store: SqlStore, database: Database) -> None:
    _apply(store, stage_entered())
    neighbour = SqlStore(database, "T0OTHER001")

    assert neighbour.handoff("h1") is None
    assert neighbour.search(None, 10) == []
    assert neighbour.count() == {}
    assert neighbour.last_stage(record().ref) is None


def test_edition_of_a_workflow_is_kept_for_those_who_began_with_it(store: SqlStore, database: Database) -> None:
    changed = workflow(title="Sales to delivery, new")
    store.remember([changed], NOW)

    later = SqlStore(database, "T0TEST0001")

    assert later.workflow(workflow().edition) == workflow()
    assert later.workflow(changed.edition) == changed
    with pytest.raises(StorageError):
        later.workflow("0000")
