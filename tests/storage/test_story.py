"""The whole log comes page by page, each event once, whatever page it falls on."""

from datetime import timedelta

from bot.exporting import lines
from handoff.decide import decide
from storage.store import SqlStore
from tests.factories import CHECKLIST, FILLED, NOW, answered, record, stage_entered, workflow

MANY = 120  # more than two pages


def fill(store: SqlStore) -> None:
    for number in range(MANY):
        at = NOW + timedelta(minutes=number // 2)  # two at a time
        event = stage_entered(handoff_id=f"h{number}", at=at, record=record(number))
        decision = decide(None, event, workflow(), at)
        store.write(lambda unit, e=event, d=decision: unit.save(e, d, e.at))  # type: ignore[misc]


def test_every_event_once_in_order(store: SqlStore) -> None:
    fill(store)

    story = list(store.story())

    assert len(story) == len({one.handoff.id for one in story}) == MANY
    assert [one.event.at for one in story] == sorted(one.event.at for one in story)


def test_since_a_moment(store: SqlStore) -> None:
    fill(store)

    story = list(store.story(since=NOW + timedelta(minutes=58)))

    assert [one.handoff.id for one in story] == ["h116", "h117", "h118", "h119"]


def test_of_one_handoff_and_of_one_record(store: SqlStore) -> None:
    fill(store)

    assert [one.handoff.id for one in store.story(handoff="h7")] == ["h7"]
    assert [one.handoff.id for one in store.story(record="hubspot:deal:9")] == ["h9"]


def test_fields_that_only_some_may_read_are_marked(store: SqlStore) -> None:
    secret = workflow(checklist=[{**f, "visible_to": ["@finance"]} if f["key"] == "goals" else f for f in CHECKLIST])
    store.remember([secret], NOW)
    begun = stage_entered(record=record(fields=FILLED))
    store.write(lambda unit: unit.save(begun, decide(None, begun, secret, NOW), NOW))
    handoff = store.handoff("h1")
    given = answered({"promised": "Training for ten people"})
    store.write(lambda unit: unit.save(given, decide(handoff, given, secret, NOW), NOW))

    first, second = lines(store.story(), store, answers=True)

    assert '"restricted": ["goals"]' in first
    assert '"restricted": []' in second
