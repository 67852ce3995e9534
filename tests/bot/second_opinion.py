"""What an independent reading of Slack's limits says: a payload is built again, whole, out of slackblocks' objects.

slackblocks does not know the rich text element `date`; its fallback text stands in for it.
https://github.com/nicklambourne/slackblocks
"""

from collections.abc import Callable
from typing import Any

import slackblocks

Json = dict[str, Any]


def refused_elsewhere(text: str, blocks: list[Json]) -> list[str]:
    """Why slackblocks would not build a message."""
    return _tried(lambda: slackblocks.Message("C0CHANNEL01", text=text, blocks=[_built(b) for b in blocks]))


def refused_view_elsewhere(view: Json) -> list[str]:
    """Why slackblocks would not build a modal or a Home tab."""
    return _tried(lambda: _built(view))


def _tried(build: Callable[[], Any]) -> list[str]:
    try:
        build().to_dict()
    except (slackblocks.InvalidUsageError, ValueError, TypeError) as e:
        return [f"slackblocks: {e}"]
    return []


def _built(part: Any) -> Any:
    """The same as an object of slackblocks; a KeyError is a type or a key that this file has to be taught."""
    if isinstance(part, list):
        return [_built(one) for one in part]
    if not isinstance(part, dict):
        return part
    if "type" not in part:
        return _untyped(part)
    kind = part["type"]
    if kind == "date":
        return slackblocks.RichText(part["fallback"])
    make, names = _KINDS[kind]
    styles = part.get("style") if kind in ("text", "link", "user", "channel") else None
    given = {k: v for k, v in part.items() if k != "type" and not (k == "style" and styles)}
    return make(**{names[k]: _built(v) for k, v in given.items()}, **(styles or {}))


def _untyped(part: Json) -> Any:
    if "trigger_actions_on" in part:
        return slackblocks.DispatchActionConfiguration(part["trigger_actions_on"])
    given = {key: _built(value) for key, value in part.items()}
    return slackblocks.ConfirmationDialogue(**given) if "deny" in part else slackblocks.Option(**given)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in ("block_id", "action_id", *names)}


_INPUT = _same("label", "element", "dispatch_action", "hint", "optional")
_BUTTON = _same("text", "url", "value", "style", "confirm", "accessibility_label")
_RICH = _same("text", "url", "user_id", "channel_id")
_ONE = _same("options", "initial_option", "placeholder", "confirm")
_SEVERAL = _same("options", "initial_options", "placeholder", "confirm")
_FREE = _same("initial_value", "dispatch_action_config", "placeholder")

_KINDS: dict[str, tuple[Callable[..., Any], dict[str, str]]] = {
    "modal": (
        slackblocks.ModalView,
        _same("title", "blocks", "close", "submit", "private_metadata", "callback_id", "notify_on_close"),
    ),
    "home": (slackblocks.HomeTabView, _same("blocks", "private_metadata", "callback_id")),
    "header": (slackblocks.HeaderBlock, _same("text")),
    "section": (slackblocks.SectionBlock, _same("text", "fields", "accessory")),
    "context": (slackblocks.ContextBlock, _same("elements")),
    "divider": (slackblocks.DividerBlock, _same()),
    "actions": (slackblocks.ActionsBlock, _same("elements")),
    "input": (slackblocks.InputBlock, _INPUT),
    "rich_text": (slackblocks.RichTextBlock, _same("elements")),
    "rich_text_section": (slackblocks.RichTextSection, _same("elements")),
    "rich_text_list": (slackblocks.RichTextList, _same("elements", "style", "indent")),
    "rich_text_quote": (slackblocks.RichTextQuote, _same("elements")),
    "rich_text_preformatted": (slackblocks.RichTextCodeBlock, _same("elements")),
    "text": (slackblocks.RichText, _RICH),
    "link": (slackblocks.RichTextLink, _RICH),
    "user": (slackblocks.RichTextUser, _RICH),
    "channel": (slackblocks.RichTextChannel, _RICH),
    "usergroup": (slackblocks.RichTextUserGroup, {"usergroup_id": "user_group_id"}),
    "plain_text": (slackblocks.PlainText, _same("text", "emoji")),
    "mrkdwn": (slackblocks.Markdown, _same("text", "verbatim")),
    "button": (slackblocks.Button, _BUTTON),
    "overflow": (slackblocks.OverflowMenu, _same("options", "confirm")),
    "radio_buttons": (slackblocks.RadioButtonGroup, _ONE),
    "static_select": (slackblocks.StaticSelectMenu, _ONE),
    "checkboxes": (slackblocks.CheckboxGroup, _SEVERAL),
    "multi_static_select": (slackblocks.StaticMultiSelectMenu, _SEVERAL),
    "users_select": (slackblocks.UserSelectMenu, _same("initial_user", "placeholder")),
    "datepicker": (slackblocks.DatePicker, _same("initial_date", "placeholder")),
    "datetimepicker": (slackblocks.DateTimePicker, {"action_id": "action_id", "initial_date_time": "initial_datetime"}),
    "plain_text_input": (slackblocks.PlainTextInput, {**_FREE, **_same("multiline", "min_length", "max_length")}),
    "number_input": (slackblocks.NumberInput, {**_FREE, **_same("is_decimal_allowed", "min_value", "max_value")}),
    "email_text_input": (slackblocks.EmailInput, _FREE),
    "url_text_input": (slackblocks.URLInput, _FREE),
}
