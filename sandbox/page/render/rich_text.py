"""rich_text blocks → HTML: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block"""

import re
from collections.abc import Callable
from itertools import groupby

from markupsafe import Markup

from sandbox.page.render import mentions
from sandbox.page.render.dates import format_date
from sandbox.page.render.emoji import from_code
from sandbox.page.render.markup import join, lines, link, tag, text
from sandbox.page.render.scene import Scene
from sandbox.slack.state import Json

_STYLES = {"bold": "strong", "italic": "em", "strike": "s", "underline": "u", "code": "code"}
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


def rich_text(block: Json, scene: Scene) -> Markup:
    """A whole block. Lists that follow each other at different indents become one nested list."""
    parts: list[Markup] = []
    for is_list, run in groupby(block.get("elements", []), key=lambda part: part.get("type") == "rich_text_list"):
        members = list(run)
        parts.append(_lists(members, scene) if is_list else join([_part(part, scene) for part in members]))
    return join(parts)


def flat(block: Json) -> str:
    """The text of a block as a person would type it; for putting it back into a text field."""
    if "text" in block and isinstance(block["text"], str):
        return str(block["text"])
    joint = "\n" if block.get("type") in ("rich_text", "rich_text_list") else ""
    return joint.join(flat(part) for part in block.get("elements", []))


def _part(part: Json, scene: Scene) -> Markup:
    kind = part.get("type")
    inner = _leaves(part, scene)
    if kind == "rich_text_preformatted":
        return tag("pre", inner, dir="auto")
    if kind == "rich_text_quote":
        return tag("blockquote", tag("div", inner, class_="lines", dir="auto"))
    return tag("div", inner, class_="lines", dir="auto")


def _lists(run: list[Json], scene: Scene) -> Markup:
    rows = []
    counts: dict[int, int] = {}
    for part in run:
        depth = int(part.get("indent", 0))
        counts = {level: count for level, count in counts.items() if level <= depth}
        if depth not in counts:
            counts[depth] = int(part.get("offset", 0))
        for item in part.get("elements", []):
            counts[depth] += 1
            mark = _number(counts[depth], depth) if part.get("style") == "ordered" else "•◦▪"[depth % 3]
            cells = (tag("span", mark, class_="mark", aria_hidden="true"), tag("div", _leaves(item, scene), dir="auto"))
            rows.append(tag("li", *cells, style=f"--depth:{depth}"))
    kind = "ol" if run[0].get("style") == "ordered" else "ul"
    border = " bordered" if any(part.get("border") for part in run) else ""
    return tag(kind, *rows, class_=f"marks{border}")


def _number(count: int, depth: int) -> str:
    """1. a. i. by depth, as Slack numbers nested lists."""
    if depth % 3 == 1 and count <= 26:
        return f"{chr(96 + count)}."
    romans = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
    if depth % 3 == 2 and count <= len(romans):
        return f"{romans[count - 1]}."
    return f"{count}."


def _leaves(part: Json, scene: Scene) -> Markup:
    return join([_styled(leaf, scene) for leaf in part.get("elements", [])])


def _styled(leaf: Json, scene: Scene) -> Markup:
    shown = _LEAVES.get(str(leaf.get("type")), _unknown)(leaf, scene)
    style = leaf.get("style") or {}
    for name, element in _STYLES.items():
        if style.get(name):
            shown = tag(element, shown)
    return tag("mark", shown) if style.get("highlight") or style.get("client_highlight") else shown


def _link(leaf: Json, _: Scene) -> Markup:
    return link(leaf.get("url"), leaf.get("text") or leaf.get("url", ""))


def _date(leaf: Json, scene: Scene) -> Markup:
    try:
        moment = scene.local(float(leaf["timestamp"]))
    except (KeyError, ValueError, OverflowError, OSError):
        return text(leaf.get("fallback", ""))
    shown = format_date(moment, str(leaf.get("format", "{date} {time}")), scene.now.astimezone(moment.tzinfo))
    stamp = tag("time", shown, datetime=moment.isoformat())
    return link(leaf["url"], stamp) if leaf.get("url") else stamp


def _color(leaf: Json, _: Scene) -> Markup:
    value = str(leaf.get("value", ""))
    swatch = tag("span", class_="swatch", style=f"background:{value}") if _COLOR.fullmatch(value) else None
    return tag("span", swatch, value)


def _unknown(leaf: Json, _: Scene) -> Markup:
    return tag("span", f"[{leaf.get('type', 'unknown')}]", class_="muted")


_LEAVES: dict[str, Callable[[Json, Scene], Markup]] = {
    "text": lambda leaf, _: lines(leaf.get("text", "")),
    "link": _link,
    "user": lambda leaf, scene: mentions.user(scene, str(leaf.get("user_id", ""))),
    "channel": lambda leaf, scene: mentions.channel(scene, str(leaf.get("channel_id", ""))),
    "usergroup": lambda leaf, scene: mentions.group(scene, str(leaf.get("usergroup_id", ""))),
    "broadcast": lambda leaf, _: mentions.everybody(str(leaf.get("range", ""))) or text(leaf.get("range", "")),
    "emoji": lambda leaf, _: text(from_code(str(leaf.get("unicode", "")), str(leaf.get("name", "")))),
    "date": _date,
    "color": _color,
}
