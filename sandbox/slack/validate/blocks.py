"""The blocks known for long, and the table of all blocks with the surfaces that take them.

https://docs.slack.dev/reference/block-kit/blocks. Where that page and what people saw in real workspaces disagree, the
stricter one counts: a card in a modal is refused.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.validate.charts import DATA_VISUALIZATION
from sandbox.slack.validate.elements import IN_ACTIONS, IN_CONTEXT, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.slack.validate.grids import DATA_TABLE, TABLE
from sandbox.slack.validate.newer import ALERT, CARD, CAROUSEL, PLAN, TASK_CARD, container
from sandbox.slack.validate.objects import BLOCK_ID, any_text, image, link, plain
from sandbox.slack.validate.rich_text import RICH_TEXT_BLOCK
from sandbox.slack.validate.schema import (
    At,
    Problem,
    Rule,
    Surface,
    array,
    by_type,
    either,
    flag,
    string,
    typed,
    whole,
)

_ID: dict[str, Rule] = {"block_id": BLOCK_ID}


def _files_do_not_dispatch(value: Any, at: At) -> Iterator[Problem]:
    if value.get("dispatch_action") and value["element"]["type"] == "file_input":
        yield (at / "element" / "type").says("unsupported type: file_input")


_EVERYWHERE: dict[str, Rule] = {
    "section": typed(
        {},
        {
            **_ID,
            "text": any_text(3000),
            "fields": array(any_text(2000), 10, 1),
            "accessory": IN_SECTION,
            "expand": flag,
        },
        either("text", "fields", both=True),
    ),
    "header": typed({"text": plain(150)}, {**_ID, "level": whole(1, 4)}),
    "divider": typed({}, _ID),
    "context": typed({"elements": array(IN_CONTEXT, 10, 1)}, _ID),
    "actions": typed({"elements": array(IN_ACTIONS, 25, 1)}, _ID),
    "image": image(title=plain(2000), **_ID),
    "input": typed(
        {"label": plain(2000), "element": IN_INPUT},
        {**_ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
        _files_do_not_dispatch,
    ),
    "rich_text": RICH_TEXT_BLOCK,
    "video": typed(
        {"title": plain(200), "alt_text": string(2000), "thumbnail_url": link(), "video_url": link()},
        {
            **_ID,
            "title_url": link(2000),
            "description": plain(200),
            "author_name": string(50),
            "provider_name": string(50),
            "provider_icon_url": link(2000),
        },
    ),
}
_LIMITED: dict[str, Rule] = {
    "markdown": typed({"text": string(12_000, 1)}, _ID),
    "context_actions": typed({"elements": array(IN_CONTEXT_ACTIONS, 5, 1)}, _ID),
    "alert": ALERT,
    "card": CARD,
    "carousel": CAROUSEL,
    "container": container({**_EVERYWHERE, "table": TABLE}),
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "task_card": TASK_CARD,
    "plan": PLAN,
}

_MESSAGE: frozenset[Surface] = frozenset({"message"})
_NOT_IN_MODALS: frozenset[Surface] = frozenset({"message", "home"})
SURFACES: dict[str, frozenset[Surface]] = {
    "markdown": _MESSAGE,
    "context_actions": _MESSAGE,
    "task_card": _MESSAGE,
    "plan": _MESSAGE,
    "alert": frozenset({"modal"}),
    "card": _NOT_IN_MODALS,
    "carousel": _NOT_IN_MODALS,
    "container": _NOT_IN_MODALS,
    "table": _NOT_IN_MODALS,
    "data_table": _NOT_IN_MODALS,
    "data_visualization": _NOT_IN_MODALS,
}
BLOCKS: dict[str, Rule] = {**_EVERYWHERE, **_LIMITED}
BLOCK = by_type(BLOCKS, SURFACES)
