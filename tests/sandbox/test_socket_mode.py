"""Socket Mode with the unmodified client of Bolt, and by hand for what that client hides."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

from slack_bolt import App
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.sandbox.people_rig import Json, Stage, modal, socket_stage, stage, wait_for


@contextmanager
def link(made: Stage, *, greet: bool = True) -> Iterator[ClientConnection]:
    """One socket opened by hand; its greeting is read away."""
    url = made.web.apps_connections_open(app_token=made.sandbox.settings.app_token)["url"]
    with connect(str(url), proxy=None) as opened:
        if greet:
            assert json.loads(opened.recv(5))["type"] == "hello"
        yield opened


def test_bolt_over_socket_takes_clicks_submissions_and_commands() -> None:
    kept: list[Json] = []

    def listen(app: App) -> None:
        def seen(ack: object, body: Json) -> None:
            kept.append(body)
            ack()  # type: ignore[operator]

        @app.view("form")
        def submitted(ack: object) -> None:
            ack(response_action="errors", errors={"goal": "Say more."})  # type: ignore[operator]

        @app.command("/handoff")
        def ran(ack: object) -> None:
            ack("3 are open")  # type: ignore[operator]

        app.action("claim")(seen)

    with socket_stage(listen) as (made, _):
        ts = made.button()
        clicked = made.do("click", user="dana", channel="delivery", ts=ts, action_id="claim")
        made.open(modal())
        sent = made.do("submit", user="sam", values={"goal": "x"})
        commanded = made.do("command", user="sam", channel="delivery", text="/handoff")

    assert clicked["outcome"] == "ok"
    assert clicked["status"] is None
    assert kept[0]["actions"][0]["value"] == "7"
    assert (sent["outcome"], sent["errors"]) == ("errors", {"goal": "Say more."})
    assert commanded == {"outcome": "ok", "text": "3 are open"}


def test_bolt_over_socket_hears_events() -> None:
    kept: list[Json] = []

    def listen(app: App) -> None:
        @app.event("message")
        def heard(body: Json) -> None:
            kept.append(body)

    with socket_stage(listen) as (made, _):
        said = made.do("say", user="sam", channel="sam", text="hello")
        wait_for(lambda: kept)

    assert kept[0]["event_id"] == said["events"][0]


def test_bolt_that_does_not_answer_over_socket_is_a_timeout() -> None:
    with socket_stage() as (made, _):
        ts = made.button()

        answer = made.do("click", user="dana", channel="delivery", ts=ts, action_id="claim")

    assert answer["outcome"] == "timeout"
    assert 2.95 <= answer["seconds"] < 3.5


def test_bolt_connects_anew_when_told_to_refresh() -> None:
    with socket_stage() as (made, handler):
        before = handler.client.session_id()
        told = made.do("sockets", reason="refresh_requested")
        wait_for(lambda: made.see("sockets")["connections"] == 1 and handler.client.session_id() != before)

        answer = made.do("shortcut", user="sam", callback_id="any")

    assert told == {"told": 1}
    assert answer["outcome"] == "ok"


def test_hello_names_the_app_and_counts_connections() -> None:
    with stage() as made, link(made), link(made, greet=False) as second:
        hello = json.loads(second.recv(5))

    assert hello["type"] == "hello"
    assert hello["num_connections"] == 2
    assert hello["connection_info"] == {"app_id": "A0BATON"}
    assert hello["debug_info"]["approximate_connection_time"] > 0


def test_ping_is_answered() -> None:
    with stage() as made, link(made) as opened:
        assert opened.ping("ping").wait(5)


def test_ticket_opens_one_socket_only() -> None:
    refused = []
    with stage() as made:
        url = str(made.web.apps_connections_open(app_token=made.sandbox.settings.app_token)["url"])
        with connect(url, proxy=None):
            for address in (url, url.replace("ticket=", "ticket=x")):
                try:
                    connect(address, proxy=None)
                except InvalidStatus as error:
                    refused.append(error.response.status_code)

    assert refused == [403, 403]


def test_envelopes_of_events_carry_the_retry() -> None:
    with stage() as made, link(made) as opened:
        made.do("retries", factor=0)
        made.do("say", user="sam", channel="sam", text="hello")
        first = json.loads(opened.recv(5))
        second = json.loads(opened.recv(5))
        opened.send(json.dumps({"envelope_id": second["envelope_id"]}))

    assert (first["type"], first["accepts_response_payload"]) == ("events_api", False)
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "http_timeout")
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert first["envelope_id"] != second["envelope_id"]


def test_each_payload_goes_to_one_of_the_sockets() -> None:
    with stage() as made, link(made) as one, link(made) as two:
        for number in range(4):
            made.do("say", user="sam", channel="sam", text=str(number))
        got = [json.loads(opened.recv(5))["payload"]["event"]["text"] for opened in (one, one, two, two)]

    assert sorted(got) == ["0", "1", "2", "3"]


def test_eleventh_socket_is_sent_away() -> None:
    with stage() as made:
        opened = [link(made) for _ in range(10)]
        for held in opened:
            held.__enter__()
        with link(made, greet=False) as extra:
            told = json.loads(extra.recv(5))
        for held in opened:
            held.__exit__(None, None, None)

    assert told == {"type": "disconnect", "reason": "too_many_websockets"}


def test_warned_socket_gets_no_more_payloads_and_is_closed_later() -> None:
    with stage() as made, link(made) as old:
        made.do("sockets", reason="warning", grace=0.3)
        with link(made) as new:
            made.do("say", user="sam", channel="sam", text="hello")
            envelope = json.loads(new.recv(5))
        told = json.loads(old.recv(5))
        closed = False
        try:
            old.recv(5)
        except ConnectionClosed:
            closed = True

    assert (told["type"], told["reason"]) == ("disconnect", "warning")
    assert envelope["payload"]["event"]["text"] == "hello"
    assert closed


def test_without_any_socket_left_nothing_is_dispatched() -> None:
    with stage() as made:
        with link(made):
            pass
        wait_for(lambda: made.see("sockets")["connections"] == 0)
        began = time.monotonic()
        commanded = made.do("command", user="sam", channel="delivery", text="/handoff")
        took = time.monotonic() - began

    assert commanded == {"outcome": "error", "text": '/handoff failed with the error "dispatch_failed"'}
    assert took < 1


def test_dropped_socket_is_noticed_and_bolt_comes_back() -> None:
    with socket_stage() as (made, _):
        dropped = made.do("sockets", drop=True)
        back = wait_for(lambda: made.see("sockets")["connections"] == 1, 15)

        answer = made.do("shortcut", user="sam", callback_id="any")

    assert (dropped, back) == ({"told": 1}, True)
    assert answer["outcome"] == "ok"


def test_frames_that_are_no_acknowledgements_do_no_harm() -> None:
    with stage() as made, link(made) as opened:
        for frame in ("not json", "[1]", '{"envelope_id": "unknown"}', "{}"):
            opened.send(frame)
        made.do("say", user="sam", channel="sam", text="hello")
        envelope = json.loads(opened.recv(5))
        opened.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": 7}))
        opened.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        ok = wait_for(lambda: [line for line in made.see("traffic") if line["direction"] == "out"])

    assert ok[0]["ok"] is True
