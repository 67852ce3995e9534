"""Closing a connection instead of answering: the caller cannot know what was done."""

import asyncio
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

ABORT = "sandbox.abort"


class Dropped(Response):
    """Resets the connection without a byte of answer; the client sees a reset or "remote end closed"."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Abort the transport; without one (another server) leave the answer unfinished, which closes it too."""
        abort = scope.get("extensions", {}).get(ABORT)
        if abort is None:
            await send({"type": "http.response.start", "status": 502, "headers": [(b"content-length", b"1")]})
            return
        abort()
        kind = "http.request"
        while kind != "http.disconnect":
            kind = (await receive())["type"]


def with_abort(app: ASGIApp) -> ASGIApp:
    """The app, its HTTP requests carrying the means to abort their connection (of uvicorn's HTTP/1 servers)."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            abort = _abort_of(send)
            if abort is not None:
                scope.setdefault("extensions", {})[ABORT] = abort
        await app(scope, receive, send)

    return wrapped


def _abort_of(send: Send) -> Callable[[], None] | None:
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    return transport.abort if isinstance(transport, asyncio.WriteTransport) else None
