"""The way a Web API method says no."""

from collections.abc import Iterable

from sandbox.slack.state import Json


class ApiError(Exception):
    """Becomes `{"ok": false, "error": …}` with status 200; `more` are further fields of that answer."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.more: Json = dict(more)


class RateLimited(Exception):
    """Becomes HTTP 429; `wait` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = wait


def bad_arguments(messages: Iterable[str]) -> ApiError:
    """`invalid_arguments`, with each complaint in `response_metadata.messages` behind Slack's `[ERROR]`."""
    return ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {text}" for text in messages]})
