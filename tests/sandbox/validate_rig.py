"""Small payloads for the validator's tests, each as short as Slack allows; keys can be added or replaced."""

from typing import Any

from sandbox.slack.validate import message_problems, view_problems

Json = dict[str, Any]

URL = "https://example.com/"
ONLY_IN_MODALS = ("alert", "input")


def plain(text: str = "Hello") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*Hello*") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**keys: Any) -> Json:
    return {"type": "section", **({} if "text" in keys or "fields" in keys else {"text": mrkdwn()}), **keys}


def option(value: str = "a", **keys: Any) -> Json:
    return {"text": plain(f"Choice {value}"), "value": value, **keys}


def options(count: int) -> list[Json]:
    return [option(str(number)) for number in range(count)]


def button(**keys: Any) -> Json:
    return {"type": "button", "text": plain("Press"), **keys}


def confirm(**keys: Any) -> Json:
    return {
        "title": plain("Sure?"),
        "text": plain("It is final."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
        **keys,
    }


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def element(kind: str, **keys: Any) -> Json:
    """An element inside an input block of a modal."""
    return {"type": "input", "label": plain("Answer"), "element": {"type": kind, **keys}}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def line(*parts: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(parts)}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def image(**keys: Any) -> Json:
    return {"type": "image", "image_url": URL, "alt_text": "A chart", **keys}


def video(**keys: Any) -> Json:
    return {
        "type": "video",
        "title": plain(),
        "alt_text": "A film",
        "video_url": URL,
        "thumbnail_url": URL,
        **keys,
    }


def card(**keys: Any) -> Json:
    return {"type": "card", "title": plain(), **keys}


def container(**keys: Any) -> Json:
    return {"type": "container", "title": plain(), "child_blocks": [section()], **keys}


def feedback(**keys: Any) -> Json:
    good = {"text": plain("Good"), "value": "good"}
    buttons = {"type": "feedback_buttons", "positive_button": {**good, **keys}, "negative_button": good}
    return {"type": "context_actions", "elements": [buttons]}


def bin_button(**keys: Any) -> Json:
    trash = {"type": "icon_button", "icon": "trash", "text": plain("Delete"), **keys}
    return {"type": "context_actions", "elements": [trash]}


def workflow(**keys: Any) -> Json:
    trigger = {"trigger": {"url": URL}}
    return actions({"type": "workflow_button", "text": plain(), "workflow": trigger, "action_id": "go", **keys})


def chart(label: str = "Jan", name: str = "Won", points: int = 1, series: int = 1, **axes: Any) -> Json:
    labels = [label] if points == 1 else [str(number) for number in range(points)]
    data = [{"label": one, "value": 1} for one in labels]
    names = [name] if series == 1 else [str(number) for number in range(series)]
    return {
        "type": "data_visualization",
        "title": "Deals",
        "chart": {
            "type": "bar",
            "series": [{"name": one, "data": data} for one in names],
            "axis_config": {"categories": labels, **axes},
        },
    }


def pie(label: str = "Won", count: int = 1) -> Json:
    segments = [{"label": label, "value": 1.5}] * count
    return {"type": "data_visualization", "title": "Deals", "chart": {"type": "pie", "segments": segments}}


def data_table(rows: int = 2, columns: int = 1, **keys: Any) -> Json:
    return {"type": "data_table", "caption": "Deals", "rows": [[cell()] * columns] * rows, **keys}


def table(rows: int = 1, columns: int = 1, **keys: Any) -> Json:
    return {"type": "table", "rows": [[cell()] * columns] * rows, **keys}


def plan(tasks: int) -> Json:
    steps = [{"task_id": str(number), "title": "Call", "status": "pending"} for number in range(tasks)]
    return {"type": "plan", "title": "Kick-off", "tasks": steps}


def menu(kind: str = "static_select", **keys: Any) -> Json:
    return section(accessory={"type": kind, **keys})


def modal(*blocks: Json, **keys: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "submit": plain("Save"), "blocks": list(blocks), **keys}


def home(*blocks: Json, **keys: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **keys}


def said_of_message(*blocks: Json) -> list[str]:
    """The complaints about a message of these blocks, as Slack writes them."""
    return [str(problem) for problem in message_problems(list(blocks))]


def said_of_view(view: object) -> list[str]:
    """The complaints about a view, as Slack writes them."""
    return [str(problem) for problem in view_problems(view)]


def said_of(block: Json) -> list[str]:
    """The complaints about one block where it belongs, pointers from the block on."""
    if block["type"] in ONLY_IN_MODALS:
        return [line.replace("/view/blocks/0", "") for line in said_of_view(modal(block))]
    return [line.replace("/blocks/0", "") for line in said_of_message(block)]
