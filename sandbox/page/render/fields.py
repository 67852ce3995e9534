"""What is typed or ticked: text fields, dates, boxes, files."""

from datetime import datetime
from typing import Any

from markupsafe import Markup

from sandbox.page.render.markup import Attribute, tag
from sandbox.page.render.rich_text import flat
from sandbox.page.render.scene import zone
from sandbox.page.render.spot import Spot
from sandbox.page.render.words import label, words

_TYPES = {
    "plain_text_input": "text",
    "email_text_input": "email",
    "url_text_input": "url",
    "number_input": "text",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "datetime-local",
}
_MODES = {"number_input": "decimal", "email_text_input": "email", "url_text_input": "url"}


def typed(spot: Spot) -> Markup:
    """A text field, a text area, or one of the browser's date and time fields."""
    kind = spot.element["type"]
    attributes: dict[str, Attribute] = {
        "id": spot.html_id,
        "class_": "input",
        "placeholder": spot.placeholder or None,
        "autocomplete": "off",
        "data_act": "type",
        "data_focus": bool(spot.element.get("focus_on_load")),
        "data_events": " ".join((spot.element.get("dispatch_action_config") or {}).get("trigger_actions_on", []))
        or None,
        "dir": "auto",
        **spot.wiring(),
        **spot.described(),
    }
    if kind == "rich_text_input" or spot.element.get("multiline"):
        value = _shown(spot)
        return tag("textarea", f"\n{value}" if value else "", rows=4, **attributes)
    if kind == "datetimepicker":
        attributes["data_zone"] = str(spot.scene.viewer.tz)
    return tag("input", type=_TYPES[kind], inputmode=_MODES.get(kind), value=_shown(spot), **attributes)


def _shown(spot: Spot) -> str:
    held: Any = spot.held()
    if held is None:
        return ""
    if spot.element["type"] == "rich_text_input":
        return flat(held)
    if spot.element["type"] == "datetimepicker":
        return datetime.fromtimestamp(int(held), zone(spot.scene.viewer)).strftime("%Y-%m-%dT%H:%M")
    return str(held)


def boxes(spot: Spot) -> Markup:
    """Checkboxes and radio_buttons; their texts may be mrkdwn."""
    kind = "checkbox" if spot.element["type"] == "checkboxes" else "radio"
    chosen = spot.values()
    rows = []
    for option in spot.element.get("options", []):
        value = str(option.get("value", ""))
        name = spot.html_id if kind == "radio" else None
        box = tag("input", type=kind, name=name, value=value, checked=value in chosen, data_act="tick", data_key=value)
        about = option.get("description")
        said = tag(
            "span",
            words(option["text"], spot.scene),
            tag("small", words(about, spot.scene), class_="muted") if about else None,
        )
        rows.append(tag("label", box, said, class_="choice"))
    role = "radiogroup" if kind == "radio" else "group"
    return tag("div", *rows, id=spot.html_id, class_="boxes", role=role, **spot.wiring(), **spot.described())


def files(spot: Spot) -> Markup:
    """A file field. Only the names travel; nothing is uploaded."""
    held: Any = spot.held() or []
    names = [
        tag("span", label(str(item.get("name", "file") if isinstance(item, dict) else item)), class_="chip")
        for item in held
    ]
    many = int(spot.element.get("max_files", 10)) > 1
    accept = ",".join(f".{end}" for end in spot.element.get("filetypes", [])) or None
    field = tag(
        "input",
        type="file",
        id=spot.html_id,
        class_="input",
        multiple=many,
        accept=accept,
        data_act="file",
        **spot.wiring(),
        **spot.described(),
    )
    return tag("div", field, tag("div", *names, class_="chips") if names else None)
