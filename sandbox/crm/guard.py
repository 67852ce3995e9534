"""Around every API call: faults, the bearer token, the rate limit, error bodies, the log. Knows no endpoint."""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from sandbox.crm.bodies import BadBody, parse_object
from sandbox.crm.host import Host
from sandbox.crm.model import Json
from sandbox.crm.state import Refused
from sandbox.crm.wire import ApiError, rate_limited, refused, unauthorised
from sandbox.dropped import Dropped

Handler = Callable[[Host, Request], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(host: Host, handler: Handler) -> Endpoint:
    """The endpoint that runs `handler` behind all checks."""

    async def endpoint(request: Request) -> Response:
        started = time.perf_counter()
        response = await _answer(host, handler, request)
        status = None if isinstance(response, Dropped) else response.status_code
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        host.crm.calls.note(request.method, path, status, time.perf_counter() - started)
        return response

    return endpoint


async def read_json(request: Request) -> Json:
    """The body as a JSON object. Raises BadBody, which the guard turns into HubSpot's 400."""
    return parse_object(await request.body())


async def _answer(host: Host, handler: Handler, request: Request) -> Response:
    fault = host.crm.faults.strike(f"{request.method} {request.url.path}")
    match fault.kind if fault else None:
        case "down":
            return Dropped()
        case "5xx":
            return ApiError(503, "The service is temporarily unavailable", "INTERNAL_ERROR").response()
        case "429":
            return rate_limited().response()
    if fault and fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    try:
        _let_in(host, request)
        response = await handler(host, request)
    except Refused as error:
        response = refused(error.complaints).response()
    except ApiError as error:
        response = error.response()
    except BadBody as error:
        response = ApiError(400, f"Invalid input JSON on line 1, column 1: {error}", "VALIDATION_ERROR").response()
    return Dropped() if fault and fault.kind == "drop" else response


def _let_in(host: Host, request: Request) -> None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    same = hmac.compare_digest(token.encode(), host.hubspot_token.encode())
    if scheme.casefold() != "bearer" or not token or not same:
        raise unauthorised()
    if not host.crm.calls.admit(time.monotonic()):
        raise rate_limited()
