"""HubSpot's API, as far as Baton needs it (implements `handoff.ports.Crm`): read a deal, write its fields.

Every call has a time-out. A write that is sent again changes nothing, so an unknown outcome is simply tried again.
https://developers.hubspot.com/docs/api-reference/crm-deals-v3/guide
"""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from handoff.errors import OutcomeUnknown, OutsideError, RecordGone, Refused, Unreachable
from handoff.model import Person, Record, RecordRef
from handoff.notices import WriteBack

B = TypeVar("B", bound=BaseModel)
_ALWAYS = ("dealname", "dealstage", "pipeline", "hubspot_owner_id")
_AGAIN = {408, 423, 429, 477}  # and every 5xx
_REMEMBER = 300.0  # seconds that pipelines and owners stay fresh


class _Link(BaseModel):
    id: str


class _Links(BaseModel):
    results: list[_Link] = []


class _Deal(BaseModel):
    id: str
    properties: dict[str, str | None]
    associations: dict[str, _Links] = {}


class _Object(BaseModel):
    id: str
    properties: dict[str, str | None]


class _Owner(BaseModel):
    id: str
    email: str | None = None
    firstName: str | None = None  # noqa: N815 -- HubSpot's word
    lastName: str | None = None  # noqa: N815 -- HubSpot's word


class _Account(BaseModel):
    portalId: int  # noqa: N815 -- HubSpot's word
    uiDomain: str  # noqa: N815 -- HubSpot's word


class _Stage(BaseModel):
    id: str
    label: str


class _Pipeline(BaseModel):
    id: str
    label: str
    stages: list[_Stage] = []


class _Pipelines(BaseModel):
    results: list[_Pipeline]


class _Refusal(BaseModel):
    message: str = ""


class _Complaint(BaseModel):
    name: str = Field(pattern=r"^\w{1,100}$")
    error: str = Field(pattern=r"^\w{1,100}$")


_COMPLAINTS = TypeAdapter(list[_Complaint])


class HubSpot:
    """A client for one HubSpot account."""

    def __init__(self, token: str, api_url: str = "https://api.hubapi.com", account_url: str | None = None) -> None:
        self._http = httpx.Client(
            base_url=api_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(10, connect=5),
            follow_redirects=False,
        )
        self._account_url = account_url
        self._fresh: dict[str, tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def read(self, ref: RecordRef, fields: Collection[str]) -> Record:
        """The deal as it stands now, with these fields; `contact.x` and `company.x` are read from the first of each."""
        own = [f for f in fields if "." not in f]
        params = {"properties": ",".join(dict.fromkeys([*_ALWAYS, *own])), "associations": "contacts,companies"}
        deal = _parsed(_Deal, self._get(f"/crm/v3/objects/deals/{ref.id}", params))
        values = dict(deal.properties)
        values.update(self._of_others(deal, fields))
        stage, pipeline = values.get("dealstage") or "", values.get("pipeline") or ""
        stage_label, pipeline_label = self._labels(pipeline, stage)
        return Record(
            ref=ref,
            name=values.get("dealname") or f"Deal {ref.id}",
            url=self._link(ref),
            stage=stage,
            stage_label=stage_label,
            pipeline=pipeline,
            pipeline_label=pipeline_label,
            owner=self._owner(values.get("hubspot_owner_id")),
            fields={name: values.get(name) or None for name in fields},
        )

    def write(self, ref: RecordRef, notice: WriteBack) -> None:
        """Write fields of the deal, and `contact.x` of its first contact. Fields of a contact it lacks are left out."""
        own = {name: value for name, value in notice.fields.items() if "." not in name}
        if own:
            self._send("PATCH", f"/crm/v3/objects/deals/{ref.id}", {"properties": own})
        for kind, path in (("contact", "contacts"), ("company", "companies")):
            theirs = {n.partition(".")[2]: v for n, v in notice.fields.items() if n.startswith(f"{kind}.")}
            if theirs and (other := self._first(self._links(ref), path)):
                self._send("PATCH", f"/crm/v3/objects/{path}/{other}", {"properties": theirs})

    def _link(self, ref: RecordRef) -> str | None:
        """Where a person sees the deal. A link is not worth failing for: without an answer there is none."""
        account_url = self._account_url
        if account_url is None:
            try:
                account = self._remembered("account", lambda: _parsed(_Account, self._get("/account-info/v3/details")))
            except OutsideError:
                return None
            scheme = "https" if self._http.base_url.scheme == "https" else "http"
            account_url = f"{scheme}://{account.uiDomain}/contacts/{account.portalId}"
        return f"{account_url.rstrip('/')}/record/0-3/{ref.id}"

    def _links(self, ref: RecordRef) -> _Deal:
        params = {"properties": "dealname", "associations": "contacts,companies"}
        return _parsed(_Deal, self._get(f"/crm/v3/objects/deals/{ref.id}", params))

    def _first(self, deal: _Deal, kind: str) -> str | None:
        links = deal.associations.get(kind, _Links()).results
        return links[0].id if links else None

    def _of_others(self, deal: _Deal, fields: Collection[str]) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for kind, path in (("contact", "contacts"), ("company", "companies")):
            wanted = [f.partition(".")[2] for f in fields if f.startswith(f"{kind}.")]
            other = self._first(deal, path)
            if wanted and other:
                answer = self._get(f"/crm/v3/objects/{path}/{other}", {"properties": ",".join(wanted)})
                properties = _parsed(_Object, answer).properties
                found.update({f"{kind}.{name}": properties.get(name) for name in wanted})
        return found

    def _labels(self, pipeline: str, stage: str) -> tuple[str, str]:
        """The words people see for a stage and a pipeline; stage ids may be words, digits or UUIDs.

        A stage that is not known may have been added a minute ago: then the pipelines are read anew.
        """
        found = _labels_in(self._pipelines(), pipeline, stage)
        if found is None:
            self._forget("pipelines")
            found = _labels_in(self._pipelines(), pipeline, stage)
        return found or ("", "")

    def _pipelines(self) -> _Pipelines:
        known: _Pipelines = self._remembered(
            "pipelines", lambda: _parsed(_Pipelines, self._get("/crm/v3/pipelines/deals"))
        )
        return known

    def _owner(self, owner_id: str | None) -> Person | None:
        if not owner_id:
            return None
        try:
            owner = self._remembered(
                f"owner {owner_id}", lambda: _parsed(_Owner, self._get(f"/crm/v3/owners/{owner_id}"))
            )
        except RecordGone:
            return None
        name = " ".join(part for part in (owner.firstName, owner.lastName) if part)
        return Person(name=name or owner.email or f"owner {owner_id}", email=owner.email)

    def _remembered(self, name: str, ask: Callable[[], Any]) -> Any:
        with self._lock:
            at, value = self._fresh.get(name, (0.0, None))
        if value is None or time.monotonic() - at > _REMEMBER:
            value = ask()
            with self._lock:
                self._fresh[name] = (time.monotonic(), value)
        return value

    def _forget(self, name: str) -> None:
        with self._lock:
            self._fresh.pop(name, None)

    def _get(self, path: str, params: Mapping[str, str] | None = None) -> httpx.Response:
        try:
            return _checked(self._http.get(path, params=params), path)
        except httpx.HTTPError as e:
            raise Unreachable(f"HubSpot did not answer ({type(e).__name__}).") from e

    def _send(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        try:
            _checked(self._http.request(method, path, json=body), path)
        except (httpx.ConnectError, httpx.ConnectTimeout) as e:
            raise Unreachable(f"HubSpot did not answer ({type(e).__name__}).") from e
        except httpx.HTTPError as e:
            raise OutcomeUnknown(f"HubSpot did not say whether it took the change ({type(e).__name__}).") from e


def _labels_in(known: _Pipelines, pipeline: str, stage: str) -> tuple[str, str] | None:
    named = ((s.label, p.label) for p in known.results if p.id == pipeline for s in p.stages if s.id == stage)
    return next(named, None)


def _checked(response: httpx.Response, path: str) -> httpx.Response:
    status = response.status_code
    if response.is_success:
        return response
    if status in _AGAIN or status >= 500:
        raise Unreachable(f"HubSpot answered {status}.", _wait(response))
    if status == 404:
        raise RecordGone(f"HubSpot has no {path} any more (404).")
    if status in (401, 403):
        raise Unreachable(f"HubSpot refused the token ({status}): check HUBSPOT_ACCESS_TOKEN and its scopes.")
    raise Refused(f"HubSpot answered {status}: {_reasons(response)}.", str(status))


def _wait(response: httpx.Response) -> timedelta | None:
    after = response.headers.get("retry-after", "")
    return timedelta(seconds=min(int(after), 600)) if after.isdigit() else None


def _reasons(response: httpx.Response) -> str:
    """HubSpot's word for what is wrong, and which property it is about. Its sentences repeat values; they are left out.

    https://developers.hubspot.com/docs/api-reference/error-handling
    """
    try:
        refusal = _Refusal.model_validate_json(response.content)
        complaints = _COMPLAINTS.validate_json(refusal.message.partition(": ")[2])
    except ValidationError:
        complaints = []
    return ", ".join(f"{c.name} {c.error}" for c in complaints[:10]) or "it does not say which property"


def _parsed(kind: type[B], response: httpx.Response) -> B:
    try:
        return kind.model_validate_json(response.content)
    except ValidationError as e:
        raise Unreachable(f"HubSpot's answer has an unexpected shape ({e.error_count()} problems).") from e
