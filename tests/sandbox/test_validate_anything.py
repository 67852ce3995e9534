"""Whatever arrives, the validator answers and does not raise."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.slack.validate import message_problems, metadata_problem, total_text, view_problems, view_too_large
from tests.sandbox.validate_rig import Json, element, home, modal
from tests.sandbox.validate_samples import BLOCK_SAMPLES, ELEMENT_SAMPLES

KEYS = st.sampled_from(["type", "text", "elements", "blocks", "element", "options", "rows", "event_type"]) | st.text()
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | KEYS
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=20
)
GOOD = [
    *BLOCK_SAMPLES.values(),
    *(element(kind, **keys) for kind, keys in ELEMENT_SAMPLES.items() if "type" not in keys),
]


def places(node: object) -> list[tuple[Any, Any]]:
    """Every container and key in it under which something lies."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
    return [(node, key) for key in keys] + [place for key in keys for place in places(node[key])]  # type: ignore[index]


@st.composite
def nearly_good(draw: st.DrawFn) -> Json:
    """A good block with up to three things in it replaced by others."""
    block: Json = json.loads(json.dumps(draw(st.sampled_from(GOOD))))
    for _ in range(draw(st.integers(1, 3))):
        inside = places(block)
        if inside:
            node, key = draw(st.sampled_from(inside))
            node[key] = draw(JSON)
    return block


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_arbitrary_json_never_raises(value: Any) -> None:
    for problems in (message_problems(value), message_problems([value]), view_problems(value)):
        assert all(str(problem) for problem in problems)
    assert total_text(value) >= 0
    assert metadata_problem(value) in (None, "invalid_metadata_format", "invalid_metadata_schema")
    assert not view_too_large(value)


@settings(max_examples=300, deadline=None)
@given(nearly_good())
def test_good_blocks_with_a_fault_never_raise(block: Json) -> None:
    found = [*message_problems([block, block]), *view_problems(modal(block, block)), *view_problems(home(block, block))]

    assert all(problem.pointer.startswith(("/blocks", "/view")) for problem in found)
