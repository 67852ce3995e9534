"""A person in a modal: typing, submitting, closing; and what the bot's answer does to the stack.

https://docs.slack.dev/surfaces/modals
"""

from collections.abc import Callable
from typing import Any

from sandbox.slack.clicks import choose
from sandbox.slack.deliver import Answer
from sandbox.slack.desk import Desk, RefusedError
from sandbox.slack.forms import complaints, fields, new_view, revise
from sandbox.slack.payloads import Place, interaction, view_part
from sandbox.slack.state import Json, User, View
from sandbox.slack.validate import view_problems, view_too_large
from sandbox.slack.walk import Spot

MAX_STACK = 3
TROUBLE = "We had some trouble connecting. Try again?"


async def fill(desk: Desk, user: User, view: View, values: Json) -> None:
    """Enter values into fields named by block_id or action_id. Asks the bot only for external menus."""
    for key, given in values.items():
        found = _field(view, key)
        await choose(desk, user, Place(view=view), found, given)


def _field(view: View, key: str) -> Spot:
    held = fields(view.payload["blocks"])
    found = [spot for spot in held if key in (spot.block_id, spot.action_id)]
    if not found:
        names = ", ".join(spot.block_id for spot in held) or "none"
        raise RefusedError(f"This modal has no field {key}; it has {names}.", 404)
    return found[0]


async def submit(desk: Desk, user: User, view: View) -> Json:
    """Press submit: `outcome` is closed, errors, updated, pushed, cleared or trouble, `errors` the sentences shown."""
    if not view.payload.get("submit"):
        raise RefusedError("This modal has no submit button.")
    view.banner = None
    view.errors = complaints(view)
    desk.workspace.touch()
    if view.errors:
        return {"outcome": "errors", "errors": dict(view.errors)}
    payload = interaction(
        "view_submission",
        user,
        trigger_id=desk.trigger(user, view),
        view=view_part(view),
        response_urls=_response_urls(desk, user, view),
    )
    answer = await desk.line.interaction(payload)
    word = _apply(desk, view, answer)
    desk.workspace.touch()
    return {"outcome": word, "errors": dict(view.errors), "status": answer.status, "seconds": answer.seconds}


def _response_urls(desk: Desk, user: User, view: View) -> list[Json]:
    """One response_url per conversation chosen in a menu that asked for it."""
    urls = []
    for spot in fields(view.payload["blocks"]):
        held = view.state[spot.block_id][spot.action_id]
        channel_id = held.get("selected_conversation") or held.get("selected_channel")
        if spot.element.get("response_url_enabled") and channel_id:
            url = desk.response_url(user, desk.workspace.channels[channel_id])
            place = {"block_id": spot.block_id, "action_id": spot.action_id, "channel_id": channel_id}
            urls.append(place | {"response_url": url})
    return urls


def _apply(desk: Desk, view: View, answer: Answer) -> str:
    """Let the bot's answer act on the modal; anything Slack does not understand is trouble."""
    stack = desk.workspace.views.setdefault(view.user, [])
    actions: dict[Any, Callable[[Desk, View, Json], str | None]] = {
        "errors": _show_errors,
        "update": _update,
        "push": _push,
        "clear": _clear,
    }
    done: str | None = None
    if answer.outcome == "ok" and not answer.body:
        if view in stack:
            stack.remove(view)
        done = "closed"
    elif answer.outcome == "ok" and isinstance(answer.body, dict):
        action = actions.get(answer.body.get("response_action"))
        done = action(desk, view, answer.body) if action else None
    if done is None:
        view.banner = TROUBLE
    return done or "trouble"


def _show_errors(_: Desk, view: View, body: Json) -> str | None:
    errors = body.get("errors")
    inputs = {spot.block_id for spot in fields(view.payload["blocks"]) if spot.is_input}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        return None
    if not all(isinstance(text, str) and text for text in errors.values()):
        return None
    view.errors = dict(errors)
    return "errors"


def _update(desk: Desk, view: View, body: Json) -> str | None:
    if not _is_modal(desk, body.get("view"), view):
        return None
    revise(view, body["view"])
    return "updated"


def _push(desk: Desk, view: View, body: Json) -> str | None:
    stack = desk.workspace.views[view.user]
    if not _is_modal(desk, body.get("view"), None) or len(stack) >= MAX_STACK:
        return None
    stack.append(new_view(view.user, body["view"], below=view))
    return "pushed"


def _clear(desk: Desk, view: View, _: Json) -> str:
    desk.workspace.views[view.user] = []
    return "cleared"


def _is_modal(desk: Desk, payload: object, replaced: View | None) -> bool:
    """Whether this may be shown: a valid modal whose external_id nobody else's view has."""
    if not isinstance(payload, dict) or payload.get("type") != "modal":
        return False
    if view_too_large(payload) or view_problems(payload):
        return False
    external_id = payload.get("external_id")
    views = [view for stack in desk.workspace.views.values() for view in stack if view is not replaced]
    return not external_id or all(view.payload.get("external_id") != external_id for view in views)


async def close(desk: Desk, user: User, view: View, *, everything: bool = False) -> Json:
    """Cancel (the top modal) or X (`everything`). The bot hears of it only where it asked with notify_on_close."""
    stack = desk.workspace.views[user.id]
    cleared = everything or bool(view.payload.get("clear_on_close"))
    gone = stack[0] if cleared else view
    desk.workspace.views[user.id] = [] if cleared else stack[:-1]
    desk.workspace.touch()
    if gone.payload.get("notify_on_close"):
        part = view_part(gone, inputs=False)
        await desk.line.interaction(interaction("view_closed", user, view=part, is_cleared=cleared))
    return {"outcome": "cleared" if cleared else "closed"}
