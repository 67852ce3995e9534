"""A file under a message: its title, name and size, to be downloaded."""

from urllib.parse import quote

from markupsafe import Markup

from sandbox.page.render.markup import tag
from sandbox.slack.state import File


def file_card(file: File) -> Markup:
    """The card of one file."""
    size = f"{file.length} bytes" if file.length < 1024 else f"{file.length / 1024:.0f} kB"
    address = f"/files/{quote(file.id, safe='')}/{quote(file.name, safe='')}"
    title = tag("a", file.title, href=address, download=file.name, dir="auto")
    return tag("div", title, tag("span", f"{file.name} · {size}", class_="muted small"), class_="file")
