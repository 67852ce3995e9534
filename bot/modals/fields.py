"""The input block of a checklist field, with what stands in it at first, and reading what was typed. Pure."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.messages import blocks
from bot.messages.blocks import Block, Element
from bot.modals import forms
from handoff import checklist
from handoff.workflow import ChecklistField, FieldType

WATCHED = "watched"  # the action id of a field on which it depends what else is asked

_PREFIX = "field:"
_REASON = "reason:"
_MOST_RADIO = 10  # Slack's limit of radio buttons and checkboxes
_MOST_TYPED = 3000  # and of what stands in a text input at first
_MEMBER = re.compile("[UW][A-Z0-9]{4,}")
_AT_EACH_LETTER = {"trigger_actions_on": ["on_character_entered"]}


def block_id(key: str) -> str:
    """The id of a field's block: Slack hangs an error text on it."""
    return f"{_PREFIX}{key}"


def reason_id(key: str) -> str:
    """The id of the block that asks why a field does not apply."""
    return f"{_REASON}{key}"


def input_block(
    field: ChecklistField,
    *,
    required: bool,
    hints: Sequence[str] = (),
    initial: str | None = None,
    is_watched: bool = False,
) -> Block:
    """The block that asks for a field. `hints` stand below it; `is_watched` tells Baton of each change at once.

    A text that the element cannot hold, such as `tbd` in a date, is quoted below it instead.
    """
    started, is_held = _started(field, initial)
    said = [*hints]
    said += [f"So far: “{blocks.cut(initial, 400)}”"] if initial and not is_held else []
    said += [f"For example: {field.good_answer}"] if field.good_answer else []
    element = {**_element(field), **started}
    if is_watched and element["type"].endswith("_input"):
        element["dispatch_action_config"] = _AT_EACH_LETTER
    hint = blocks.cut(" ".join(said), 1500) or None
    block = forms.input_block(block_id(field.key), blocks.cut(field.ask, 200), element, hint, optional=not required)
    if is_watched:
        block["element"]["action_id"] = WATCHED
        block["dispatch_action"] = True
    return block


def reason_block(field: ChecklistField, initial: str | None = None) -> Block:
    """The block that asks why a field does not apply."""
    label = f"“{blocks.cut(field.ask, 150)}” does not apply, because …"
    return forms.text_input(reason_id(field.key), label, "The next team reads this.", multiline=True, initial=initial)


def read(view: Mapping[str, Any]) -> dict[str, str]:
    """What was typed: key → text. Fields that stand in the view and are empty are in it as empty texts."""
    return _read(view, _PREFIX)


def reasons(view: Mapping[str, Any]) -> dict[str, str]:
    """Why fields do not apply: key → text, empty where that is still to be said."""
    return _read(view, _REASON)


def is_unchanged(field: ChecklistField, typed: str, before: str) -> bool:
    """Whether a field still holds what stood in it at first; an element may hold a text in another form."""
    started, _ = _started(field, before)
    if chosen := started.get("initial_options"):
        return {option["value"] for option in chosen} == set(typed.split(";"))
    option = started.get("initial_option") or {}
    held = option.get("value") or next(iter(started.values()), before)
    return typed.strip() in (str(held).strip(), before.strip())


def _read(view: Mapping[str, Any], prefix: str) -> dict[str, str]:
    given = forms.read(view)
    shown = [*given, *(str(block.get("block_id")) for block in _blocks(view))]
    return {name.removeprefix(prefix): given.get(name, "") for name in shown if name.startswith(prefix)}


def _blocks(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = view.get("blocks")
    return [block for block in found if isinstance(block, Mapping)] if isinstance(found, list) else []


def _element(field: ChecklistField) -> Element:
    typed: dict[FieldType, Element] = {
        FieldType.TEXT: {"type": "plain_text_input", "max_length": _MOST_TYPED},
        FieldType.LONG_TEXT: {"type": "plain_text_input", "multiline": True, "max_length": _MOST_TYPED},
        FieldType.DATE: {"type": "datepicker"},
        FieldType.NUMBER: {"type": "number_input", "is_decimal_allowed": True},
        FieldType.MONEY: {"type": "number_input", "is_decimal_allowed": True},
        FieldType.EMAIL: {"type": "email_text_input"},
        FieldType.LINK: {"type": "url_text_input"},
        FieldType.PERSON: {"type": "users_select"},
    }
    if field.type in typed:
        return typed[field.type]
    options = _options(field)
    one, many = (
        ("radio_buttons", "checkboxes") if len(options) <= _MOST_RADIO else ("static_select", "multi_static_select")
    )
    return {"type": many if field.type is FieldType.CHOICES else one, "options": options}


def _options(field: ChecklistField) -> list[Element]:
    if field.type is FieldType.YES_NO:
        return forms.options({"yes": "Yes", "no": "No"})
    return forms.options({option: option for option in field.options})


def _started(field: ChecklistField, initial: str | None) -> tuple[Element, bool]:
    """What the element holds at first, and whether it can hold that at all."""
    if not initial or not initial.strip():
        return {}, True
    if field.type in (FieldType.TEXT, FieldType.LONG_TEXT):
        text = initial if field.type is FieldType.LONG_TEXT else " ".join(initial.splitlines())
        return ({"initial_value": blocks.clean(text)}, True) if len(text) <= _MOST_TYPED else ({}, False)
    if field.type is FieldType.PERSON:
        return ({"initial_user": initial}, True) if _MEMBER.fullmatch(initial) else ({}, False)
    try:
        value = checklist.tidy(field, initial)
    except ValueError:
        return {}, False
    return _fitting(field, value)


def _fitting(field: ChecklistField, value: str) -> tuple[Element, bool]:
    if field.type in (FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO):
        chosen = [option for option in _options(field) if option["value"] in value.split(";")]
        many = field.type is FieldType.CHOICES
        return ({"initial_options": chosen} if many else {"initial_option": chosen[0]}), True
    if field.type is FieldType.DATE:
        return {"initial_date": value}, True
    if field.type in (FieldType.NUMBER, FieldType.MONEY):
        return {"initial_value": format(Decimal(value), "f")}, True  # Slack knows no +5 and no .5
    return ({"initial_value": blocks.clean(value)}, True) if len(value) <= _MOST_TYPED else ({}, False)
