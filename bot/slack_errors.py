"""What a failed call to Slack means: nothing done, refused for good, or perhaps done.

https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from handoff.errors import OutcomeUnknown, Refused, TooEarly, Unreachable

# "some aspect of the operation may have succeeded"
_PERHAPS_DONE = {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
# An operator must mend these; until then nothing is lost.
_OURS_TO_MEND = {
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "missing_scope",
    "not_allowed_token_type",
    "ekm_access_denied",
    "access_denied",
}
_SAYING = ("chat.post", "chat.update", "files.", "views.")
_WHEN_NOT_SAID = timedelta(seconds=5)
_WHILE_MENDING = timedelta(seconds=60)


class NoRight(Unreachable):
    """The token may not do this until an operator mends it."""


@contextmanager
def asking(method: str) -> Iterator[None]:
    """Turn whatever the client raises into one of our three errors. What only reads has surely done nothing.

    Raises:
        Unreachable, Refused; OutcomeUnknown for a method that says or changes something.
    """
    try:
        with _any(method):
            yield
    except OutcomeUnknown as e:
        if not method.startswith(_SAYING):
            raise Unreachable(str(e)) from e
        raise


@contextmanager
def _any(method: str) -> Iterator[None]:
    try:
        yield
    except SlackApiError as e:
        raise _meaning(method, e) from e
    except URLError as e:
        if isinstance(e.reason, ConnectionRefusedError | OSError) and not isinstance(e.reason, TimeoutError):
            if isinstance(e.reason, ConnectionResetError | BrokenPipeError):
                raise OutcomeUnknown(f"Slack closed the connection during {method}.") from e
            raise Unreachable(f"Slack cannot be reached for {method}: {e.reason}.") from e
        raise OutcomeUnknown(f"Slack did not answer {method} in time.") from e
    except (OSError, http.client.HTTPException, json.JSONDecodeError, SlackClientError) as e:
        raise OutcomeUnknown(f"Slack's answer to {method} was lost ({type(e).__name__}).") from e


def _meaning(method: str, error: SlackApiError) -> Unreachable | Refused | OutcomeUnknown:
    response = error.response
    status: int = getattr(response, "status_code", 200)
    data = response.data if isinstance(getattr(response, "data", None), dict) else {}
    reason = str(data.get("error", ""))
    if status == 429 or reason in ("ratelimited", "rate_limited"):
        after = str(response.headers.get("Retry-After", response.headers.get("retry-after", "")))
        wait = timedelta(seconds=min(int(after), 3600)) if after.isdigit() else None
        return TooEarly(f"Slack asks us to slow down ({method}).", wait or _WHEN_NOT_SAID)
    if status >= 500 or reason in _PERHAPS_DONE or not reason:
        return OutcomeUnknown(f"Slack answered {method} with {reason or status}.")
    if reason in _OURS_TO_MEND:
        needed = f" (it needs the scope {data['needed']})" if data.get("needed") else ""
        return NoRight(f"Slack refused {method}: {reason}{needed}. Check SLACK_BOT_TOKEN and the app.", _WHILE_MENDING)
    return Refused(f"Slack refused {method}: {reason}.", reason)
