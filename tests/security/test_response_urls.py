"""Private answers go to the Slack we speak with, and to no other address, even if a signed payload names one."""

import socket
from contextlib import closing

import pytest

from bot.desk import is_answer_address
from tests.running import Running
from tests.security.presses import press, send, waiting_brief

SLACK = "https://slack.com/api/"
LOCAL = "http://127.0.0.1:4200/api/"


@pytest.mark.parametrize(
    ("url", "slack_url"),
    [
        ("https://hooks.slack.com/actions/T0TEST/1/abc", SLACK),
        ("https://hooks.slack.com/commands/T0TEST/1/abc", "https://www.slack.com/api/"),
        ("https://hooks.slack-gov.com/actions/T0TEST/1/abc", "https://slack-gov.com/api/"),
        ("http://127.0.0.1:4200/response/abc", LOCAL),
        ("http://slack.internal.example/response/abc", "http://Slack.Internal.example/api/"),
    ],
)
def test_address_of_our_slack(url: str, slack_url: str) -> None:
    assert is_answer_address(url, slack_url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.slack.com/actions/1",
        "http://hooks.slack.com/actions/1",
        "ftp://hooks.slack.com/actions/1",
        "gopher://hooks.slack.com/1",
        "https://slack.com/actions/1",
        "https://evil.example/actions/1",
        "https://hooks.slack.com.evil.example/1",
        "https://evilhooks.slack.com/1",
        "https://hooks.slack.com@evil.example/1",
        "https://hooks.slack.com:x@evil.example/1",
        "https://someone@hooks.slack.com/1",
        "https://hooks.slack.com:8443/1",
        "https://evil.example\\@hooks.slack.com/1",
        "https://hooks.slack.com\\@evil.example/1",
        "https://evil.example/https://hooks.slack.com/1",
        "https://evil.example?hooks.slack.com",
        "https://evil.example#hooks.slack.com",
        "https://[hooks.slack.com]/1",
        "https://hooks.slack.com\t.evil.example/1",
        "https://hooks.slack.com\r\nHost: evil.example/1",
        " https://hooks.slack.com/1",
        "https://hooks.slack。com/1",
        "https://hooks.slåck.com/1",
        "https://127.0.0.1/1",
        "https://2130706433/1",
        "https://[::ffff:127.0.0.1]/1",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:3000/metrics",
    ],
    ids=ascii,
)
def test_address_of_anything_else_is_refused(url: str) -> None:
    assert not is_answer_address(url, SLACK)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:4201/response/abc",
        "http://127.0.0.1/response/abc",
        "https://127.0.0.1:4200/response/abc",
        "http://localhost:4200/response/abc",
        "https://hooks.slack.com/actions/1",
    ],
)
def test_another_server_than_the_one_in_the_settings_is_refused(url: str) -> None:
    assert not is_answer_address(url, LOCAL)


def test_nothing_connects_to_another_address_named_in_a_payload(
    running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    handoff = waiting_brief(running)
    with closing(socket.create_server(("127.0.0.1", 0))) as elsewhere:
        url = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/response/abc"
        elsewhere.setblocking(False)

        statuses = [send(running, press(running, handoff.id, response_url=url)).status_code for _ in range(2)]
        running.stop()  # with it end the threads that answer

        with pytest.raises(BlockingIOError):
            elsewhere.accept()
    assert statuses == [200, 200]
    assert "private_answer_refused" in capsys.readouterr().out
