"""What an independent reading of Slack's limits (slackblocks) says of a payload."""

from typing import Any

import slackblocks

from tests.bot.reading import parts


def refused_elsewhere(payload: Any) -> list[str]:
    """Why slackblocks would not build these headlines, buttons, menus, inputs and modals."""
    found: list[str] = []
    for kind, build in _BUILDERS.items():
        for part in parts(payload, kind):
            try:
                build(part)
            except (slackblocks.InvalidUsageError, ValueError, TypeError) as e:
                found.append(f"{kind}: {e}")
    return found


def _options(part: dict[str, Any]) -> list[slackblocks.Option]:
    return [slackblocks.Option(slackblocks.PlainText(o["text"]["text"]), o["value"]) for o in part["options"]]


def _button(part: dict[str, Any]) -> object:
    return slackblocks.Button(part["text"]["text"], part["action_id"], value=part["value"], style=part.get("style"))


def _input(part: dict[str, Any]) -> object:
    some = slackblocks.PlainTextInput("value")  # its own element is looked at by itself
    hint = part["hint"]["text"] if "hint" in part else None
    return slackblocks.InputBlock(part["label"]["text"], some, block_id=part["block_id"], hint=hint)


def _modal(part: dict[str, Any]) -> object:
    return slackblocks.ModalView(
        part["title"]["text"],
        [slackblocks.DividerBlock() for _ in part["blocks"]],
        close=part["close"]["text"],
        submit=part["submit"]["text"] if "submit" in part else None,
        private_metadata=part.get("private_metadata"),
        callback_id=part.get("callback_id"),
    )


_BUILDERS: dict[str, Any] = {
    "header": lambda p: slackblocks.HeaderBlock(p["text"]["text"]),
    "button": _button,
    "actions": lambda p: slackblocks.ActionsBlock(
        [slackblocks.Button("x", f"a{n}") for n, _ in enumerate(p["elements"])]
    ),
    "radio_buttons": lambda p: slackblocks.RadioButtonGroup(p["action_id"], _options(p)),
    "multi_static_select": lambda p: slackblocks.StaticMultiSelectMenu(p["action_id"], _options(p)),
    "plain_text_input": lambda p: slackblocks.PlainTextInput(
        p["action_id"], p.get("initial_value"), max_length=p.get("max_length")
    ),
    "input": _input,
    "modal": _modal,
}
