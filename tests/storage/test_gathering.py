"""What is written together: nobody who shares a transaction is told other than one after the other."""

from concurrent.futures import Future
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from handoff.decide import Reply, decide
from handoff.decision import Decision, ReplyKind
from handoff.errors import HandoffUnknown, StorageError
from handoff.events import AnyEvent
from handoff.model import Handoff, Status
from storage.engine import Database
from storage.gathering import Gathering
from storage.store import SqlStore
from storage.tables import HandoffRow, InboxRow
from storage.unit import SqlUnit
from tests.factories import (
    ANSWERS,
    DANA,
    NOW,
    PRIYA,
    answered,
    claimed,
    did,
    hint,
    nag,
    record,
    stage_entered,
    workflow,
)
from tests.storage.sharing import one_transaction


def recorded(database: Database, event: AnyEvent) -> Future[Reply]:
    """The event on its way, as the flow sends it."""

    def work(gathering: Gathering) -> Reply:
        unit = SqlUnit(gathering, "T0TEST0001", {workflow().edition: workflow()})
        decision = decide(unit.handoff(event.handoff_id), event, workflow(), event.at)
        if decision.counts:
            unit.save(event, decision, event.at)
        return decision.reply

    return database.gather(work, ("T0TEST0001", event.handoff_id))


def briefed(database: Database, *handoff_ids: str) -> None:
    """Handoffs whose briefs wait for somebody to take them."""
    for number, id_ in enumerate(handoff_ids, 1):
        recorded(database, stage_entered(handoff_id=id_, record=record(number))).result(10)
        recorded(database, answered(ANSWERS, handoff_id=id_)).result(10)


def owner(store: SqlStore, handoff_id: str = "h1") -> str | None:
    handoff = found(store, handoff_id)
    return handoff.owner.name if handoff.owner else None


def found(store: SqlStore, handoff_id: str) -> Handoff:
    handoff = store.handoff(handoff_id)
    assert handoff is not None
    return handoff


def test_second_of_two_who_claim_in_one_transaction_is_told_of_the_first(database: Database, store: SqlStore) -> None:
    briefed(database, "h1")

    with one_transaction(database):
        first = recorded(database, claimed(PRIYA))
        second = recorded(database, claimed(DANA))

    assert first.result(10).kind is ReplyKind.DONE
    assert second.result(10).kind is ReplyKind.ALREADY_OWNED
    assert owner(store) == PRIYA.name


def test_acts_on_many_handoffs_in_one_transaction_are_all_stored(database: Database, store: SqlStore) -> None:
    briefed(database, "h1", "h2", "h3")

    with one_transaction(database):
        claims = [recorded(database, claimed(PRIYA, handoff_id=id_)) for id_ in ("h1", "h2", "h3")]
        again = recorded(database, did("released", PRIYA, handoff_id="h2"))

    assert {c.result(10).kind for c in [*claims, again]} == {ReplyKind.DONE}
    assert [owner(store, id_) for id_ in ("h1", "h2", "h3")] == [PRIYA.name, None, PRIYA.name]
    assert [len(store.log(id_)) for id_ in ("h1", "h2", "h3")] == [3, 4, 3]


def test_ladder_that_ends_and_begins_again_beside_others_is_due(database: Database, store: SqlStore) -> None:
    briefed(database, "h1", "h2")

    def work(gathering: Gathering) -> None:
        unit = SqlUnit(gathering, "T0TEST0001", {})
        handoff = unit.handoff("h1")
        assert handoff is not None
        again = nag("channel", step=1, due_at=NOW + timedelta(days=2))
        unit.save(claimed(), Decision(handoff=handoff, cancel=("channel",), notices=(again,)), NOW)

    with one_transaction(database):
        beside = recorded(database, stage_entered(handoff_id="h3", record=record(3)))  # ends no ladder
        reads = recorded(database, claimed(PRIYA, handoff_id="h2"))
        begun_again = database.gather(work)

    assert begun_again.result(10) is None
    assert beside.result(10).kind is reads.result(10).kind is ReplyKind.DONE
    coming = store.coming("h1", "channel")
    assert coming is not None
    assert coming.step == 1
    assert store.coming("h2", "channel") is None


def test_two_ends_of_one_ladder_in_one_piece_leave_one_reminder(database: Database, store: SqlStore) -> None:
    briefed(database, "h1")
    first, second = (nag("channel", step=n, due_at=NOW + timedelta(days=n)) for n in (1, 2))

    def work(gathering: Gathering) -> None:
        unit = SqlUnit(gathering, "T0TEST0001", {})
        handoff = unit.handoff("h1")
        assert handoff is not None
        for notice in (first, second):
            unit.save(claimed(), Decision(handoff=handoff, cancel=("channel",), notices=(notice,)), NOW)
            handoff = handoff.model_copy(update={"version": handoff.version + 1})

    database.gather(work).result(10)

    assert store.coming("h1", "channel") == second


def test_handoffs_of_equal_id_are_each_of_their_own_workspace(database: Database, store: SqlStore) -> None:
    briefed(database, "h1", "h2")
    elsewhere = SqlStore(database, "T0ELSE0001")

    def found(where: str, handoff_id: str) -> Future[Handoff | None]:
        about = (where, handoff_id)
        return database.gather(lambda gathering: SqlUnit(gathering, where, {}).handoff(handoff_id), about)

    with one_transaction(database):
        there = [found("T0TEST0001", "h1"), found("T0ELSE0001", "h2"), found("T0TEST0001", "h2")]
        new = [elsewhere.taking([hint(1)], NOW), store.taking([hint(1)], NOW)]

    ids = [one.id if (one := future.result(10)) else None for future in there]
    assert ids == ["h1", None, "h2"]
    assert [one.result(10) for one in new] == [[True], [True]]


def test_same_hint_twice_in_one_transaction_is_new_once(database: Database, store: SqlStore) -> None:
    store.take([hint(1)], NOW)

    with one_transaction(database):
        new = [store.taking(hints, NOW) for hints in ([hint(2), hint(1)], [hint(2)], [], [hint(3), hint(3)])]

    assert [one.result(10) for one in new] == [[True, False], [False], [], [True, False]]


def test_hints_are_stored_in_the_order_of_their_keys(database: Database, store: SqlStore) -> None:
    new = store.taking([hint(3), hint(1), hint(3), hint(4), hint(2)], NOW)

    assert new.result(10) == [True, True, False, True, True]
    in_order = select(col(InboxRow.key)).order_by(col(InboxRow.id))
    assert database.read(lambda c: c.execute(in_order).scalars().all()) == [hint(n).key for n in (1, 2, 3, 4)]


def test_change_by_other_work_in_the_same_transaction_is_seen(database: Database, store: SqlStore) -> None:
    briefed(database, "h1", "h2")
    renamed = found(store, "h2").model_copy(update={"status": Status.CANCELLED})

    with one_transaction(database):
        first = recorded(database, claimed(PRIYA, handoff_id="h1"))  # reads both at once
        change = update(HandoffRow).where(col(HandoffRow.id) == "h2").values(body=renamed.model_dump_json())
        database.submit(lambda c: c.execute(change))
        second = recorded(database, claimed(PRIYA, handoff_id="h2"))

    assert first.result(10).kind is ReplyKind.DONE
    assert second.result(10).kind is not ReplyKind.DONE


def test_unknown_handoff_among_known_ones_harms_nobody(database: Database, store: SqlStore) -> None:
    briefed(database, "h1")

    with one_transaction(database):
        unknown = recorded(database, claimed(PRIYA, handoff_id="h9"))
        known = recorded(database, claimed(PRIYA, handoff_id="h1"))

    with pytest.raises(HandoffUnknown):
        unknown.result(10)
    assert known.result(10).kind is ReplyKind.DONE
    assert owner(store) == PRIYA.name


def test_whoever_is_overtaken_every_time_is_told_that_nothing_was_stored(database: Database, store: SqlStore) -> None:
    briefed(database, "h1")

    def work(gathering: Gathering) -> None:
        unit = SqlUnit(gathering, "T0TEST0001", {})
        handoff = unit.handoff("h1")
        assert handoff is not None
        raised = update(HandoffRow).where(col(HandoffRow.id) == "h1").values(version=HandoffRow.version + 1)
        gathering.execute(raised)
        unit.save(claimed(), Decision(handoff=handoff), NOW)

    with pytest.raises(StorageError, match="Nothing was stored"):
        database.gather(work).result(10)

    assert len(store.log("h1")) == 2


def test_handoff_changed_by_somebody_else_meanwhile_is_read_again(database: Database, store: SqlStore) -> None:
    briefed(database, "h1", "h2")
    raised = update(HandoffRow).where(col(HandoffRow.id) == "h1").values(version=HandoffRow.version + 1)
    tries: list[int] = []

    def work(gathering: Gathering) -> Reply:
        unit = SqlUnit(gathering, "T0TEST0001", {workflow().edition: workflow()})
        handoff = unit.handoff("h1")
        if not tries:
            gathering.execute(raised)  # as if another replica had been quicker
        tries.append(1)
        decision = decide(handoff, claimed(PRIYA), workflow(), NOW)
        unit.save(claimed(PRIYA), decision, NOW)
        return decision.reply

    with one_transaction(database):
        lost = database.gather(work)
        beside = recorded(database, claimed(PRIYA, handoff_id="h2"))

    assert beside.result(10).kind is ReplyKind.DONE
    assert lost.result(10).kind is ReplyKind.DONE
    assert len(tries) == 2
    assert len(store.log("h1")) == 3
