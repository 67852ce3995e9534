"""The command, and what happens in time."""

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from slack_sdk import WebClient

from sandbox.__main__ import settings_from
from sandbox.seed import DELIVERY
from sandbox.serve import PortTaken, listen
from sandbox.slack.manifest import ManifestError, read_manifest
from sandbox.world import Sandbox

COMMAND = [sys.executable, "-m", "sandbox"]
PATIENCE = 60.0


def wait_until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 5
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_command_prints_its_address_and_serves() -> None:
    environ = {**os.environ, "SLACK_BOT_TOKEN": "xoxb-mine", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen([*COMMAND, "--port", "0"], env=environ, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found
        slack = WebClient("xoxb-mine", base_url=f"{found[0]}/api/", timeout=10)
        assert slack.auth_test()["ok"]
        process.terminate()
        process.wait(PATIENCE)


def test_port_in_use_is_one_sentence() -> None:
    with contextlib.closing(listen("127.0.0.1", 0)) as taken:
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"Cannot listen on 127.0.0.1:{port}: ")


def test_port_that_cannot_be_is_refused() -> None:
    with pytest.raises(PortTaken):
        listen("127.0.0.1", 70_000)


def test_manifest_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        read_manifest(tmp_path / "manifest.yml")
    (tmp_path / "manifest.yml").write_text("- a\n- list\n")
    with pytest.raises(ManifestError, match="not a mapping"):
        read_manifest(tmp_path / "manifest.yml")
    (tmp_path / "manifest.yml").write_text("{")
    with pytest.raises(ManifestError, match="not YAML"):
        read_manifest(tmp_path / "manifest.yml")


def test_settings_come_from_the_bots_variables() -> None:
    environ = {
        "SLACK_APP_TOKEN": "xapp-1",
        "HUBSPOT_CLIENT_SECRET": "old, new",
        "BATON_PUBLIC_URL": "https://b.example/",
    }
    settings = settings_from(environ, "http://127.0.0.1:3000/")
    assert (settings.bot_url, settings.public_url) == ("http://127.0.0.1:3000", "https://b.example")
    assert (settings.app_token, settings.hubspot_client_secret) == ("xapp-1", "new")
    assert settings.bot_token == "xoxb-local"


def test_scheduled_message_is_posted_in_its_time_unless_it_has_metadata(slack: WebClient, sandbox: Sandbox) -> None:
    soon = int(time.time()) + 2
    metadata = {"event_type": "baton_notice", "event_payload": {}}
    slack.chat_scheduleMessage(channel=DELIVERY, text="Never", post_at=soon, metadata=metadata)
    slack.chat_scheduleMessage(channel=DELIVERY, text="Later", post_at=soon)
    assert wait_until(lambda: not sandbox.workspace.scheduled)
    assert [message.text for message in sandbox.workspace.messages[DELIVERY]] == ["Later"]


def test_scheduled_message_taken_back_is_not_posted(slack: WebClient, sandbox: Sandbox) -> None:
    in_an_hour = int(time.time()) + 3600
    queued = slack.chat_scheduleMessage(channel=DELIVERY, text="Later", post_at=in_an_hour)["scheduled_message_id"]
    slack.chat_deleteScheduledMessage(channel=DELIVERY, scheduled_message_id=queued)
    assert sandbox.workspace.scheduled == {}


def test_reset_gives_a_fresh_workspace_and_a_higher_version(sandbox: Sandbox) -> None:
    sandbox.workspace.channels.clear()
    sandbox.limits.wait_for_channel("C1", 0)
    version = sandbox.workspace.version
    sandbox.reset()
    assert DELIVERY in sandbox.workspace.channels
    assert sandbox.workspace.version > version
    assert sandbox.limits.channels == {}


def test_odd_json_never_breaks_an_answer(address: str) -> None:
    header = {"Authorization": "Bearer xoxb-local", "Content-Type": "application/json"}
    url = f"{address}/api/chat.postMessage"
    half = httpx.post(url, headers=header, content=b'{"channel": "#delivery", "text": "a\\ud800b"}').json()
    assert half["message"]["text"] == "a?b"
    for body in (b'{"x": NaN}', b'{"x": 1e999}', b"\xff", b"[" * 100_000):
        assert httpx.post(url, headers=header, content=body).json()["error"] == "invalid_json"
    odd = {"channel": {"a": 1}, "text": "x"}
    assert httpx.post(url, headers=header, json=odd).json()["error"] == "invalid_arguments"


def test_every_part_is_served_on_the_one_port(address: str) -> None:
    for path in ("/", "/board", "/sandbox/health", "/sandbox/crm/deals"):
        assert httpx.get(address + path).status_code == 200, path


def test_permalink_leads_to_the_page(slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel=DELIVERY, text="Hello")["ts"]
    link = slack.chat_getPermalink(channel=DELIVERY, message_ts=ts)["permalink"]
    answer = httpx.get(str(link), follow_redirects=True)
    assert (answer.status_code, answer.url.path) == (200, "/")
