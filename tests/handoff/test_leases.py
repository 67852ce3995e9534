"""Until when a worker may still say what it has leased."""

from datetime import timedelta

import pytest

from handoff.errors import TooEarly, TooLate
from handoff.leases import LEASE, ONE_CALL, in_time
from tests.factories import NOW

MOMENT = timedelta(milliseconds=1)


def test_a_call_that_is_over_before_the_lease_is_in_time() -> None:
    in_time(NOW + LEASE, NOW)
    in_time(NOW + ONE_CALL, NOW)


@pytest.mark.parametrize("left", [ONE_CALL - MOMENT, timedelta(), -MOMENT, -LEASE])
def test_a_call_that_may_outlast_the_lease_is_too_late(left: timedelta) -> None:
    with pytest.raises(TooLate) as late:
        in_time(NOW + left, NOW)

    assert not isinstance(late.value, TooEarly)
