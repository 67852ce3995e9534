"""The toy CRM's part of the outside interface: what a person does on the board, as JSON over HTTP.

A person is not the API: no token, no rate limit, changeSource CRM_UI. The shapes are in sandbox/README.md.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.crm.bodies import BadBody, parse_object
from sandbox.crm.events import FORMS, events_of, multiplied
from sandbox.crm.faults import KINDS, Fault
from sandbox.crm.host import Host, publish
from sandbox.crm.model import CONTACTS, DEALS, Change, Json, Record
from sandbox.crm.show import deal_json
from sandbox.crm.state import Crm, Refused
from sandbox.crm.webhook import BATCH

SOURCE = "CRM_UI"
MOST_COPIES = 100

Handler = Callable[[Host, Request], Awaitable[Json]]


class Missing(Exception):
    """There is no such deal."""


class Misuse(Exception):
    """What was asked makes no sense; the text is one sentence for whoever asked."""


async def list_deals(host: Host, request: Request) -> Json:
    """All deals with everything known about them."""
    del request
    return {"deals": [deal_json(host.crm, deal) for deal in host.crm.all(DEALS)]}


async def one_deal(host: Host, request: Request) -> Json:
    """One deal with everything known about it."""
    return {"deal": deal_json(host.crm, _deal(host.crm, request.path_params["id"]))}


async def new_deal(host: Host, request: Request) -> Json:
    """A person makes a deal: `properties`, `owner` (e-mail, name or id), `contacts` (ids, e-mails or properties)."""
    body = await _body(request)
    properties = _texts(body.get("properties"))
    if body.get("owner"):
        owner = host.crm.find_owner(str(body["owner"]))
        if owner is None:
            raise Misuse(f"The CRM has no owner {body['owner']!r}.")
        properties["hubspot_owner_id"] = owner.id
    people = [_contact(host.crm, given) for given in _list(body, "contacts")]
    deal, changes = host.crm.create(DEALS, properties, SOURCE)
    for person in people:
        host.crm.link(deal, person)
    publish(host, changes)
    return {"deal": deal_json(host.crm, deal)}


async def edit_deal(host: Host, request: Request) -> Json:
    """A person edits fields; one event per changed property, in one request."""
    deal = _deal(host.crm, request.path_params["id"])
    changes = host.crm.change(deal, _texts((await _body(request)).get("properties")), SOURCE)
    publish(host, changes)
    return {"queued": len(changes), "deal": deal_json(host.crm, deal)}


async def move_deal(host: Host, request: Request) -> Json:
    """A person moves a deal to a stage, named by id or label; copies travel as requests of their own."""
    body = await _body(request)
    deal = _deal(host.crm, request.path_params["id"])
    pipeline = host.crm.pipelines[deal.properties["pipeline"]]
    stage = pipeline.find_stage(str(body.get("stage")))
    if stage is None:
        names = ", ".join(stage.label for stage in pipeline.stages)
        raise Misuse(f"{pipeline.label} has no stage {body.get('stage')!r}; it has {names}.")
    return _told(host, body, deal, host.crm.change(deal, {"dealstage": stage.id}, SOURCE))


async def delete_deal(host: Host, request: Request) -> Json:
    """A person moves a deal to the bin."""
    body = await _body(request)
    deal = _deal(host.crm, request.path_params["id"])
    return _told(host, body, deal, host.crm.archive(deal, SOURCE))


async def restore_deal(host: Host, request: Request) -> Json:
    """A person takes a deal out of the bin."""
    body = await _body(request)
    deal = _deleted_deal(host.crm, request.path_params["id"])
    return _told(host, body, deal, host.crm.restore(deal, SOURCE))


async def merge_deal(host: Host, request: Request) -> Json:
    """A person merges a deal into another, `into`; with `anew` both become a third one. Answers with what remains."""
    body = await _body(request)
    loser, winner = _deal(host.crm, request.path_params["id"]), _deal(host.crm, str(body.get("into")))
    if loser is winner:
        raise Misuse("A deal is not merged into itself.")
    kept, changes = host.crm.merge(loser, winner, SOURCE, anew=bool(body.get("anew")))
    return _told(host, body, kept, changes)


async def send(host: Host, request: Request) -> Json:
    """Webhooks as given: `events` word for word, or the present stage of `deals`; `batch` events per request."""
    body = await _body(request)
    events = body.get("events")
    if events is None:
        deals = [_deal(host.crm, str(one)) for one in _list(body, "deals")]
        events = events_of([_present_stage(deal) for deal in deals], _form(body), host.crm.outbox.dice)
    if not isinstance(events, list) or not events:
        raise Misuse("Say what to send: a list of events or of deals.")
    batch = _number(body, "batch", BATCH, 1, BATCH)
    return {"queued": _send(host, body, events, batch)}


async def set_fault(host: Host, request: Request) -> Json:
    """Switch a fault of the API on, in place of one of the same kind."""
    body = await _body(request)
    kind = body.get("kind")
    if kind not in KINDS:
        raise Misuse(f"There is no fault {kind!r}; there are {', '.join(KINDS)}.")
    known = {name: body[name] for name in ("rate", "times", "seconds", "seed") if body.get(name) is not None}
    if not all(isinstance(value, int | float) for value in known.values()):
        raise Misuse("rate, times, seconds and seed are numbers.")
    only = body.get("only")
    if not isinstance(only, str | None):
        raise Misuse("only is one call, such as POST /crm/v3/objects/notes.")
    host.crm.faults.active[kind] = Fault(kind, only=only, **known)
    return await faults(host, request)


async def clear_faults(host: Host, request: Request) -> Json:
    """Switch every fault of the API off."""
    host.crm.faults.active.clear()
    return await faults(host, request)


async def faults(host: Host, request: Request) -> Json:
    """What is on, and how often it struck."""
    del request
    active = host.crm.faults.active.values()
    names = ("kind", "rate", "times", "seconds", "seed", "only", "struck")
    return {"faults": [{name: getattr(fault, name) for name in names} for fault in active]}


async def deliveries(host: Host, request: Request) -> Json:
    """Every webhook attempt, oldest first, and how many requests still wait for a 2xx."""
    del request
    return {"deliveries": host.crm.outbox.as_json(), "pending": host.crm.outbox.pending}


async def calls(host: Host, request: Request) -> Json:
    """The bot's last API calls, oldest first."""
    del request
    return {"calls": host.crm.calls.as_json()}


def routes(host: Host) -> list[Route]:
    """The addresses of this file."""
    table: tuple[tuple[str, str, Handler], ...] = (
        ("GET", "/sandbox/crm/deals", list_deals),
        ("POST", "/sandbox/crm/deals", new_deal),
        ("GET", "/sandbox/crm/deals/{id}", one_deal),
        ("POST", "/sandbox/crm/deals/{id}", edit_deal),
        ("POST", "/sandbox/crm/deals/{id}/move", move_deal),
        ("POST", "/sandbox/crm/deals/{id}/delete", delete_deal),
        ("POST", "/sandbox/crm/deals/{id}/restore", restore_deal),
        ("POST", "/sandbox/crm/deals/{id}/merge", merge_deal),
        ("POST", "/sandbox/crm/send", send),
        ("GET", "/sandbox/crm/faults", faults),
        ("POST", "/sandbox/crm/faults", set_fault),
        ("DELETE", "/sandbox/crm/faults", clear_faults),
        ("GET", "/sandbox/crm/deliveries", deliveries),
        ("GET", "/sandbox/crm/calls", calls),
    )
    return [Route(path, _endpoint(host, handler), methods=[method]) for method, path, handler in table]


def _endpoint(host: Host, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await handler(host, request))
        except (Misuse, BadBody) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        except Refused as error:
            fields = {complaint.name: complaint.message for complaint in error.complaints}
            return JSONResponse({"error": str(error), "fields": fields}, status_code=400)
        except Missing as error:
            return JSONResponse({"error": f"There is no deal {error}."}, status_code=404)

    return endpoint


async def _body(request: Request) -> Json:
    return parse_object(await request.body() or b"{}")


def _deal(crm: Crm, deal_id: str) -> Record:
    """A deal by id or by its exact name. Raises Missing."""
    found = crm.find(DEALS, deal_id)
    named = [deal for deal in crm.all(DEALS) if deal.properties["dealname"].casefold() == deal_id.casefold()]
    if found is None and not named:
        raise Missing(deal_id)
    return found or named[0]


def _deleted_deal(crm: Crm, deal_id: str) -> Record:
    """A deal in the bin, by id or by its exact name. Raises Missing."""
    for deal in (deal for pipeline in crm.pipelines.values() for deal in crm.bin(pipeline)):
        if deal_id.casefold() in {deal.id, deal.properties["dealname"].casefold()}:
            return deal
    raise Missing(deal_id)


def _texts(properties: Any) -> dict[str, str]:
    """Properties as a person types them: everything becomes text, null clears."""
    if not isinstance(properties, dict) or not properties:
        raise Misuse("Say which properties, as an object of names and values.")
    return {str(name): "" if value is None else str(value) for name, value in properties.items()}


def _list(body: Json, name: str) -> list[Any]:
    found = body.get(name) or []
    if not isinstance(found, list):
        raise Misuse(f"{name} is a list.")
    return found


def _contact(crm: Crm, given: object) -> Record:
    if isinstance(given, dict):
        return crm.create(CONTACTS, _texts(given), SOURCE)[0]
    for person in crm.all(CONTACTS):
        if str(given) in {person.id, person.properties.get("email")}:
            return person
    raise Misuse(f"The CRM has no contact {given!r}; give its properties to make one.")


def _present_stage(deal: Record) -> Change:
    return Change(deal.id, "dealstage", deal.properties["dealstage"], SOURCE, deal.updated_at)


def _send(host: Host, body: Json, events: list[Any], batch: int) -> int:
    dice = host.crm.outbox.dice if body.get("shuffle") else None
    many = multiplied(events, _number(body, "copies", 1, 1, MOST_COPIES), dice)
    host.crm.outbox.send(host, many, batch)
    return len(many)


def _told(host: Host, body: Json, deal: Record, changes: list[Change]) -> Json:
    """Send what changed, as the body wishes, and show the deal."""
    queued = _send(host, body, events_of(changes, _form(body), host.crm.outbox.dice), batch=1)
    return {"queued": queued, "deal": deal_json(host.crm, deal)}


def _form(body: Json) -> str:
    form = body.get("form") or "classic"
    if form not in FORMS:
        raise Misuse(f"There is no form {form!r}; there are {', '.join(FORMS)}.")
    return str(form)


def _number(body: Json, name: str, otherwise: int, least: int, most: int) -> int:
    number = body.get(name, otherwise)
    if not isinstance(number, int) or not least <= number <= most:
        raise Misuse(f"{name} is a whole number from {least} to {most}.")
    return number
