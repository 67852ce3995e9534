"""What every request from outside passes first, over the network. Slack's door is that of a running Baton."""

import json
import logging
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.front_door import BIGGEST, body_of, check_slack, said_in
from handoff.errors import BadRequest
from sandbox import serve
from tests.running import Running, running_baton, serving, wait_for
from tests.signing import slack_headers

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
PLANTED = "planted-words-of-a-person"
GREETING = json.dumps({"type": "url_verification", "challenge": "c-1", "said": PLANTED}).encode()

ODD_BODIES = {
    "half an object": (JSON, b"{"),
    "half a payload": (FORM, b"payload=%7B"),
    "a payload that is null": (FORM, b"payload=null"),
    "a list": (JSON, b"[1,2]"),
    "nested beyond sense": (JSON, b"[" * 100_000),
    "a number of 4301 digits": (JSON, b'{"a":' + b"1" * 4301 + b"}"),
}


@pytest.fixture(scope="module")
def baton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One Baton for the whole file: nothing here changes anything."""
    with running_baton(tmp_path_factory.mktemp("door")) as running:
        yield running


def signed(baton: Running, body: bytes, kind: str = JSON, ago: timedelta = timedelta(0)) -> dict[str, str]:
    return slack_headers(baton.sandbox.settings.signing_secret, body, datetime.now(UTC) - ago, kind)


def post(baton: Running, body: bytes, headers: dict[str, str]) -> httpx.Response:
    return baton.door.post("/slack/events", content=body, headers=headers)


def raw(url: str, request: bytes) -> int:
    """The status that answers these very bytes; the connection stays open until then."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request)
        return int(connection.makefile("rb").readline().split()[1])


def refused_as_odd(baton: Running) -> float:
    """How many requests to Slack's door were answered 400 so far."""
    page = baton.door.get("/metrics").text
    count = re.search(r'baton_requests_refused_total{route="slack",status="400"} (\S+)', page)
    return float(count[1]) if count else 0.0


def test_signed_request_reaches_bolt(baton: Running) -> None:
    answer = post(baton, GREETING, signed(baton, GREETING))

    assert answer.status_code == 200
    assert answer.json() == {"challenge": "c-1"}


@pytest.mark.parametrize("name", ODD_BODIES)
def test_odd_body_without_a_signature(baton: Running, name: str) -> None:
    kind, body = ODD_BODIES[name]

    answer = post(baton, body, {"content-type": kind})

    assert answer.status_code == 401


@pytest.mark.parametrize("name", ODD_BODIES)
def test_odd_body_with_a_good_signature(baton: Running, name: str) -> None:
    kind, body = ODD_BODIES[name]

    answer = post(baton, body, signed(baton, body, kind))

    assert answer.status_code == 400


def test_body_that_is_not_utf8(baton: Running) -> None:
    body = b'{"text": "\xff\xfe"}'

    answer = post(baton, body, signed(baton, body))

    assert answer.status_code == 401


@pytest.mark.parametrize("kind", [JSON, FORM])
def test_ten_megabytes_are_cut_off(baton: Running, kind: str) -> None:
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: 10000000\r\n\r\n"

    assert raw(baton.url, head.encode()) == 413


@pytest.mark.parametrize(("size", "status"), [(BIGGEST, 401), (BIGGEST + 1, 413)])
def test_body_around_the_limit(baton: Running, size: int, status: int) -> None:
    answer = post(baton, b" " * size, {"content-type": JSON})

    assert answer.status_code == status


@pytest.mark.parametrize("path", ["/slack/events", "/crm/hubspot"])
def test_body_of_unknown_length_is_counted_as_it_comes(baton: Running, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = f"{BIGGEST + 1:x}\r\n".encode() + b" " * (BIGGEST + 1)

    assert raw(baton.url, head.encode() + chunk) == 413


def test_body_that_breaks_off_is_refused_as_such(baton: Running) -> None:
    host, _, port = baton.url.removeprefix("http://").partition(":")
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nContent-Length: 500\r\n\r\nhalf"
    before = refused_as_odd(baton)

    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.encode())

    wait_for(lambda: refused_as_odd(baton) == before + 1)


@pytest.mark.parametrize("header", ["x-slack-signature", "x-slack-request-timestamp"])
@pytest.mark.parametrize(
    "value",
    [None, "", "abc", "nan", "-1", "1e9", "9" * 5000, "\u00e9", "v0=", "v1=" + "0" * 64, "v0=" + "0" * 64],
    ids=ascii,
)
def test_header_that_is_missing_or_malformed(baton: Running, header: str, value: str | None) -> None:
    headers = signed(baton, GREETING)
    del headers[header]
    if value is not None:
        headers[header] = value

    answer = baton.door.post("/slack/events", content=GREETING, headers=httpx.Headers(headers, "latin-1"))

    assert answer.status_code == 401


@pytest.mark.parametrize("ago", [timedelta(seconds=310), timedelta(seconds=-310)], ids=["stale", "future"])
def test_signature_of_another_time(baton: Running, ago: timedelta) -> None:
    answer = post(baton, GREETING, signed(baton, GREETING, ago=ago))

    assert answer.status_code == 401


@pytest.mark.parametrize("ago", [timedelta(seconds=280), timedelta(seconds=-280)], ids=["past", "ahead"])
def test_signature_within_five_minutes(baton: Running, ago: timedelta) -> None:
    answer = post(baton, GREETING, signed(baton, GREETING, ago=ago))

    assert answer.status_code == 200


def test_signature_is_as_old_as_the_clock_it_is_given_says() -> None:
    then = datetime(2020, 2, 29, 12, 0, tzinfo=UTC)
    headers = slack_headers("secret", GREETING, then, JSON)
    raw_headers = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = Request({"type": "http", "headers": raw_headers})

    check_slack("secret", request, GREETING, then + timedelta(minutes=5))
    with pytest.raises(BadRequest, match="older than five minutes"):
        check_slack("secret", request, GREETING, then + timedelta(minutes=5, seconds=1))


def test_signature_of_another_secret(baton: Running) -> None:
    headers = slack_headers("another-secret", GREETING, datetime.now(UTC), JSON)

    assert post(baton, GREETING, headers).status_code == 401


def test_signature_of_another_body(baton: Running) -> None:
    headers = signed(baton, GREETING)

    assert post(baton, GREETING.replace(b"c-1", b"c-2"), headers).status_code == 401


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data; boundary=x"])
def test_content_type_that_slack_never_sends(baton: Running, kind: str) -> None:
    answer = post(baton, GREETING, signed(baton, GREETING, kind))

    assert answer.status_code == 415


def test_content_type_in_other_letters_and_with_a_charset(baton: Running) -> None:
    answer = post(baton, GREETING, signed(baton, GREETING, "Application/JSON; charset=utf-8"))

    assert answer.status_code == 200


def test_bodies_of_refused_requests_are_never_logged(
    baton: Running, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    senseless = json.dumps([PLANTED]).encode()

    statuses = [
        post(baton, GREETING, {"content-type": JSON}).status_code,
        post(baton, GREETING, signed(baton, b"another")).status_code,
        post(baton, senseless, signed(baton, senseless)).status_code,
    ]

    assert statuses == [401, 401, 400]
    assert PLANTED not in "".join(capfd.readouterr()) + caplog.text


def test_refused_requests_are_counted(baton: Running) -> None:
    before = baton.count("baton_requests_refused_total", route="slack", status="401")

    post(baton, GREETING, {"content-type": JSON})

    assert baton.count("baton_requests_refused_total", route="slack", status="401") == before + 1


def test_door_stays_open_after_a_sender_who_hung_up(baton: Running) -> None:
    host, _, port = baton.url.removeprefix("http://").partition(":")
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nContent-Length: 500\r\n\r\nhalf"
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.encode())

    answer = post(baton, GREETING, signed(baton, GREETING))

    assert answer.status_code == 200


def test_body_that_never_arrives_whole() -> None:
    async def read(request: Request) -> Response:
        try:
            return PlainTextResponse(await body_of(request, JSON, slowest=0.1))
        except BadRequest as refusal:
            return PlainTextResponse(str(refusal), refusal.status)

    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nContent-Length: 500\r\n\r\nhalf"
    listener = serve.listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    with listener, serving(Starlette(routes=[Route("/", read, methods=["POST"])]), listener):
        status = raw(url, head.encode())

    assert status == 408


_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(_TEXT, _TEXT), st.booleans())
def test_payload_of_a_form_is_read_as_it_was_written(said: dict[str, str], in_ascii: bool) -> None:
    written = json.dumps(said, ensure_ascii=in_ascii)

    assert said_in(urlencode({"payload": written}).encode()) == written.encode()


@pytest.mark.parametrize("body", [b"payload=null", b"payload=%7B%7D&more=1", b"text=payload", b"", b'{"payload":"="}'])
def test_body_that_is_more_or_less_than_a_payload_stays_as_it_is(body: bytes) -> None:
    assert said_in(body) == body
