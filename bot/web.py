"""The routes. Each passes the front door, then does one thing."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from slack_bolt import App, BoltRequest, BoltResponse
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.front_door import body_of, check_slack
from bot.metrics import Metrics
from crm import hubspot
from handoff.errors import BadRequest, StorageError
from handoff.flow import Flow

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Web:
    """The routes and what they need. `ready` says what is not ready yet, one phrase each."""

    flow: Flow
    app: App
    metrics: Metrics
    clock: Callable[[], datetime]
    ready: Callable[[], Sequence[str]]
    signing_secret: str | None
    hubspot_secrets: Sequence[str]
    public_url: str

    def asgi(self) -> Starlette:
        """The routes as an ASGI app; those without their secret are not there."""
        routes = [Route("/healthz", self.healthz), Route("/readyz", self.readyz), Route("/metrics", self.measures)]
        if self.signing_secret:
            routes.append(Route("/slack/events", self._door("slack", self.slack), methods=["POST"]))
        if self.hubspot_secrets:
            routes.append(Route("/crm/hubspot", self._door("hubspot", self.hubspot), methods=["POST"]))
        return Starlette(routes=routes)

    async def slack(self, request: Request) -> Response:
        """What people do in Slack. The answer goes out after the commit."""
        body = await body_of(request, "application/x-www-form-urlencoded", "application/json")
        check_slack(self.signing_secret or "", request, body, self.clock())
        asked = BoltRequest(body=body.decode(), query=request.url.query, headers=dict(request.headers))
        return _answer(await run_in_threadpool(self.app.dispatch, asked))

    async def hubspot(self, request: Request) -> Response:
        """HubSpot's webhooks. 2xx says that every event is on disk."""
        body = await body_of(request, "application/json", "")
        return await run_in_threadpool(self._take_hubspot, dict(request.headers), body)

    async def healthz(self, _: Request) -> Response:
        """Alive."""
        return JSONResponse({"ok": True})

    async def readyz(self, _: Request) -> Response:
        """Able to do its work."""
        missing = await run_in_threadpool(self.ready)
        return JSONResponse({"ok": not missing, "not_ready": list(missing)}, 503 if missing else 200)

    async def measures(self, _: Request) -> Response:
        """The page for Prometheus."""
        return Response(self.metrics.page(), media_type="text/plain; version=0.0.4")

    def _take_hubspot(self, headers: dict[str, str], body: bytes) -> Response:
        now = self.clock()
        url = f"{self.public_url.rstrip('/')}/crm/hubspot"
        trace = uuid.uuid4().hex[:12]
        read = hubspot.read(headers, body, url=url, secrets=self.hubspot_secrets, now=now, trace=trace)
        new = self.flow.take(read.hints, now)
        known = len(read.hints) - new
        self.metrics.webhook("hubspot", new=new, known=known, ignored=read.ignored)
        structlog.get_logger().info(
            "webhook_taken", system="hubspot", new=new, known=known, ignored=read.ignored, trace=trace
        )
        return JSONResponse({"taken": new, "known": known, "ignored": read.ignored})

    def _door(self, route: str, handler: Handler) -> Handler:
        async def enter(request: Request) -> Response:
            try:
                return await handler(request)
            except BadRequest as e:
                self.metrics.refused(route, e.status)
                structlog.get_logger().info("request_refused", route=route, status=e.status, why=str(e))
                return PlainTextResponse(str(e), e.status)
            except StorageError as e:
                structlog.get_logger().warning("request_not_stored", route=route, why=str(e))
                return PlainTextResponse("This could not be stored. Send it again.", 503)

        return enter


def _answer(answer: BoltResponse) -> Response:
    response = Response(answer.body, answer.status)
    for name, values in answer.headers.items():
        if name.casefold() != "content-length":
            for value in values:
                response.headers.append(name, value)
    return response
