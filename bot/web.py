"""The routes. Each passes the front door, then does one thing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from pydantic_core import to_json
from slack_bolt import App, BoltRequest, BoltResponse
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.arrivals import Arrivals
from bot.front_door import body_of, check_slack, said_in
from bot.landing import Landing
from bot.logs import new_trace
from bot.metrics import Metrics
from handoff.errors import BadRequest, StorageError
from handoff.events import Hint
from handoff.flow import Flow

_HANDS = 40  # what people do in Slack, at once
_SHORT = 65_536  # bytes: about two hundred events

Handler = Callable[[Request], Awaitable[Response]]


class Delivery(Protocol):
    """What a CRM's webhook said."""

    @property
    def hints(self) -> Sequence[Hint]:
        """What may have changed."""

    @property
    def ignored(self) -> int:
        """How many events were none of our business."""


class Reader(Protocol):
    """Checks and reads the webhooks of one CRM; raises BadRequest with the status to answer."""

    def __call__(self, headers: Mapping[str, str], body: bytes, *, now: datetime, trace: str) -> Delivery:
        """What the webhook says. `headers` are found by lower-case names."""


@dataclass(frozen=True)
class Web:
    """The routes and what they need. `hubspot` reads its webhooks; `ready` says what is not, in phrases.

    `visitors` is entered while somebody whom we know waits for an answer.
    """

    flow: Flow
    app: App
    metrics: Metrics
    clock: Callable[[], datetime]
    ready: Callable[[], Sequence[str]]
    measure: Callable[[], None]
    signing_secret: str | None
    hubspot: Reader | None
    visitors: AbstractContextManager[None] = field(default_factory=nullcontext)
    landing: Landing = field(default_factory=Landing)
    hands: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_HANDS, "slack"))

    def asgi(self) -> ASGIApp:
        """The routes as an ASGI app; those without their secret are not there."""
        doors: dict[str, Door] = {}
        if self.signing_secret:
            doors["/slack/events"] = Door("slack", self.slack, self.metrics)
        if self.hubspot:
            doors["/crm/hubspot"] = Door("hubspot", self._crm("hubspot", self.hubspot), self.metrics)
        own = [Route("/healthz", self.healthz), Route("/readyz", self.readyz), Route("/metrics", self.measures)]
        ways_in = [Route(path, door, methods=["POST"]) for path, door in doors.items()]
        house = Starlette(routes=[*own, *ways_in])
        house.router.redirect_slashes = False  # it would lead to where we listen, not to where others reach us
        return Entrance(doors, house)

    async def slack(self, request: Request) -> Response:
        """What people do in Slack. The answer goes out after the commit."""
        body = await body_of(request, "application/x-www-form-urlencoded", "application/json")
        check_slack(self.signing_secret or "", request, body, self.clock())
        began = self.clock()
        with self.visitors:
            answer = _answer(await self.landing.of(self.hands.submit(self.app.dispatch, _asked(request, body))))
        self.metrics.took("click_to_answer", (self.clock() - began).total_seconds())
        return answer

    async def healthz(self, _: Request) -> Response:
        """Alive."""
        return JSONResponse({"ok": True})

    async def readyz(self, _: Request) -> Response:
        """Able to do its work."""
        missing = await run_in_threadpool(self.ready)
        return JSONResponse({"ok": not missing, "not_ready": list(missing)}, 503 if missing else 200)

    async def measures(self, _: Request) -> Response:
        """The page for Prometheus."""
        await run_in_threadpool(self.measure)
        return Response(self.metrics.page(), media_type="text/plain; version=0.0.4")

    def _crm(self, system: str, read: Reader) -> Handler:
        """A CRM's webhooks. 2xx says that every event is on disk."""
        arrivals = Arrivals(self.flow.taking, self.landing, self.visitors)
        log = structlog.get_logger().bind(system=system)

        async def take(request: Request) -> Response:
            body = await body_of(request, "application/json", "")
            now, trace = self.clock(), new_trace()
            # Another thread would cost more than the reading itself, unless there is much to read.
            if len(body) < _SHORT:
                said = read(request.headers, body, now=now, trace=trace)
            else:
                said = await run_in_threadpool(read, request.headers, body, now=now, trace=trace)
            new = await arrivals.take(said.hints, now)
            known, ignored = len(said.hints) - new, said.ignored
            self.metrics.webhook(system, new=new, known=known, ignored=ignored)
            log.info("webhook_taken", trace=trace, new=new, known=known, ignored=ignored)
            answer = to_json({"taken": new, "known": known, "ignored": ignored})
            return Response(answer, media_type="application/json")

        return take


@dataclass(frozen=True)
class Door:
    """A way in for others, whatever they send. An ASGI app: what Starlette puts around a function would cost more."""

    route: str
    handler: Handler
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            return await self.handler(request)
        except BadRequest as e:
            self.metrics.refused(self.route, e.status)
            structlog.get_logger().info("request_refused", route=self.route, status=e.status, why=str(e))
            return PlainTextResponse(str(e), e.status)
        except StorageError as e:
            structlog.get_logger().warning("request_not_stored", route=self.route, why=str(e))
            return PlainTextResponse("This could not be stored. Send it again.", 503)


@dataclass(frozen=True)
class Entrance:
    """An ASGI app that leads straight to the doors; whatever is not for one of them is Starlette's.

    On its way through the whole house a request would spend more than on the signature.
    """

    doors: Mapping[str, Door]
    house: Starlette

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or whatever else the server has to say."""
        door = self.doors.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        await (door or self.house)(scope, receive, send)


def _asked(request: Request, body: bytes) -> BoltRequest:
    """The request as Bolt takes it. Raises BadRequest for a body that Bolt cannot read."""
    try:
        return BoltRequest(body=said_in(body).decode(), headers=dict(request.headers))
    except (ValueError, TypeError, AttributeError, RecursionError) as e:
        raise BadRequest(400, "The body is not what Slack sends.") from e


def _answer(answer: BoltResponse) -> Response:
    response = Response(answer.body, answer.status)
    for name, values in answer.headers.items():
        if name.casefold() != "content-length":
            for value in values:
                response.headers.append(name, value)
    return response
