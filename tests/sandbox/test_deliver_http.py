"""Deliveries over HTTP: signature, bodies, retries and duplicates, as a bot's own server sees them."""

import json
import threading
import time
from urllib.parse import parse_qs

from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tests.sandbox.people_rig import Json, Stage, raw_stage, stage, wait_for

SECRET = "local-signing-secret"


class Recorder:
    """A bot that keeps what it got and answers with the next status in line, then 200."""

    def __init__(self, *statuses: int, headers: dict[str, str] | None = None) -> None:
        self.statuses = list(statuses)
        self.headers = headers
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.lock = threading.Lock()

    def __call__(self, request: Request, body: bytes) -> Response:
        with self.lock:
            self.got.append((dict(request.headers), body))
            status = self.statuses.pop(0) if self.statuses else 200
        return PlainTextResponse("", status, headers=self.headers if status != 200 else None)


def outgoing(made: Stage) -> list[Json]:
    return [line for line in made.see("traffic") if line["direction"] == "out"]


def test_interaction_is_a_signed_form_with_one_payload() -> None:
    bot = Recorder()
    with raw_stage(bot) as made:
        made.do("shortcut", user="sam", callback_id="start")

    headers, body = bot.got[0]
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    assert not SignatureVerifier("another").is_valid_request(body, headers)
    assert abs(int(headers["x-slack-request-timestamp"]) - time.time()) < 5
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    fields = parse_qs(body.decode())
    assert list(fields) == ["payload"]
    assert json.loads(fields["payload"][0])["callback_id"] == "start"


def test_command_is_a_signed_form_of_fields() -> None:
    bot = Recorder()
    with raw_stage(bot) as made:
        made.do("command", user="sam", channel="delivery", text="/handoff wort für wort")

    headers, body = bot.got[0]
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    assert parse_qs(body.decode())["text"] == ["wort für wort"]


def test_event_is_signed_json() -> None:
    bot = Recorder()
    with raw_stage(bot) as made:
        said = made.do("say", user="sam", channel="sam", text="hello")
        wait_for(lambda: bot.got)

    headers, body = bot.got[0]
    envelope = json.loads(body)
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    assert headers["content-type"] == "application/json"
    assert (envelope["type"], envelope["event_id"]) == ("event_callback", said["events"][0])
    assert "x-slack-retry-num" not in headers


def test_failed_event_is_repeated_three_times_under_one_id() -> None:
    bot = Recorder(500, 500, 500, 500, 500)
    with raw_stage(bot) as made:
        made.do("retries", factor=0.001)
        made.do("say", user="sam", channel="sam", text="hello")
        wait_for(lambda: len(bot.got) == 4)
        time.sleep(0.5)

    told = [(headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")) for headers, _ in bot.got]
    assert told == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({json.loads(body)["event_id"] for _, body in bot.got}) == 1


def test_event_is_repeated_until_the_bot_is_back() -> None:
    bot = Recorder()
    with raw_stage(bot) as made:
        url = made.sandbox.settings.bot_url
        made.do("bot", url="http://127.0.0.1:9")
        made.do("retries", factor=0.005)  # the waits become 0, 0.3 and 1.5 seconds
        made.do("say", user="sam", channel="sam", text="hello")
        wait_for(lambda: len(outgoing(made)) == 2)
        made.do("bot", url=url)
        wait_for(lambda: bot.got)

    assert bot.got[0][0]["x-slack-retry-num"] == "2"
    assert bot.got[0][0]["x-slack-retry-reason"] == "connection_failed"


def test_event_is_not_repeated_when_the_bot_says_so() -> None:
    bot = Recorder(500, headers={"x-slack-no-retry": "1"})
    with raw_stage(bot) as made:
        made.do("retries", factor=0)
        made.do("say", user="sam", channel="sam", text="hello")
        wait_for(lambda: bot.got)
        time.sleep(0.3)

    assert len(bot.got) == 1


def test_duplicate_is_the_same_event_once_more() -> None:
    bot = Recorder()
    with raw_stage(bot) as made:
        said = made.do("say", user="sam", channel="sam", text="hello")
        made.do("duplicate", event_id=said["events"][0])
        wait_for(lambda: len(bot.got) == 2)
        unknown = made.refuse("duplicate", event_id="Ev0")

    assert bot.got[0][1] == bot.got[1][1]
    assert unknown == (404, "No event with this id was sent.")


def test_slow_bot_is_given_up_after_three_seconds() -> None:
    def slow(_: Request, __: bytes) -> Response:
        time.sleep(4)
        return PlainTextResponse("")

    with raw_stage(slow) as made:
        answer = made.do("shortcut", user="sam", callback_id="start")
        logged = outgoing(made)[-1]

    assert (answer["outcome"], answer["status"]) == ("timeout", None)
    assert 2.95 <= answer["seconds"] < 3.5
    assert (logged["what"], logged["ok"], logged["error"]) == ("shortcut start", False, "http_timeout")
    assert logged["user"] == "U0SAM"


def test_slow_command_is_an_operation_timeout() -> None:
    def slow(_: Request, __: bytes) -> Response:
        time.sleep(4)
        return PlainTextResponse("")

    with raw_stage(slow) as made:
        answer = made.do("command", user="sam", channel="delivery", text="/handoff")

    assert answer == {"outcome": "operation_timeout", "text": '/handoff failed with the error "operation_timeout"'}


def test_answers_that_are_not_json_objects_do_no_harm() -> None:
    def odd(_: Request, __: bytes) -> Response:
        return Response(b"[1, 2", media_type="application/json")

    with raw_stage(odd) as made:
        pressed = made.do("shortcut", user="sam", callback_id="start")
        commanded = made.do("command", user="sam", channel="delivery", text="/handoff")

    assert pressed["outcome"] == "ok"
    assert commanded == {"outcome": "ok", "text": "[1, 2"}


def test_outside_interface_refuses_bodies_it_cannot_read() -> None:
    with stage() as made:
        broken = made.http.post("/sandbox/click", content=b"{")
        a_list = made.http.post("/sandbox/click", json=[1])
        without = made.refuse("click")
        no_number = made.http.get("/sandbox/traffic", params={"since": "soon"})
        fault = made.refuse("faults", kind="earthquake")

    assert broken.json() == {"error": "The body is not JSON."}
    assert a_list.json() == {"error": "The body is not a JSON object."}
    assert without == (400, "Say user.")
    assert no_number.json() == {"error": "since is a whole number."}
    assert fault[0] == 400


def test_faults_are_switched_on_and_off_from_outside() -> None:
    with stage() as made:
        on = made.do("faults", method="chat.postMessage", kind="429", seconds=3, times=1)
        seen = made.see("faults")
        off = made.http.delete("/sandbox/faults").json()

    assert on == seen
    assert seen["faults"][0]["method"] == "chat.postMessage"
    assert off == {"faults": []}
