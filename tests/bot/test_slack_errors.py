"""What a failed call to Slack means, and until when it was waited for."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import pytest
from slack_sdk import WebClient

from bot.people import SlackPeople
from bot.slack_errors import asking
from bot.speaker import SlackSpeaker
from handoff.errors import OutcomeUnknown, OutsideError, Unreachable
from handoff.leases import LEASE
from handoff.model import Status
from tests.factories import NOW, handoff, post_brief, workflow


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


@pytest.mark.parametrize("seconds", [0, 10], ids=["hung up on", "not answered in time"])
@pytest.mark.parametrize(
    ("method", "meaning"),
    [("chat.postMessage", OutcomeUnknown), ("views.open", OutcomeUnknown), ("users.info", Unreachable)],
)
def test_a_call_without_an_answer_may_have_been_done_unless_it_only_reads(
    seconds: float, method: str, meaning: type[OutsideError]
) -> None:
    with slack_that_hangs_up_after(seconds) as client, pytest.raises(meaning), asking(method):
        client.api_call(method)


@pytest.mark.parametrize("method", ["chat.postMessage", "users.info"])
def test_what_nobody_heard_was_not_done(method: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/api/"

    with pytest.raises(Unreachable), asking(method):
        WebClient("xoxb-0", base_url=address, retry_handlers=[]).api_call(method)


def test_a_post_without_an_answer_says_when_it_was_given_up() -> None:
    moments = (NOW + timedelta(seconds=second) for second in count())
    brief = (post_brief(channel="C0DELIVERY"), handoff(Status.UNCLAIMED), workflow())
    with slack_that_hangs_up_after(0) as client, pytest.raises(OutcomeUnknown) as told:
        SlackSpeaker(client, SlackPeople(client), lambda: next(moments)).speak(*brief, NOW + LEASE)

    assert told.value.at == next(moments) - timedelta(seconds=1)
