"""`/api/<method>`: the road every call takes. Faults, token, scope, rate, then the method; all of it logged."""

import asyncio
import hmac
import math
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.dropped import Dropped
from sandbox.slack.api import files
from sandbox.slack.api.args import read_args
from sandbox.slack.api.call import Call
from sandbox.slack.api.errors import ApiError, RateLimited
from sandbox.slack.api.table import METHODS, Method
from sandbox.slack.faults import Fault
from sandbox.slack.state import Json, new_id
from sandbox.world import Sandbox


@dataclass
class Answer:
    """What goes back: a body and a status, with `wait` seconds as Retry-After."""

    body: Json
    status: int = 200
    wait: float | None = None
    call: Call | None = field(default=None, repr=False)

    @property
    def error(self) -> str | None:
        """The error's name, if it is one."""
        return None if self.body.get("ok") else str(self.body.get("error"))


def routes(sandbox: Sandbox) -> list[BaseRoute]:
    """The Web API's route, and the one to which permalinks lead."""

    async def api(request: Request) -> Response:
        return await _serve(sandbox, request)

    async def permalink(request: Request) -> Response:
        where = {"channel": request.path_params["channel"], "thread": request.query_params.get("thread_ts", "")}
        # The link does not say who follows it, so both people are taken there.
        shown = {f"{side}_{name}": value for side in ("left", "right") for name, value in where.items() if value}
        return RedirectResponse("/?" + urlencode(shown))

    async def upload(request: Request) -> Response:
        return await files.upload(sandbox, request)

    async def download(request: Request) -> Response:
        return await files.download(sandbox, request)

    return [
        Route("/upload/v1/{file}", upload, methods=["POST"]),
        Route("/files/{file}/{name}", download, methods=["GET"]),
        Route("/api/{method}", api, methods=["GET", "POST"]),
        Route("/archives/{channel}/{message}", permalink, methods=["GET"]),
    ]


async def _serve(sandbox: Sandbox, request: Request) -> Response:
    started = time.perf_counter()
    name = request.path_params["method"]
    fault = sandbox.faults.strike(name)
    answer = await _answer(sandbox, request, name, fault)
    dropped = fault is not None and fault.kind == "drop"
    if fault is not None and fault.kind == "fatal":
        answer = Answer({"ok": False, "error": "fatal_error"}, call=answer.call)
    call = answer.call
    sandbox.traffic.note(
        "in",
        name,
        user=call.user if call else None,
        ok=answer.error is None and not dropped,
        error="dropped" if dropped else answer.error,
        status=None if dropped else answer.status,
        seconds=time.perf_counter() - started,
        channel=call.channel if call else None,
        pings=tuple(sorted(call.pings)) if call else (),
    )
    return Dropped() if dropped else _response(sandbox, name, answer)


async def _answer(sandbox: Sandbox, request: Request, name: str, fault: Fault | None) -> Answer:
    kind = fault.kind if fault else None
    if kind == "5xx":
        return Answer({"ok": False, "error": "service_unavailable"}, 503)
    if fault and kind == "429":
        return Answer({"ok": False, "error": "ratelimited"}, 429, fault.seconds)
    call: Call | None = None
    try:
        args, token = await read_args(request)
        if fault and kind == "slow":
            await asyncio.sleep(fault.seconds)
        call = Call(sandbox, args, request.headers.get("host", ""))
        return Answer({"ok": True} | _run(call, name, token), call=call)
    except ApiError as error:
        return Answer({"ok": False, "error": error.error} | error.more, call=call)
    except RecursionError:  # nested deeper than anything meant
        return Answer({"ok": False, "error": "invalid_arguments"}, call=call)
    except RateLimited as error:
        return Answer({"ok": False, "error": "ratelimited"}, 429, error.wait, call)


def _run(call: Call, name: str, token: str | None) -> Json:
    """Let the call in and run its method."""
    method = METHODS.get(name)
    if method is None:
        raise ApiError("unknown_method", req_method=name)
    _check_token(call.sandbox, method, token)
    if method.scopes:
        call.need(*method.scopes)
    wait = call.sandbox.limits.wait_for_method(name, method.tier, time.monotonic())
    if wait > 0:
        raise RateLimited(wait)
    return method.run(call)


def _check_token(sandbox: Sandbox, method: Method, token: str | None) -> None:
    """https://docs.slack.dev/authentication/tokens: one kind of token per method."""
    if method.token == "none":  # noqa: S105 -- a kind of token
        return
    if token is None:
        raise ApiError("not_authed")
    own = {"bot": sandbox.settings.bot_token, "app": sandbox.settings.app_token}
    kinds = [kind for kind, value in own.items() if hmac.compare_digest(value.encode(), token.encode())]
    if not kinds:
        raise ApiError("invalid_auth")
    if method.token not in kinds:
        raise ApiError("not_allowed_token_type")


def _response(sandbox: Sandbox, name: str, answer: Answer) -> Response:
    method = METHODS.get(name)
    headers = {
        "x-oauth-scopes": ",".join(sandbox.manifest.scopes or ()),
        "x-accepted-oauth-scopes": ",".join(method.scopes) if method else "",
        "x-slack-req-id": new_id("").lower(),
    }
    if answer.wait is not None:
        headers["retry-after"] = str(max(1, math.ceil(answer.wait)))
    return JSONResponse(answer.body, answer.status, headers)
