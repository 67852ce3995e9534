"""A reply in a thread that Slack delivers again, perhaps to another replica at the same instant, is heard once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

from handoff.decide import ReplyKind
from handoff.events import QuestionAnswered, Replied
from handoff.notices import AskNext
from tests.factories import ANSWERS, MAX, SAM, did, hint, record, whole_workflow
from tests.handoff.bench import Bench

DELIVERIES = 8


def at_once(bench: Bench, event: Replied | QuestionAnswered) -> list[ReplyKind]:
    """What each of several deliveries came to."""
    ready = Barrier(DELIVERIES)

    def deliver(_: int) -> ReplyKind:
        ready.wait()
        return bench.flow.record(event, bench.clock.now).kind

    with ThreadPoolExecutor(DELIVERIES) as pool:
        return list(pool.map(deliver, range(DELIVERIES)))


def asked(tmp_path: Path, url: str) -> Bench:
    """Sam is asked what is missing."""
    bench = Bench(tmp_path, whole_workflow(), url=url)
    bench.crm.put_record(record())
    bench.flow.take([hint()], bench.clock.now)
    bench.work()
    return bench


def test_a_reply_is_heard_once_and_answered_once(url: str, tmp_path: Path) -> None:
    bench = asked(tmp_path, url)
    reply = did("replied", SAM, text=ANSWERS["goals"], via="thread", at=bench.clock.now)

    kinds = at_once(bench, reply)
    bench.stop()
    bench.start()

    assert sorted(kinds) == [ReplyKind.ALREADY_SO] * (DELIVERIES - 1) + [ReplyKind.STILL_MISSING]
    assert [e for e in bench.log() if isinstance(e, Replied)] == [reply]
    assert len([n for n in bench.due() if isinstance(n, AskNext)]) == 1
    assert bench.flow.record(reply, bench.clock.now).kind is ReplyKind.ALREADY_SO
    bench.stop()


def test_an_answer_to_a_question_is_heard_once(url: str, tmp_path: Path) -> None:
    bench = asked(tmp_path, url)
    bench.flow.record(did("question_asked", SAM, question_id="q1", text="Is it new?", to=MAX), bench.clock.now)
    answer = did("question_answered", MAX, question_id="q1", text="It is", via="thread", at=bench.clock.now)

    kinds = at_once(bench, answer)

    assert sorted(kinds) == [ReplyKind.ALREADY_SO] * (DELIVERIES - 1) + [ReplyKind.DONE]
    assert [e for e in bench.log() if isinstance(e, QuestionAnswered)] == [answer]
    bench.stop()


def test_another_reply_at_another_moment_is_heard(url: str, tmp_path: Path) -> None:
    bench = asked(tmp_path, url)
    reply = did("replied", SAM, text="tbd", via="thread", at=bench.clock.now)
    later = reply.model_copy(update={"at": bench.clock.now + timedelta(seconds=1)})

    assert bench.flow.record(reply, bench.clock.now).kind is ReplyKind.DONE
    assert bench.flow.record(later, bench.clock.now).kind is ReplyKind.DONE
    bench.stop()
