"""HTML made in Python, safe by construction: whatever is not already Markup is cleaned and escaped."""

import re

from markupsafe import Markup, escape

# Control characters other than tab and line break: harmless in Slack, invalid or misleading in HTML.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>]+", re.IGNORECASE)
_VOID = {"img", "input", "br", "hr"}

Attribute = str | int | float | bool | None


def clean(value: object) -> str:
    """Text without control characters; line breaks unified. Does not escape."""
    return _CONTROL.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def text(value: object) -> Markup:
    """Any value as visible text: Markup passes, everything else is cleaned and escaped."""
    return value if isinstance(value, Markup) else escape(clean(value))


def join(parts: list[Markup]) -> Markup:
    """Pieces of markup one after the other."""
    return Markup("").join(parts)


def tag(name: str, /, *children: object, **attributes: Attribute) -> Markup:
    """One element. `class_` loses its underscore, others become hyphens; None and False are left out."""
    written = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        shown = key.rstrip("_").replace("_", "-")
        written.append(f" {shown}" if value is True else f' {shown}="{escape(clean(value))}"')
    inner = "".join(text(child) for child in children if child is not None)
    head = f"<{name}{''.join(written)}>"
    return Markup(head if name in _VOID else f"{head}{inner}</{name}>")  # noqa: S704 -- every part above is escaped


def lines(value: object) -> Markup:
    """Text with its line breaks kept."""
    return Markup("<br>").join(text(line) for line in clean(value).split("\n"))


def is_safe_link(url: object) -> bool:
    """Whether the page may turn this into a link: http, https and mailto only."""
    return isinstance(url, str) and _SAFE_LINK.fullmatch(clean(url)) is not None


def link(url: object, label: object) -> Markup:
    """A link to the outside in a new tab; an address of any other scheme stays text."""
    if not is_safe_link(url):
        return tag("span", label, class_="badlink", title="Not a web or mail address, so not a link")
    return tag("a", label, href=str(url), target="_blank", rel="noopener noreferrer nofollow", dir="auto")


def html_id(*parts: object) -> str:
    """An element id from arbitrary parts, without spaces or marks that ids of lists cannot hold."""
    return "-".join(re.sub(r"[^A-Za-z0-9_]", lambda mark: f"{ord(mark.group()):x}", str(part)) for part in parts)
