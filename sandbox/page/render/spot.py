"""One element in its place: what the script must know to press it, and what it holds now."""

import json
from dataclasses import dataclass

from sandbox.page.render.markup import Attribute, html_id
from sandbox.page.render.scene import Scene
from sandbox.page.render.words import plain
from sandbox.slack.state import Json
from sandbox.slack.values import VALUE_KEYS, initial


@dataclass(frozen=True)
class Spot:
    """An interactive element, its block and the scene. `label_id` names the element that labels it, if any."""

    element: Json
    block: Json
    scene: Scene

    @property
    def block_id(self) -> str:
        """The block's id; blocks that the local Slack has taken in all have one."""
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        """The element's id."""
        return str(self.element.get("action_id", ""))

    @property
    def is_input(self) -> bool:
        """Whether this is the field of an input block."""
        return self.block.get("type") == "input"

    @property
    def html_id(self) -> str:
        """The id of the control in the page."""
        return html_id("f", self.scene.scope, self.block_id, self.action_id)

    @property
    def error(self) -> str | None:
        """What is wrong with this field, if anything."""
        return self.scene.errors.get(self.block_id) if self.is_input else None

    @property
    def placeholder(self) -> str:
        """The placeholder's characters, or nothing."""
        return plain(self.element.get("placeholder"))

    def held(self) -> object:
        """What the field holds, bare: a text, an option, a list, an id; from the state, else its initial value."""
        kind = self.element["type"]
        value = self.scene.state.get(self.block_id, {}).get(self.action_id) or initial(self.element)
        return value.get(VALUE_KEYS[kind])

    def values(self) -> list[str]:
        """The held options, people or channels as the strings that the control's choices carry."""
        held = self.held()
        items = held if isinstance(held, list) else [held]
        return [
            str(item.get("value", "")) if isinstance(item, dict) else str(item) for item in items if item is not None
        ]

    def wiring(self) -> dict[str, Attribute]:
        """The data attributes by which the script knows the element."""
        confirm = self.element.get("confirm")
        said = {name: plain(confirm.get(name)) for name in ("title", "text", "confirm", "deny")} if confirm else None
        if said is not None and confirm is not None:
            said["style"] = str(confirm.get("style", "primary"))
        return {
            "data_key": f"{self.block_id}/{self.action_id}",
            "data_block": self.block_id,
            "data_action": self.action_id,
            "data_kind": str(self.element.get("type", "")),
            "data_field": self.is_input,
            "data_dispatch": bool(self.is_input and self.block.get("dispatch_action")),
            "data_confirm": json.dumps(said) if said else None,
        }

    def described(self) -> dict[str, Attribute]:
        """The accessibility attributes of an input: its hint and its error."""
        if not self.is_input:
            return {"aria_label": self.placeholder or plain(self.block.get("text")) or self.action_id}
        names = [
            f"{self.html_id}-error" if self.error else "",
            f"{self.html_id}-hint" if self.block.get("hint") else "",
        ]
        return {
            "aria_describedby": " ".join(name for name in names if name) or None,
            "aria_invalid": "true" if self.error else None,
            "aria_required": None if self.block.get("optional") else "true",
        }
