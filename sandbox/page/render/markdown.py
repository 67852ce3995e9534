"""The markdown block, its common part: https://docs.slack.dev/reference/block-kit/blocks/markdown-block

Headings, emphasis, code, links, lists, task lists, quotes, rules and tables. No raw HTML: it is shown as text.
"""

import re
from collections.abc import Callable

from markupsafe import Markup

from sandbox.page.render.emoji import EMOJI
from sandbox.page.render.markup import clean, join, link, tag, text

_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|!?\[(?P<label>[^\[\]\n]*)\]\((?P<url>[^()\s]+)\)"
    r"|\*\*(?=\S)(?P<bold>[^*\n]+)(?<=\S)\*\*"
    r"|~~(?=\S)(?P<strike>[^~\n]+)(?<=\S)~~"
    r"|(?<![\w*])\*(?=\S)(?P<star>[^*\n]+)(?<=\S)\*(?!\*)"
    r"|(?<!\w)_(?=\S)(?P<italic>[^_\n]+)(?<=\S)_(?!\w)"
    r"|:(?P<emoji>[a-z0-9_+'-]{1,60}):"
    r"|(?P<bare>https?://[^\s<>|*~`)]+)"
)
_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"#{1,6} +\S")
_QUOTE = re.compile(r"^\s*(?:> ?)+")
_ITEM = re.compile(r"(?P<lead>\s*)(?P<mark>[-*+]|\d{1,9}[.)])\s+(?:\[(?P<task>[ xX])\]\s+)?(?P<body>.*)")
_RULE = re.compile(r"\s*(?:-\s*){3,}$|\s*(?:\*\s*){3,}$|\s*(?:_\s*){3,}$")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")


def markdown(value: object) -> Markup:
    """A whole text."""
    parts = []
    for index, piece in enumerate(_FENCE.split(clean(value))):
        parts.append(tag("pre", piece.removesuffix("\n"), dir="auto") if index % 2 else _blocks(piece.split("\n")))
    return join(parts)


def inline(value: str) -> Markup:
    """One line with its emphasis, code and links."""
    parts: list[Markup] = []
    position = 0
    for match in _INLINE.finditer(value):
        parts += [text(value[position : match.start()]), _piece(match)]
        position = match.end()
    return join([*parts, text(value[position:])])


def _piece(match: re.Match[str]) -> Markup:
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    for name, element in (("bold", "strong"), ("star", "em"), ("italic", "em"), ("strike", "s")):
        if name in groups:
            return tag(element, inline(groups[name]))
    if "code" in groups:
        return tag("code", groups["code"], dir="auto")
    if "emoji" in groups:
        return text(EMOJI.get(groups["emoji"], match.group()))
    if "bare" in groups:
        return link(groups["bare"], groups["bare"])
    return link(groups["url"], inline(groups["label"]) or groups["url"])


def _blocks(rows: list[str]) -> Markup:
    parts: list[Markup] = []
    index = 0
    while index < len(rows):
        end = _run(rows, index)
        parts.append(_block(rows[index:end]))
        index = end
    return join(parts)


def _kind(rows: list[str], index: int) -> str:
    row = rows[index]
    if not row.strip():
        return "blank"
    if "|" in row and index + 1 < len(rows) and "|" in rows[index + 1] and _TABLE_RULE.match(rows[index + 1]):
        return "table"
    for kind, pattern in (("rule", _RULE), ("heading", _HEADING), ("list", _ITEM)):
        if pattern.match(row):
            return kind
    return "quote" if row.lstrip().startswith(">") else "text"


def _run(rows: list[str], start: int) -> int:
    """Where the block that starts here ends."""
    kind = _kind(rows, start)
    end = start + 1
    if kind in ("rule", "heading"):
        return end
    while end < len(rows) and (_kind(rows, end) == kind or (kind == "table" and "|" in rows[end])):
        end += 1
    return end


def _block(rows: list[str]) -> Markup:
    draw: dict[str, Callable[[list[str]], Markup]] = {
        "heading": _heading,
        "list": lambda rows: tag("ul", *(_item(row) for row in rows), class_="marks"),
        "quote": lambda rows: tag("blockquote", _blocks([_QUOTE.sub("", row) for row in rows])),
        "table": _table,
        "rule": lambda _: tag("hr"),
        "blank": lambda _: Markup(),
        "text": lambda rows: tag("div", Markup("<br>").join(inline(row) for row in rows), class_="lines", dir="auto"),
    }
    return draw[_kind(rows, 0)](rows)


def _heading(rows: list[str]) -> Markup:
    marks, _, words = rows[0].partition(" ")
    level = len(marks.rstrip())
    shown = inline(words.strip().rstrip("#").rstrip())
    return tag("div", shown, class_=f"heading h{level}", role="heading", aria_level=level, dir="auto")


def _item(row: str) -> Markup:
    match = _ITEM.match(row)
    if match is None:
        return tag("li", row)
    task = match["task"]
    mark = match["mark"] if match["mark"][0].isdigit() else "•"
    if task is not None:
        mark = "☑" if task.strip() else "☐"
    depth = len(match["lead"].expandtabs(4)) // 2
    cells = (tag("span", mark, class_="mark"), tag("div", inline(match["body"]), dir="auto"))
    return tag("li", *cells, style=f"--depth:{depth}")


def _table(rows: list[str]) -> Markup:
    cells = [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in rows]
    head = tag("thead", tag("tr", *(tag("th", inline(cell)) for cell in cells[0])))
    body = tag("tbody", *(tag("tr", *(tag("td", inline(cell), dir="auto") for cell in row)) for row in cells[2:]))
    return tag("div", tag("table", head, body), class_="table", tabindex="0")
