"""The deals of the flow machine as the CRM has them, and what other people do to them there."""

from collections.abc import Collection
from itertools import count

from handoff.events import Hint
from handoff.model import Handoff, Person
from tests.factories import ANSWERS, FILLED, hint, record
from tests.handoff.bench import Bench

DEALS = (1, 2, 3)
EDITED = ("crm_promised", "crm_next_step", "buyer_goals")
_NOT_IN_SLACK = Person(name="Gone Away", email="gone@example.com")
_SPOKEN = {"crm_promised": ANSWERS["promised"], "crm_next_step": ANSWERS["next_step"], "discount": "0"}


class Deals:
    """Deal 1 is Sam's and empty, deal 2 is complete in the CRM, deal 3 belongs to somebody Slack does not know."""

    def __init__(self, bench: Bench, *, won: bool) -> None:
        self.hints: list[Hint] = []
        self._bench = bench
        self._edits: dict[tuple[str, str], str] = {}
        self._numbers = count(1)
        bench.crm.put_record(record(1))
        bench.crm.put_record(record(2, fields={**FILLED, **_SPOKEN}))
        bench.crm.put_record(record(3, owner=_NOT_IN_SLACK))
        for deal in DEALS:
            self.move(deal, won=won)
            self.hint(deal)

    def hint(self, deal: int) -> int:
        """The CRM says that something about a deal may have changed; the number of hints that were new."""
        self.hints.append(hint(deal, key=f"hint:{len(self.hints)}"))
        return self._bench.flow.take([self.hints[-1]], self._bench.clock.now)

    def move(self, deal: int, *, won: bool) -> None:
        """Into the stage that starts a handoff, or out of it."""
        stage = ("closedwon", "Closed Won") if won else ("talks", "Talks")
        before = self._bench.crm.records[record(deal).ref.key]
        self._bench.crm.put_record(before.model_copy(update={"stage": stage[0], "stage_label": stage[1]}))

    def put(self, deal: int, **fields: str) -> None:
        """Somebody sets fields."""
        before = self._bench.crm.records[record(deal).ref.key]
        self._bench.crm.put_record(before.model_copy(update={"fields": {**before.fields, **fields}}))

    def write_over(self, deal: int, name: str) -> None:
        """Somebody puts words of their own into a field; they are to be found again."""
        text = f"Edit number {next(self._numbers)} of somebody else"
        self.put(deal, **{name: text})
        self._edits[record(deal).ref.key, name] = text

    def nobody_is_overwritten_unseen(self, handoffs: Collection[Handoff]) -> None:
        """What somebody wrote stands there, or Baton has read it before it wrote."""
        for (key, name), text in self._edits.items():
            if self._bench.crm.records[key].fields[name] != text:
                logs = [self._bench.log(h.id) for h in handoffs if h.record.ref.key == key]
                assert any(text in event.model_dump_json() for log in logs for event in log)
