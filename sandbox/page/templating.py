"""The Jinja2 environment that the page and the board share: autoescaped, undefined names are errors."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent


def environment(*folders: Path) -> Environment:
    """Templates from these folders, then from the page's own, where `base.html` lies."""
    places = [*folders, FOLDER / "templates"]
    return Environment(
        loader=FileSystemLoader(places),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
