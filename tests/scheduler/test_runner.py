"""Workers let those go first who wait for an answer, and are never stopped by them."""

import threading
import time

from scheduler.runner import Heartbeat, Worker


def seconds_for(pieces: int, heartbeat: Heartbeat) -> float:
    """How long a worker takes for so many pieces of work that are nothing."""
    done = threading.Event()
    left = iter(range(pieces))

    def work() -> bool:
        if next(left, None) is None:
            done.set()
        return not done.is_set()

    began = time.monotonic()
    heartbeat.start([Worker("worker", work)], ())
    assert done.wait(30)
    took = time.monotonic() - began
    heartbeat.stop()
    return took


def test_worker_goes_slowly_while_somebody_waits_for_an_answer_but_goes_on() -> None:
    heartbeat = Heartbeat()

    with heartbeat.visitors:
        took = seconds_for(40, heartbeat)

    assert 1.9 < took < 15  # forty times the courtesy of a twentieth of a second


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
