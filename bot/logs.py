"""Logs: one event per line, for people or as JSON. Bodies, answers and secrets are never handed to a logger.

An exception may carry them all the same, in its text or in the variables around it. So of an exception the log shows
what it was and where, and its text only if it is ours.
"""

import json
import logging
import random
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import structlog
from pydantic_core import to_json
from structlog.typing import EventDict

from handoff.errors import BatonError

_INNERMOST = 12  # places shown of each exception


def set_up_logs(style: Literal["console", "json"]) -> None:
    """Send our events, the warnings of the libraries and whatever ends a thread to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(serializer=as_json)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    last = [without_data, renderer]
    structlog.configure(
        processors=[*shared, *last],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last], foreign_pre_chain=shared
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)  # its failures reach us as errors, and we tell them
    threading.excepthook = lambda ended: _ended("thread_ended", ended.exc_value)
    sys.excepthook = lambda _kind, error, _places: _ended("process_ended", error)


def new_trace() -> str:
    """A name for all that comes of one request. No secret, so the system is not asked for what nobody can guess."""
    return f"{random.getrandbits(48):012x}"


def without_data(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Put what an exception was, and where, in the place of the exception."""
    error = _exception(event.pop("exc_info", None))
    event.pop("stack_info", None)
    if error is not None:
        event["errors"] = [_told(each) for each in _chain(error)]
        if text := str(error):  # libraries like to write it into their message
            event["event"] = str(event["event"]).replace(text, type(error).__name__)
    return event


def as_json(event: EventDict, **_: Any) -> str:
    """A line as JSON, by what writes it three times as fast as the standard library; that has the last word."""
    try:
        return to_json(event, fallback=repr).decode()
    except ValueError:  # half a character, or a loop
        return json.dumps(event, default=repr, skipkeys=True)


def _ended(what: str, error: BaseException | None) -> None:
    structlog.get_logger().critical(what, exc_info=error)


def _exception(told: Any) -> BaseException | None:
    """The exception in what loggers call exc_info: itself, a tuple, or True for the one in hand."""
    if isinstance(told, BaseException):
        return told
    if isinstance(told, tuple):
        return _exception(told[1])
    return sys.exc_info()[1] if told else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, then what it came from."""
    following: BaseException | None = error
    while following is not None:
        yield following
        hidden = None if following.__suppress_context__ else following.__context__
        following = following.__cause__ or hidden


def _told(error: BaseException) -> str:
    text = f": {error}" if isinstance(error, BatonError) else ""
    places = traceback.extract_tb(error.__traceback__, -_INNERMOST)
    shown = " > ".join(f"{'/'.join(Path(p.filename).parts[-2:])}:{p.lineno} {p.name}" for p in places)
    return f"{type(error).__name__}{text} ({shown or 'raised nowhere'})"
