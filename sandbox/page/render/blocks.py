"""Every block by its type; an unknown one is named, never dropped.

https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Callable
from types import MappingProxyType

from markupsafe import Markup

from sandbox.page.render.cards import alert, card, carousel, context_actions, plan, task_card
from sandbox.page.render.chart import chart
from sandbox.page.render.elements import GROUPED, element, picture, still, unknown
from sandbox.page.render.icons import icon
from sandbox.page.render.markdown import markdown
from sandbox.page.render.markup import html_id, is_safe_link, join, link, tag
from sandbox.page.render.rich_text import flat, rich_text
from sandbox.page.render.scene import Scene
from sandbox.page.render.tables import table
from sandbox.page.render.words import collapsible, label, plain, words
from sandbox.slack.state import Json


def blocks(items: list[Json], scene: Scene) -> Markup:
    """All blocks of a surface, one under the other."""
    return join([block(item, scene) for item in items])


def block(item: Json, scene: Scene) -> Markup:
    """One block in its wrapper, which carries its id."""
    kind = str(item.get("type"))
    draw = _DRAW.get(kind)
    inner = draw(item, scene) if draw else unknown(item, "block")
    return tag("div", inner, class_=f"block b-{kind}" if draw else "block", data_key=f"b-{item.get('block_id', '')}")


def _section(item: Json, scene: Scene) -> Markup:
    body = words(item["text"], scene) if item.get("text") else Markup()
    fields = [tag("div", words(one, scene), class_="cell") for one in item.get("fields") or []]
    text = (
        collapsible(body, plain(item.get("text")), scene, key=str(item.get("block_id")))
        if not item.get("expand")
        else body
    )
    main = tag("div", text, tag("div", *fields, class_="cells") if fields else None, class_="section-text")
    extra = item.get("accessory")
    return tag(
        "div", main, tag("div", still(extra, item, scene), class_="accessory") if extra else None, class_="section"
    )


def _header(item: Json, _: Scene) -> Markup:
    level = item.get("level", 1)
    return tag("div", label(item.get("text")), class_=f"header l{level}", role="heading", aria_level=3, dir="auto")


def _context(item: Json, scene: Scene) -> Markup:
    return tag("div", *(tag("div", still(one, item, scene)) for one in item.get("elements", [])), class_="context")


def _actions(item: Json, scene: Scene) -> Markup:
    return tag("div", *(element(one, item, scene) for one in item.get("elements", [])), class_="actions")


def _image(item: Json, _: Scene) -> Markup:
    title = tag("div", label(item["title"]), class_="muted", dir="auto") if item.get("title") else None
    return tag("div", title, picture(item))


def _input(item: Json, scene: Scene) -> Markup:
    field = item.get("element", {})
    control = html_id("f", scene.scope, item.get("block_id", ""), field.get("action_id", ""))
    optional = tag("span", " (optional)", class_="opt") if item.get("optional") else None
    grouped = field.get("type") in GROUPED
    said = label(item.get("label"))
    head = tag("legend", said, optional) if grouped else tag("label", said, optional, for_=control, dir="auto")
    hint = tag("p", label(item["hint"]), class_="hint", id=f"{control}-hint", dir="auto") if item.get("hint") else None
    wrong = scene.errors.get(str(item.get("block_id", "")))
    error = (
        tag("p", tag("span", wrong, dir="auto"), class_="error", id=f"{control}-error", role="alert") if wrong else None
    )
    return tag(
        "fieldset" if grouped else "div",
        head,
        element(field, item, scene),
        error,
        hint,
        class_=f"field{' bad' if wrong else ''}",
    )


def _rich_text(item: Json, scene: Scene) -> Markup:
    return collapsible(rich_text(item, scene), flat(item), scene, key=str(item.get("block_id")))


def _markdown(item: Json, scene: Scene) -> Markup:
    return collapsible(markdown(item.get("text", "")), item.get("text", ""), scene, key=str(item.get("block_id")))


def _video(item: Json, scene: Scene) -> Markup:
    address = item.get("title_url") if is_safe_link(item.get("title_url")) else item.get("video_url")
    by = " · ".join(plain(item[name]) for name in ("author_name", "provider_name") if item.get(name))
    about = tag("div", words(item["description"], scene), class_="muted") if item.get("description") else None
    text = tag("div", link(address, label(item.get("title"))), tag("div", by, class_="muted") if by else None, about)
    return tag("div", icon("play"), text, class_="video", title=plain(item.get("alt_text")))


def _container(item: Json, scene: Scene) -> Markup:
    title = (
        rich_text(item["rich_text_title"], scene)
        if item.get("rich_text_title")
        else tag("strong", label(item.get("title")))
    )
    under = tag("div", words(item["subtitle"], scene), class_="muted") if item.get("subtitle") else None
    body = tag("div", blocks(item.get("child_blocks", []), scene), class_="container-body")
    if not item.get("is_collapsible"):
        return tag("div", tag("div", title, under, class_="container-head"), body, class_="container")
    opened = not item.get("default_collapsed")
    summary = tag("summary", icon("chevron"), tag("div", title, under), class_="container-head")
    return tag("details", summary, body, class_="container", open=opened, data_act="fold")


_DRAW: MappingProxyType[str, Callable[[Json, Scene], Markup]] = MappingProxyType(
    {
        "actions": _actions,
        "alert": alert,
        "card": card,
        "carousel": carousel,
        "container": _container,
        "context": _context,
        "context_actions": context_actions,
        "data_table": table,
        "data_visualization": chart,
        "divider": lambda _, __: tag("hr"),
        "header": _header,
        "image": _image,
        "input": _input,
        "markdown": _markdown,
        "plan": plan,
        "rich_text": _rich_text,
        "section": _section,
        "table": table,
        "task_card": task_card,
        "video": _video,
    }
)
