"""Slack's mrkdwn → HTML: https://docs.slack.dev/messaging/formatting-message-text

Nothing in a text can become markup by itself: every leaf goes through `markup.text`.
"""

import re
from collections.abc import Callable

from markupsafe import Markup

from sandbox.page.render import mentions
from sandbox.page.render.dates import format_date
from sandbox.page.render.emoji import EMOJI
from sandbox.page.render.markup import clean, is_safe_link, join, link, tag, text
from sandbox.page.render.scene import Scene

_FENCE = re.compile(r"```(?:\n)?(.*?)```", re.DOTALL)
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<token>[^<>\n]+)>"
    r"|(?<![\w*])\*(?=\S)(?P<bold>[^*\n]+)(?<=\S)\*(?![\w*])"
    r"|(?<![\w_])_(?=\S)(?P<italic>[^_\n]+)(?<=\S)_(?![\w_])"
    r"|(?<![\w~])~(?=\S)(?P<strike>[^~\n]+)(?<=\S)~(?![\w~])"
    r"|:(?P<emoji>[a-z0-9_+'-]{1,60}):"
    r"|(?P<bare>https?://[^\s<>|*~`]+)"
)
_QUOTE = re.compile(r"(?:>|&gt;) ?")
_TRAILING = ".,;:!?)]}'\""


def mrkdwn(value: object, scene: Scene, *, verbatim: bool = False) -> Markup:
    """A whole text with fences, quotes and line breaks. `verbatim` leaves bare addresses unlinked."""
    parts: list[Markup] = []
    pieces = _FENCE.split(clean(value))
    for index, piece in enumerate(pieces):
        if index % 2:
            parts.append(tag("pre", _unescape(piece.removesuffix("\n")), dir="auto"))
        else:
            # Line breaks beside a fence belong to the fence.
            rest = piece.removeprefix("\n") if index else piece
            rest = rest.removesuffix("\n") if index < len(pieces) - 1 else rest
            parts.extend(_paragraphs(rest, scene, verbatim))
    return join(parts)


def inline(value: str, scene: Scene, *, verbatim: bool = False) -> Markup:
    """One line: emphasis, code, tokens, emoji. No quotes, no fences."""
    parts: list[Markup] = []
    position = 0
    for match in _INLINE.finditer(value):
        parts.append(text(_unescape(value[position : match.start()])))
        parts.append(_piece(match, scene, verbatim))
        position = match.end()
    parts.append(text(_unescape(value[position:])))
    return join(parts)


def _unescape(value: str) -> str:
    """Slack's three entities back to characters; any other entity is plain text."""
    return value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _paragraphs(piece: str, scene: Scene, verbatim: bool) -> list[Markup]:  # noqa: FBT001
    if not piece:
        return []
    parts: list[Markup] = []
    quoted: list[Markup] = []
    plain: list[Markup] = []
    for line in piece.split("\n"):
        mark = _QUOTE.match(line)
        if mark:
            parts += _lines(plain)
            quoted.append(inline(line[mark.end() :], scene, verbatim=verbatim))
        else:
            parts += _quote(quoted)
            plain.append(inline(line, scene, verbatim=verbatim))
    return [*parts, *_quote(quoted), *_lines(plain)]


def _lines(collected: list[Markup]) -> list[Markup]:
    """The lines collected so far as one block; empties the list."""
    if not collected:
        return []
    block = tag("div", Markup("<br>").join(collected), class_="lines", dir="auto")
    collected.clear()
    return [block]


def _quote(collected: list[Markup]) -> list[Markup]:
    return [tag("blockquote", block) for block in _lines(collected)]


def _piece(match: re.Match[str], scene: Scene, verbatim: bool) -> Markup:  # noqa: FBT001
    kind, value = match.lastgroup or "", match.group(match.lastgroup or 0)
    emphasis = {"bold": "strong", "italic": "em", "strike": "s"}
    if kind in emphasis:
        return tag(emphasis[kind], inline(value, scene, verbatim=verbatim))
    if kind == "code":
        return tag("code", _unescape(value), dir="auto")
    if kind == "emoji":
        return _emoji(value)
    if kind == "bare":
        return text(_unescape(value)) if verbatim else _bare(value)
    return _token(value, scene)


def _emoji(name: str) -> Markup:
    shown = EMOJI.get(name)
    return tag("span", shown, class_="emoji", title=f":{name}:") if shown else text(f":{name}:")


def _bare(value: str) -> Markup:
    address = value.rstrip(_TRAILING)
    return join([link(_unescape(address), _unescape(address)), text(_unescape(value[len(address) :]))])


def _token(value: str, scene: Scene) -> Markup:
    """What stands between < and >: a mention, a date, a link; anything else is shown as it is."""
    target, _, label = value.partition("|")
    label = _unescape(label)
    by_mark: dict[str, Callable[[Scene, str, str], Markup]] = {
        "@": mentions.user,
        "#": mentions.channel,
        "!subteam^": mentions.group,
    }
    for mark, draw in by_mark.items():
        if target.startswith(mark):
            return draw(scene, target.removeprefix(mark), label)
    if target.startswith("!date^"):
        return _date(target, label, scene)
    if target.startswith("!"):
        return mentions.everybody(target.removeprefix("!").partition("^")[0]) or text(label or _unescape(f"<{value}>"))
    address = _unescape(target)
    if is_safe_link(address):
        return link(address, label or address.removeprefix("mailto:"))
    return text(_unescape(f"<{value}>"))


def _date(target: str, fallback: str, scene: Scene) -> Markup:
    """`!date^seconds^pattern^link`; a broken one shows its fallback."""
    _, seconds, pattern, *rest = [*target.split("^"), "", ""]
    try:
        moment = scene.local(float(seconds))
    except (ValueError, OverflowError, OSError):
        return text(fallback or target)
    now = scene.now.astimezone(moment.tzinfo)
    shown = tag(
        "time", format_date(moment, _unescape(pattern), now), datetime=moment.isoformat(), title=fallback or None
    )
    return link(_unescape(rest[0]), shown) if rest[0] else shown
