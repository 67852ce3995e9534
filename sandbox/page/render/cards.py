"""Newer blocks: alert, card, carousel, task_card, plan. Each is a small box of texts and buttons."""

from markupsafe import Markup

from sandbox.page.render.elements import element, picture, still
from sandbox.page.render.markup import link, tag
from sandbox.page.render.rich_text import rich_text
from sandbox.page.render.scene import Scene
from sandbox.page.render.words import label, plain, words
from sandbox.slack.state import Json

_MARKS = {"complete": "✓", "in_progress": "◐", "pending": "○", "error": "!"}
_LEVELS = ("info", "warning", "error", "success")


def alert(block: Json, scene: Scene) -> Markup:
    """A coloured notice in a modal."""
    level = block.get("level") if block.get("level") in _LEVELS else "default"
    return tag("div", words(block.get("text"), scene), class_=f"alert {level}", role="note")


def card(block: Json, scene: Scene) -> Markup:
    """Picture, title, body and up to three buttons."""
    hero = picture(block["hero_image"]) if block.get("hero_image") else None
    icon = picture(block["icon"], small=True) if block.get("icon") else None
    title = (
        tag("div", icon, tag("div", words(block["title"], scene), class_="card-title")) if block.get("title") else None
    )
    rows = [
        tag("div", words(block[name], scene), class_=f"card-{name}")
        for name in ("subtitle", "body", "subtext")
        if block.get(name)
    ]
    buttons = [element(action, block, scene) for action in block.get("actions", [])]
    foot = tag("div", *buttons, class_="row") if buttons else None
    return tag("div", hero, title, *rows, foot, class_="cardblock")


def carousel(block: Json, scene: Scene) -> Markup:
    """Cards side by side, to be scrolled."""
    cards = [card(one, scene) for one in block.get("elements", [])]
    return tag("div", *cards, class_="carousel", tabindex="0", role="group", aria_label="Cards")


def task_card(block: Json, scene: Scene) -> Markup:
    """A step with its state, details and sources."""
    status = str(block.get("status", "pending"))
    mark = tag("span", _MARKS.get(status, "○"), class_=f"mark {status}", title=status.replace("_", " "))
    texts = [rich_text(block[name], scene) for name in ("details", "output") if isinstance(block.get(name), dict)]
    sources = [link(one.get("url"), plain(one.get("text")) or one.get("url", "")) for one in block.get("sources") or []]
    body = tag(
        "div", tag("strong", label(block.get("title"))), *texts, tag("div", *sources, class_="row") if sources else None
    )
    return tag("div", mark, body, class_="task")


def plan(block: Json, scene: Scene) -> Markup:
    """A title over steps."""
    tasks = [task_card(task, scene) for task in block.get("tasks", [])]
    return tag("div", tag("strong", label(block.get("title"))), *tasks, class_="plan")


def context_actions(block: Json, scene: Scene) -> Markup:
    """Thumbs and bins under a message."""
    return tag("div", *(still(one, block, scene) for one in block.get("elements", [])), class_="row")
