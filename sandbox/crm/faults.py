"""Faults of the CRM's API, switched on from outside. Decides whether one strikes; does not act on it."""

import random
from dataclasses import dataclass, field

KINDS = ("down", "slow", "429", "5xx", "drop")


@dataclass
class Fault:
    """One kind of trouble. `rate` is its share of calls, `times` how often it may still strike (None: always), `only`
    the one call that it hits, such as `POST /crm/v3/objects/notes` (None: any).

    down: the connection closes and nothing is done. drop: the same, but the work is done. slow: the work is done
    after `seconds`. 429 and 5xx: an error answer and nothing is done.
    """

    kind: str
    rate: float = 1.0
    times: int | None = None
    seconds: float = 2.0
    seed: int | None = None
    only: str | None = None
    struck: int = 0
    dice: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def strikes(self, call: str) -> bool:
        """Whether this call is hit; counts it."""
        if self.only not in (None, call):
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        if self.dice.random() >= self.rate:
            return False
        self.struck += 1
        return True


@dataclass
class Faults:
    """What is switched on, at most one of each kind."""

    active: dict[str, Fault] = field(default_factory=dict)

    def strike(self, call: str) -> Fault | None:
        """The fault that hits the present call, if any: the one switched on first wins."""
        return next((fault for fault in self.active.values() if fault.strikes(call)), None)
