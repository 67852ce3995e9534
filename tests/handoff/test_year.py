"""A year of reminders for sixty people in twelve zones, with two replicas that die and a Slack that loses answers.

A third of 3,000 handoffs begins as a quarter ends; some are never done. For other years: BATON_YEAR_SEED=2
BATON_YEAR_HANDOFFS=50000.
"""

import gc
import os
from collections.abc import Iterator

import pytest

from tests.handoff import year_review as review
from tests.handoff.year_world import Year

pytestmark = pytest.mark.long

SEED = int(os.environ.get("BATON_YEAR_SEED", "1"))
HANDOFFS = int(os.environ.get("BATON_YEAR_HANDOFFS", "3000"))


@pytest.fixture
def year() -> Iterator[Year]:
    """A year that was lived to its end."""
    gc.disable()  # nothing of a year is garbage before its end, and looking for some takes a third of the time
    try:
        lived = Year(SEED, HANDOFFS)
        lived.live()
        yield lived
    finally:
        gc.enable()


def _had_everything_that_can_keep_a_reminder_back(year: Year) -> None:
    found = review.reasons(year)

    assert len(year.store.handoffs) == HANDOFFS
    assert len(year.slack.sent) > HANDOFFS
    assert len({sent.post.ts for sent in year.slack.sent.values()}) < len(year.slack.sent)  # some were said together
    assert year.deaths > 0
    assert year.overslept > 0
    for reason in (
        "outside their working hours",
        "away, by their status in Slack",
        "their Slack account is deactivated",
    ):
        assert found[reason] > 0
    assert found["they asked Slack not to be disturbed"] > 0
    assert any(reason.startswith("reminded 3 times") for reason in found)


def test_in_a_year_every_reminder_comes_when_it_should_and_no_other(year: Year) -> None:
    """One test, because a year is lived only once."""
    _had_everything_that_can_keep_a_reminder_back(year)

    assert review.outside_hours(year) == []
    assert review.to_the_absent(year) == []
    assert review.of_what_was_done(year) == []
    assert review.doubled(year) == []
    assert review.too_many_a_day(year) == []
    assert review.misplaced(year) == []  # every rung is due when its ladder says
    assert review.overdue_wrongly(year) == []  # the Home tab says so from then on
    assert review.late(year) == []  # and comes within a working day, or says why not
    assert review.unfinished(year) == []  # what nobody does comes to the top of its ladder
