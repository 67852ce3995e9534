"""Threads that work off what is due, and the clock that wakes them.

APScheduler is only the clock: interval triggers in UTC, in memory, one instance of a job at a time, missed ticks run
together (https://apscheduler.readthedocs.io/en/3.x/userguide.html). No reminder is ever a job.
"""

import threading
import time
from collections.abc import Callable, Sequence

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.jobs import Job

_COURTESY = 0.05  # seconds from one piece of work to the next, at most, while somebody waits for an answer
_LULL = 0.003  # seconds without anybody after which nobody follows: those who came together leave together
_REST = 1.0  # seconds after an unexpected error, so that it does not spin


class Visitors:
    """How many wait for an answer at this moment; used as a context while one of them does.

    Python runs one thread at a time: work that nobody waits for would make those wait who do.
    """

    def __init__(self) -> None:
        self._here = 0
        self._left = 0.0
        self._lock = threading.Lock()
        self._nobody = threading.Event()
        self._nobody.set()
        self._turn = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self._here += 1
            self._nobody.clear()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._here -= 1
            if not self._here:
                self._left = time.monotonic()
                self._nobody.set()

    def go_first(self) -> None:
        """Return when nobody is there, or after a little while: many visitors slow work down, they do not stop it.

        Workers wait one behind the other: several that each waited by itself would be no slower together.
        """
        if self._rest() > 0:
            with self._turn:
                ends = time.monotonic() + _COURTESY
                while (rest := min(self._rest(), ends - time.monotonic())) > 0:
                    if self._nobody.is_set():
                        time.sleep(min(rest, _LULL))
                    else:
                        self._nobody.wait(rest)

    def _rest(self) -> float:
        """For how many seconds at least somebody is there, or may follow whoever has just left."""
        return self._left + _LULL - time.monotonic() if self._nobody.is_set() else _COURTESY


class Worker:
    """A thread that does pieces of one kind of work until there are none, then sleeps until it is woken."""

    def __init__(self, kind: str, work: Callable[[], bool]) -> None:
        self.kind = kind
        self._work = work
        self._awake = threading.Event()
        self._rests = False
        self._ended = threading.Event()
        self._visitors = Visitors()
        self._thread = threading.Thread(target=self._run, name=kind, daemon=True)

    def start(self, visitors: Visitors) -> None:
        """Begin to work, behind the visitors."""
        self._visitors = visitors
        self._thread.start()

    @property
    def is_asleep(self) -> bool:
        """Whether it rests and nobody has woken it yet."""
        return self._rests and not self._awake.is_set()

    def wake(self) -> None:
        """Say that there may be work; returns at once."""
        if not self._awake.is_set():
            self._awake.set()

    def end(self) -> None:
        """Ask it to end after the piece in hand."""
        self._ended.set()
        self._awake.set()

    def join(self, seconds: float) -> bool:
        """Whether it has ended within `seconds`."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._rests = True
            self._awake.wait()
            self._rests = False
            self._awake.clear()
            try:
                self._visitors.go_first()
                while not self._ended.is_set() and self._work():
                    self._visitors.go_first()
            except Exception:  # noqa: BLE001 -- a worker outlives any one row; its lease runs out and it is tried again
                structlog.get_logger().exception("work_failed", worker=self.kind)
                self._ended.wait(_REST)


class Heartbeat:
    """The clock and the workers it wakes. Whoever answers somebody does so among its `visitors`."""

    def __init__(self) -> None:
        self.visitors = Visitors()
        self._workers: tuple[Worker, ...] = ()
        self._clock = BackgroundScheduler(timezone="UTC")

    def wake(self, kind: str) -> None:
        """Wake a worker of one kind, or have all look once more if none is asleep; nothing happens before the start.

        One is enough: whoever finds something wakes the next. To look in vain costs a transaction.
        """
        able = [worker for worker in self._workers if worker.kind == kind]
        asleep = next((worker for worker in able if worker.is_asleep), None)
        for worker in able if asleep is None else [asleep]:
            worker.wake()

    def wake_all(self) -> None:
        """Wake every worker."""
        for worker in self._workers:
            worker.wake()

    def start(self, workers: Sequence[Worker], jobs: Sequence[Job]) -> None:
        """Start the workers, then the clock."""
        self._workers = tuple(workers)
        for worker in self._workers:
            worker.start(self.visitors)
        for job in jobs:
            self._clock.add_job(
                job.run,
                IntervalTrigger(seconds=job.seconds, timezone="UTC"),
                id=job.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        self._clock.add_listener(_complain, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        self._clock.start()
        self.wake_all()

    def stop(self, seconds: float = 5.0) -> bool:
        """Stop the clock, then let each worker finish the piece in hand. Whether all did within `seconds` together."""
        if self._clock.running:
            self._clock.shutdown(wait=False)
        ends = time.monotonic() + seconds
        for worker in self._workers:
            worker.end()
        ended = [worker.join(max(0.0, ends - time.monotonic())) for worker in self._workers]
        return all(ended)


def _complain(event: JobEvent) -> None:
    structlog.get_logger().warning("tick_trouble", job=event.job_id, code=event.code)
