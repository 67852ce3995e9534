"""Pressing and choosing: buttons, menus and pickers in messages, modals and the Home tab; options from the bot.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from sandbox.slack.deliver import Answer
from sandbox.slack.desk import Desk, RefusedError, action_ts, outcome
from sandbox.slack.payloads import Place, interaction, place_part
from sandbox.slack.state import Json, User
from sandbox.slack.values import VALUE_KEYS, Entry, FieldError, pick
from sandbox.slack.walk import Spot, find_spot

# What an action repeats of its element, besides its ids and its value.
_REPEATED = ("text", "value", "style", "url", "placeholder", "initial_option", "initial_options", "initial_date")
_REPEATED_TOO = ("initial_time", "initial_date_time", "initial_user", "initial_users", "confirm")
_EXTERNAL = ("external_select", "multi_external_select")


def spot_at(place: Place, action_id: str, block_id: str | None) -> Spot:
    """The element to press at this place."""
    spot = find_spot(place.blocks, action_id, block_id)
    if spot is None:
        raise RefusedError(f"There is nothing with action_id {action_id} to press there.", 404)
    return spot


async def click(desk: Desk, user: User, place: Place, spot: Spot, value: object = None) -> Json:
    """Press a button or choose `value`; the bot is told unless it is an input that does not dispatch."""
    action: Json = {"action_id": spot.action_id, "block_id": spot.block_id, "type": spot.element["type"]}
    action |= {key: spot.element[key] for key in (*_REPEATED, *_REPEATED_TOO) if key in spot.element}
    if spot.element["type"] in VALUE_KEYS:
        action |= await choose(desk, user, place, spot, value)
    else:
        action |= _pressed(spot.element, value)
    if spot.is_input and not spot.block.get("dispatch_action"):
        return {"outcome": "ok", "status": None, "seconds": 0.0}
    payload = _block_actions(desk, user, place, action | {"action_ts": action_ts()})
    return outcome(await desk.line.interaction(payload))


def _block_actions(desk: Desk, user: User, place: Place, action: Json) -> Json:
    modal = place.view if place.view and place.view.type == "modal" else None
    more: Json = {"trigger_id": desk.trigger(user, modal), "actions": [action], **place_part(place)}
    if place.channel and place.message:
        more["response_url"] = desk.response_url(user, place.channel, place.message)
    return interaction("block_actions", user, **more)


def _pressed(element: Json, value: object) -> Json:
    """What a press says about an element that keeps no state."""
    if element["type"] == "overflow":
        return {"selected_option": _picked(element["options"], value)}
    if element["type"] == "feedback_buttons":
        name = "negative_button" if value in ("negative", "negative_button") else "positive_button"
        return {key: element[name][key] for key in ("text", "value") if key in element[name]}
    return {}


def _picked(options: list[Json], value: object) -> Json:
    try:
        return pick(options, value)
    except FieldError as error:
        raise RefusedError(str(error)) from error


async def choose(desk: Desk, user: User, place: Place, spot: Spot, given: object) -> Json:
    """Enter a value into a field, without telling the bot; its value object."""
    try:
        options = await _external(desk, user, place, spot, given) if spot.element["type"] in _EXTERNAL else None
        value = Entry(desk.workspace, spot.element, options).value(given)
    except FieldError as error:
        raise RefusedError(f"{spot.action_id}: {error}") from error
    place.state.setdefault(spot.block_id, {})[spot.action_id] = value
    if place.view:
        place.view.errors.pop(spot.block_id, None)
    desk.workspace.touch()
    return value


async def _external(desk: Desk, user: User, place: Place, spot: Spot, given: object) -> list[Json]:
    """What the bot offers for each wanted value; an option object is one it has offered before."""
    offered: list[Json] = []
    for wanted in given if isinstance(given, list) else [given]:
        if isinstance(wanted, dict):
            offered.append(wanted)
        elif wanted not in (None, ""):
            _, options = await suggest(desk, user, place, spot, str(wanted))
            offered += options
    return offered


async def suggest(desk: Desk, user: User, place: Place, spot: Spot, query: str) -> tuple[Answer, list[Json]]:
    """What the bot offers in an external menu for these typed letters, groups flattened."""
    asked: Json = {"action_id": spot.action_id, "block_id": spot.block_id, "value": query}
    payload = interaction("block_suggestion", user, **asked, **place_part(place, state=False))
    answer = await desk.line.interaction(payload)
    if answer.outcome != "ok" or not isinstance(answer.body, dict):
        return answer, []
    groups = answer.body.get("option_groups") or [{"options": answer.body.get("options") or []}]
    options = [option for group in groups for option in group.get("options", [])]
    return answer, [option for option in options if isinstance(option, dict) and "text" in option and "value" in option]
