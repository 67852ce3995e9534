"""Faults of the Web API, switched on from outside. Decides whether one strikes; does not act on it.

slow: the work is done after `seconds`. 5xx and 429: an error answer and nothing is done. drop: the work is done but
the connection closes without an answer. fatal: the work is done but the answer is `fatal_error`.
"""

import random
from dataclasses import dataclass, field
from typing import Any

KINDS = ("slow", "5xx", "429", "drop", "fatal")
ANY_METHOD = "*"


@dataclass
class Fault:
    """One kind of trouble for one method or for all (`*`).

    `rate` is the share of calls it hits, `times` how often it may still strike (None: always), `seconds` the delay of
    `slow` and the Retry-After of `429`; the same `seed` hits the same calls.
    """

    method: str
    kind: str
    rate: float = 1.0
    times: int | None = None
    seconds: float = 1.0
    seed: int | None = None
    struck: int = 0
    dice: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"A fault's kind is one of {', '.join(KINDS)}, not {self.kind!r}.")
        if not 0 <= self.rate <= 1:
            raise ValueError(f"A fault's rate is a number from 0 to 1, not {self.rate!r}.")
        self.dice = random.Random(self.seed)

    def strikes(self, method: str) -> bool:
        """Whether this call is hit; counts it."""
        if self.method not in (ANY_METHOD, method):
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        if self.dice.random() >= self.rate:
            return False
        self.struck += 1
        return True

    def as_json(self) -> dict[str, Any]:
        """What is on and how often it struck."""
        names = ("method", "kind", "rate", "times", "seconds", "seed", "struck")
        return {name: getattr(self, name) for name in names}


@dataclass
class Faults:
    """What is switched on; a second fault of the same method and kind replaces the first."""

    active: list[Fault] = field(default_factory=list)

    def switch_on(self, fault: Fault) -> None:
        """Add a fault, or replace the one of the same method and kind."""
        same = (fault.method, fault.kind)
        self.active = [*(kept for kept in self.active if (kept.method, kept.kind) != same), fault]

    def clear(self) -> None:
        """Switch everything off."""
        self.active = []

    def strike(self, method: str) -> Fault | None:
        """The fault that hits the present call, if any: the one switched on first wins."""
        return next((fault for fault in self.active if fault.strikes(method)), None)

    def as_json(self) -> list[dict[str, Any]]:
        """Everything switched on, in the order it was."""
        return [fault.as_json() for fault in self.active]
