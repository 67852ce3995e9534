"""What hardly ever changes in a HubSpot account: pipelines, owners, where its people work. Remembered for five minutes.

https://developers.hubspot.com/docs/api-reference/crm-crm-owners-v3/guide
"""

import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel

from crm.hubspot_api import Api, parsed
from handoff.errors import OutsideError
from handoff.model import Person, RecordRef

_REMEMBER = 300.0  # seconds


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


class Lookups:
    """The memory of one account. Every method may raise Unreachable and Refused unless it says otherwise."""

    def __init__(self, api: Api, account_url: str | None) -> None:
        self._api = api
        self._account_url = account_url
        self._fresh: dict[str, tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def link(self, ref: RecordRef) -> str | None:
        """Where a person sees the deal. A link is not worth failing for: without an answer there is none."""
        account_url = self._account_url
        if account_url is None:
            try:
                account = self._remembered(
                    "account", lambda: parsed(_Account, self._api.get("/account-info/v3/details"))
                )
            except OutsideError:
                return None
            account_url = f"{self._api.scheme}://{account.uiDomain}/contacts/{account.portalId}"
        return f"{account_url.rstrip('/')}/record/0-3/{ref.id}"

    def labels(self, pipeline: str, stage: str) -> tuple[str, str]:
        """The words people see for a stage and a pipeline; stage ids may be words, digits or UUIDs.

        A stage that is not known may have been added a minute ago: then the pipelines are read anew.
        """
        found = _labels_in(self._pipelines(), pipeline, stage)
        if found is None:
            self._forget("pipelines")
            found = _labels_in(self._pipelines(), pipeline, stage)
        return found or ("", "")

    def owner(self, owner_id: str | None) -> Person | None:
        """Who owns a record, also if they have left the company since; None if HubSpot does not tell."""
        if not owner_id:
            return None
        owner: _Owner | None = self._remembered(f"owner {owner_id}", lambda: self._find_owner(owner_id))
        if owner is None:
            return None
        name = " ".join(part for part in (owner.firstName, owner.lastName) if part)
        return Person(name=name or owner.email or f"owner {owner_id}", email=owner.email or None)

    def _find_owner(self, owner_id: str) -> _Owner | None:
        path = f"/crm/v3/owners/{quote(owner_id, safe='')}"
        found = self._api.get(path) or self._api.get(path, {"archived": "true"})
        return parsed(_Owner, found) if found is not None else None

    def _pipelines(self) -> _Pipelines:
        known: _Pipelines = self._remembered(
            "pipelines", lambda: parsed(_Pipelines, self._api.get("/crm/v3/pipelines/deals"))
        )
        return known

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


def _labels_in(known: _Pipelines, pipeline: str, stage: str) -> tuple[str, str] | None:
    named = ((s.label, p.label) for p in known.results if p.id == pipeline for s in p.stages if s.id == stage)
    return next(named, None)
