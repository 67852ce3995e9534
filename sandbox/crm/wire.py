"""HubSpot's wire shapes: records, associations and errors as JSON. Pure; touches no state."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from starlette.responses import JSONResponse, Response

from sandbox.crm.model import COMPANIES, CONTACTS, DEALS, NOTES, TASKS, Json, Owner, Pipeline, Property, Record
from sandbox.crm.schema import ALWAYS, DEFAULTS, PROPERTIES, Complaint, iso

# How a path may name a kind: plural, singular, or HubSpot's object type id.
KINDS = MappingProxyType(
    {
        alias: kind
        for kind, singular, type_id in (
            (DEALS, "deal", "0-3"),
            (CONTACTS, "contact", "0-1"),
            (COMPANIES, "company", "0-2"),
            (TASKS, "task", "0-27"),
            (NOTES, "note", "0-46"),
        )
        for alias in (kind, singular, type_id)
    },
)
# https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide: ids and v3 names of the default
# associations. A primary company is listed twice, once under each name.
ASSOCIATIONS = MappingProxyType(
    {
        (DEALS, CONTACTS): ((3, "deal_to_contact"),),
        (DEALS, COMPANIES): ((5, "deal_to_company"), (341, "deal_to_company_unlabeled")),
        (DEALS, TASKS): ((215, "deal_to_task"),),
        (DEALS, NOTES): ((213, "deal_to_note"),),
        (CONTACTS, DEALS): ((4, "contact_to_deal"),),
        (COMPANIES, DEALS): ((6, "company_to_deal"), (342, "company_to_deal_unlabeled")),
        (TASKS, DEALS): ((216, "task_to_deal"),),
        (TASKS, CONTACTS): ((204, "task_to_contact"),),
        (TASKS, COMPANIES): ((192, "task_to_company"),),
        (CONTACTS, TASKS): ((203, "contact_to_task"),),
        (COMPANIES, TASKS): ((191, "company_to_task"),),
        (NOTES, DEALS): ((214, "note_to_deal"),),
        (NOTES, CONTACTS): ((202, "note_to_contact"),),
        (NOTES, COMPANIES): ((190, "note_to_company"),),
        (CONTACTS, NOTES): ((201, "contact_to_note"),),
        (COMPANIES, NOTES): ((189, "company_to_note"),),
    },
)
LABELS = MappingProxyType({5: "Primary", 6: "Primary"})


@dataclass
class ApiError(Exception):
    """An error answer in HubSpot's shape; every part but the status is optional there."""

    status: int
    message: str
    category: str | None = None
    context: dict[str, list[str]] | None = None
    more: dict[str, Any] | None = None

    def response(self) -> Response:
        """The answer, with a correlation id of its own."""
        body: Json = {"status": "error", "message": self.message, "correlationId": str(uuid.uuid4())}
        body |= {"context": self.context} if self.context else {}
        body |= {"category": self.category} if self.category else {}
        return JSONResponse(body | (self.more or {}), status_code=self.status)


def unauthorised() -> ApiError:
    """No bearer token, or the wrong one."""
    text = "Authentication credentials not found. This API supports OAuth 2.0 authentication"
    return ApiError(401, text, "INVALID_AUTHENTICATION")


def rate_limited() -> ApiError:
    """Too many calls in ten seconds. Without Retry-After: HubSpot's clients cannot rely on one."""
    more = {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}
    return ApiError(429, "You have reached your ten_secondly_rolling limit.", "RATE_LIMITS", more=more)


def not_found(record_id: str) -> ApiError:
    """No such record. The two spaces are HubSpot's."""
    return ApiError(404, "Object not found.  objectId are usually numeric.", "OBJECT_NOT_FOUND", {"id": [record_id]})


def refused(complaints: Sequence[Complaint]) -> ApiError:
    """Values not taken. The complaints are inside the message, as JSON in text: so HubSpot has it."""
    details = [{"isValid": False, "message": c.message, "error": c.error, "name": c.name} for c in complaints]
    errors = [{"message": c.message, "code": c.error, "context": {"propertyName": [c.name]}} for c in complaints]
    text = f"Property values were not valid: {json.dumps(details, separators=(',', ':'))}"
    return ApiError(400, text, "VALIDATION_ERROR", more={"errors": errors})


def kind_of(alias: str) -> str:
    """The kind a path means; HubSpot's 400 for one it does not know."""
    if alias not in KINDS:
        raise ApiError(400, f"Unable to infer object type from: {alias}", "VALIDATION_ERROR")
    return KINDS[alias]


def wanted_properties(kind: str, asked: Iterable[str]) -> list[str]:
    """The names a read answers: those asked for that exist, else the defaults; always the times and the id."""
    names = [name.strip() for text in asked for name in text.split(",") if name.strip()]
    known = [name for name in names if name in PROPERTIES[kind]]
    always = [name for name in PROPERTIES[kind] if name in ALWAYS]
    return sorted({*known, *always}) if names else list(DEFAULTS[kind])


def record_json(record: Record, names: Iterable[str], associations: Json | None = None) -> Json:
    """A record: the named properties as text, or null where never set."""
    body: Json = {
        "id": record.id,
        "properties": {name: record.properties.get(name) for name in names},
        "createdAt": iso(record.created_at),
        "updatedAt": iso(record.updated_at),
        "archived": record.archived,
    }
    return body | ({"associations": associations} if associations else {})


def associations_json(record: Record, kinds: Iterable[str]) -> Json:
    """The associations of a v3 read; a kind with none is left out, as HubSpot does."""
    found: Json = {}
    for kind in kinds:
        names = [name for _, name in ASSOCIATIONS.get((record.kind, kind), ())]
        rows = [{"id": other, "type": name} for other in record.links.get(kind, []) for name in names]
        if rows:
            found[kind] = {"results": rows}
    return found


def association_types(left: str, right: str) -> list[Json]:
    """The types of a v4 association between two kinds."""
    return [
        {"category": "HUBSPOT_DEFINED", "typeId": number, "label": LABELS.get(number)}
        for number, _ in ASSOCIATIONS.get((left, right), ())
    ]


def owner_json(owner: Owner) -> Json:
    """An owner. One who has left has no user id, only the one they had."""
    return {
        "id": owner.id,
        "email": owner.email,
        "type": "PERSON",
        "firstName": owner.first_name,
        "lastName": owner.last_name,
        "userId": None if owner.archived else owner.user_id,
        "userIdIncludingInactive": owner.user_id,
        "createdAt": "2024-03-04T09:00:00.000Z",
        "updatedAt": "2026-06-01T09:00:00.000Z",
        "archived": owner.archived,
    }


def pipeline_json(pipeline: Pipeline) -> Json:
    """A pipeline with its stages. `isClosed` and `probability` are text."""
    times = {"createdAt": "2024-03-04T09:00:00Z", "updatedAt": "2026-06-01T09:00:00Z", "archived": False}
    stages = [
        {
            "label": stage.label,
            "displayOrder": order,
            "metadata": {"isClosed": str(stage.is_closed).lower(), "probability": stage.probability},
            "id": stage.id,
            **times,
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        }
        for order, stage in enumerate(pipeline.stages)
    ]
    return {"label": pipeline.label, "displayOrder": 0, "id": pipeline.id, "stages": stages, **times}


def property_json(prop: Property) -> Json:
    """A property's definition. Options of owners and stages live elsewhere, so theirs is empty."""
    options = [
        {"label": option.label, "value": option.value, "displayOrder": order, "hidden": False}
        for order, option in enumerate(prop.options)
    ]
    return {
        "name": prop.name,
        "label": prop.label,
        "type": prop.type,
        "fieldType": prop.field_type,
        "description": "",
        "groupName": "information",
        "options": options,
        "displayOrder": -1,
        "calculated": prop.field_type == "calculation_equation",
        "externalOptions": prop.name == "hubspot_owner_id",
        "hasUniqueValue": prop.name == "hs_object_id",
        "hidden": False,
        "formField": False,
        "archived": False,
        "modificationMetadata": {"archivable": False, "readOnlyDefinition": False, "readOnlyValue": prop.read_only},
    }
