"""The input block of a checklist field, and reading what was typed into it. Pure."""

from typing import Any

from bot.blocks import Block, Element, plain
from handoff.workflow import ChecklistField, FieldType

_ACTION = "value"
_PREFIX = "field:"
_MOST_RADIO = 10  # Slack's limit of radio buttons and checkboxes


def block_id(key: str) -> str:
    """The id of a field's block: Slack hangs an error text on it."""
    return f"{_PREFIX}{key}"


def input_block(field: ChecklistField, *, required: bool, doubt: str | None = None) -> Block:
    """The block that asks for a field. `doubt` says why what the CRM has will not do as an answer."""
    block: Block = {
        "type": "input",
        "block_id": block_id(field.key),
        "label": plain(field.ask, 200),
        "element": {**_element(field), "action_id": _ACTION},
        "optional": not required,
    }
    hints = [f"For example: {field.good_answer}"] if field.good_answer else []
    hints += [doubt] if doubt else []
    return {**block, "hint": plain(" ".join(hints), 1500)} if hints else block


def read(values: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What was typed: key → text. Fields left empty are not in it."""
    answers = {}
    for block, actions in values.items():
        text = _text(actions.get(_ACTION) or {}) if block.startswith(_PREFIX) else ""
        if text:
            answers[block.removeprefix(_PREFIX)] = text
    return answers


def picked(values: dict[str, dict[str, Any]]) -> set[str]:
    """The ids of the people that were picked."""
    chosen = (action.get("selected_user") for actions in values.values() for action in actions.values())
    return {str(user) for user in chosen if user}


def _element(field: ChecklistField) -> Element:
    typed: dict[FieldType, Element] = {
        FieldType.TEXT: {"type": "plain_text_input", "max_length": 3000},
        FieldType.LONG_TEXT: {"type": "plain_text_input", "multiline": True, "max_length": 3000},
        FieldType.DATE: {"type": "datepicker"},
        FieldType.NUMBER: {"type": "number_input", "is_decimal_allowed": True},
        FieldType.MONEY: {"type": "number_input", "is_decimal_allowed": True},
        FieldType.EMAIL: {"type": "email_text_input"},
        FieldType.LINK: {"type": "url_text_input"},
        FieldType.PERSON: {"type": "users_select"},
    }
    if field.type in typed:
        return typed[field.type]
    options = field.options or ("Yes", "No")
    one, many = (
        ("radio_buttons", "checkboxes") if len(options) <= _MOST_RADIO else ("static_select", "multi_static_select")
    )
    return {"type": many if field.type is FieldType.CHOICES else one, "options": _options(options)}


def _options(options: tuple[str, ...]) -> list[Element]:
    return [{"text": plain(option, 75), "value": option} for option in options]


def _text(value: dict[str, Any]) -> str:
    """The text in a state value; Slack has another key for each element."""
    if chosen := value.get("selected_option"):
        return str(chosen["value"])
    if several := value.get("selected_options"):
        return ";".join(str(option["value"]) for option in several)
    return str(value.get("value") or value.get("selected_date") or value.get("selected_user") or "")
