"""Finding handoffs by the words of their names where very many have the same ones."""

from storage.engine import Database
from storage.names import MOST_SORTED
from storage.store import SqlStore
from tests.storage.crowd import fill

MORE = MOST_SORTED + 200


def _found(store: SqlStore, name: str, limit: int, offset: int = 0, *, everything: bool = False) -> list[str]:
    return [handoff.record.name for handoff in store.search(name, limit, offset, everything=everything)]


def test_of_a_word_that_very_many_names_have_those_who_wait_longest_are_first(
    store: SqlStore, database: Database
) -> None:
    fill(database, [*(f"Dealer {n}" for n in range(50)), *(f"Deal {n}" for n in range(MORE))])

    newest_first = _found(store, "deal", 3, everything=True)

    assert _found(store, "dealer", 3) == ["Dealer 0", "Dealer 1", "Dealer 2"]
    assert _found(store, "deal", 3, 48) == ["Dealer 48", "Dealer 49", "Deal 0"]
    assert newest_first == [f"Deal {MORE - 1}", f"Deal {MORE - 2}", f"Deal {MORE - 3}"]


def test_pages_of_very_many_names_show_each_once(store: SqlStore, database: Database) -> None:
    fill(database, [f"Deal {n} Dealer" for n in range(MORE)])

    pages = [_found(store, "deal", 400, offset) for offset in range(0, MORE + 400, 400)]

    shown = [name for page in pages for name in page]
    assert sorted(shown) == sorted(f"Deal {n} Dealer" for n in range(MORE))


def test_a_rare_word_is_found_beside_a_longer_one_that_very_many_names_have(
    store: SqlStore, database: Database
) -> None:
    fill(database, [*(f"International {n}" for n in range(MORE)), "International Ape"])

    assert _found(store, "international ape", 5) == ["International Ape"]


def test_two_words_that_very_many_names_have_are_found_where_one_name_has_both(
    store: SqlStore, database: Database
) -> None:
    fill(database, [*(f"Nordic {n}" for n in range(MORE)), *(f"Lumber {n}" for n in range(MORE)), "Nordic Lumber"])

    assert _found(store, "nordic lumber", 5) == ["Nordic Lumber"]
    assert _found(store, "lum nor", 5, everything=True) == ["Nordic Lumber"]


def test_signs_that_hold_capital_letters_are_found_by_small_ones(store: SqlStore, database: Database) -> None:
    fill(database, ["Lumber №15", "Nordic™ Wood"])

    assert _found(store, "no15", 5) == ["Lumber №15"]
    assert _found(store, "nordictm", 5) == ["Nordic™ Wood"]
