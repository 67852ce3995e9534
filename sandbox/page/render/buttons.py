"""What is pressed and keeps no value: buttons, overflow menus, workflow, feedback and icon buttons."""

from markupsafe import Markup

from sandbox.page.render.icons import icon
from sandbox.page.render.markup import Attribute, is_safe_link, tag
from sandbox.page.render.spot import Spot
from sandbox.page.render.words import label, plain


def button(spot: Spot) -> Markup:
    """A button; one with an address is a link that tells the bot as well."""
    element = spot.element
    style = {"primary": " btn-primary", "danger": " btn-danger"}.get(str(element.get("style")), "")
    attributes: dict[str, Attribute] = {
        "class_": f"btn{style}",
        "data_act": "click",
        "aria_label": element.get("accessibility_label"),
        **spot.wiring(),
    }
    url = element.get("url")
    if url and is_safe_link(url):
        return tag("a", label(element.get("text")), href=url, target="_blank", rel="noopener noreferrer", **attributes)
    return tag("button", label(element.get("text")), type="button", **attributes)


def overflow(spot: Spot) -> Markup:
    """The three dots: a menu of up to five choices."""
    rows = []
    for option in spot.element.get("options", []):
        about = option.get("description")
        said = [label(option["text"]), tag("small", label(about), class_="muted") if about else None]
        attributes: dict[str, Attribute] = {
            "class_": "choice",
            "data_act": "overflow",
            "data_value": option.get("value"),
        }
        url = option.get("url")
        if url and is_safe_link(url):
            rows.append(tag("a", *said, href=url, target="_blank", rel="noopener noreferrer", **attributes))
        else:
            rows.append(tag("button", *said, type="button", **attributes))
    summary = tag("summary", icon("dots"), class_="btn btn-icon", aria_label="More actions")
    return tag(
        "details", summary, tag("div", *rows, class_="drop"), class_="menu overflow", data_act="menu", **spot.wiring()
    )


def workflow_button(spot: Spot) -> Markup:
    """Shown, not runnable: there are no workflows here."""
    text = label(spot.element.get("text"))
    return tag(
        "button",
        icon("play"),
        text,
        type="button",
        class_="btn",
        disabled=True,
        title="The local Slack runs no workflows",
    )


def feedback_buttons(spot: Spot) -> Markup:
    """Thumb up and thumb down."""
    drawn = []
    for name, picture in (("positive_button", "thumbup"), ("negative_button", "thumbdown")):
        part = spot.element.get(name, {})
        attributes = spot.wiring() | {"data_key": f"{spot.action_id}/{name}", "data_value": name}
        shown = plain(part.get("accessibility_label") or part.get("text"))
        drawn.append(
            tag(
                "button",
                icon(picture),
                type="button",
                class_="btn btn-icon btn-quiet",
                title=shown,
                aria_label=shown,
                data_act="click",
                **attributes,
            )
        )
    return tag("span", *drawn, class_="row")


def icon_button(spot: Spot) -> Markup:
    """A small button with a picture; Slack has only the bin. Some see it, others not."""
    allowed = spot.element.get("visible_to_user_ids")
    if allowed and spot.scene.viewer.id not in allowed:
        return Markup()
    shown = plain(spot.element.get("accessibility_label") or spot.element.get("text"))
    return tag(
        "button",
        icon("trash"),
        type="button",
        class_="btn btn-icon btn-quiet",
        title=shown,
        aria_label=shown,
        data_act="click",
        **spot.wiring(),
    )
