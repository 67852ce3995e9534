"""What happens on the clock: a name, an interval in seconds, one call."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """Something done again and again. `seconds` is the pause between two beginnings."""

    name: str
    seconds: float
    run: Callable[[], None]


def make_jobs(wake: Callable[[], None], note_tick: Callable[[], None]) -> tuple[Job, ...]:
    """Every job Baton has."""
    return (
        Job("look_for_what_is_due", 1.0, wake),
        Job("note_that_the_clock_ticks", 1.0, note_tick),
    )
