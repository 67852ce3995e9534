"""The visible text of blocks, one line per block: what a person reads, without markup. For tests and for search."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sandbox.slack.state import Json, Workspace

_TOKEN = re.compile(r"<([^<>]*)>")
_MARKS = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")
_LABELLED = ("title", "rich_text_title", "subtitle", "text", "body", "subtext", "description", "caption", "label")


@dataclass(frozen=True)
class Plain:
    """Reads blocks aloud. `state` holds the values of fields: block_id -> action_id -> value object."""

    workspace: Workspace
    state: Json = field(default_factory=dict)

    def lines(self, blocks: list[Json]) -> str:
        """All blocks, one line each; blocks without text give none."""
        found = (" ".join(self.block(block).split()) for block in blocks)
        return "\n".join(line for line in found if line)

    def block(self, block: Json) -> str:
        """One block's text; line breaks inside it are left in."""
        readers: dict[str, Callable[[Json], str]] = {
            "section": self._section,
            "context": self._elements,
            "actions": self._elements,
            "context_actions": self._elements,
            "input": self._input,
            "image": lambda image: _join([self.text(image.get("title")), str(image.get("alt_text", ""))]),
            "markdown": lambda markdown: str(markdown.get("text", "")),
            "rich_text": lambda rich: "\n".join(self._rich(part) for part in rich.get("elements", [])),
            "table": self._table,
            "data_table": self._table,
            "divider": lambda _: "",
        }
        return readers.get(block.get("type", ""), self._anything)(block)

    def text(self, node: object) -> str:
        """A text object's visible text; a bare string counts as plain text."""
        if not isinstance(node, dict):
            return node if isinstance(node, str) else ""
        if node.get("type") == "mrkdwn":
            return self.mrkdwn(str(node.get("text", "")))
        if node.get("type") in ("rich_text", "rich_text_section"):
            return self._rich(node)
        return str(node.get("text", ""))

    def mrkdwn(self, text: str) -> str:
        """Slack's markup as a reader sees it: names for mentions, labels for links, no asterisks."""
        shown = text
        while _MARKS.search(shown):
            shown = _MARKS.sub(r"\2", shown)
        return html.unescape(_TOKEN.sub(lambda match: self._token(match[1]), shown)).replace("`", "")

    def _token(self, token: str) -> str:
        target, _, label = token.partition("|")
        if target.startswith("@"):
            return "@" + self._person(target[1:])
        if target.startswith("#"):
            channel = self.workspace.channels.get(target[1:])
            return "#" + (channel.name if channel else label or target[1:])
        if target.startswith("!subteam^"):
            return "@" + self._group(target.removeprefix("!subteam^"))
        if target.startswith("!date^"):
            return label
        return "@" + target[1:] if target.startswith("!") else label or target

    def _person(self, user_id: str) -> str:
        user = self.workspace.users.get(user_id)
        return user.real_name if user else user_id

    def _group(self, group_id: str) -> str:
        return str(self.workspace.groups.get(group_id, {}).get("handle", group_id))

    def _section(self, block: Json) -> str:
        texts = [self.text(block.get("text")), *(self.text(item) for item in block.get("fields", []))]
        accessory = block.get("accessory")
        return _join([*texts, self._element(block, accessory) if accessory else ""])

    def _elements(self, block: Json) -> str:
        return _join(self._element(block, element) for element in block.get("elements", []))

    def _element(self, block: Json, element: Json) -> str:
        kind = element.get("type", "")
        if kind in ("plain_text", "mrkdwn", "image"):
            return str(element.get("alt_text", "")) if kind == "image" else self.text(element)
        if kind in ("checkboxes", "radio_buttons"):
            return _join(self.text(option["text"]) for option in element.get("options", []))
        if kind == "feedback_buttons":
            return _join(
                self.text(element.get(name, {}).get("text")) for name in ("positive_button", "negative_button")
            )
        if kind.endswith("button"):
            return self.text(element.get("text"))
        return self._value(block, element) or self.text(element.get("placeholder"))

    def _input(self, block: Json) -> str:
        element = block.get("element", {})
        label = self.text(block.get("label")) + (" (optional)" if block.get("optional") else "")
        shown = self._value(block, element) or self.text(element.get("placeholder"))
        return _join([f"{label}: {shown}" if shown else f"{label}:", self.text(block.get("hint"))])

    def _value(self, block: Json, element: Json) -> str:
        held = self.state.get(str(block.get("block_id")), {}).get(str(element.get("action_id")), {})
        values = [value for key, value in held.items() if key not in ("type", "timezone") and value]
        flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
        return ", ".join(self._shown(item) for item in flat)

    def _shown(self, value: object) -> str:
        if isinstance(value, dict):
            return (
                self._rich(value)
                if value.get("type") == "rich_text"
                else self.text(value.get("text", value.get("name")))
            )
        if isinstance(value, str) and value in self.workspace.users:
            return self._person(value)
        if isinstance(value, str) and value in self.workspace.channels:
            return "#" + self.workspace.channels[value].name
        return str(value)

    def _table(self, block: Json) -> str:
        rows = [" | ".join(self._cell(cell) for cell in row) for row in block.get("rows", []) if isinstance(row, list)]
        return "\n".join([self.text(block.get("caption")), *rows])

    def _cell(self, cell: Json) -> str:
        return self._rich(cell) if cell.get("type") == "rich_text" else str(cell.get("text", cell.get("value", "")))

    def _rich(self, node: Json) -> str:
        kind = node.get("type", "")
        if "elements" in node:
            between = "\n" if kind in ("rich_text_list", "rich_text") else ""
            return between.join(self._rich(child) for child in node["elements"])
        names: dict[str, Callable[[], str]] = {
            "user": lambda: "@" + self._person(node.get("user_id", "")),
            "usergroup": lambda: "@" + self._group(node.get("usergroup_id", "")),
            "channel": lambda: self._token("#" + str(node.get("channel_id", ""))),
            "broadcast": lambda: "@" + str(node.get("range", "")),
            "emoji": lambda: f":{node.get('name', '')}:",
            "link": lambda: str(node.get("text") or node.get("url", "")),
            "date": lambda: str(node.get("fallback", "")),
        }
        return names.get(kind, lambda: str(node.get("text", node.get("value", ""))))()

    def _anything(self, node: Json) -> str:
        return "\n".join(part for part in self._texts(node) if part)

    def _texts(self, node: Json) -> Iterator[str]:
        """Blocks without a reader of their own: their labelled texts, then whatever lies inside."""
        for key in _LABELLED:
            yield self.text(node.get(key))
        for key, value in node.items():
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, dict) and key not in _LABELLED and "type" in child:
                    yield self._element(node, child) if "action_id" in child else self.block(child)


def _join(parts: "Iterator[str] | list[str]") -> str:
    return " · ".join(part for part in parts if part)
