"""Every element, the blocks it may stand in, and the surfaces that know it.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.validate.fields import (
    NUMBER,
    TIME,
    day,
    initial_among_options,
    needs,
    number_in_range,
    ordered,
)
from sandbox.slack.validate.objects import (
    ACTION_ID,
    BOX_OPTION,
    BUTTON_STYLE,
    CONFIRM,
    DISPATCH_CONFIG,
    FILTER,
    MENU_OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    any_text,
    image,
    link,
    plain,
)
from sandbox.slack.validate.rich_text import RICH_TEXT
from sandbox.slack.validate.schema import (
    At,
    Problem,
    Rule,
    Surface,
    array,
    by_type,
    choice,
    either,
    flag,
    shape,
    string,
    typed,
    whole,
)

_ID: dict[str, Rule] = {"action_id": ACTION_ID}
_PICK: dict[str, Rule] = {**_ID, "confirm": CONFIRM, "focus_on_load": flag}
_MENU: dict[str, Rule] = {**_PICK, "placeholder": plain(150)}
_TYPE_IN: dict[str, Rule] = {
    **_ID,
    "placeholder": plain(150),
    "focus_on_load": flag,
    "dispatch_action_config": DISPATCH_CONFIG,
}
_LISTED: dict[str, Rule] = {"options": array(MENU_OPTION, 100, 1), "option_groups": array(OPTION_GROUP, 100, 1)}
_ONE_KIND = either("options", "option_groups")
_SEVERAL: dict[str, Rule] = {"max_selected_items": whole(1)}
_FOUND: dict[str, Rule] = {"min_query_length": whole(0)}
_LABEL: dict[str, Rule] = {"accessibility_label": string(75, 1)}
_USER = string(least=1, pattern="[UW][A-Z0-9]+")
_CHANNEL = string(least=1, pattern="[CG][A-Z0-9]+")
_CONVERSATION = string(least=1, pattern="[CGDU][A-Z0-9]+")
_CONVERSATIONS: dict[str, Rule] = {"filter": FILTER, "default_to_current_conversation": flag}
_LENGTH: dict[str, Rule] = {"min_length": whole(0, 3000), "max_length": whole(1, 3000)}
_RESPONSE_URL = "response_url_enabled"


def _boxes(**initial: Rule) -> Rule:
    return typed({"options": array(BOX_OPTION, 10, 1)}, {**_PICK, **initial}, initial_among_options)


def _many(item: Rule) -> Rule:
    return array(item, least=1)


IMAGE = image()
BUTTON = typed(
    {"text": plain(75)},
    {
        **_ID,
        **_LABEL,
        "value": string(2000, 1),
        "url": link(),
        "style": BUTTON_STYLE,
        "confirm": CONFIRM,
        "agent_prompt": string(4000, 1),
        "agent_prompt_display": string(least=1),
    },
    needs("agent_prompt_display", "agent_prompt"),
)
_TRIGGER = shape(
    {"url": link()},
    {"customizable_input_parameters": array(shape({"name": string(least=1), "value": string()}))},
)
WORKFLOW_BUTTON = typed(
    {"text": plain(75), "workflow": shape({"trigger": _TRIGGER}), "action_id": ACTION_ID},
    {**_LABEL, "style": BUTTON_STYLE},
)
_FEEDBACK_BUTTON = shape({"text": plain(75), "value": string(2000, 1)}, _LABEL)

_MENUS: dict[str, Rule] = {
    "static_select": typed({}, {**_MENU, **_LISTED, "initial_option": MENU_OPTION}, _ONE_KIND, initial_among_options),
    "multi_static_select": typed(
        {},
        {**_MENU, **_LISTED, **_SEVERAL, "initial_options": _many(MENU_OPTION)},
        _ONE_KIND,
        initial_among_options,
    ),
    "external_select": typed({}, {**_MENU, **_FOUND, "initial_option": MENU_OPTION}),
    "multi_external_select": typed({}, {**_MENU, **_FOUND, **_SEVERAL, "initial_options": _many(MENU_OPTION)}),
    "users_select": typed({}, {**_MENU, "initial_user": _USER}),
    "multi_users_select": typed({}, {**_MENU, **_SEVERAL, "initial_users": _many(_USER)}),
    "conversations_select": typed({}, {**_MENU, **_CONVERSATIONS, "initial_conversation": _CONVERSATION}),
    "multi_conversations_select": typed(
        {}, {**_MENU, **_CONVERSATIONS, **_SEVERAL, "initial_conversations": _many(_CONVERSATION)}
    ),
    "channels_select": typed({}, {**_MENU, "initial_channel": _CHANNEL}),
    "multi_channels_select": typed({}, {**_MENU, **_SEVERAL, "initial_channels": _many(_CHANNEL)}),
}
_PICKERS: dict[str, Rule] = {
    "checkboxes": _boxes(initial_options=_many(BOX_OPTION)),
    "radio_buttons": _boxes(initial_option=BOX_OPTION),
    "datepicker": typed({}, {**_MENU, "initial_date": day}),
    "timepicker": typed({}, {**_MENU, "initial_time": TIME, "timezone": string(least=1)}),
}
_BUTTONS: dict[str, Rule] = {
    "button": BUTTON,
    "overflow": typed({"options": array(OVERFLOW_OPTION, 5, 1)}, {**_ID, "confirm": CONFIRM}),
    "workflow_button": WORKFLOW_BUTTON,
}
_MOMENT: dict[str, Rule] = {
    "datetimepicker": typed({}, {**_PICK, "initial_date_time": whole(1_000_000_000, 9_999_999_999)})
}
_RICH_INPUT: dict[str, Rule] = {
    "rich_text_input": typed(
        {"action_id": ACTION_ID},
        {**_TYPE_IN, "initial_value": RICH_TEXT, "min_lines": whole(1, 100), "max_lines": whole(1, 100)},
        ordered("min_lines", "max_lines"),
    )
}
_INPUTS: dict[str, Rule] = {
    "plain_text_input": typed(
        {},
        {**_TYPE_IN, **_LENGTH, "initial_value": string(3000), "multiline": flag},
        ordered("min_length", "max_length"),
    ),
    "email_text_input": typed({}, {**_TYPE_IN, "initial_value": string()}),
    "url_text_input": typed({}, {**_TYPE_IN, "initial_value": string()}),
    "number_input": typed(
        {"is_decimal_allowed": flag},
        {**_TYPE_IN, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
        number_in_range,
    ),
    "file_input": typed({}, {**_ID, "filetypes": array(string(least=1), least=1), "max_files": whole(1, 10)}),
}


def _with_response_url(initial: str, item: Rule, more: dict[str, Rule]) -> Rule:
    """A single select as inputs of modals know it: the submission may then carry a response_url."""
    return typed({}, {**_MENU, **more, initial: item, _RESPONSE_URL: flag}, _only_in_modals)


def _only_in_modals(value: Any, at: At) -> Iterator[Problem]:
    if _RESPONSE_URL in value and at.surface != "modal":
        yield at.says(f"invalid additional property: {_RESPONSE_URL}")


_SURFACES: dict[str, frozenset[Surface]] = {
    "email_text_input": frozenset({"modal"}),
    "url_text_input": frozenset({"modal"}),
    "number_input": frozenset({"modal"}),
    "file_input": frozenset({"modal"}),
    "rich_text_input": frozenset({"modal", "home"}),
    "datetimepicker": frozenset({"message", "modal"}),
    "workflow_button": frozenset({"message"}),
}

IN_SECTION = by_type({"image": IMAGE, **_BUTTONS, **_MENUS, **_PICKERS}, _SURFACES)
IN_ACTIONS = by_type({**_BUTTONS, **_MENUS, **_PICKERS, **_MOMENT, **_RICH_INPUT}, _SURFACES)
IN_INPUT = by_type(
    {
        **_MENUS,
        "conversations_select": _with_response_url("initial_conversation", _CONVERSATION, _CONVERSATIONS),
        "channels_select": _with_response_url("initial_channel", _CHANNEL, {}),
        **_PICKERS,
        **_MOMENT,
        **_INPUTS,
        **_RICH_INPUT,
    },
    _SURFACES,
)
_CONTEXT_TEXT = any_text(3000)
IN_CONTEXT = by_type({"image": IMAGE, "plain_text": _CONTEXT_TEXT, "mrkdwn": _CONTEXT_TEXT})
IN_CONTEXT_ACTIONS = by_type(
    {
        "feedback_buttons": typed({"positive_button": _FEEDBACK_BUTTON, "negative_button": _FEEDBACK_BUTTON}, _ID),
        "icon_button": typed(
            {"icon": choice("trash"), "text": plain(75)},
            {
                **_ID,
                **_LABEL,
                "value": string(2000, 1),
                "confirm": CONFIRM,
                "visible_to_user_ids": array(_USER, 10),
            },
        ),
    }
)
ONLY_IMAGE = by_type({"image": IMAGE})
ONLY_BUTTON = by_type({"button": BUTTON})
