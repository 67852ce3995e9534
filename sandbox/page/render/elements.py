"""Every element by its type: https://docs.slack.dev/reference/block-kit/block-elements"""

from collections.abc import Callable
from types import MappingProxyType

from markupsafe import Markup

from sandbox.page.render import buttons, fields, menus
from sandbox.page.render.markup import is_safe_link, tag
from sandbox.page.render.scene import Scene
from sandbox.page.render.spot import Spot
from sandbox.page.render.words import plain, words
from sandbox.slack.state import Json

_DRAW: MappingProxyType[str, Callable[[Spot], Markup]] = MappingProxyType(
    {
        "button": buttons.button,
        "overflow": buttons.overflow,
        "workflow_button": buttons.workflow_button,
        "feedback_buttons": buttons.feedback_buttons,
        "icon_button": buttons.icon_button,
        "static_select": menus.single,
        "users_select": menus.single,
        "channels_select": menus.single,
        "conversations_select": menus.single,
        "external_select": menus.panel,
        "multi_static_select": menus.panel,
        "multi_external_select": menus.panel,
        "multi_users_select": menus.panel,
        "multi_channels_select": menus.panel,
        "multi_conversations_select": menus.panel,
        "checkboxes": fields.boxes,
        "radio_buttons": fields.boxes,
        "datepicker": fields.typed,
        "timepicker": fields.typed,
        "datetimepicker": fields.typed,
        "plain_text_input": fields.typed,
        "rich_text_input": fields.typed,
        "number_input": fields.typed,
        "email_text_input": fields.typed,
        "url_text_input": fields.typed,
        "file_input": fields.files,
    }
)
KNOWN = frozenset(_DRAW)
GROUPED = frozenset({"checkboxes", "radio_buttons", *(name for name in _DRAW if _DRAW[name] is menus.panel)})


def element(value: Json, block: Json, scene: Scene) -> Markup:
    """One interactive element; of a type not known here only the name is shown."""
    draw = _DRAW.get(str(value.get("type")))
    return draw(Spot(value, block, scene)) if draw else unknown(value, "element")


def still(value: Json, block: Json, scene: Scene) -> Markup:
    """What may stand among others without being pressed: a text or an image; else an interactive element."""
    kind = value.get("type")
    if kind == "image":
        return picture(value, small=True)
    if kind in ("mrkdwn", "plain_text"):
        return words(value, scene)
    return element(value, block, scene)


def picture(value: Json, *, small: bool = False) -> Markup:
    """An image as a frame with its alternative text: the page fetches nothing from outside."""
    alt, url = plain(value.get("alt_text")), value.get("image_url")
    if small:
        return tag("span", plain(alt)[:1] or "▢", class_="thumb", role="img", aria_label=alt, title=alt)
    shown = tag("span", alt, dir="auto")
    source = tag("a", "Open image", href=url, target="_blank", rel="noopener noreferrer") if is_safe_link(url) else None
    return tag("span", shown, source, class_="picture", role="img", aria_label=alt)


def unknown(value: Json, what: str) -> Markup:
    """A grey note for what this page cannot draw."""
    return tag("div", f"This page cannot show the {what} “{plain(str(value.get('type', '?')))}”.", class_="unknown")
