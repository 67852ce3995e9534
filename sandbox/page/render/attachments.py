"""Legacy attachments, and the preview Slack would add for a link: https://docs.slack.dev/legacy/legacy-messaging"""

import re
from urllib.parse import urlsplit

from markupsafe import Markup

from sandbox.page.render.blocks import blocks
from sandbox.page.render.markup import is_safe_link, link, tag
from sandbox.page.render.mrkdwn import mrkdwn
from sandbox.page.render.scene import Scene
from sandbox.slack.state import Json

_COLOR = re.compile(r"#?([0-9A-Fa-f]{6})")
_NAMED = {"good": "1d7a3d", "warning": "d99a00", "danger": "b42334"}
_ADDRESS = re.compile(r"https?://[^\s<>|]+")


def attachment(item: Json, scene: Scene) -> Markup:
    """One attachment: a bar of its colour, texts, fields, and blocks if it has them."""
    color = _COLOR.fullmatch(_NAMED.get(str(item.get("color")), str(item.get("color"))))
    title = str(item.get("title", ""))
    head = link(item["title_link"], title) if is_safe_link(item.get("title_link")) else mrkdwn(title, scene)
    parts = [
        mrkdwn(item["pretext"], scene) if item.get("pretext") else None,
        tag("strong", head) if title else None,
        mrkdwn(item["text"], scene) if item.get("text") else None,
        *(_field(field, scene) for field in item.get("fields") or []),
        blocks(item.get("blocks") or [], scene),
        tag("div", mrkdwn(item["footer"], scene), class_="muted") if item.get("footer") else None,
    ]
    return tag("div", *parts, class_="attachment", style=f"--bar:#{color[1]}" if color else None)


def _field(field: Json, scene: Scene) -> Markup:
    title = tag("strong", mrkdwn(field.get("title", ""), scene))
    return tag("div", title, mrkdwn(field.get("value", ""), scene))


def preview(text: str) -> Markup:
    """The frame of a link preview, where Slack would have fetched one; the page fetches nothing."""
    found = _ADDRESS.search(text)
    host = urlsplit(found.group()).hostname if found else None
    return tag("div", tag("span", f"Link preview of {host or 'a link'}", class_="muted"), class_="attachment")
