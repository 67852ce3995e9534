"""What a failed call to Slack means, and how long it may have been under way."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from slack_sdk import WebClient

from bot.slack_errors import asking
from handoff.errors import OutcomeUnknown, Unreachable

SECOND = timedelta(seconds=1)


@contextmanager
def slack_that_hangs_up_after(seconds: float) -> Iterator[WebClient]:
    """A client, with a second's patience, of a Slack that takes one question and never answers."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                over.wait(seconds)

        thread = threading.Thread(target=serve)
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/api/"
        yield WebClient("xoxb-0", base_url=address, timeout=1, retry_handlers=[])
        over.set()
        thread.join()


def test_what_was_not_answered_in_time_may_have_been_done_all_the_while() -> None:
    with slack_that_hangs_up_after(10) as client, pytest.raises(OutcomeUnknown) as told, asking("auth.test"):
        client.auth_test()

    assert told.value.took >= SECOND


def test_what_was_hung_up_on_may_have_been_done_until_then() -> None:
    with slack_that_hangs_up_after(0) as client, pytest.raises(OutcomeUnknown) as told, asking("auth.test"):
        client.auth_test()

    assert told.value.took < SECOND


def test_what_nobody_heard_was_not_done() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/api/"

    with pytest.raises(Unreachable), asking("auth.test"):
        WebClient("xoxb-0", base_url=address, retry_handlers=[]).auth_test()
