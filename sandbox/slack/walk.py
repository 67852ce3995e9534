"""Finding the elements inside blocks, and giving ids to what came without. Checks nothing: that is validate's work."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.slack.state import Json, new_id

INTERACTIVE = {
    "button",
    "channels_select",
    "checkboxes",
    "conversations_select",
    "datepicker",
    "datetimepicker",
    "email_text_input",
    "external_select",
    "feedback_buttons",
    "file_input",
    "icon_button",
    "multi_channels_select",
    "multi_conversations_select",
    "multi_external_select",
    "multi_static_select",
    "multi_users_select",
    "number_input",
    "overflow",
    "plain_text_input",
    "radio_buttons",
    "rich_text_input",
    "static_select",
    "timepicker",
    "url_text_input",
    "users_select",
    "workflow_button",
}


@dataclass(frozen=True)
class Spot:
    """One interactive element and the block it sits in."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """The block's id; empty only for payloads that never went through `fill_ids`."""
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        """The element's id, unique within its block."""
        return str(self.element.get("action_id", ""))

    @property
    def is_input(self) -> bool:
        """Whether the element is the field of an input block."""
        return self.block.get("type") == "input"


def spots(blocks: list[Json]) -> Iterator[Spot]:
    """Every interactive element, in reading order, also inside cards and containers."""
    for block in blocks:
        yield from _inside(block, block)


def _inside(block: Json, node: object) -> Iterator[Spot]:
    if isinstance(node, list):
        for item in node:
            yield from _inside(block, item)
    elif isinstance(node, dict):
        nearest = node if "block_id" in node else block
        if node.get("type") in INTERACTIVE:
            yield Spot(nearest, node)
            return
        for value in node.values():
            yield from _inside(nearest, value)


def find_spot(blocks: list[Json], action_id: str, block_id: str | None = None) -> Spot | None:
    """The first element with this action_id, in the named block if one is named."""
    found = (s for s in spots(blocks) if s.action_id == action_id and block_id in (None, s.block_id))
    return next(found, None)


def fill_ids(blocks: list[Json]) -> list[Json]:
    """Give each block and each interactive element an id where the app sent none; changes the blocks in place."""
    for block in blocks:
        block.setdefault("block_id", new_id("b"))
    for spot in spots(blocks):
        spot.element.setdefault("action_id", new_id("a"))
    return blocks
