"""The page's addresses: the whole page, one side of it, its static files."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.page.pane import Wish, pane, person
from sandbox.page.render.icons import icon
from sandbox.page.templating import FOLDER, environment
from sandbox.world import Sandbox

SIDES = ("left", "right")
# Nothing from outside, no script in the page itself: what a bot sends can never run.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def routes(sandbox: Sandbox) -> list[BaseRoute]:
    """All addresses of the page."""
    templates = environment()
    templates.globals["icon"] = icon
    page = Page(sandbox, templates)
    return [
        Route("/", page.whole),
        Route("/page/pane", page.side),
        Route("/page/read", page.read, methods=["POST"]),
        Mount("/page/static", StaticFiles(directory=FOLDER / "static")),
    ]


@dataclass(frozen=True)
class Page:
    """Draws what the sandbox holds at the moment of asking."""

    sandbox: Sandbox
    templates: Environment

    async def whole(self, request: Request) -> Response:
        """Two people side by side."""
        wishes = [Wish.of(side, request.query_params, f"{side}_") for side in SIDES]
        panes = [self._pane(wish) for wish in wishes]
        version = self.sandbox.workspace.version
        return self._html("page.html", panes=panes, version=version, place="people")

    async def side(self, request: Request) -> Response:
        """One person's side, to replace what is there."""
        side = request.query_params.get("side", "left")
        wish = Wish.of(side if side in SIDES else "left", request.query_params)
        return self._html("pane.html", pane=self._pane(wish))

    async def read(self, request: Request) -> Response:
        """A person has the thread open: its replies are no longer new."""
        try:
            sent = json.loads(await request.body())
            user, channel, thread = (str(sent[name]) for name in ("user", "channel", "thread"))
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"error": "Say user, channel and thread."}, 400)
        workspace = self.sandbox.workspace
        reader = person(workspace, Wish("left", user))
        replies = [m.ts for m in workspace.messages.get(channel, []) if m.thread_ts == thread]
        mark = (reader.id, f"{channel}/{thread}")
        if replies and replies[-1] > workspace.last_read.get(mark, ""):
            workspace.last_read[mark] = replies[-1]
            workspace.touch()
        return JSONResponse({"ok": True})

    def _pane(self, wish: Wish) -> dict[str, object]:
        return pane(self.sandbox.workspace, self.sandbox.manifest, wish, datetime.now(UTC))

    def _html(self, template: str, **values: object) -> Response:
        return HTMLResponse(self.templates.get_template(template).render(**values), headers=HEADERS)
