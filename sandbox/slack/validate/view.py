"""Modals and Home tabs. https://docs.slack.dev/reference/views."""

import json
from collections.abc import Iterator
from typing import Any

from sandbox.slack.validate.blocks import BLOCK
from sandbox.slack.validate.objects import plain
from sandbox.slack.validate.schema import At, Problem, Rule, Surface, array, by_type, flag, string, typed
from sandbox.slack.validate.totals import repeated_focus, repeated_ids, too_long

MOST_BYTES = 250_000


def _together(value: Any, at: At) -> Iterator[Problem]:
    for rule in (repeated_ids, repeated_focus, too_long):
        yield from rule(value["blocks"], at / "blocks")


def _inputs_need_submit(value: Any, at: At) -> Iterator[Problem]:
    if "submit" in value:
        return
    for index, block in enumerate(value["blocks"]):
        if block["type"] == "input":
            yield (at / "blocks" / index / "input").says("must define `submit` to use an `input` block in modals")


_BLOCKS = array(BLOCK, 100, 1)
_COMMON: dict[str, Rule] = {"private_metadata": string(3000), "callback_id": string(255), "external_id": string(255)}
_MODAL = typed(
    {"title": plain(24), "blocks": _BLOCKS},
    {
        **_COMMON,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
    _inputs_need_submit,
    _together,
)
_HOME = typed({"blocks": _BLOCKS}, _COMMON, _together)
_VIEW = by_type({"modal": _MODAL, "home": _HOME})


def view_problems(view: object) -> list[Problem]:
    """What Slack would refuse about this modal or Home tab; pointers begin with `/view`. Never raises.

    Leaves out the general line that Slack puts first, and whether external_id is taken and the size are other errors.
    """
    surface: Surface = "home" if isinstance(view, dict) and view.get("type") == "home" else "modal"
    return list(_VIEW(view, At("/view", surface)))


def view_too_large(view: object) -> bool:
    """Whether a view is larger than 250 kB as UTF-8 JSON, or nested too deeply to be written down: `view_too_large`."""
    try:
        text = json.dumps(view, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return True
    return len(text.encode(errors="surrogatepass")) > MOST_BYTES
