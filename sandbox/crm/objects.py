"""HubSpot's objects API: read, list, create, change, archive, batch read, associations.

https://developers.hubspot.com/docs/api-reference/crm-deals-v3/guide
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.crm.bodies import objects_in, texts_in, whole_number
from sandbox.crm.guard import guarded, read_json
from sandbox.crm.host import Host, publish
from sandbox.crm.model import Json, Record
from sandbox.crm.search import search
from sandbox.crm.state import Crm
from sandbox.crm.wire import (
    ASSOCIATIONS,
    ApiError,
    association_types,
    associations_json,
    kind_of,
    not_found,
    record_json,
    wanted_properties,
)

SOURCE = "INTEGRATION"
MOST_READ = 100
MOST_LINKED = 500


async def read(host: Host, request: Request) -> Response:
    """One record: `properties`, `associations`, `archived`. Of a merged one: the record it was merged into."""
    return JSONResponse(_shown(_find(host.crm, request), request))


async def list_all(host: Host, request: Request) -> Response:
    """A page of records, by id: `limit` up to 100, `after` is the next page's first id."""
    kind = kind_of(request.path_params["kind"])
    limit = whole_number(request.query_params.get("limit", "10"), 1, MOST_READ)
    after = whole_number(request.query_params.get("after", "0"), 0, 2**63)
    rest = [record for record in host.crm.all(kind) if int(record.id) >= after]
    body: Json = {"results": [_shown(record, request) for record in rest[:limit]]}
    if len(rest) > limit:
        body["paging"] = {"next": {"after": rest[limit].id}}
    return JSONResponse(body)


async def create(host: Host, request: Request) -> Response:
    """A new record, with associations by type id."""
    kind = kind_of(request.path_params["kind"])
    body = await read_json(request)
    links = [_association(host.crm, kind, given) for given in objects_in(body, "associations")]
    record, changes = host.crm.create(kind, _properties(body), SOURCE)
    for other in links:
        host.crm.link(record, other)
    publish(host, changes)
    return JSONResponse(record_json(record, sorted(record.properties)), status_code=201)


async def change(host: Host, request: Request) -> Response:
    """PATCH: every value a string, all or none written; a changed deal comes back as webhooks."""
    record = _find(host.crm, request)
    properties = _properties(await read_json(request))
    publish(host, host.crm.change(record, properties, SOURCE))
    names = {*properties, *wanted_properties(record.kind, [",".join(properties)])}
    return JSONResponse(record_json(record, sorted(names)))


async def archive(host: Host, request: Request) -> Response:
    """DELETE moves a record to the bin; HubSpot answers 204 to one that is not there, too."""
    found = host.crm.find(kind_of(request.path_params["kind"]), request.path_params["id"])
    if found is not None:
        publish(host, host.crm.archive(found, SOURCE))
    return Response(status_code=204)


async def batch_read(host: Host, request: Request) -> Response:
    """Up to 100 records by id; those not found make the answer a 207 with errors."""
    kind = kind_of(request.path_params["kind"])
    body = await read_json(request)
    ids = [str(given.get("id")) for given in objects_in(body, "inputs")]
    if len(ids) > MOST_READ:
        raise ApiError(400, f"The maximum batch size is {MOST_READ}", "VALIDATION_ERROR")
    names = wanted_properties(kind, texts_in(body, "properties"))
    found = [record for record in (host.crm.find(kind, one) for one in dict.fromkeys(ids)) if record]
    missing = [one for one in ids if host.crm.find(kind, one) is None]
    answer: Json = {"status": "COMPLETE", "results": [record_json(record, names) for record in found]}
    if missing:
        text = "Could not get some objects, they may be deleted or not exist. Check that ids are valid."
        error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": text, "context": {"ids": missing}}
        answer |= {"numErrors": 1, "errors": [error]}
    return JSONResponse(answer, status_code=207 if missing else 200)


async def find(host: Host, request: Request) -> Response:
    """Search: filter groups, words, sorting, paging."""
    kind = kind_of(request.path_params["kind"])
    return JSONResponse(search(host.crm, kind, await read_json(request)))


async def associations(host: Host, request: Request) -> Response:
    """A page of the v4 associations of one record to one kind; none by the old id of a merged one, as at HubSpot."""
    record = _find(host.crm, request)
    kind = kind_of(request.path_params["to"])
    limit = whole_number(request.query_params.get("limit", str(MOST_LINKED)), 1, MOST_LINKED)
    after = whole_number(request.query_params.get("after", "0"), 0, 2**63)
    types = association_types(record.kind, kind)
    others = host.crm.linked(record, kind) if record.id == request.path_params["id"] else []
    page = others[after : after + limit]
    body: Json = {"results": [{"toObjectId": other.id, "associationTypes": types} for other in page]}
    if after + limit < len(others):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return JSONResponse(body)


async def associate(host: Host, request: Request) -> Response:
    """The v4 default association between two records."""
    record = _find(host.crm, request)
    kind, other_id = kind_of(request.path_params["to"]), request.path_params["other"]
    other = host.crm.find(kind, other_id)
    if other is None:
        raise not_found(other_id)
    if (record.kind, kind) not in ASSOCIATIONS:
        raise ApiError(400, "One or more associations are invalid", "VALIDATION_ERROR")
    host.crm.link(record, other)
    return JSONResponse({"status": "COMPLETE", "results": association_types(record.kind, kind)})


def routes(host: Host) -> list[Route]:
    """The addresses of this file, behind the guard."""
    one, v4 = "/crm/v3/objects/{kind}/{id}", "/crm/v4/objects/{kind}/{id}/associations"
    return [
        Route("/crm/v3/objects/{kind}/search", guarded(host, find), methods=["POST"]),
        Route("/crm/v3/objects/{kind}/batch/read", guarded(host, batch_read), methods=["POST"]),
        Route("/crm/v3/objects/{kind}", guarded(host, list_all), methods=["GET"]),
        Route("/crm/v3/objects/{kind}", guarded(host, create), methods=["POST"]),
        Route(one, guarded(host, read), methods=["GET"]),
        Route(one, guarded(host, change), methods=["PATCH"]),
        Route(one, guarded(host, archive), methods=["DELETE"]),
        Route(v4 + "/{to}", guarded(host, associations), methods=["GET"]),
        Route(v4 + "/default/{to}/{other}", guarded(host, associate), methods=["PUT"]),
    ]


def _find(crm: Crm, request: Request) -> Record:
    kind, record_id = kind_of(request.path_params["kind"]), request.path_params["id"]
    record = crm.find(kind, record_id, archived=request.query_params.get("archived", "false") == "true")
    if record is None:
        raise not_found(record_id)
    return record


def _shown(record: Record, request: Request) -> Json:
    names = wanted_properties(record.kind, request.query_params.getlist("properties"))
    asked = ",".join(request.query_params.getlist("associations"))
    kinds = [kind_of(name.strip()) for name in asked.split(",") if name.strip()]
    return record_json(record, names, associations_json(record, kinds))


def _properties(body: Json) -> Json:
    properties = body.get("properties")
    if not isinstance(properties, dict):
        raise ApiError(400, "Some required fields were not set: [properties]", "VALIDATION_ERROR")
    return properties


def _association(crm: Crm, kind: str, given: object) -> Record:
    """The record a new one is to be linked to. The type id must be one of those between the two kinds."""
    invalid = ApiError(400, "One or more associations are invalid", "VALIDATION_ERROR")
    try:
        other_id, type_id = str(given["to"]["id"]), given["types"][0]["associationTypeId"]  # type: ignore[index]
    except (KeyError, IndexError, TypeError) as error:
        raise invalid from error
    for (left, right), types in ASSOCIATIONS.items():
        if left == kind and type_id in [number for number, _ in types]:
            other = crm.find(right, other_id)
            if other is not None:
                return other
    raise invalid
