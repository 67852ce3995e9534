"""Workers let those go first who wait for an answer, and are never stopped by them."""

import threading
import time

from scheduler.runner import Heartbeat, Visitors, Worker


def seconds_for(pieces: int, heartbeat: Heartbeat, workers: int = 1) -> float:
    """How long workers take together for so many pieces of work that are nothing."""
    done = threading.Event()
    left = iter(range(pieces))

    def work() -> bool:
        if next(left, None) is None:
            done.set()
        return not done.is_set()

    began = time.monotonic()
    heartbeat.start([Worker("worker", work) for _ in range(workers)], ())
    assert done.wait(30)
    took = time.monotonic() - began
    heartbeat.stop()
    return took


def test_worker_goes_slowly_while_somebody_waits_for_an_answer_but_goes_on() -> None:
    heartbeat = Heartbeat()

    with heartbeat.visitors:
        took = seconds_for(40, heartbeat)

    assert 1.9 < took < 15  # forty times the courtesy of a twentieth of a second


def test_several_workers_go_as_slowly_together_as_one_while_somebody_waits_for_an_answer() -> None:
    heartbeat = Heartbeat()

    with heartbeat.visitors:
        took = seconds_for(40, heartbeat, workers=6)

    assert 1.6 < took < 15  # six who each waited by itself would be through in a third of a second


def test_work_waits_a_moment_for_whoever_follows_the_last_visitor() -> None:
    visitors = Visitors()

    with visitors:
        before_leaving = time.monotonic()
    visitors.go_first()

    assert time.monotonic() - before_leaving >= 0.003


def test_worker_sleeps_when_another_kind_of_work_is_there() -> None:
    heartbeat, read, said = Heartbeat(), threading.Semaphore(0), threading.Semaphore(0)

    def reading() -> bool:
        read.release()
        return False

    def saying() -> bool:
        said.release()
        return False

    heartbeat.start([Worker("reader", reading), Worker("speaker", saying)], ())
    first = read.acquire(timeout=5) and said.acquire(timeout=5)  # each looks once at the start
    heartbeat.wake("speaker")
    spoke, has_read = said.acquire(timeout=5), read.acquire(timeout=0.2)
    heartbeat.stop()

    assert first
    assert spoke
    assert not has_read


def test_one_worker_is_woken_for_one_piece_of_work() -> None:
    heartbeat, looked = Heartbeat(), threading.Semaphore(0)

    def work() -> bool:
        looked.release()
        return False

    heartbeat.start([Worker("worker", work) for _ in range(4)], ())
    first = [looked.acquire(timeout=5) for _ in range(4)]  # each looks once at the start
    time.sleep(0.2)
    heartbeat.wake("worker")
    then = [looked.acquire(timeout=5), looked.acquire(timeout=0.3)]
    heartbeat.stop()

    assert first == [True] * 4
    assert then == [True, False]


def test_workers_that_wake_the_next_are_all_at_work_together() -> None:
    heartbeat, together = Heartbeat(), threading.Barrier(4, timeout=5)
    pieces, met = threading.Semaphore(0), threading.Semaphore(0)

    def work() -> bool:
        if not pieces.acquire(blocking=False):
            return False
        heartbeat.wake("worker")
        together.wait()
        met.release()
        return True

    heartbeat.start([Worker("worker", work) for _ in range(4)], ())
    time.sleep(0.2)  # all have looked, and are asleep
    pieces.release(4)
    heartbeat.wake("worker")
    all_met = [met.acquire(timeout=5) for _ in range(4)]
    heartbeat.stop()

    assert all_met == [True] * 4


def test_worker_works_at_once_when_nobody_is_there() -> None:
    assert seconds_for(200, Heartbeat()) < 5  # two hundred courtesies would be ten seconds


def test_worker_goes_on_when_the_last_visitor_has_left() -> None:
    heartbeat, worked = Heartbeat(), threading.Event()

    def work() -> bool:
        worked.set()
        return False

    with heartbeat.visitors:
        with heartbeat.visitors:
            pass
        heartbeat.start([Worker("worker", work)], ())
    arrived = worked.wait(5)
    heartbeat.stop()

    assert arrived
