"""Reading a payload as Slack and people do: what is refused, who is pinged, where links lead, what is seen."""

import json
import re
from collections.abc import Iterator
from typing import Any

from sandbox.slack.validate import message_problems, total_text, view_problems
from tests.bot.second_opinion import refused_elsewhere, refused_view_elsewhere

Payload = Any

MOST_BLOCKS = 45  # Slack takes 50
MOST_TEXT = 10_000  # and refuses some messages with 11,000 characters


def refused(text: str, blocks: Payload) -> list[str]:
    """Why Slack would not take a message, by two readings of its rules, or what of ours is too long for comfort."""
    found = [*map(str, message_problems(blocks)), *refused_elsewhere(text, blocks)]
    sizes = {"blocks": (len(blocks), MOST_BLOCKS), "characters": (total_text(blocks), MOST_TEXT)}
    sizes["characters of fallback"] = (len(text), 3000)
    found += [f"{size} {what}" for what, (size, most) in sizes.items() if size > most]
    return found if text.strip() else [*found, "no fallback"]


def refused_view(view: Payload) -> list[str]:
    """Why Slack would not take a modal or a Home tab, by two readings of its rules."""
    return [*map(str, view_problems(view)), *refused_view_elsewhere(view)]


def pings(text: str, blocks: Payload) -> set[str]:
    """Whom a message calls: ids of members and groups, and whatever mrkdwn would make of a `<…>`."""
    found = {f"mrkdwn {part}" for mrkdwn in [text, *_mrkdwn(blocks)] for part in re.findall("<[^>]*>?", mrkdwn)}
    for kind, key in (
        ("user", "user_id"),
        ("usergroup", "usergroup_id"),
        ("broadcast", "range"),
        ("channel", "channel_id"),
    ):
        found |= {str(element.get(key)) for element in parts(blocks, kind)}
    return found


def links(payload: Payload) -> dict[str, str]:
    """Where links lead, and the words that they show."""
    return {str(element["url"]): str(element["text"]) for element in parts(payload, "link")}


def answered(blocks: Payload) -> list[tuple[str, str]]:
    """Each bold question of a brief with what stands below it."""
    sections = [part["elements"] for part in parts(blocks, "rich_text_section")]
    return [
        (first["text"].strip(), seen(rest).strip())
        for first, *rest in sections
        if first.get("style") == {"bold": True} and first["text"].endswith("\n")
    ]


def seen(payload: Payload) -> str:
    """All text in a payload, in reading order."""
    return "".join(_texts(payload))


def everything(*payloads: Payload) -> str:
    """All that goes over the wire, values of buttons and hidden data included."""
    return json.dumps(payloads, ensure_ascii=False)


def parts(payload: Payload, kind: str) -> Iterator[dict[str, Any]]:
    """Everything of one `type`."""
    return (node for node in nodes(payload) if node.get("type") == kind)


def nodes(payload: Payload) -> Iterator[dict[str, Any]]:
    """Every object in a payload, in reading order."""
    if isinstance(payload, dict):
        yield payload
    inner = payload.values() if isinstance(payload, dict) else payload if isinstance(payload, list) else ()
    for value in inner:
        yield from nodes(value)


def _texts(payload: Payload) -> Iterator[str]:
    return (node["text"] for node in nodes(payload) if isinstance(node.get("text"), str))


def _mrkdwn(payload: Payload) -> Iterator[str]:
    return (node["text"] for node in parts(payload, "mrkdwn"))
