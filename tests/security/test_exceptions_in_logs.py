"""What the log shows of an exception: what it was and where, and its text only if it is ours."""

import json
import subprocess
import sys
from typing import Any

import httpx
import pytest

from bot.logs import as_json, without_data
from handoff.errors import StorageError
from tests.running import ROOT

ANSWER = "they-fear-the-audit"


def fail(error: Exception) -> None:
    raise error


def caught(error: Exception) -> Exception:
    """The exception as whoever catches it has it, with the place it came from."""
    with pytest.raises(type(error)) as told:
        fail(error)
    return told.value


def logged(exc_info: Any, event: str = "work_failed") -> dict[str, Any]:
    return dict(without_data(None, "error", {"event": event, "exc_info": exc_info}))


def test_text_of_a_foreign_exception_is_left_out() -> None:
    shown = logged(caught(ValueError(f"invalid literal: {ANSWER}")))

    assert ANSWER not in json.dumps(shown)
    assert shown["errors"][0].startswith("ValueError (security/test_exceptions_in_logs.py:")
    assert "exc_info" not in shown


def test_text_of_our_own_exception_is_shown() -> None:
    shown = logged(caught(StorageError("The database did not answer.")))

    assert shown["errors"][0].startswith("StorageError: The database did not answer. (")


def test_what_an_exception_came_from_is_named_without_its_text() -> None:
    ours = StorageError("The database did not answer.")
    ours.__cause__ = caught(KeyError(ANSWER))

    shown = logged(caught(ours))

    assert [told.partition(" ")[0] for told in shown["errors"]] == ["StorageError:", "KeyError"]
    assert ANSWER not in json.dumps(shown)


def test_message_that_repeats_the_exception_is_shown_without_it() -> None:
    shown = logged(caught(ValueError(ANSWER)), event=f"Failed to run a listener (error: {ANSWER})")

    assert shown["event"] == "Failed to run a listener (error: ValueError)"


@pytest.mark.parametrize("text", ["\ud800 half a character", "line\nbreak", "naïve 🙂", '"}', "\x00"])
def test_line_of_the_log_is_json_whatever_a_value_holds(text: str) -> None:
    line = as_json({"event": "work_failed", "why": text, "seconds": 0.1, "who": StorageError})

    assert "\n" not in line
    assert json.loads(line)["why"] == text


def test_event_without_an_exception_stays_as_it_is() -> None:
    assert logged(None) == {"event": "work_failed"}


PROGRAM = f"""
import logging, threading, structlog
from bot.logs import set_up_logs
set_up_logs("STYLE")
def fail(): raise RuntimeError("{ANSWER}")
try: fail()
except RuntimeError as e:
    structlog.get_logger().exception("ours")
    logging.getLogger("a.library").exception("theirs: %s", e)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
fail()
"""


@pytest.mark.parametrize("style", ["console", "json"])
def test_no_way_to_standard_error_shows_the_text_of_an_exception(style: str) -> None:
    program = PROGRAM.replace("STYLE", style)

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )

    assert done.returncode == 1
    assert done.stdout == ""
    for event in ("ours", "theirs: RuntimeError", "thread_ended", "process_ended"):
        assert event in done.stderr
    assert ANSWER not in done.stderr


SERVER = """
import socket, uvicorn
from starlette.applications import Starlette
from bot.front_door import body_of
from bot.logs import set_up_logs
from bot.metrics import Metrics
from bot.web import Door, Entrance
set_up_logs("json")
async def fail(request): raise RuntimeError(await body_of(request, "text/plain"))
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
entrance = Entrance({"/in": Door("in", fail, Metrics())}, Starlette())
uvicorn.Server(uvicorn.Config(entrance, log_config=None, access_log=False)).run(sockets=[listening])
"""


def test_bug_behind_a_door_is_500_and_shows_nothing_of_the_body() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as server:
        assert server.stdout is not None
        address = f"http://127.0.0.1:{int(server.stdout.readline())}/in"
        answers = [
            httpx.post(address, content=ANSWER, headers={"content-type": "text/plain"}, trust_env=False, timeout=30)
            for _ in range(2)
        ]
        server.terminate()
        _, said = server.communicate(timeout=30)

    assert [(answer.status_code, answer.text) for answer in answers] == [(500, "Internal Server Error")] * 2
    assert said.count("RuntimeError") >= 2
    assert ANSWER not in said
