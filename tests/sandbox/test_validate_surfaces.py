"""Which block may stand on which surface, and which element in which block."""

from typing import get_args

import pytest
from slackblocks._surfaces import _BLOCK_TYPES_BY_SURFACE as SURFACES_OF_SLACKBLOCKS

from sandbox.slack.validate.blocks import BLOCKS
from sandbox.slack.validate.schema import Surface
from tests.sandbox.validate_rig import (
    Json,
    actions,
    cell,
    container,
    home,
    line,
    modal,
    plain,
    rich,
    said_of_message,
    said_of_view,
    section,
)
from tests.sandbox.validate_samples import BLOCK_SAMPLES, ELEMENT_SAMPLES

# Slack's page allows cards in modals; a real workspace did not show them.
STRICTER = {("card", "modal")}
# Slack makes file blocks itself and takes none.
NEVER = {"file"}

TEXT_FIELDS = {"email_text_input", "file_input", "number_input", "plain_text_input", "url_text_input"}
PRESSED = {"button", "overflow", "workflow_button"}
NOT_IN = {
    "section": TEXT_FIELDS | {"datetimepicker", "rich_text_input"},
    "actions": TEXT_FIELDS | {"image"},
    "input": PRESSED | {"image"},
}
ONLY_ON: dict[str, set[Surface]] = {
    "email_text_input": {"modal"},
    "url_text_input": {"modal"},
    "number_input": {"modal"},
    "file_input": {"modal"},
    "rich_text_input": {"modal", "home"},
    "datetimepicker": {"message", "modal"},
    "workflow_button": {"message"},
}
EVERYWHERE: set[Surface] = set(get_args(Surface))


def said_on(surface: Surface, block: Json) -> list[str]:
    """The complaints about one block on a surface, pointers from the block on."""
    found = {
        "message": lambda: said_of_message(block),
        "modal": lambda: said_of_view(modal(block)),
        "home": lambda: said_of_view(home(block)),
    }[surface]()
    return [said.replace("/view", "").replace("/blocks/0", "") for said in found]


def around(holder: str, kind: str) -> Json:
    """A block of kind `holder` with an element of this kind in it."""
    inside = {"type": kind, **ELEMENT_SAMPLES[kind]}
    blocks = {
        "section": section(accessory=inside),
        "actions": actions(inside),
        "input": {"type": "input", "label": plain(), "element": inside},
    }
    return blocks[holder]


def test_samples_cover_every_block() -> None:
    assert set(BLOCK_SAMPLES) == set(BLOCKS)


@pytest.mark.parametrize("surface", get_args(Surface))
@pytest.mark.parametrize("kind", BLOCK_SAMPLES)
def test_block_on_surface_as_slackblocks_knows_it(kind: str, surface: Surface) -> None:
    allowed = kind in SURFACES_OF_SLACKBLOCKS[surface] and (kind, surface) not in STRICTER

    assert said_on(surface, BLOCK_SAMPLES[kind]) == (
        [] if allowed else [f"unsupported type: {kind} [json-pointer:/type]"]
    )


def test_slackblocks_knows_no_other_block() -> None:
    assert set().union(*SURFACES_OF_SLACKBLOCKS.values(), {"alert"}) - NEVER == set(BLOCKS)


@pytest.mark.parametrize("holder", NOT_IN)
@pytest.mark.parametrize("kind", ELEMENT_SAMPLES)
@pytest.mark.parametrize("surface", get_args(Surface))
def test_element_in_block_on_surface(kind: str, holder: str, surface: Surface) -> None:
    allowed = kind not in NOT_IN[holder] and surface in ONLY_ON.get(kind, EVERYWHERE)

    said = [line.split(" [")[0] for line in said_on(surface, around(holder, kind))]
    assert said == ([] if allowed else [f"unsupported type: {kind}"])


@pytest.mark.parametrize("kind", ELEMENT_SAMPLES)
def test_context_holds_only_texts_and_images(kind: str) -> None:
    found = said_on("message", {"type": "context", "elements": [{"type": kind, **ELEMENT_SAMPLES[kind]}]})

    refused = [f"unsupported type: {kind} [json-pointer:/elements/0/type]"]
    assert found == ([] if kind == "image" else refused)


@pytest.mark.parametrize("kind", BLOCK_SAMPLES)
def test_container_holds_only_plain_blocks(kind: str) -> None:
    outside = ("alert", "card", "carousel", "container", "context_actions", "data_table", "data_visualization")
    refused = kind in (*outside, "markdown", "plan", "task_card")

    found = said_on("message", container(child_blocks=[BLOCK_SAMPLES[kind]]))
    assert found == ([f"unsupported type: {kind} [json-pointer:/child_blocks/0/type]"] if refused else [])


@pytest.mark.parametrize("kind", ["file", "call", "auth_provider", "contact_card"])
def test_block_apps_cannot_send(kind: str) -> None:
    assert said_on("message", {"type": kind}) == [f"unsupported type: {kind} [json-pointer:/type]"]


def test_table_cells_of_every_kind() -> None:
    row = [cell(), {"type": "raw_number", "value": 3}, rich(line({"type": "text", "text": "Won"}))]

    assert said_on("message", {"type": "table", "rows": [row], "column_settings": [None, {"align": "right"}]}) == []
