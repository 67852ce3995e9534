"""What holds for the blocks of a message or view together: ids that differ, and sums over the whole.

Every function here takes blocks that are in order one by one, except `total_text`, which takes anything.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.validate.schema import At, Problem

MOST_TOTAL_TEXT = 13_000
"""Visible characters in one message, beyond which `msg_blocks_too_long`. Undocumented; failures were seen from about
here on (https://github.com/slackapi/bolt-js/issues/2509)."""

MOST_TEXT_OF_KIND = {"markdown": ("text", 12_000), "table": ("rows", 10_000), "data_table": ("rows", 20_000)}
MOST_IN_MESSAGE = {
    "table": (1, "only_one_table_allowed"),
    "data_visualization": (2, "no more than 2 items of type data_visualization allowed"),
}
_VISIBLE = ("text", "title", "caption", "label")
_TUCKED_AWAY = ("options", "option_groups", "initial_option", "initial_options", "confirm", "placeholder")
_HOLDS_ONE = {"section": "accessory", "input": "element"}
_HOLDS_MANY = {"actions": "elements", "context_actions": "elements", "card": "actions"}

Placed = tuple[Any, At]


def total_text(blocks: object) -> int:
    """Characters of all text a reader sees at first glance; options of closed menus are not among them."""
    total, waiting = 0, [blocks]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            total += sum(len(node[key]) for key in _VISIBLE if isinstance(node.get(key), str))
            waiting.extend(value for key, value in node.items() if key not in _TUCKED_AWAY)
    return total


def every_block(blocks: Any, at: At) -> Iterator[Placed]:
    """Blocks with their places, in reading order, those inside containers and carousels included."""
    for index, block in enumerate(blocks):
        here = at / index
        yield block, here
        if block["type"] == "container":
            yield from every_block(block["child_blocks"], here / "child_blocks")
        elif block["type"] == "carousel":
            yield from every_block(block["elements"], here / "elements")


def elements(block: Any, at: At) -> Iterator[Placed]:
    """The elements that stand in this very block."""
    kind = block["type"]
    if kind in _HOLDS_ONE and _HOLDS_ONE[kind] in block:
        yield block[_HOLDS_ONE[kind]], at / _HOLDS_ONE[kind]
    if kind in _HOLDS_MANY:
        for index, element in enumerate(block.get(_HOLDS_MANY[kind], [])):
            yield element, at / _HOLDS_MANY[kind] / index


def _repeated(key: str, things: Iterator[Placed]) -> Iterator[Problem]:
    seen: set[str] = set()
    for thing, at in things:
        if key not in thing:
            continue
        if thing[key] in seen:
            # Seen in real answers for action_id; assumed for block_id.
            yield (at / key).says(f'`{key}` "{thing[key]}" already exists')
        seen.add(thing[key])


def repeated_ids(blocks: Any, at: At) -> Iterator[Problem]:
    """block_id differs within a message or view, action_id within a block."""
    yield from _repeated("block_id", every_block(blocks, at))
    for block, place in every_block(blocks, at):
        yield from _repeated("action_id", elements(block, place))


def repeated_focus(blocks: Any, at: At) -> Iterator[Problem]:
    """At most one element takes the focus when a view opens. Wording assumed."""
    focused = [
        place
        for block, outer in every_block(blocks, at)
        for element, place in elements(block, outer)
        if element.get("focus_on_load")
    ]
    for place in focused[1:]:
        yield (place / "focus_on_load").says("only one element may set `focus_on_load`")


def too_many(blocks: Any, at: At) -> Iterator[Problem]:
    """Blocks of a kind of which a message takes only one or two. The wording is known for tables, else assumed."""
    for kind, (most, complaint) in MOST_IN_MESSAGE.items():
        places = [place for block, place in every_block(blocks, at) if block["type"] == kind]
        for place in places[most:]:
            yield (place / "type").says(complaint)


def too_long(blocks: Any, at: At) -> Iterator[Problem]:
    """Text that may be long in one block but is counted over all of its kind; said of the block that goes over."""
    for kind, (key, most) in MOST_TEXT_OF_KIND.items():
        total = 0
        for block, place in every_block(blocks, at):
            if block["type"] == kind:
                before, total = total, total + total_text({key: block[key]})
                if before <= most < total:
                    yield (place / key).says(f"must be less than {most + 1} characters")
