"""Which of HubSpot's events are the same change, which share a hint, and what a merge is about."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.hubspot import MOST_MERGED
from tests.crm.webhook_rig import EVENT, only_hint, read, read_sample


@pytest.mark.parametrize(
    ("name", "deals"),
    [
        ("merge_into_a_new_deal.json", ["60917722110", "60917722105", "60917722106"]),
        ("merge_into_the_winner.json", ["812440973", "60917722106"]),
    ],
)
def test_sample_about_a_merge_is_a_hint_for_each_deal(name: str, deals: list[str]) -> None:
    told = read_sample(name)

    assert [hint.ref.id for hint in told.hints] == deals
    assert len({hint.key for hint in told.hints}) == len(deals)
    assert told.ignored == 0


@pytest.mark.parametrize("change", [{"eventId": 2}, {"attemptNumber": 4}, {"objectId": "812440973"}], ids=str)
def test_same_change_told_again_has_the_same_key(change: dict[str, Any]) -> None:
    first, again = only_hint(read(EVENT)), only_hint(read({**EVENT, **change}))

    assert first.key == again.key


@pytest.mark.parametrize(
    "change",
    [
        {"objectId": 812440974},
        {"occurredAt": 1794830400816},
        {"portalId": 1},
        {"subscriptionId": 1},
        {"propertyName": "amount"},
        {"subscriptionType": "deal.deletion"},
    ],
    ids=str,
)
def test_another_change_has_another_key(change: dict[str, Any]) -> None:
    first, other = only_hint(read(EVENT)), only_hint(read({**EVENT, **change}))

    assert first.key != other.key


def test_properties_changed_at_one_moment_share_the_hint_of_the_stage() -> None:
    save = [{**EVENT, "propertyName": name, "subscriptionId": n} for n, name in enumerate(("amount", "dealstage", "a"))]

    told = read(*save)

    assert only_hint(told).key == only_hint(read(save[1])).key
    assert only_hint(told).stage == "closedwon"
    assert told.ignored == 0


def test_property_changed_a_millisecond_later_has_its_own_hint() -> None:
    told = read(EVENT, {**EVENT, "propertyName": "amount", "occurredAt": EVENT["occurredAt"] + 1})

    assert [hint.stage for hint in told.hints] == ["closedwon", ""]


@given(st.permutations(["amount", "closedate", "risk_notes", "dealstage"]), st.integers(1, 4))
def test_same_batch_in_another_order_has_the_same_key(names: list[str], most: int) -> None:
    save = [{**EVENT, "propertyName": name} for name in names[:most]]
    again = random.Random(most).sample(save, len(save))

    assert only_hint(read(*save)).key == only_hint(read(*again)).key


@pytest.mark.parametrize("losers", [None, "60917722106", {}, [], [None, "x", True]], ids=str)
def test_merge_that_names_no_losers_is_a_hint_for_the_winner(losers: object) -> None:
    merge = {**EVENT, "subscriptionType": "deal.merge", "primaryObjectId": 812440974, "mergedObjectIds": losers}

    assert [hint.ref.id for hint in read(merge).hints] == ["812440973", "812440974"]


def test_merge_of_very_many_is_cut_off() -> None:
    merge = {**EVENT, "subscriptionType": "deal.merge", "mergedObjectIds": list(range(1000))}

    assert len(read(merge).hints) == 1 + MOST_MERGED


@given(st.integers(0, 4_102_444_800_000))
def test_changes_a_millisecond_apart_have_their_own_keys(moment: int) -> None:
    first, second = read({**EVENT, "occurredAt": moment}, {**EVENT, "occurredAt": moment + 1}).hints

    assert first.key != second.key
