"""One HubSpot account over HTTP: what each answer means, as the errors of `handoff.errors`. Knows no record.

Every call has a time-out and is made once; who calls decides about trying again.
https://developers.hubspot.com/docs/api-reference/error-handling
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

import httpx
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from handoff.errors import OutcomeUnknown, Refused, Unreachable
from handoff.leases import in_time

B = TypeVar("B", bound=BaseModel)
_AGAIN = {408, 423, 429, 477}  # and every 5xx


# How long stands beside the pattern: within it, \w is compiled a hundred times over and keeps 5 MB for each of them.
_Word = Annotated[str, Field(pattern=r"^\w+$", max_length=100)]


class _Refusal(BaseModel):
    message: str = ""


class _Complaint(BaseModel):
    name: _Word
    error: _Word


_COMPLAINTS = TypeAdapter(list[_Complaint])


class Api:
    """The calls. Each answers None where HubSpot says that there is no such thing.

    Those that write raise TooLate, by `clock`, if that would not be over by `until`.
    """

    def __init__(self, token: str, url: str, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            timeout=httpx.Timeout(10, connect=5),
            follow_redirects=False,
        )

    @property
    def scheme(self) -> str:
        """`https`, or `http` for a stand-in on this machine."""
        return self._http.base_url.scheme

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, params: Mapping[str, str] | None = None) -> httpx.Response | None:
        """Read. Raises Unreachable, Refused."""
        try:
            return _checked(self._http.get(path, params=params))
        except httpx.HTTPError as e:
            raise Unreachable(f"HubSpot did not answer ({type(e).__name__}).") from e

    def ask(self, path: str, question: Mapping[str, Any]) -> httpx.Response | None:
        """Read with a question too long for an address (POST). Raises Unreachable, Refused."""
        try:
            return _checked(self._http.post(path, content=_json(question)))
        except httpx.HTTPError as e:
            raise Unreachable(f"HubSpot did not answer ({type(e).__name__}).") from e

    def change(self, path: str, properties: Mapping[str, str], until: datetime) -> httpx.Response | None:
        """Write properties (PATCH). Raises Unreachable, Refused, OutcomeUnknown."""
        return _checked(self._sent("PATCH", path, {"properties": properties}, until))

    def create(self, path: str, new: Mapping[str, Any], until: datetime) -> None:
        """Make something new (POST). Raises Unreachable, Refused; OutcomeUnknown if it may be there now.

        Not for changes: the same again makes a second one.
        """
        response = self._sent("POST", path, new, until)
        if response.status_code >= 500:
            raise OutcomeUnknown(f"HubSpot answered {response.status_code}: it may have made it or not.", self.clock())
        if _checked(response) is None:
            raise Refused("HubSpot answered 404: it does not take this.", "404")

    def _sent(self, method: str, path: str, body: Mapping[str, Any], until: datetime) -> httpx.Response:
        request = self._http.build_request(method, path, content=_json(body))
        in_time(until, self.clock())
        try:
            return self._http.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as e:
            raise Unreachable(f"HubSpot did not answer ({type(e).__name__}).") from e
        except httpx.HTTPError as e:
            text = f"HubSpot did not say whether it took the change ({type(e).__name__})."
            raise OutcomeUnknown(text, self.clock()) from e


def parsed(kind: type[B], response: httpx.Response | None) -> B:
    """The answer as a model. Raises Unreachable if there is none or it has another shape."""
    if response is None:
        raise Unreachable("HubSpot does not know an address that it must have (404): check HUBSPOT_API_URL.")
    try:
        return kind.model_validate_json(response.content)
    except ValidationError as e:
        raise Unreachable(f"HubSpot's answer has an unexpected shape ({e.error_count()} problems).") from e


def _json(body: Mapping[str, Any]) -> bytes:
    """Half a surrogate pair, which a person's paste can hold and UTF-8 cannot, becomes a `?`."""
    return json.dumps(body, ensure_ascii=False).encode(errors="replace")


def _checked(response: httpx.Response) -> httpx.Response | None:
    status = response.status_code
    if response.is_success:
        return response
    if status in _AGAIN or status >= 500:
        raise Unreachable(f"HubSpot answered {status}.", _wait(response))
    if status == 404 and _speaks(response):
        return None
    if status == 404:
        raise Unreachable("Something that is not HubSpot answered 404: check HUBSPOT_API_URL.")
    if status in (401, 403):
        raise Unreachable(f"HubSpot refused the token ({status}): check HUBSPOT_ACCESS_TOKEN and its scopes.")
    raise Refused(f"HubSpot answered {status}: {_reasons(response)}.", str(status))


def _speaks(response: httpx.Response) -> bool:
    """Whether it is HubSpot that says so, in JSON. The 404 of a proxy or a wrong address tells nothing of a record."""
    try:
        _Refusal.model_validate_json(response.content)
    except ValidationError:
        return False
    return True


def _wait(response: httpx.Response) -> timedelta | None:
    after = response.headers.get("retry-after", "")
    return timedelta(seconds=min(int(after), 600)) if after.isdigit() and int(after) else None


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
