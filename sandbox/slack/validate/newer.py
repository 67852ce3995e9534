"""The blocks of 2025 and 2026 that hold other things: cards, containers, alerts, tasks."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.validate.elements import ONLY_BUTTON, ONLY_IMAGE
from sandbox.slack.validate.fields import not_both
from sandbox.slack.validate.objects import BLOCK_ID, any_text, link, plain
from sandbox.slack.validate.rich_text import RICH_TEXT
from sandbox.slack.validate.schema import At, Problem, Rule, array, by_type, choice, either, flag, shape, string, typed

_ID: dict[str, Rule] = {"block_id": BLOCK_ID}


def _shows_something(value: Any, at: At) -> Iterator[Problem]:
    # Wording assumed.
    if not {"hero_image", "title", "actions", "body"} & set(value):
        yield (at / "type").says("must define at least one of `hero_image`, `title`, `actions` or `body`")


def _collapses_only_if_collapsible(value: Any, at: At) -> Iterator[Problem]:
    # Wording assumed.
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        yield (at / "default_collapsed").says("must set `is_collapsible` to use `default_collapsed`")


def _task_ids_differ(value: Any, at: At) -> Iterator[Problem]:
    # Wording assumed.
    seen: set[str] = set()
    for index, task in enumerate(value["tasks"]):
        if task["task_id"] in seen:
            yield (at / "tasks" / index / "task_id").says(f'`task_id` "{task["task_id"]}" already exists')
        seen.add(task["task_id"])


ALERT = typed({"text": any_text(200)}, {**_ID, "level": choice("default", "info", "warning", "error", "success")})
_ICON = by_type({"icon": typed({"name": string(least=1)})})
CARD = typed(
    {},
    {
        **_ID,
        "hero_image": ONLY_IMAGE,
        "icon": ONLY_IMAGE,
        "slack_icon": _ICON,
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "subtext": any_text(200),
        "actions": array(ONLY_BUTTON, 3, 1),
    },
    _shows_something,
    not_both("icon", "slack_icon"),
)
CAROUSEL = typed({"elements": array(by_type({"card": CARD}), 10, 1)}, _ID)


def container(children: Mapping[str, Rule]) -> Rule:
    """A container of these kinds of blocks; no container stands in a container."""
    return typed(
        {"child_blocks": array(by_type(children), 10, 1)},
        {
            **_ID,
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": any_text(150),
            "icon": ONLY_IMAGE,
            "width": choice("narrow", "standard", "wide", "full"),
            "is_collapsible": flag,
            "default_collapsed": flag,
            "has_header_divider": flag,
        },
        either("title", "rich_text_title", both=True),
        _collapses_only_if_collapsible,
    )


_SOURCE = by_type({"url": typed({"url": link(), "text": string(least=1)})})
_TASK: dict[str, Rule] = {"task_id": string(least=1), "title": string(least=1)}
_TASK_MORE: dict[str, Rule] = {**_ID, "details": RICH_TEXT, "output": RICH_TEXT, "sources": array(_SOURCE)}
# A task that has not begun makes sense only as a step of a plan; on its own it is refused.
TASK_CARD = typed({**_TASK, "status": choice("in_progress", "complete", "error")}, _TASK_MORE)
_STEP = shape(
    _TASK, {**_TASK_MORE, "type": choice("task_card"), "status": choice("pending", "in_progress", "complete", "error")}
)
PLAN = typed({"title": string(least=1), "tasks": array(_STEP, 50)}, _ID, _task_ids_differ)
