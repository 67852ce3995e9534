"""A deal as people see it: names instead of ids, with its contacts, companies, tasks and notes. Pure reading."""

import html
import re

from sandbox.crm.model import COMPANIES, CONTACTS, DEALS, NOTES, TASKS, Json, Record
from sandbox.crm.schema import PROPERTIES, iso
from sandbox.crm.state import Crm


def deal_json(crm: Crm, deal: Record) -> Json:
    """Everything known about a deal. A property never set is null."""
    stage = crm.stage_of(deal)
    pipeline = crm.pipelines.get(deal.properties.get("pipeline", ""))
    return {
        "id": deal.id,
        "name": deal.properties.get("dealname", ""),
        "stage": {"id": stage.id, "label": stage.label} if stage else None,
        "pipeline": {"id": pipeline.id, "label": pipeline.label} if pipeline else None,
        "owner": _owner(crm, deal),
        "properties": {name: deal.properties.get(name) for name in PROPERTIES[DEALS]},
        "contacts": [_linked(one) for one in crm.linked(deal, CONTACTS)],
        "companies": [_linked(one) for one in crm.linked(deal, COMPANIES)],
        "tasks": [_linked(one) | {"owner": _owner(crm, one)} for one in crm.linked(deal, TASKS)],
        "notes": [
            _linked(one) | {"text": plain(one.properties.get("hs_note_body"))} for one in crm.linked(deal, NOTES)
        ],
        "archived": deal.archived,
        "updated_at": iso(deal.updated_at),
    }


def plain(note: str | None) -> str:
    """A note's HTML as the text a person reads in it. To be shown as text: it is not made harmless as HTML."""
    lines = re.sub(r"<br[^>]*>|</(?:p|div|li)>", "\n", note or "")
    return html.unescape(re.sub(r"<[^>]*>", "", lines)).strip()


def _owner(crm: Crm, record: Record) -> Json | None:
    owner = crm.owners.get(record.properties.get("hubspot_owner_id", ""))
    if owner is None:
        return None
    return {"id": owner.id, "name": owner.name, "email": owner.email, "archived": owner.archived}


def _linked(record: Record) -> Json:
    return {"id": record.id, **{name: record.properties.get(name) for name in PROPERTIES[record.kind]}}
