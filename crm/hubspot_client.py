"""HubSpot's deals, as far as Baton needs them (implements `handoff.ports.Crm`): read, write fields, put notes on.

A write that is sent again changes nothing, so an unknown outcome is simply tried again; notes: see `hubspot_notes`.
https://developers.hubspot.com/docs/api-reference/crm-deals-v3/guide
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from crm.hubspot_api import Api, parsed
from crm.hubspot_lookups import Lookups
from crm.hubspot_notes import add_note, has_note
from handoff.errors import RecordGone
from handoff.model import Record, RecordRef

_ALWAYS = ("dealname", "dealstage", "pipeline", "hubspot_owner_id", "hs_lastmodifieddate")
_OTHERS = (("contact", "contacts"), ("company", "companies"))


class _Link(BaseModel):
    id: str


class _Links(BaseModel):
    results: list[_Link] = []


class _Deal(BaseModel):
    id: str
    properties: dict[str, str | None]
    associations: dict[str, _Links] = {}
    updatedAt: str | None = None  # noqa: N815 -- HubSpot's word


class _Object(BaseModel):
    id: str
    properties: dict[str, str | None]


class HubSpot:
    """A client for one HubSpot account.

    Its methods raise Unreachable and Refused; RecordGone if the deal is not there (reason `not_found`) or was merged
    into another (reason `merged`, and the text says `merged into <id>`). A deal is only ever read under its own id.
    Those that write raise TooLate, by `clock`, if that would not be over by `until`.
    """

    def __init__(
        self,
        token: str,
        api_url: str = "https://api.hubapi.com",
        account_url: str | None = None,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._api = Api(token, api_url, clock)
        self._lookups = Lookups(self._api, account_url)

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def read(self, ref: RecordRef, fields: Collection[str]) -> Record:
        """The deal as it stands now, with these fields; `contact.x` and `company.x` are read from the first of each."""
        deal = self._deal(ref, fields)
        values = deal.properties
        stage, pipeline = values.get("dealstage") or "", values.get("pipeline") or ""
        stage_label, pipeline_label = self._lookups.labels(pipeline, stage)
        return Record(
            ref=ref,
            name=values.get("dealname") or f"Deal {ref.id}",
            url=self._lookups.link(ref),
            stage=stage,
            stage_label=stage_label,
            pipeline=pipeline,
            pipeline_label=pipeline_label,
            owner=self._lookups.owner(values.get("hubspot_owner_id")),
            fields=self._values(deal, fields),
            changed_at=_moment(values.get("hs_lastmodifieddate")) or _moment(deal.updatedAt),
        )

    def values(self, ref: RecordRef, fields: Collection[str]) -> Mapping[str, str | None]:
        """The present values of these fields, named as in `read`; None for an empty or unknown one."""
        return self._values(self._deal(ref, fields), fields)

    def put(self, ref: RecordRef, fields: Mapping[str, str], until: datetime) -> None:
        """Write fields of the deal, `contact.x` of its first contact, `company.x` of its first company.

        All or none of each; the same again changes nothing. Fields of a contact or company it lacks are left out. A
        deal that is merged this very moment has taken the values under its new id when RecordGone is raised. Raises
        OutcomeUnknown, too.
        """
        own = {name: value for name, value in fields.items() if "." not in name}
        if own:
            _the(ref, self._api.change(_path(ref), own, until))
        others = {kind: _theirs(kind, fields) for kind, _ in _OTHERS}
        deal = self._deal(ref, ()) if any(others.values()) else None
        for kind, path in _OTHERS:
            if deal and others[kind] and (other := _first(deal, path)):
                self._api.change(f"/crm/v3/objects/{path}/{other}", others[kind], until)

    def note(self, ref: RecordRef, text: str, marker: str, until: datetime, *, may_be_there: bool) -> None:
        """Put a note on the deal's timeline, unless one with this marker `may_be_there` and is.

        To look for one, all of the deal's notes are read. Raises OutcomeUnknown, too.
        """
        deal = self._deal(ref, ())
        if not (may_be_there and has_note(self._api, deal.id, marker)):
            add_note(self._api, deal.id, text, marker, until)

    def _deal(self, ref: RecordRef, fields: Collection[str]) -> _Deal:
        own = [field for field in fields if "." not in field]
        params = {"properties": ",".join(dict.fromkeys([*_ALWAYS, *own])), "associations": "contacts,companies"}
        return _the(ref, self._api.get(_path(ref), params))

    def _values(self, deal: _Deal, fields: Collection[str]) -> dict[str, str | None]:
        """The fields' values. A contact or company that has gone since the deal was read has none."""
        values = dict(deal.properties)
        for kind, path in _OTHERS:
            wanted = [field.partition(".")[2] for field in fields if field.startswith(f"{kind}.")]
            other = _first(deal, path) if wanted else None
            answer = (
                self._api.get(f"/crm/v3/objects/{path}/{other}", {"properties": ",".join(wanted)}) if other else None
            )
            properties = parsed(_Object, answer).properties if answer is not None else {}
            values.update({f"{kind}.{name}": properties.get(name) for name in wanted})
        return {name: values.get(name) or None for name in fields}


def _path(ref: RecordRef) -> str:
    return f"/crm/v3/objects/deals/{quote(ref.id, safe='')}"


def _the(ref: RecordRef, answer: httpx.Response | None) -> _Deal:
    """The deal that was asked for. Asked for one that was merged, HubSpot answers with the one it was merged into.

    https://developers.hubspot.com/changelog/announcement-deals-now-support-merging
    """
    if answer is None:
        raise RecordGone(f"HubSpot has no deal {ref.id} any more (404).", "not_found")
    deal = parsed(_Deal, answer)
    if deal.id != ref.id:
        raise RecordGone(f"In HubSpot, deal {ref.id} was merged into {deal.id}.", "merged")
    return deal


def _first(deal: _Deal, kind: str) -> str | None:
    links = deal.associations.get(kind, _Links()).results
    return links[0].id if links else None


def _theirs(kind: str, fields: Mapping[str, str]) -> dict[str, str]:
    return {name.partition(".")[2]: value for name, value in fields.items() if name.startswith(f"{kind}.")}


def _moment(text: str | None) -> datetime | None:
    """HubSpot's time of a change; None if it is not a moment with a zone."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else None
