"""A scene for drawing blocks without a server: Sam looks, at a fixed moment."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from sandbox.page.render.scene import Scene
from sandbox.seed import fresh_workspace
from sandbox.slack.state import Channel

Json = dict[str, Any]
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def scene(surface: str = "message", viewer: str = "U0PRIYA", **more: Any) -> Scene:
    """Priya, who leads delivery and sits in Kolkata, looks."""
    workspace = fresh_workspace()
    workspace.channels["C0SECRET"] = Channel("C0SECRET", "secret", {"U0SAM"}, is_private=True)
    return Scene(workspace, workspace.users[viewer], NOW, surface, "t", **more)


class Seen(HTMLParser):
    """What a browser would make of a piece of HTML: its tags, attributes and visible text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(str(markup))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data

    def links(self) -> list[str]:
        """Every address the page would go to or load."""
        return [value or "" for name, value in self.attributes if name in ("href", "src", "action", "formaction")]

    def traps(self) -> list[str]:
        """Whatever could run or load something: there must be nothing."""
        bad = [
            tag
            for tag in self.tags
            if tag in ("script", "iframe", "object", "embed", "img", "style", "link", "meta", "base")
        ]
        bad += [name for name, _ in self.attributes if name.startswith("on")]
        return bad + [link for link in self.links() if not link.startswith(("http://", "https://", "mailto:"))]
