"""What a field holds: Slack's value object per element type, made from initial values or from what a person typed.

Shapes: https://docs.slack.dev/reference/views/view-submission-payload. Knows nothing of views or the network.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from sandbox.slack.state import Json, Workspace, new_id

# Element type -> the key its value has in `state.values`. Buttons and overflow menus hold no state.
VALUE_KEYS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
# Element type -> the key under which the app sends the value to begin with, where it is not `initial_` + the same noun.
_INITIAL_KEYS = {"value": "initial_value", "rich_text_value": "initial_value"}
_LISTS = {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}


class FieldError(ValueError):
    """A person cannot enter this value into this element; the text says why."""


def empty(element: Json) -> Json:
    """The value object of an untouched field: null, or an empty list where several may be chosen."""
    key = VALUE_KEYS[element["type"]]
    return {"type": element["type"], key: [] if key in _LISTS else None}


def initial(element: Json) -> Json:
    """The value object a field starts with."""
    key = VALUE_KEYS[element["type"]]
    source = _INITIAL_KEYS.get(key, key.replace("selected_", "initial_"))
    value = empty(element)
    if element.get(source) is not None:
        value[key] = element[source]
    if element["type"] == "timepicker" and "timezone" in element:
        value["timezone"] = element["timezone"]
    return value


def is_empty(value: Json) -> bool:
    """Whether a value object holds nothing."""
    return not value.get(VALUE_KEYS[value["type"]])


def options_of(element: Json) -> list[Json]:
    """The options a menu offers, groups flattened. External menus offer none here: the bot is asked."""
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def pick(options: list[Json], wanted: object) -> Json:
    """The option with this value, or with this text; a whole option object is looked up by its value."""
    key = wanted.get("value") if isinstance(wanted, dict) else str(wanted)
    for option in options:
        if option.get("value") == key:
            return option
    for option in options:
        if option["text"]["text"] == key:
            return option
    offered = ", ".join(str(option.get("value")) for option in options) or "nothing"
    raise FieldError(f"There is no option {key!r} here; it offers {offered}.")


@dataclass(frozen=True)
class Entry:
    """Turns what a person enters into a value object. `options` replaces the element's own for external menus."""

    workspace: Workspace
    element: Json
    options: list[Json] | None = None

    def value(self, given: object) -> Json:
        """The value object for `given`: text, an option's value, a list, a date, a person; empty for null or ''."""
        element_type = self.element["type"]
        if element_type not in VALUE_KEYS:
            raise FieldError(f"A {element_type} holds no value.")
        key = VALUE_KEYS[element_type]
        result = empty(self.element)
        if element_type == "timepicker" and "timezone" in self.element:
            result["timezone"] = self.element["timezone"]
        if given is None or given in ("", []):
            return result
        result[key] = self._many(given) if key in _LISTS else self._one(given)
        return result

    def _many(self, given: object) -> list[object]:
        items = given if isinstance(given, list) else [given]
        limit = self.element.get("max_selected_items") or self.element.get("max_files")
        if limit and len(items) > limit:
            raise FieldError(f"At most {limit} can be chosen here.")
        return [self._one(item) for item in items]

    def _one(self, given: object) -> object:
        kind = self.element["type"].removeprefix("multi_")
        if VALUE_KEYS[kind] in ("selected_option", "selected_options"):
            return pick(options_of(self.element) if self.options is None else self.options, given)
        if kind in ("users_select", "channels_select", "conversations_select"):
            return self._id_of(kind, str(given))
        if kind in ("datepicker", "timepicker", "datetimepicker"):
            return _moment(kind, given)
        if kind in ("rich_text_input", "file_input") and not isinstance(given, dict):
            return rich_text(str(given)) if kind == "rich_text_input" else {"id": new_id("F"), "name": str(given)}
        return given if isinstance(given, dict) else str(given)

    def _id_of(self, kind: str, who: str) -> str:
        find = self.workspace.find_user if kind == "users_select" else self.workspace.find_channel
        found = find(who)
        if found is None:
            raise FieldError(f"There is no {kind.removesuffix('s_select')} called {who}.")
        return found.id


def _moment(kind: str, given: object) -> object:
    try:
        if kind == "datepicker":
            return date.fromisoformat(str(given)).isoformat()
        if kind == "timepicker":
            return time.fromisoformat(str(given)).strftime("%H:%M")
        if isinstance(given, int) or str(given).isdigit():
            return int(str(given))
        moment = datetime.fromisoformat(str(given))
    except ValueError as error:
        raise FieldError(f"A {kind} cannot hold {given!r}: {error}.") from error
    if moment.tzinfo is None:
        raise FieldError(f"A {kind} needs a moment with its time zone, such as 2026-01-31T10:00+00:00.")
    return int(moment.timestamp())


def rich_text(text: str) -> Json:
    """A rich_text block of one plain section, as Slack sends typed text."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}
