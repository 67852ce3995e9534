"""Who is notified by a message: mentions in the markup that Slack renders, and direct messages.

https://docs.slack.dev/messaging/formatting-message-text#mentioning-users. As in Slack only members of the conversation
are notified, never its author, and escaped markup is just text.
"""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.slack.state import Channel, Message, Workspace

MENTION = re.compile(r"<(?:@(?P<user>[UW]\w+)|!subteam\^(?P<group>S\w+)|!(?P<all>here|channel|everyone))(?:\|[^>]*)?>")
RENDERED_TYPES = {"mrkdwn", "markdown"}
# What a person sees only after a click does not notify anybody.
UNSEEN = {"confirm", "options", "option_groups", "initial_option", "initial_options"}


def pinged(workspace: Workspace, channel: Channel, message: Message) -> set[str]:
    """The ids of the people whom this message, posted now, notifies."""
    if message.ephemeral_to is not None:
        return set()
    found: set[str] = set(channel.members) if channel.is_im or channel.is_mpim else set()
    for kind, target in _mentions(message):
        if kind == "all":
            found |= channel.members
        elif kind == "user":
            found.add(target)
        else:
            found |= set(workspace.groups.get(target, {}).get("users", []))
    return {who for who in found & channel.members if who != message.user and _reachable(workspace, who)}


def _reachable(workspace: Workspace, user_id: str) -> bool:
    user = workspace.users.get(user_id)
    return user is not None and not user.deleted and not user.is_bot


def _mentions(message: Message) -> Iterator[tuple[str, str]]:
    # With blocks the text is only what notifications show: its markup mentions nobody.
    if not message.blocks:
        yield from _in_text(message.text)
    yield from _in_blocks(message.blocks)
    for attachment in message.attachments:
        for name in ("pretext", "text"):
            yield from _in_text(str(attachment.get(name) or ""))
        yield from _in_blocks(attachment.get("blocks") or [])


def _in_text(text: str) -> Iterator[tuple[str, str]]:
    for match in MENTION.finditer(text):
        if match.lastgroup is not None:
            yield match.lastgroup, match[match.lastgroup]


def _in_blocks(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for item in node:
            yield from _in_blocks(item)
    elif isinstance(node, dict):
        kind = node.get("type")
        if kind in RENDERED_TYPES:
            yield from _in_text(str(node.get("text", "")))
        elif kind == "user" and "user_id" in node:
            yield "user", str(node["user_id"])
        elif kind == "usergroup" and "usergroup_id" in node:
            yield "group", str(node["usergroup_id"])
        elif kind == "broadcast":
            yield "all", str(node.get("range", ""))
        for name, value in node.items():
            if name not in UNSEEN and isinstance(value, dict | list):
                yield from _in_blocks(value)
