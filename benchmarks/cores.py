"""Which cores the measured servers run on. Only Linux can say so, and it takes two cores.

Python runs one thread of a process at a time. Where the system may spread the threads over several cores, the lock that
sees to this goes from core to core, and with it what the caches hold; kept on one core, a busy server does more. So
throughput is measured both ways.
"""

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.load import Loaded
from benchmarks.parts import Part

BOTH_WAYS = (
    "{what}/s kept on a core",
    "ratio (of a round)",
    "{what}/s free",
    "ratio (of a round)",
    "p99 ms kept, free",
)
ABOUT = (
    "*Kept on a core*: the server alone on one, everything else (load, local Slack, PostgreSQL) on the others; *free*: "
    "all of them wherever the system puts them. A ratio is that of the medians; in brackets the lowest and the highest "
    "of one round."
)


@contextlib.contextmanager
def set_apart() -> Iterator[int]:
    """The first core, which we and whatever is started in this block keep off. Only where `there_are_several`."""
    cores = os.sched_getaffinity(0)
    first = min(cores)
    os.sched_setaffinity(0, cores - {first})
    try:
        yield first
    finally:
        os.sched_setaffinity(0, cores)


def there_are_several() -> bool:
    """Whether a server can be kept on a core of its own here."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def keep_on(core: int, part: Part) -> None:
    """Move a running server onto one core, each thread of it; those that it starts later stay there, too."""
    assert part.process is not None
    for task in Path(f"/proc/{part.process.pid}/task").iterdir():
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.sched_setaffinity(int(task.name), {core})


def both_ways(kept: Mapping[str, Sequence[Loaded]], free: Mapping[str, Sequence[Loaded]], name: str) -> list[str]:
    """What `BOTH_WAYS` heads: medians of the rounds, beside those of the server that is named first."""
    cells, slowest = [], []
    for runs in (kept, free):
        if not runs:
            cells += ["–", "–"]
            continue
        rates, firsts = ([r.rate for r in each] for each in (runs[name], next(iter(runs.values()))))
        rounds = [rate / first for rate, first in zip(rates, firsts, strict=True)]
        ratio = f"**{median(rates) / median(firsts):.2f}** ({min(rounds):.2f}–{max(rounds):.2f})"
        cells += [f"{median(rates):.0f}", ratio]
        slowest.append(f"{median(r.percentile(0.99) for r in runs[name]):.0f}")
    return [*cells, ", ".join(slowest)]
