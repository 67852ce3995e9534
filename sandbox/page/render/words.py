"""Text objects: `plain_text` and `mrkdwn`, and long texts that open on demand."""

from markupsafe import Markup

from sandbox.page.render.emoji import with_emoji
from sandbox.page.render.markup import clean, lines, tag, text
from sandbox.page.render.mrkdwn import mrkdwn
from sandbox.page.render.scene import Scene
from sandbox.slack.state import Json

LONG_CHARACTERS = 700
LONG_LINES = 14


def plain(value: Json | str | None) -> str:
    """A text object's characters, for labels and attributes; not escaped."""
    raw = value.get("text", "") if isinstance(value, dict) else value or ""
    emoji = not (isinstance(value, dict) and value.get("emoji") is False)
    return clean(with_emoji(str(raw)) if emoji else raw)


def words(value: Json | str | None, scene: Scene) -> Markup:
    """A text object as markup, by its own type; a bare string counts as plain text."""
    if isinstance(value, dict) and value.get("type") == "mrkdwn":
        return mrkdwn(value.get("text", ""), scene, verbatim=bool(value.get("verbatim")))
    return tag("div", lines(plain(value)), class_="lines", dir="auto")


def label(value: Json | str | None) -> Markup:
    """A short label on one line, safe in any writing direction."""
    return tag("bdi", text(plain(value).replace("\n", " ")))


def collapsible(body: Markup, raw: object, scene: Scene, *, key: str) -> Markup:
    """The body, cut at a few lines with "See more" when the text behind it is long. Modals show everything."""
    size = str(raw)
    if scene.surface == "modal" or (len(size) <= LONG_CHARACTERS and size.count("\n") < LONG_LINES):
        return body
    inner = tag("div", body, class_="long-body")
    texts = (tag("span", "See more", class_="if-shut"), tag("span", "See less", class_="if-open"))
    more = tag("button", *texts, type="button", class_="link", data_act="more", aria_expanded="false")
    return tag("div", inner, more, class_="long", data_key=f"long-{key}")
