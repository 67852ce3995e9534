"""How long a piece of work is one worker's alone, and until when that worker may say or write what is in it.

A worker may be held up anywhere and for any time: its machine is paused, its disk hangs, others have the processor.
Once its lease has run out somebody else says the same, and the worker, going on, must not. What remains is a stop
between `in_time` and the socket that outlasts the lease: see docs/decisions/0023-too-late-to-speak.md.
"""

from datetime import datetime, timedelta

from handoff.errors import TooLate

LEASE = timedelta(seconds=60)
ONE_CALL = timedelta(seconds=20)  # as long as a client waits: ten seconds to be connected, ten for the answer


def in_time(until: datetime, now: datetime) -> None:
    """Pass if a call made now is over before a lease that lasts `until`. The last thing asked before each such call.

    Raises:
        TooLate: it is not to be made.
    """
    if now + ONE_CALL > until:
        raise TooLate("It was held up until its lease had run out, or nearly: somebody else may be at it.")
