"""The board: columns of a pipeline, a panel to edit one deal, the log of webhooks. Reading only.

What a person does there goes through the outside interface in control.py, the same as for anybody else.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.crm.faults import KINDS
from sandbox.crm.host import Host
from sandbox.crm.model import DEALS, Json, Option, Pipeline, Property, Record
from sandbox.crm.schema import PROPERTIES
from sandbox.crm.show import deal_json
from sandbox.crm.state import Crm
from sandbox.page.templating import environment

HERE = Path(__file__).parent
WAIT_SECONDS = 25.0
SHOWN_DELIVERIES = 50
# Moved by the board itself, or written by the CRM.
NOT_EDITED = frozenset({"pipeline", "dealstage", "createdate"})
# Shown under a heading of their own: the first is what sales writes, the second what Baton writes back.
HANDOFF = (
    "discount",
    "buyer_goals",
    "signed_scope_url",
    "start_date",
    "promised_deliverables",
    "client_expects_next",
    "pricing_exceptions",
    "risk_notes",
    "kickoff_preference",
)
WRITTEN_BACK = ("handoff_status", "delivery_owner")


class Board:
    """The pages of the board. Holds the host, never the CRM: a reset replaces that."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.templates = environment(HERE / "templates")
        self.templates.filters |= {"money": money, "clock": clock}

    async def page(self, request: Request) -> Response:
        """The whole board; `pipeline` picks one, `deal` opens the panel of one."""
        crm = self.host.crm
        deal = crm.find(DEALS, request.query_params.get("deal", ""))
        pipeline = self._pipeline(request, deal)
        return self._render("board.html", columns_of(crm, pipeline) | log_of(crm) | panel_of(crm, deal))

    async def columns(self, request: Request) -> Response:
        """The columns alone, for live changes."""
        crm = self.host.crm
        return self._render("board_columns.html", columns_of(crm, self._pipeline(request, None)))

    async def panel(self, request: Request) -> Response:
        """The panel of one deal alone."""
        crm = self.host.crm
        deal = crm.find(DEALS, request.path_params["id"])
        if deal is None:
            return Response("There is no such deal.", status_code=404, media_type="text/plain")
        return self._render("board_deal.html", panel_of(crm, deal))

    async def log(self, request: Request) -> Response:
        """The log of webhooks alone."""
        del request
        return self._render("board_log.html", log_of(self.host.crm))

    async def changes(self, request: Request) -> Response:
        """A long poll: answers when the CRM's version is not `since` any more, after 25 s at most."""
        crm = self.host.crm
        if request.query_params.get("since") == str(crm.version):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(crm.changed.wait(), WAIT_SECONDS)
        return JSONResponse({"version": self.host.crm.version})

    async def record(self, request: Request) -> Response:
        """A deal's address as HubSpot has it leads to its panel on the board."""
        return RedirectResponse(f"/board?deal={request.path_params['id']}")

    def routes(self) -> list[BaseRoute]:
        """The addresses of the board."""
        return [
            Route("/board", self.page),
            Route("/contacts/{portal:int}/record/0-3/{id:int}", self.record),
            Route("/board/columns", self.columns),
            Route("/board/deal/{id}", self.panel),
            Route("/board/log", self.log),
            Route("/board/changes", self.changes),
            Mount("/board/static", StaticFiles(directory=HERE / "static")),
        ]

    def _pipeline(self, request: Request, deal: Record | None) -> Pipeline:
        known = self.host.crm.pipelines
        wanted = request.query_params.get("pipeline") or (deal.properties["pipeline"] if deal else "")
        return known.get(wanted) or next(iter(known.values()))

    def _render(self, name: str, context: Json) -> Response:
        shared = {"version": self.host.crm.version, "place": "board"}
        return HTMLResponse(self.templates.get_template(name).render(shared | context))


def columns_of(crm: Crm, pipeline: Pipeline) -> Json:
    """What the columns show: deals per stage, in the order of their closing, and those in the bin."""
    deals = [deal_json(crm, deal) for deal in crm.all(DEALS) if deal.properties["pipeline"] == pipeline.id]
    deals.sort(key=lambda deal: deal["properties"]["closedate"] or "9999")
    columns = [(stage, [deal for deal in deals if deal["stage"]["id"] == stage.id]) for stage in pipeline.stages]
    pipelines = list(crm.pipelines.values())
    return {"pipelines": pipelines, "pipeline": pipeline, "columns": columns, "bin": crm.bin(pipeline)}


def log_of(crm: Crm) -> Json:
    """What the log shows: the last attempts, newest first."""
    last = list(crm.outbox.deliveries)[-SHOWN_DELIVERIES:]
    fault = next(iter(crm.faults.active), "")
    return {"deliveries": last[::-1], "pending": crm.outbox.pending, "fault": fault, "kinds": KINDS}


def panel_of(crm: Crm, deal: Record | None) -> Json:
    """What the panel shows: stages to move to, fields to edit, people, tasks, notes."""
    if deal is None:
        return {"deal": None}
    editable = [p for p in PROPERTIES[DEALS].values() if not p.read_only and p.name not in NOT_EDITED]
    about = [p.name for p in editable if p.name not in {*HANDOFF, *WRITTEN_BACK}]
    groups = (("Deal", about), ("For the next team", HANDOFF), ("Written back by the bot", WRITTEN_BACK))
    return {
        "deal": deal_json(crm, deal),
        "stages": crm.pipelines[deal.properties["pipeline"]].stages,
        "groups": [(title, _fields(crm, deal, names)) for title, names in groups],
    }


def money(amount: str | None, currency: str | None) -> str:
    """An amount for reading: thousands apart, no cents where there are none."""
    try:
        number = Decimal(amount or "")
    except InvalidOperation:
        return amount or ""
    text = f"{number:,.0f}" if number == number.to_integral_value() else f"{number:,.2f}"
    return f"{text} {currency or ''}".strip()


def clock(at: str) -> str:
    """A moment as the time of day, to the second."""
    return datetime.fromisoformat(at).strftime("%H:%M:%S")


def _fields(crm: Crm, deal: Record, names: Sequence[str]) -> list[dict[str, Any]]:
    return [_field(crm, PROPERTIES[DEALS][name], deal.properties.get(name) or "") for name in names]


def _field(crm: Crm, prop: Property, value: str) -> dict[str, Any]:
    options: Sequence[Option] = prop.options
    if prop.name == "hubspot_owner_id":
        owners = crm.owners.values()
        options = [Option(one.id, one.name + (" (has left)" if one.archived else "")) for one in owners]
    is_day = prop.type in {"date", "datetime"}
    return {"prop": prop, "options": options, "value": value[:10] if is_day else value, "many": value.split(";")}
