"""Message metadata. https://docs.slack.dev/messaging/message-metadata."""

import json

MOST_BYTES = 8_000
"""Slack says there is a limit and does not say which; this one is assumed."""

_PLAIN = (str, int, float, bool)


def metadata_problem(metadata: object) -> str | None:
    """The error name under which Slack refuses this metadata, or None: an event type, and a payload nearly flat."""
    if not isinstance(metadata, dict):
        return "invalid_metadata_format"
    payload = metadata.get("event_payload")
    if set(metadata) != {"event_type", "event_payload"} or not isinstance(payload, dict):
        return "invalid_metadata_schema"
    if not isinstance(metadata["event_type"], str) or not metadata["event_type"]:
        return "invalid_metadata_schema"
    if not all(_is_allowed(value) for value in payload.values()):
        return "invalid_metadata_schema"
    size = len(json.dumps(metadata, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass"))
    return "metadata_too_large" if size > MOST_BYTES else None


def _is_allowed(value: object) -> bool:
    """A plain value, an object of plain values, or a list of such objects."""
    nested = value if isinstance(value, list) else [value]
    return isinstance(value, _PLAIN) or all(_is_flat(item) for item in nested)


def _is_flat(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, _PLAIN) for item in value.values())
