"""Menus: single ones are the browser's own; those of several choices and those filled by the bot open a panel."""

import json

from markupsafe import Markup

from sandbox.page.render.icons import icon
from sandbox.page.render.markup import Attribute, tag
from sandbox.page.render.scene import Scene
from sandbox.page.render.spot import Spot
from sandbox.page.render.words import label, plain
from sandbox.slack.state import Json

Groups = list[tuple[str, list[Json]]]  # (label or "", options) in order; an option has text and value


def single(spot: Spot) -> Markup:
    """static_select, users_select, channels_select, conversations_select."""
    chosen = set(spot.values())
    drawn: list[Markup] = []
    for title, options in choices(spot):
        rows = [_row(option, chosen) for option in options]
        drawn += [tag("optgroup", *rows, label=title)] if title else rows
    can_clear = spot.is_input and bool(spot.block.get("optional"))
    empty = tag("option", spot.placeholder or "Choose an option", value="", selected=not chosen, hidden=not can_clear)
    wiring = spot.wiring() | spot.described()
    return tag("select", empty, *drawn, id=spot.html_id, class_="select", data_act="pick", **wiring)


def _row(option: Json, chosen: set[str]) -> Markup:
    value = str(option.get("value", ""))
    about = plain(option.get("description"))
    shown = plain(option["text"]) + (f" — {about}" if about else "")
    return tag("option", shown, value=value, selected=value in chosen)


def panel(spot: Spot) -> Markup:
    """Several choices, or choices that the bot offers while typing (`external`)."""
    kind = spot.element["type"]
    many, external = kind.startswith("multi_"), kind.endswith("external_select")
    chosen = chosen_options(spot) if external else _offered(spot, spot.values())
    chips = [tag("span", label(option["text"]), class_="chip") for option in chosen]
    shown = chips or [tag("span", spot.placeholder or "Choose…", class_="muted")]
    least = spot.element.get("min_query_length", 3) if external else None
    rows = _external_rows(chosen, many) if external else _rows(spot, many)
    more: dict[str, Attribute] = {
        "data_most": spot.element.get("max_selected_items"),
        "data_many": many,
        "data_external": external,
    }
    about = spot.described()
    summary = tag("summary", tag("span", *shown, class_="chips"), icon("chevron"), id=spot.html_id, **about)
    drop = tag("div", _search(least), tag("div", *rows, class_="choices", data_key="choices"), class_="drop")
    return tag("details", summary, drop, class_="menu wide", data_act="menu", **spot.wiring(), **more)


def _search(least: int | None) -> Markup:
    """The field that narrows the choices; `least` letters are needed before the bot is asked."""
    said: dict[str, Attribute] = {"placeholder": "Type to search", "aria_label": "Search the choices"}
    return tag("input", type="search", class_="input", autocomplete="off", data_act="search", data_least=least, **said)


def _offered(spot: Spot, values: list[str]) -> list[Json]:
    return [option for _, options in choices(spot) for option in options if option.get("value") in values]


def _rows(spot: Spot, many: bool) -> list[Markup]:  # noqa: FBT001
    chosen = spot.values()
    drawn: list[Markup] = []
    for title, options in choices(spot):
        drawn += [tag("div", title, class_="group", dir="auto")] if title else []
        drawn += [choice(option, many=many, checked=option["value"] in chosen) for option in options]
    return drawn


def _external_rows(chosen: list[Json], many: bool) -> list[Markup]:  # noqa: FBT001
    return [choice(option, many=many, checked=True, whole=True) for option in chosen]


def choice(option: Json, *, many: bool, checked: bool, whole: bool = False) -> Markup:
    """One row of a panel. `whole` keeps the option itself with it, for the bot may not offer it again."""
    kind = "checkbox" if many else "radio"
    value = json.dumps(option) if whole else str(option["value"])
    box = tag("input", type=kind, value=value, checked=checked, data_act="choose")
    about = option.get("description")
    said = tag("span", label(option["text"]), tag("small", label(about), class_="muted") if about else None)
    return tag("label", box, said, class_="choice", data_key=str(option["value"]))


def chosen_options(spot: Spot) -> list[Json]:
    """The option objects an external menu holds."""
    held = spot.held()
    items = held if isinstance(held, list) else [held]
    return [item for item in items if isinstance(item, dict)]


def choices(spot: Spot) -> Groups:
    """What a menu offers: its options, or the workspace's people or channels."""
    kind = spot.element["type"].removeprefix("multi_")
    if kind == "users_select":
        return [("", people(spot.scene))]
    if kind in ("channels_select", "conversations_select"):
        return [("", rooms(spot.scene, spot.element))]
    groups = [(plain(group.get("label")), list(group["options"])) for group in spot.element.get("option_groups", [])]
    return [*groups, *([("", list(spot.element["options"]))] if spot.element.get("options") else [])]


def people(scene: Scene) -> list[Json]:
    """Everybody who can be chosen: no bots, nobody who has left."""
    users = [user for user in scene.workspace.users.values() if not user.is_bot and not user.deleted]
    return [{"text": user.real_name or user.name, "value": user.id} for user in users]


def rooms(scene: Scene, element: Json) -> list[Json]:
    """The channels, and for a conversations menu the direct message too, that the viewer sees and the filter allows."""
    allowed = set((element.get("filter") or {}).get("include") or ("public", "private", "im"))
    offered = []
    for channel in scene.workspace.channels.values():
        kind = "im" if channel.is_im else "private" if channel.is_private else "public"
        if channel.is_archived or kind not in allowed or (kind != "public" and scene.viewer.id not in channel.members):
            continue
        if element["type"].endswith("channels_select") and kind != "public":
            continue
        sign = "" if kind == "im" else "#"
        offered.append({"text": sign + scene.channel_name(channel), "value": channel.id})
    return offered
