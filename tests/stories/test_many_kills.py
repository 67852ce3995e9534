"""kill −9 again and again, while people work and both outside systems lose answers: nothing is lost or doubled.

A short run of what `benchmarks/kills.py` does at length; what it counts is seen in Slack and the CRM only.
"""

import pytest

from benchmarks.kills import Size, run

pytestmark = pytest.mark.long

SIZE = Size(handoffs=14, kills=5, least=0.3, most=2.5, thinking=2.0, patience=300.0, seed=20)


def test_nothing_is_lost_or_doubled_when_the_bot_is_killed_again_and_again() -> None:
    outcome = run(SIZE)

    assert outcome.kills == SIZE.kills
    assert outcome.faults > 0
    assert outcome.verdict.what == []
    assert set(outcome.verdict.counts().values()) == {0}
    assert outcome.verdict.nags >= 3 * 4  # three deals are left alone, and a ladder has four steps
