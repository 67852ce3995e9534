"""Message metadata: its form and size."""

import pytest

from sandbox.slack.validate import metadata_problem


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "handoff", "event_payload": {"key": "a", "step": 1, "late": False}}, None),
        ({"event_type": "handoff", "event_payload": {}}, None),
        ({"event_type": "handoff", "event_payload": {"deal": {"id": "1"}, "tasks": [{"id": "2"}]}}, None),
        (None, "invalid_metadata_format"),
        ("{}", "invalid_metadata_format"),
        ([], "invalid_metadata_format"),
        ({"event_type": "handoff"}, "invalid_metadata_schema"),
        ({"event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "", "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": 1, "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "handoff", "event_payload": []}, "invalid_metadata_schema"),
        ({"event_type": "handoff", "event_payload": {}, "more": 1}, "invalid_metadata_schema"),
        ({"event_type": "handoff", "event_payload": {"key": None}}, "invalid_metadata_schema"),
        ({"event_type": "handoff", "event_payload": {"deal": {"owner": {"id": 1}}}}, "invalid_metadata_schema"),
        ({"event_type": "handoff", "event_payload": {"tasks": ["1"]}}, "invalid_metadata_schema"),
        ({"event_type": "handoff", "event_payload": {"key": "w" * 8000}}, "metadata_too_large"),
    ],
)
def test_metadata(metadata: object, error: str | None) -> None:
    assert metadata_problem(metadata) == error
