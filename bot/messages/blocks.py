"""Small builders for Block Kit, with Slack's limits and the rule that text from outside is only ever text.

Text from a CRM or a person goes into `plain_text` or `rich_text`, which parse nothing, or through `escape`.
https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

Block = dict[str, Any]
Element = dict[str, Any]

MOST_TEXT = 3000
MOST_VISIBLE = 10_000  # characters of one message; Slack refuses some with 11,000 (slackapi/bolt-js#2509)

_ROOMS = (1500, 800, 400, 200, 100, 60, 40, 30)
_LINK = re.compile(r"https?://[^\s<>|]+")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """Text that shows as itself: control characters become their pictures, direction overrides a mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub(lambda m: chr(0x2400 + ord(m[0])) if ord(m[0]) < 0x20 else "\ufffd", text)
    text = _BIDI.sub("\ufffd", text)
    return text.encode("utf-8", "replace").decode()  # a lone surrogate is not text


def cut(text: str, limit: int) -> str:
    """At most `limit` code points of cleaned text; an ellipsis says that there was more."""
    text = clean(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def escape(text: str, limit: int = MOST_TEXT) -> str:
    """Text for mrkdwn and for the `text` of a message, at most `limit` long after escaping; pings nobody."""
    pieces = [_ENTITIES.get(character, character) for character in clean(text)]
    length = sum(map(len, pieces))
    if length <= limit:
        return "".join(pieces)
    while length > limit - 1:  # whole pieces: half an entity would show as letters
        length -= len(pieces.pop())
    return "".join(pieces).rstrip() + "…"


def plain(text: str, limit: int = MOST_TEXT) -> Element:
    """A plain_text object; never empty, because Slack refuses that."""
    return {"type": "plain_text", "text": cut(text, limit) or "–", "emoji": False}


def fitted(build: Callable[[int], list[Block]]) -> list[Block]:
    """The roomiest message that Slack takes. `build` is told how many characters each text from outside may have."""
    body: list[Block] = []
    for limit in _ROOMS:
        body = build(limit)
        if sum(_visible(body)) <= MOST_VISIBLE:
            break
    return body


def _visible(part: Any) -> Iterator[int]:
    """How long each text in a message is."""
    if isinstance(part, list):
        for one in part:
            yield from _visible(one)
    elif isinstance(part, dict):
        yield len(part["text"]) if isinstance(part.get("text"), str) else 0
        yield from _visible([value for value in part.values() if isinstance(value, dict | list)])


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain(text, 150)}


def context(*texts: str) -> Block:
    """Small print; each text is mrkdwn and already escaped where it came from outside."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": t, "verbatim": True} for t in texts]}


def mrkdwn_section(text: str) -> Block:
    """A paragraph beside which a button may stand; mrkdwn, already escaped where it came from outside."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def button(text: str, action_id: str, value: str, *, style: str | None = None) -> Element:
    """A button; `style` is primary or danger."""
    element: Element = {"type": "button", "text": plain(text, 75), "action_id": action_id, "value": value}
    return {**element, "style": style} if style else element


def actions(*elements: Element) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def rich(*parts: Element) -> Block:
    """A rich_text block of sections and lists."""
    return {"type": "rich_text", "elements": list(parts)}


def line(*elements: Element) -> Element:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def bullets(items: Sequence[Element]) -> Element:
    """A list of paragraphs."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def words(text: str, *, bold: bool = False, italic: bool = False, limit: int = MOST_TEXT) -> Element:
    """A run of literal text: nothing in it is parsed."""
    element: Element = {"type": "text", "text": cut(text, limit) or "–"}
    style = {name: True for name, on in (("bold", bold), ("italic", italic)) if on}
    return {**element, "style": style} if style else element


def link(url: str, text: str, limit: int = 200) -> Element:
    """A link that may show other words than its address; only web addresses that show as themselves become links."""
    if not _LINK.fullmatch(url) or len(url) > 2000 or clean(url) != url:
        return words(url if text == url else f"{text}: {url}", limit=limit)
    return {"type": "link", "url": url, "text": cut(text, limit) or "link"}


def user(slack_id: str) -> Element:
    """A member of the workspace, by a name that can be clicked. Slack tells them that they were mentioned."""
    return {"type": "user", "user_id": slack_id}


def moment(at: datetime) -> Element:
    """A moment, shown in the reader's own time zone."""
    fallback = f"{at:%d %b %Y %H:%M} {at.tzname()}"
    return {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": "{date_short_pretty}, {time}",
        "fallback": fallback,
    }
