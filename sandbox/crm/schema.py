"""Which properties each kind of record has, and what HubSpot says to a value it does not take.

Pure: looks at names and values only. Owners and stages are checked in state.py, which knows them.
https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from sandbox.crm.model import COMPANIES, CONTACTS, DEALS, NOTES, TASKS, Option, Property


def _choices(*values: str) -> tuple[Option, ...]:
    return tuple(Option(value, value.replace("_", " ")) for value in values)


_OWNER = Property("hubspot_owner_id", "Owner", "enumeration", "select")
_OBJECT_ID = Property("hs_object_id", "Record ID", "number", "number", read_only=True)
_MODIFIED = Property("hs_lastmodifieddate", "Last modified", "datetime", "date", read_only=True)
_CREATED = Property("hs_createdate", "Created", "datetime", "date", read_only=True)
_WHEN = Property("hs_timestamp", "Due or happened", "datetime", "date", required=True)

_DEAL = (
    Property("dealname", "Deal name", required=True),
    Property("amount", "Amount", "number", "number"),
    Property("deal_currency_code", "Currency", "enumeration", "select", _choices("EUR", "USD", "GBP")),
    Property("pipeline", "Pipeline", "enumeration", "select"),
    Property("dealstage", "Deal stage", "enumeration", "radio"),
    Property("closedate", "Close date", "datetime", "date"),
    _OWNER,
    Property("discount", "Discount, percent", "number", "number"),
    Property("buyer_goals", "What the client actually cares about", "string", "textarea"),
    Property("signed_scope_url", "Link to the signed scope"),
    Property("start_date", "Expected start", "date", "date"),
    Property("promised_deliverables", "What was promised", "string", "textarea"),
    Property("client_expects_next", "What the client expects next"),
    Property("pricing_exceptions", "Pricing exceptions", "string", "textarea"),
    Property("risk_notes", "What could go wrong", "string", "textarea"),
    Property("kickoff_preference", "Kickoff", "enumeration", "select", _choices("Call", "On site", "Async")),
    Property("products", "Products", "enumeration", "checkbox", _choices("Platform", "Onboarding", "Training")),
    Property("handoff_status", "Handoff status"),
    Property("delivery_owner", "Delivery owner"),
    Property("description", "Notes", "string", "textarea"),
    Property("createdate", "Created", "datetime", "date"),
    Property("hs_is_closed_won", "Is closed won", "bool", "calculation_equation", read_only=True),
    _MODIFIED,
    _OBJECT_ID,
)
_CONTACT = (
    Property("email", "E-mail"),
    Property("firstname", "First name"),
    Property("lastname", "Last name"),
    Property("jobtitle", "Job title"),
    Property("phone", "Phone"),
    _OWNER,
    Property("createdate", "Created", "datetime", "date"),
    Property("lastmodifieddate", "Last modified", "datetime", "date", read_only=True),
    _OBJECT_ID,
)
_COMPANY = (
    Property("name", "Name"),
    Property("domain", "Domain"),
    Property("industry", "Industry"),
    _OWNER,
    Property("createdate", "Created", "datetime", "date"),
    _MODIFIED,
    _OBJECT_ID,
)
_STATUS = _choices("NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED")
_TASK = (
    _WHEN,
    Property("hs_task_subject", "Title"),
    Property("hs_task_body", "Text", "string", "html"),
    Property("hs_task_status", "Status", "enumeration", "select", _STATUS),
    Property("hs_task_priority", "Priority", "enumeration", "select", _choices("NONE", "LOW", "MEDIUM", "HIGH")),
    Property("hs_task_type", "Type", "enumeration", "select", _choices("TODO", "CALL", "EMAIL")),
    _OWNER,
    _CREATED,
    _MODIFIED,
    _OBJECT_ID,
)
_NOTE = (_WHEN, Property("hs_note_body", "Text", "string", "html"), _OWNER, _CREATED, _MODIFIED, _OBJECT_ID)

PROPERTIES = MappingProxyType(
    {
        kind: MappingProxyType({prop.name: prop for prop in properties})
        for kind, properties in (
            (DEALS, _DEAL),
            (CONTACTS, _CONTACT),
            (COMPANIES, _COMPANY),
            (TASKS, _TASK),
            (NOTES, _NOTE),
        )
    },
)
MOST_CHARACTERS = 65_536
# What a read returns when it does not ask for properties, as in HubSpot's reference of each object.
DEFAULTS = MappingProxyType(
    {
        DEALS: (
            "amount",
            "closedate",
            "createdate",
            "dealname",
            "dealstage",
            "hs_lastmodifieddate",
            "hs_object_id",
            "pipeline",
        ),
        CONTACTS: ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
        COMPANIES: ("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
        TASKS: ("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
        NOTES: ("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
    },
)
# Returned whatever was asked for.
ALWAYS = frozenset({"createdate", "hs_createdate", "hs_lastmodifieddate", "lastmodifieddate", "hs_object_id"})


@dataclass(frozen=True)
class Complaint:
    """One value that was refused, in HubSpot's words."""

    name: str
    message: str
    error: str


def created_property(kind: str) -> str:
    """The property that holds when a record was created."""
    return "createdate" if "createdate" in PROPERTIES[kind] else "hs_createdate"


def modified_property(kind: str) -> str:
    """The property that holds when a record was last written."""
    return "lastmodifieddate" if kind == CONTACTS else "hs_lastmodifieddate"


def iso(moment: datetime) -> str:
    """HubSpot's spelling of a moment: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clean(kind: str, name: str, value: object) -> str | Complaint:
    """The value as HubSpot would store it, or why it refuses it. Empty text clears a property of any type."""
    prop = PROPERTIES[kind].get(name)
    if prop is None:
        return Complaint(name, f'Property "{name}" does not exist', "PROPERTY_DOESNT_EXIST")
    if prop.read_only:
        return Complaint(name, f'"{name}" is a read only property; its value cannot be set.', "READ_ONLY_VALUE")
    if not isinstance(value, str):
        return Complaint(name, f'The value of "{name}" must be a string', "INVALID_TYPE")
    return _clean_type(prop, value) if value else value


def _clean_type(prop: Property, value: str) -> str | Complaint:
    match prop.type:
        case "number":
            return _clean_number(prop.name, value)
        case "date":
            return _clean_date(prop.name, value)
        case "datetime":
            return _clean_datetime(prop.name, value)
        case "enumeration" if prop.options:
            return _clean_choice(prop, value)
        case "string" if len(value) > MOST_CHARACTERS:
            text = f"{prop.name} may have {MOST_CHARACTERS} characters at most."
            return Complaint(prop.name, text, "INVALID_LENGTH")  # the word is ours; the limit is HubSpot's
        case _:
            return value


def _clean_number(name: str, value: str) -> str | Complaint:
    try:
        good = Decimal(value).is_finite()
    except InvalidOperation:
        good = False
    return value if good else Complaint(name, f"{value} was not a valid number.", "INVALID_DOUBLE")


def _clean_date(name: str, value: str) -> str | Complaint:
    """YYYY-MM-DD, or milliseconds that are midnight UTC."""
    try:
        if re.fullmatch(r"-?\d{6,16}", value):
            moment = datetime.fromtimestamp(int(value) / 1000, UTC)
            if moment.timestamp() % 86400:
                return Complaint(name, f"{value} is at {moment:%H:%M:%S} UTC, not midnight!", "INVALID_DATE")
            return moment.date().isoformat()
        return date.fromisoformat(value).isoformat()
    except (ValueError, OverflowError, OSError):
        return Complaint(name, f"{value} was not a valid date.", "INVALID_DATE")


def _clean_datetime(name: str, value: str) -> str | Complaint:
    """ISO 8601 (a bare date is its midnight UTC) or milliseconds."""
    try:
        if re.fullmatch(r"-?\d{6,16}", value):
            return iso(datetime.fromtimestamp(int(value) / 1000, UTC))
        moment = datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError):
        return Complaint(name, f"{value} was not a valid long.", "INVALID_LONG")
    return iso(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _clean_choice(prop: Property, value: str) -> str | Complaint:
    """One of the options' values; a checkbox takes several, joined by semicolons."""
    chosen = [part for part in value.split(";") if part] if prop.field_type == "checkbox" else [value]
    allowed = [option.value for option in prop.options]
    for part in chosen:
        if part not in allowed:
            text = f"{part} was not one of the allowed options: [{', '.join(allowed)}]"
            return Complaint(prop.name, text, "INVALID_OPTION")
    return ";".join(chosen)
