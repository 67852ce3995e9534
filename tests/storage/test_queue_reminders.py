"""Reminders to one recipient: while it is unsure what became of an older one, the others wait, though not for long."""

from datetime import timedelta

from handoff.decision import Decision
from handoff.model import Handoff
from handoff.notices import Notice
from handoff.ports import Leased
from storage.queue import MOST_DOUBT
from storage.store import SqlStore
from tests.factories import NOW, ask_rep, handoff, nag, record, stage_entered

SECOND = timedelta(seconds=1)
LATER = NOW + 40 * SECOND


def two_reminders(store: SqlStore) -> Leased[Notice]:
    """Two handoffs remind Sam now; the first of them as it is leased."""
    for number in (1, 2):
        one: Handoff = handoff(id=f"h{number}", record=record(number), workspace="T0TEST0001", version=0)
        decision = Decision(handoff=one, notices=(nag(key=f"h{number}:nag", handoff_id=one.id),))
        event = stage_entered(handoff_id=one.id, record=one.record)
        store.write(lambda unit, event=event, decision=decision: unit.save(event, decision, NOW))  # type: ignore[misc]
    leased = store.lease_notice(NOW, LATER)
    assert leased is not None
    assert leased.item.key == "h1:nag"
    return leased


def test_reminder_waits_while_an_older_one_to_the_same_person_may_have_been_said(store: SqlStore) -> None:
    store.retry(two_reminders(store), NOW + 5 * SECOND, "no answer", clean=False)

    assert store.lease_notice(NOW + SECOND, LATER) is None
    again = store.lease_notice(NOW + 5 * SECOND, LATER)
    assert again is not None
    assert (again.item.key, again.doubtful) == ("h1:nag", True)


def test_reminder_that_surely_was_not_said_holds_up_no_other(store: SqlStore) -> None:
    store.retry(two_reminders(store), NOW + 5 * SECOND, "Slack answered 429.", clean=True)

    other = store.lease_notice(NOW + SECOND, LATER)

    assert other is not None
    assert other.item.key == "h2:nag"


def test_reminder_that_its_own_lane_holds_up_holds_up_no_other(store: SqlStore) -> None:
    for number, before in ((1, (ask_rep(due_at=NOW - SECOND),)), (2, ())):
        one: Handoff = handoff(id=f"h{number}", record=record(number), workspace="T0TEST0001", version=0)
        notices = (*before, nag(key=f"h{number}:nag", handoff_id=one.id))
        decision = Decision(handoff=one, notices=notices)
        event = stage_entered(handoff_id=one.id, record=one.record)
        store.write(lambda unit, event=event, decision=decision: unit.save(event, decision, NOW))  # type: ignore[misc]
    question = store.lease_notice(NOW, LATER)
    assert question is not None
    store.retry(question, NOW + timedelta(days=1), "It may have been posted already.", clean=False)

    found = store.lease_notice(NOW, LATER)

    assert found is not None
    assert (question.item.kind, found.item.key) == ("ask_rep", "h2:nag")


def test_reminder_whose_outcome_stays_unknown_holds_up_no_other_for_long(store: SqlStore) -> None:
    leased, now = two_reminders(store), NOW
    for _ in range(MOST_DOUBT):
        now += 5 * SECOND
        store.retry(leased, now, "history cannot be read", clean=False)
        found = store.lease_notice(now, now + SECOND)
        assert found is not None
        assert found.item.key == "h1:nag"
        leased = found
    store.retry(leased, now + 60 * SECOND, "history cannot be read", clean=False)

    other = store.lease_notice(now + SECOND, LATER)

    assert other is not None
    assert other.item.key == "h2:nag"
