"""HubSpot's small read-only APIs: owners, pipelines, property definitions.

https://developers.hubspot.com/docs/api-reference/crm-crm-owners-v3/guide
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.crm.events import PORTAL_ID
from sandbox.crm.guard import guarded
from sandbox.crm.host import Host
from sandbox.crm.model import DEALS, Pipeline
from sandbox.crm.schema import PROPERTIES
from sandbox.crm.wire import ApiError, kind_of, owner_json, pipeline_json, property_json


async def owner(host: Host, request: Request) -> Response:
    """One owner by id or, with `idProperty=userId`, by user id. One who has left is found with `archived=true`."""
    wanted = request.path_params["id"]
    by_user = request.query_params.get("idProperty", "id") == "userId"
    archived = request.query_params.get("archived", "false") == "true"
    for one in host.crm.owners.values():
        if one.archived == archived and wanted == (str(one.user_id) if by_user else one.id):
            return JSONResponse(owner_json(one))
    raise ApiError(404, "resource not found", "OBJECT_NOT_FOUND", {"id": [wanted]})


async def owners(host: Host, request: Request) -> Response:
    """All owners; `email` and `archived` narrow them down."""
    email = request.query_params.get("email")
    archived = request.query_params.get("archived", "false") == "true"
    found = [one for one in host.crm.owners.values() if one.archived == archived and email in (None, one.email)]
    return JSONResponse({"results": [owner_json(one) for one in found]})


async def pipelines(host: Host, request: Request) -> Response:
    """All pipelines with their stages; only deals have any here."""
    found = host.crm.pipelines.values() if kind_of(request.path_params["kind"]) == DEALS else []
    return JSONResponse({"results": [pipeline_json(one) | {"displayOrder": n} for n, one in enumerate(found)]})


async def pipeline(host: Host, request: Request) -> Response:
    """One pipeline with its stages."""
    return JSONResponse(pipeline_json(_pipeline(host, request)))


async def stages(host: Host, request: Request) -> Response:
    """The stages of one pipeline."""
    return JSONResponse({"results": pipeline_json(_pipeline(host, request))["stages"]})


async def properties(host: Host, request: Request) -> Response:
    """Every property of a kind: name, label, type, options."""
    del host
    kind = kind_of(request.path_params["kind"])
    return JSONResponse({"results": [property_json(prop) for prop in PROPERTIES[kind].values()]})


async def one_property(host: Host, request: Request) -> Response:
    """One property's definition."""
    del host
    kind, name = kind_of(request.path_params["kind"]), request.path_params["name"]
    if name not in PROPERTIES[kind]:
        raise ApiError(404, f'Property "{name}" does not exist', "OBJECT_NOT_FOUND")
    return JSONResponse(property_json(PROPERTIES[kind][name]))


async def account(host: Host, request: Request) -> Response:
    """Which account this is, and where its people work: here, the board."""
    del host
    return JSONResponse({"portalId": PORTAL_ID, "uiDomain": request.url.netloc, "accountType": "STANDARD"})


def routes(host: Host) -> list[Route]:
    """The addresses of this file, behind the guard."""
    table = {
        "/account-info/v3/details": account,
        "/crm/v3/owners": owners,
        "/crm/v3/owners/{id}": owner,
        "/crm/v3/pipelines/{kind}": pipelines,
        "/crm/v3/pipelines/{kind}/{id}": pipeline,
        "/crm/v3/pipelines/{kind}/{id}/stages": stages,
        "/crm/v3/properties/{kind}": properties,
        "/crm/v3/properties/{kind}/{name}": one_property,
    }
    return [Route(path, guarded(host, handler), methods=["GET"]) for path, handler in table.items()]


def _pipeline(host: Host, request: Request) -> Pipeline:
    wanted = request.path_params["id"]
    found = host.crm.pipelines.get(wanted) if kind_of(request.path_params["kind"]) == DEALS else None
    if found is None:
        raise ApiError(404, "resource not found", "OBJECT_NOT_FOUND", {"id": [wanted]})
    return found
