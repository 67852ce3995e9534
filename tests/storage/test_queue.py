"""The inbox and the outbox: due, leased, tried again, done. The same on both engines."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from storage.engine import Database, open_database
from storage.store import SqlStore
from tests.factories import NOW, hint

LATER = NOW + timedelta(seconds=40)
SECOND = timedelta(seconds=1)


def test_hint_delivered_ten_times_is_kept_once(store: SqlStore) -> None:
    new = [store.take([hint(1), hint(1)], NOW) for _ in range(10)]

    assert sum(new) == 1


def test_batch_is_kept_whole(store: SqlStore) -> None:
    assert store.take([hint(n) for n in range(100)], NOW) == 100


def test_empty_batch_is_fine(store: SqlStore) -> None:
    assert store.take([], NOW) == 0


def test_hint_is_on_disk_when_it_was_taken(store: SqlStore, database: Database, url: str) -> None:
    store.take([hint(1)], NOW)
    database.close()

    again = open_database(url)
    leased = SqlStore(again, "T0TEST0001").lease_hint(NOW, LATER)
    again.close()

    assert leased is not None
    assert leased.item == hint(1)


def test_leased_row_is_nobody_elses_until_its_lease_runs_out(store: SqlStore) -> None:
    store.take([hint(1)], NOW)

    first = store.lease_hint(NOW, LATER)
    meanwhile = store.lease_hint(LATER - SECOND, LATER + LATER.resolution)
    afterwards = store.lease_hint(LATER, LATER + SECOND)

    assert first is not None
    assert not first.doubtful
    assert meanwhile is None
    assert afterwards is not None
    assert (afterwards.attempt, afterwards.doubtful) == (2, True)


def test_worker_whose_lease_ran_out_changes_nothing(store: SqlStore) -> None:
    store.take([hint(1)], NOW)
    late = store.lease_hint(NOW, LATER)
    quick = store.lease_hint(LATER, LATER + SECOND)
    assert late is not None
    assert quick is not None

    by_the_late_one = store.write(lambda unit: unit.finish(late, "read", LATER))
    by_the_quick_one = store.write(lambda unit: unit.finish(quick, "read", LATER))
    once_more = store.write(lambda unit: unit.finish(quick, "read", LATER))

    assert (by_the_late_one, by_the_quick_one, once_more) == (False, True, False)


def test_row_given_back_waits_until_its_moment(store: SqlStore) -> None:
    store.take([hint(1)], NOW)
    leased = store.lease_hint(NOW, LATER)
    assert leased is not None

    store.retry(leased, NOW + 5 * SECOND, "HubSpot answered 503.", clean=True)

    assert store.lease_hint(NOW + 4 * SECOND, LATER) is None
    again = store.lease_hint(NOW + 5 * SECOND, LATER)
    assert again is not None
    assert not again.doubtful


def test_doubt_stays_when_a_later_attempt_surely_did_nothing(store: SqlStore) -> None:
    store.take([hint(1)], NOW)
    first = store.lease_hint(NOW, LATER)
    assert first is not None
    store.retry(first, NOW, "no answer", clean=False)
    second = store.lease_hint(NOW, LATER)
    assert second is not None
    store.retry(second, NOW, "history could not be read", clean=True)

    third = store.lease_hint(NOW, LATER)

    assert third is not None
    assert third.doubtful


def test_rows_of_one_lane_go_in_order_and_hold_up_no_other_lane(store: SqlStore) -> None:
    store.take([hint(1, key="a"), hint(1, key="b"), hint(2, key="c")], NOW)

    leased = [store.lease_hint(NOW, LATER) for _ in range(3)]

    assert [each.item.key for each in leased if each] == ["a", "c"]


def test_lane_goes_on_when_its_first_row_is_done(store: SqlStore) -> None:
    store.take([hint(1, key="a"), hint(1, key="b")], NOW)
    first = store.lease_hint(NOW, LATER)
    assert first is not None

    store.write(lambda unit: unit.finish(first, "read", NOW))

    second = store.lease_hint(NOW, LATER)
    assert second is not None
    assert second.item.key == "b"


def test_each_row_goes_to_one_of_many_workers(store: SqlStore) -> None:
    store.take([hint(n) for n in range(200)], NOW)

    def work(_: int) -> list[str]:
        mine = []
        while leased := store.lease_hint(NOW, LATER):
            mine.append(leased.item.key)
        return mine

    with ThreadPoolExecutor(8) as pool:
        taken = Counter(key for keys in pool.map(work, range(8)) for key in keys)

    # PostgreSQL may pass over a row that is locked at that instant; a later look finds it
    taken.update(work(0))
    assert set(taken.values()) == {1}
    assert len(taken) == 200


def test_rows_of_another_workspace_are_not_seen(store: SqlStore, database: Database) -> None:
    store.take([hint(1)], NOW)
    neighbour = SqlStore(database, "T0OTHER001")

    assert neighbour.lease_hint(NOW, LATER) is None
    assert neighbour.take([hint(1)], NOW) == 1


def test_restart_shortens_leases_only_where_no_other_process_can_hold_them(store: SqlStore, database: Database) -> None:
    store.take([hint(1)], NOW)
    store.lease_hint(NOW, LATER)

    store.resume(NOW)

    soon = store.lease_hint(NOW + 5 * SECOND, LATER)
    assert (soon is not None) == database.alone
