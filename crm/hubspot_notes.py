"""Notes on a deal's timeline. HubSpot has no idempotency key: a note carries a marker, and is looked for before
it is made.

The deal's own list of notes is read, not HubSpot's search, which lags behind by seconds.
https://developers.hubspot.com/docs/api-reference/crm-notes-v3/guide
"""

import html
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import BaseModel

from crm.hubspot_api import Api, parsed

MOST_CHARACTERS = 65_536  # of a note's HTML
KEPT = 12_000  # characters of a text that is too long: escaped, each may take five
_TO_DEAL = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 214}
_PAGE, _BATCH = 500, 100
_MOST_PAGES = 20


class _Row(BaseModel):
    toObjectId: int | str  # noqa: N815 -- HubSpot's word


class _Next(BaseModel):
    after: str


class _Paging(BaseModel):
    next: _Next | None = None


class _Rows(BaseModel):
    results: list[_Row]
    paging: _Paging | None = None


class _Note(BaseModel):
    properties: dict[str, str | None]


class _Notes(BaseModel):
    results: list[_Note]


def body_of(text: str, marker: str) -> str:
    """A note's HTML: the text as it was written, with nothing in it that could be markup, and the marker small below.

    A text that HubSpot would not take for its length is cut, and says so.
    """
    shown = _escaped(text)
    if len(shown) > MOST_CHARACTERS - 1_000:
        shown = _escaped(f"{text[:KEPT]}…\n(The rest is too long for a note.)")
    return f'<p>{shown}</p><p><span style="font-size: 8pt;">{_escaped(marker)}</span></p>'


def carries(body: str, marker: str) -> bool:
    """Whether a note's HTML has the marker in it as words of their own, however HubSpot has tidied the markup."""
    words = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())
    wanted = re.escape(" ".join(marker.split()))
    return re.search(rf"(?<!\S){wanted}(?!\S)", words) is not None


def has_note(api: Api, deal_id: str, marker: str) -> bool:
    """Whether a note with this marker is on the deal; the newest are read first. May raise Unreachable, Refused."""
    ids = sorted(_note_ids(api, deal_id), key=lambda one: (len(one), one), reverse=True)
    batches = (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
    return any(carries(body, marker) for batch in batches for body in _bodies(api, batch))


def add_note(api: Api, deal_id: str, text: str, marker: str, until: datetime) -> None:
    """Put a note on the deal, dated now. Raises Unreachable, TooLate, Refused, OutcomeUnknown."""
    properties = {"hs_timestamp": api.clock().isoformat(), "hs_note_body": body_of(text, marker)}
    to_deal = {"to": {"id": deal_id}, "types": [_TO_DEAL]}
    api.create("/crm/v3/objects/notes", {"properties": properties, "associations": [to_deal]}, until)


def _note_ids(api: Api, deal_id: str) -> Iterator[str]:
    params = {"limit": str(_PAGE)}
    for _ in range(_MOST_PAGES):
        rows = parsed(_Rows, api.get(f"/crm/v4/objects/deals/{deal_id}/associations/notes", params))
        yield from (str(row.toObjectId) for row in rows.results)
        if rows.paging is None or rows.paging.next is None:
            return
        params["after"] = rows.paging.next.after


def _bodies(api: Api, ids: Sequence[str]) -> list[str]:
    question = {"properties": ["hs_note_body"], "inputs": [{"id": one} for one in ids]}
    notes = parsed(_Notes, api.ask("/crm/v3/objects/notes/batch/read", question))
    return [note.properties.get("hs_note_body") or "" for note in notes.results]


def _escaped(text: str) -> str:
    """As HTML. Control characters, which no timeline shows, are left out; line ends stay."""
    lines = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text).splitlines()
    return "<br>".join(html.escape(line, quote=False) for line in lines)
