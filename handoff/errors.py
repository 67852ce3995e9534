"""Every error Baton raises on purpose.

BatonError
├── ConfigError          a file or a setting a person can mend
├── HandoffUnknown       an id that this workspace does not have
├── OutsideError         an outside system did not do what was asked
│   ├── Unreachable      nothing was done; try again, perhaps after `wait`
│   │   ├── TooEarly     nothing is wrong; it is only not its turn yet
│   │   └── TooLate      nothing is wrong outside; it may be somebody else's turn by now
│   ├── Refused          nothing was done and trying again will not help
│   │   └── RecordGone   the CRM no longer has the record
│   └── OutcomeUnknown   it may have been done; look before doing it again
├── StorageError         the database did not take it; nothing was stored
│   └── StorageRefused   … because of what it was given
└── BadRequest           a webhook that is not what it should be; `status` is the HTTP answer
"""

from datetime import datetime, timedelta


class BatonError(Exception):
    """The root; its text is one sentence a person can act on."""


class ConfigError(BatonError):
    """A configuration a person must mend. `problems` holds one sentence each, all at once."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class HandoffUnknown(BatonError):
    """No handoff of that id in this workspace."""


class OutsideError(BatonError):
    """An outside system did not do what was asked."""


class Unreachable(OutsideError):
    """Nothing was done: the system is down, slow to connect or asks us to wait."""

    def __init__(self, text: str, wait: timedelta | None = None) -> None:
        super().__init__(text)
        self.wait = wait


class TooEarly(Unreachable):
    """Nothing was done, and nothing is wrong: it comes again at its own moment."""


class TooLate(Unreachable):
    """Nothing was done, because we were held up for too long: somebody else may be at it."""


class Refused(OutsideError):
    """Nothing was done, and the same request would be refused again. `reason` is the system's own word."""

    def __init__(self, text: str, reason: str = "") -> None:
        super().__init__(text)
        self.reason = reason or text


class RecordGone(Refused):
    """The CRM no longer has the record."""


class OutcomeUnknown(OutsideError):
    """The request went out and no clear answer came back: it may have been done. `at` is when we stopped waiting."""

    def __init__(self, text: str, at: datetime | None = None) -> None:
        super().__init__(text)
        self.at = at


class StorageError(BatonError):
    """The database did not take it. Nothing was stored."""


class StorageRefused(StorageError):
    """The database answered, and did not like what it was given; it may like other things."""


class BadRequest(BatonError):
    """A webhook that is not what it should be."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
