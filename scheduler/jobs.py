"""What happens on the clock: a name, an interval in seconds, one call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Job:
    """Something done again and again. `seconds` is the pause between two beginnings."""

    name: str
    seconds: float
    run: Callable[[], None]


class Caretaker(Protocol):
    """What Baton does to look after itself."""

    def tick(self) -> None:
        """Note that the clock ticks."""

    def learn(self) -> None:
        """See how much there is by now."""

    def check_slack(self) -> None:
        """See that Slack still speaks with us."""

    def audit(self) -> None:
        """See that nothing lies about."""

    def tidy(self) -> None:
        """Clear away what has been done for long."""


def make_jobs(wake: Callable[[], None], caretaker: Caretaker) -> tuple[Job, ...]:
    """Every job Baton has."""
    return (
        Job("look_for_what_is_due", 1.0, wake),
        Job("note_that_the_clock_ticks", 1.0, caretaker.tick),
        Job("see_how_much_there_is", 5.0, caretaker.learn),
        Job("see_that_slack_speaks_with_us", 60.0, caretaker.check_slack),
        Job("see_that_nothing_lies_about", 60.0, caretaker.audit),
        Job("clear_away_what_is_done", 3600.0, caretaker.tidy),
    )
