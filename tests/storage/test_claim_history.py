"""The claim race as a history: every press and every answer is written down, and one order must explain them all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Barrier

from handoff.decide import Reply, ReplyKind
from handoff.model import Person
from tests.factories import ANSWERS, answered, claimed, hint, record
from tests.handoff.bench import Bench

PEOPLE = 12
BRIEFS = 10


@dataclass(frozen=True)
class Press:
    """One press: when it began and ended on a common counter, by whom, and what was answered."""

    began: int
    ended: int
    by: Person
    reply: Reply


def test_history_of_simultaneous_claims_has_one_winner_and_no_contradiction(url: str, tmp_path: Path) -> None:
    bench = Bench(tmp_path, url=url)
    for n in range(BRIEFS):
        bench.crm.put_record(record(n + 1))
        bench.flow.take([hint(n + 1)], bench.clock.now)
    bench.work()

    for handoff in bench.handoffs():
        bench.flow.record(answered(ANSWERS, handoff_id=handoff.id), bench.clock.now)
        history = _race(bench, handoff.id)
        _one_order_explains(history, bench.handoff(handoff.id).owner)

    bench.stop()


def _race(bench: Bench, handoff_id: str) -> list[Press]:
    ticks, ready = count(), Barrier(PEOPLE)

    def press(n: int) -> Press:
        person = Person(name=f"Person {n}", slack_id=f"U{n:09}")
        ready.wait()
        began = next(ticks)
        reply = bench.flow.record(claimed(person, handoff_id=handoff_id, at=bench.clock.now), bench.clock.now)
        return Press(began, next(ticks), person, reply)

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(press, range(PEOPLE)))


def _one_order_explains(history: list[Press], owner: Person | None) -> None:
    """One press won; no other ended before it began; everybody else was told truthfully who."""
    winners = [p for p in history if p.reply.kind is ReplyKind.DONE]
    losers = [p for p in history if p.reply.kind is ReplyKind.ALREADY_OWNED]
    assert [p.by for p in winners] == [owner]
    assert len(losers) == PEOPLE - 1
    assert {p.reply.person for p in losers} == {owner}
    assert all(p.ended > winners[0].began for p in losers)
