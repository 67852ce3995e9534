"""Slack over Socket Mode: the same story, and a connection that looks alive and hears nothing."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.app import Socket
from bot.operations import Ears
from sandbox.serve import running
from sandbox.slack.limits import Limits
from sandbox.world import Sandbox
from tests.stories.rig import town, until
from tests.stories.test_killed import ANSWERS, DEAL


def test_deal_finds_its_owner_over_socket_mode(tmp_path: Path) -> None:
    with town(tmp_path, socket_mode=True) as t:
        t.act(f"crm/deals/{t.deal(DEAL)['id']}/move", stage="closedwon")
        ask = until(lambda: t.first("sam", "sam", ":ask"), "Sam is asked")
        t.act("click", user="sam", channel="sam", ts=ask["ts"], action_id="complete_handoff")
        until(lambda: t.look("views", user="sam")["views"], "the form is open")
        submitted = t.act("submit", user="sam", values=ANSWERS)
        brief = until(lambda: t.first("priya", "#delivery", ":brief"), "the brief is posted")
        t.act("click", user="priya", channel="#delivery", ts=brief["ts"], action_id="take_ownership")
        until(lambda: t.first("sam", "sam", ":owned"), "Sam is told")

        assert submitted["outcome"] == "closed"
        assert t.look("sockets")["connections"] == 1


def test_story_goes_on_after_slack_asked_for_a_new_connection(tmp_path: Path) -> None:
    with town(tmp_path, socket_mode=True) as t:
        t.act("sockets", reason="refresh_requested")
        t.act(f"crm/deals/{t.deal(DEAL)['id']}/move", stage="closedwon")
        ask = until(lambda: t.first("sam", "sam", ":ask"), "Sam is asked")

        def press() -> bool:
            answer = t.act("click", user="sam", channel="sam", ts=ask["ts"], action_id="complete_handoff")
            return bool(answer["outcome"] == "ok")

        until(press, "the press is heard")
        until(lambda: t.look("views", user="sam")["views"], "the form is open")


def test_connection_that_heard_nothing_for_long_is_opened_anew() -> None:
    now = [datetime(2026, 3, 2, 9, 0, tzinfo=UTC)]
    sandbox = Sandbox(limits=Limits(enabled=False))
    with running(sandbox) as address:
        client = WebClient("xoxb-local", base_url=f"{address}/api/")
        app = App(client=client, token_verification_enabled=False, request_verification_enabled=False)
        handler = SocketModeHandler(app, "xapp-local", web_client=client)
        handler.connect()  # type: ignore[no-untyped-call]
        ears = Ears(handler, lambda: now[0], timedelta(minutes=15))

        ears.check()
        while_it_hears = sandbox.traffic.since(0)
        now[0] += timedelta(minutes=16)
        ears.check()
        after_silence = sandbox.traffic.since(0)
        handler.close()  # type: ignore[no-untyped-call]

    assert _opened(while_it_hears) == 1
    assert _opened(after_silence) == 2


def test_whoever_acts_over_socket_mode_goes_before_work_that_nobody_waits_for() -> None:
    sandbox = Sandbox(limits=Limits(enabled=False))
    visitors, seen = Here(), list[int]()
    with running(sandbox) as address:
        client = WebClient("xoxb-local", base_url=f"{address}/api/")
        app = App(
            client=client,
            token_verification_enabled=False,
            request_verification_enabled=False,
            process_before_response=True,
        )
        app.event("app_home_opened")(lambda: seen.append(visitors.count))
        socket = Socket(app, "xapp-local", client, visitors)
        socket.connect()  # type: ignore[no-untyped-call]
        httpx.post(f"{address}/sandbox/home", json={"user": "sam"}).raise_for_status()
        until(lambda: seen and not visitors.count, "the tab is opened and answered")
        socket.close()  # type: ignore[no-untyped-call]

    assert seen == [1]


class Here(AbstractContextManager[None]):
    """Counts who is within."""

    count = 0

    def __enter__(self) -> None:
        self.count += 1

    def __exit__(self, *_: object) -> None:
        self.count -= 1


def _opened(traffic: list[dict[str, object]]) -> int:
    return sum(entry["what"] == "apps.connections.open" for entry in traffic)
