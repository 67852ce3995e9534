"""Run as a program: imports the modules it is given, and prints what one of ours did meanwhile beyond being imported.

Watched are the network, writing files, other programs, the environment and the clock. What a library does while it is
imported is its own affair, and so is a setting of its own that it looks up when it is called.
"""

import datetime as dt
import importlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = str(Path(__file__).resolve().parents[2])
LOUD = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.mkdir", "os.remove", "os.rename", "os.rmdir")
CLOCKS: set[object] = {
    getattr(time, name) for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime")
}
THROUGH = {os.__file__, "<frozen os>", "<frozen _collections_abc>"}
ENVIRONMENT = {type(os.environ).__getitem__.__code__, type(os.environ).__iter__.__code__}


def is_ours(frame: FrameType | None) -> bool:
    """Whether this code is in one of our files."""
    file = frame.f_code.co_filename if frame else ""
    return file.startswith(ROOT) and "site-packages" not in file and file != __file__


def is_for_us(frame: FrameType | None) -> bool:
    """Whether one of our files asked for what happens in this frame, by a call and not by an import."""
    while frame is not None and "importlib" not in frame.f_code.co_filename:
        if is_ours(frame):
            return True
        frame = frame.f_back
    return False


def asker(frame: FrameType | None) -> FrameType | None:
    """Who asked for a variable: the way to it leads through modules of Python's own."""
    while frame is not None and frame.f_code.co_filename in THROUGH:
        frame = frame.f_back
    return frame


def writes(arguments: tuple[Any, ...]) -> bool:
    """Whether these are the arguments of an opening for writing."""
    _, mode, flags = arguments
    return bool(set(mode or "") & set("wax+")) or bool((flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def watch(note: Callable[[str], None]) -> None:
    """Call `note` with everything of ours that is more than an import."""

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        loud = event.startswith(LOUD) or (event == "open" and writes(arguments))
        if loud and is_for_us(sys._getframe(1)):
            note(event)

    def profile(frame: FrameType, event: str, called: object) -> None:
        if event == "c_call" and is_clock(called) and is_ours(frame):
            note("read the clock")
        if event == "call" and frame.f_code in ENVIRONMENT and is_ours(asker(frame)):
            note("read the environment")

    sys.addaudithook(hear)
    sys.setprofile(profile)


def is_clock(called: object) -> bool:
    """Whether a built-in function tells the time."""
    of = getattr(called, "__self__", None)
    now = getattr(called, "__name__", "") in ("now", "utcnow", "today")
    return (now and isinstance(of, type) and issubclass(of, dt.date)) or called in CLOCKS


def main(names: list[str]) -> None:
    """Import these modules."""
    noted: list[str] = []
    current = ""
    watch(lambda act: noted.append(f"{current}: {act}"))
    for current in names:  # the watcher reads it
        importlib.import_module(current)
    sys.setprofile(None)
    sys.stdout.write("".join(f"{line}\n" for line in dict.fromkeys(noted)))


if __name__ == "__main__":
    sys.path.insert(0, ROOT)
    main(sys.argv[1:])
