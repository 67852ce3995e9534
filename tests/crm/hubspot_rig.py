"""What the tests of the HubSpot client share: what people do in the toy CRM, and servers that answer otherwise."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from crm.hubspot_client import HubSpot
from handoff.model import RecordRef
from sandbox import serve
from sandbox.world import Sandbox
from tests.running import serving

UNTIL = datetime(9999, 1, 1, tzinfo=UTC)  # there is time enough to write
BARE = RecordRef(system="hubspot", object="deal", id="5")


def utc_now() -> datetime:
    """The time by the wall clock."""
    return datetime.now(UTC)


def call(sandbox: Sandbox, method: str, path: str, body: object = None) -> Any:
    """What a person sees or does in the toy CRM."""
    reply = httpx.request(method, f"{sandbox.base_url}/sandbox/crm/{path}", json=body)
    assert reply.is_success, reply.text
    return reply.json()


def deal(sandbox: Sandbox, name: str) -> Any:
    """A deal by its name, as people see it."""
    return next(one for one in call(sandbox, "GET", "deals")["deals"] if one["name"] == name)


def ref(sandbox: Sandbox, name: str) -> RecordRef:
    """Which record that is."""
    return RecordRef(system="hubspot", object="deal", id=deal(sandbox, name)["id"])


def api_calls(sandbox: Sandbox, path: str) -> int:
    """How many API calls began with this path."""
    return sum(one["path"].startswith(path) for one in call(sandbox, "GET", "calls")["calls"])


def break_down(sandbox: Sandbox, kind: str) -> None:
    """Trouble with every call."""
    call(sandbox, "POST", "faults", {"kind": kind})


@contextlib.contextmanager
def answering(response: Response) -> Iterator[HubSpot]:
    """A client of a server that answers everything with this."""

    async def answer(_: object) -> Response:
        return response

    listener = serve.listen("127.0.0.1", 0)
    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "PATCH", "POST"])])
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with listener, serving(app, listener), contextlib.closing(HubSpot("pat", address, clock=utc_now)) as client:
        yield client


def break_call(sandbox: Sandbox, kind: str, only: str) -> None:
    """Trouble with one call alone, such as `POST /crm/v3/objects/notes`."""
    call(sandbox, "POST", "faults", {"kind": kind, "only": only})
