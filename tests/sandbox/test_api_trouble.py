"""Rate limits and faults, seen from the client."""

import time
from http.client import RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler

from sandbox.seed import DELIVERY
from sandbox.slack.faults import Fault, Faults
from sandbox.slack.limits import Limits
from sandbox.world import Sandbox

POST = "chat.postMessage"


def posted(sandbox: Sandbox) -> int:
    return len(sandbox.workspace.messages.get(DELIVERY, []))


def test_burst_of_posts_is_slowed_to_one_a_second(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.limits.enabled = True
    for n in range(5):
        slack.chat_postMessage(channel=DELIVERY, text=str(n))
    with pytest.raises(SlackApiError) as raised:
        slack.chat_postMessage(channel=DELIVERY, text="too fast")
    assert raised.value.response.status_code == 429
    assert raised.value.response["error"] == "ratelimited"
    assert raised.value.response.headers["Retry-After"] == "1"
    slack.chat_postMessage(channel="#sales", text="another channel")
    assert posted(sandbox) == 5


def test_tier_is_counted_per_method(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.limits = Limits(factor=0.1)
    slack.users_list()
    slack.users_list()
    with pytest.raises(SlackApiError) as raised:
        slack.users_list()
    assert raised.value.response.status_code == 429
    assert 1 <= int(raised.value.response.headers["Retry-After"]) <= 60
    slack.users_info(user="U0SAM")


def test_limits_forget_after_their_time() -> None:
    limits = Limits(factor=1)
    waits = [limits.wait_for_method("users.list", 2, now=n / 10) for n in range(21)]
    assert waits[:20] == [0.0] * 20
    assert waits[20] == pytest.approx(58)
    assert limits.wait_for_method("users.list", 2, now=61) == 0
    assert [limits.wait_for_channel("C", now=0) for _ in range(6)][-1] == 1
    assert limits.wait_for_channel("C", now=1) == 0


def test_server_error_does_nothing(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.faults.switch_on(Fault(POST, "5xx", times=1))
    with pytest.raises(SlackApiError) as raised:
        slack.chat_postMessage(channel=DELIVERY, text="Hello")
    assert raised.value.response.status_code == 503
    assert posted(sandbox) == 0
    slack.chat_postMessage(channel=DELIVERY, text="Hello")


def test_429_says_how_long(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.faults.switch_on(Fault("*", "429", seconds=7))
    with pytest.raises(SlackApiError) as raised:
        slack.auth_test()
    assert raised.value.response.headers["Retry-After"] == "7"


def test_fatal_error_comes_after_the_work(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.faults.switch_on(Fault(POST, "fatal"))
    with pytest.raises(SlackApiError) as raised:
        slack.chat_postMessage(channel=DELIVERY, text="Hello")
    assert raised.value.response["error"] == "fatal_error"
    assert posted(sandbox) == 1


def test_dropped_call_is_done_but_not_answered(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.faults.switch_on(Fault(POST, "drop"))
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        slack.chat_postMessage(channel=DELIVERY, text="Hello")
    assert posted(sandbox) == 1
    assert sandbox.traffic.since()[-1]["status"] is None


def test_stock_client_posts_twice_after_a_drop(slack: WebClient, sandbox: Sandbox) -> None:
    slack.retry_handlers.append(ConnectionErrorRetryHandler(max_retry_count=1))
    sandbox.faults.switch_on(Fault(POST, "drop", times=1))
    slack.chat_postMessage(channel=DELIVERY, text="Hello")
    assert posted(sandbox) == 2


def test_slow_call_is_done_late(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.faults.switch_on(Fault(POST, "slow", seconds=0.3))
    started = time.perf_counter()
    slack.chat_postMessage(channel=DELIVERY, text="Hello")
    assert time.perf_counter() - started >= 0.3
    slack.timeout = 0.1  # type: ignore[assignment]
    with pytest.raises(TimeoutError):
        slack.chat_postMessage(channel=DELIVERY, text="Hello")


def test_seeded_fault_strikes_the_same_calls() -> None:
    runs = [[Fault("*", "5xx", rate=0.5, seed=7).strikes(POST) for _ in range(1)] for _ in range(2)]
    assert runs[0] == runs[1]
    first, second = Fault("*", "5xx", rate=0.5, seed=7), Fault("*", "5xx", rate=0.5, seed=7)
    strikes = [first.strikes(POST) for _ in range(50)]
    assert strikes == [second.strikes(POST) for _ in range(50)]
    assert 0 < sum(strikes) < 50


def test_fault_hits_its_method_and_stops_after_its_times() -> None:
    faults = Faults()
    faults.switch_on(Fault(POST, "5xx", times=2))
    assert faults.strike("auth.test") is None
    assert [faults.strike(POST) is not None for _ in range(3)] == [True, True, False]
    assert faults.as_json()[0]["struck"] == 2
    faults.switch_on(Fault(POST, "5xx"))
    assert len(faults.active) == 1
    faults.clear()
    assert faults.strike(POST) is None


@pytest.mark.parametrize("arguments", [{"kind": "flood"}, {"kind": "5xx", "rate": 2.0}])
def test_fault_that_cannot_be_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="A fault's"):
        Fault(POST, **arguments)  # type: ignore[arg-type]
