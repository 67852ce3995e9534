"""`POST /response/<token>`: five uses in thirty minutes. What it does then is in responses.py.

In faults and in the traffic log it is called `response_url`, beside the methods of the Web API.
"""

import asyncio
import json
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.dropped import Dropped
from sandbox.slack.responses import Respond, ResponseError
from sandbox.slack.state import Json, ResponseUrl, Workspace
from sandbox.world import Sandbox

NAME = "response_url"


async def use(sandbox: Sandbox, request: Request) -> Response:
    """Take one answer of the app: `ok`, or 404 `expired_url`, or 400 with the error's name as plain text."""
    began = time.perf_counter()
    url = sandbox.workspace.response_urls.get(request.path_params["token"])
    fault = sandbox.faults.strike(NAME)
    kind = fault.kind if fault else None
    if fault and kind == "slow":
        await asyncio.sleep(fault.seconds)
    if fault and kind in ("5xx", "429"):
        status, headers = (503, {}) if kind == "5xx" else (429, {"retry-after": str(fault.seconds)})
        error, response = kind, Response(status_code=status, headers=headers)
    else:
        error, response = _answer(sandbox.workspace, url, await request.body())
    if kind == "drop":
        error, response = kind, Dropped()
    if kind == "fatal":
        error, response = "fatal_error", PlainTextResponse("fatal_error", 500)
    sandbox.traffic.note(
        "in",
        NAME,
        user=url.user if url else None,
        ok=not error,
        error=error or None,
        status=None if kind == "drop" else response.status_code,
        seconds=time.perf_counter() - began,
        channel=url.channel if url else None,
    )
    return response


def _answer(workspace: Workspace, url: ResponseUrl | None, raw: bytes) -> tuple[str, Response]:
    """Do what the app wants said: the error's name, empty if there is none, and the HTTP answer."""
    if url is None or url.uses_left < 1 or url.expires < time.time():
        return "expired_url", JSONResponse({"ok": False, "error": "expired_url"}, 404)
    try:
        _respond(workspace, url).take(_in_thread(_read(raw), url))
    except ResponseError as error:
        return str(error), PlainTextResponse(str(error), 400)
    url.uses_left -= 1
    return "", PlainTextResponse("ok")


def _read(raw: bytes) -> Json:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ResponseError("invalid_payload") from error
    if not isinstance(body, dict):
        raise ResponseError("invalid_payload")
    return body


def _respond(workspace: Workspace, url: ResponseUrl) -> Respond:
    channel = workspace.channels[url.channel]
    original = workspace.find_message(url.channel, url.message_ts) if url.message_ts else None
    return Respond(workspace, channel, workspace.users[url.user], original)


def _in_thread(body: Json, url: ResponseUrl) -> Json:
    """A private note about a message in a thread appears in that thread unless the app names another."""
    if url.thread_ts and "thread_ts" not in body and body.get("response_type", "ephemeral") == "ephemeral":
        return body | {"thread_ts": url.thread_ts}
    return body
