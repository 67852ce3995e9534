"""table and data_table: rows of cells, the first row a head."""

from markupsafe import Markup

from sandbox.page.render.markup import lines, tag
from sandbox.page.render.rich_text import rich_text
from sandbox.page.render.scene import Scene
from sandbox.page.render.words import label
from sandbox.slack.state import Json


def table(block: Json, scene: Scene) -> Markup:
    """https://docs.slack.dev/reference/block-kit/blocks/table-block"""
    settings = block.get("column_settings") or []
    drawn = []
    for number, row in enumerate(block.get("rows", [])):
        cells = [_cell(cell, scene, number == 0, _setting(settings, column)) for column, cell in enumerate(row)]
        drawn.append(tag("tr", *cells))
    head, body = tag("thead", *drawn[:1]), tag("tbody", *drawn[1:])
    caption = tag("caption", label(block["caption"])) if block.get("caption") else None
    return tag(
        "div", tag("table", caption, head, body), class_="table", tabindex="0", role="region", aria_label="Table"
    )


def _setting(settings: list[Json | None], column: int) -> Json:
    """A column's settings; null and missing ones are the defaults."""
    return (settings[column] if column < len(settings) else None) or {}


def _cell(cell: Json, scene: Scene, is_head: bool, setting: Json) -> Markup:  # noqa: FBT001
    align = setting.get("align") if setting.get("align") in ("center", "right") else None
    if align is None and cell.get("type") in ("raw_number", "number"):
        align = "right"
    inner = rich_text(cell, scene) if cell.get("type") == "rich_text" else lines(_value(cell))
    classes = " ".join(name for name in (align or "", "wrapped" if setting.get("is_wrapped") else "") if name)
    return tag("th" if is_head else "td", inner, class_=classes or None, scope="col" if is_head else None, dir="auto")


def _value(cell: Json) -> str:
    """What a raw cell shows."""
    value = cell.get("text", cell.get("value", cell.get("number", "")))
    return str(value.get("text", "") if isinstance(value, dict) else value)
