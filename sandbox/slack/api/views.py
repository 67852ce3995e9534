"""views.open, views.push, views.update, views.publish: https://docs.slack.dev/surfaces/modals."""

from datetime import UTC, datetime

from sandbox.slack.api.call import Call
from sandbox.slack.api.checks import read_view
from sandbox.slack.api.errors import ApiError, bad_arguments
from sandbox.slack.forms import new_view, revise
from sandbox.slack.payloads import view_part
from sandbox.slack.state import Json, Trigger, View

DEEPEST = 3


def open_view(call: Call) -> Json:
    """Open a modal for the person whose trigger this is; it takes the place of any other."""
    payload = read_view(call.args, "modal")
    trigger = _trigger(call)
    _unique(call, payload)
    trigger.used = True
    view = new_view(trigger.user, payload)
    call.workspace.views[trigger.user] = [view]
    return _shown(call, view)


def push_view(call: Call) -> Json:
    """Put a modal on top of the one the trigger came from; three is the most."""
    payload = read_view(call.args, "modal")
    trigger = _trigger(call)
    stack = call.workspace.views.get(trigger.user) or []
    if not any(view.id == trigger.view_id for view in stack):
        raise ApiError("not_found")
    if len(stack) >= DEEPEST:
        raise ApiError("push_limit_reached")
    _unique(call, payload)
    trigger.used = True
    view = new_view(trigger.user, payload, stack[-1])
    stack.append(view)
    return _shown(call, view)


def update_view(call: Call) -> Json:
    """Change an open view, found by its id or external_id. What a person typed stays."""
    payload = read_view(call.args, "modal", "home")
    view = _named(call)
    _same_hash(call, view)
    if payload["type"] != view.type:
        raise bad_arguments(["the type of a view cannot change [json-pointer:/view/type]"])
    _unique(call, payload, view)
    revise(view, payload)
    return _shown(call, view)


def publish_view(call: Call) -> Json:
    """Set a person's Home tab; its id stays the same over revisions."""
    payload = read_view(call.args, "home")
    user_id = call.args.text("user_id")
    if user_id not in call.workspace.users:
        raise bad_arguments(["invalid `user_id` [json-pointer:/user_id]"])
    if not call.sandbox.manifest.home_tab:
        raise ApiError("not_enabled")
    home = call.workspace.homes.get(user_id)
    _unique(call, payload, home)
    if home is None:
        home = call.workspace.homes[user_id] = new_view(user_id, payload)
    else:
        _same_hash(call, home)
        revise(home, payload)
    return _shown(call, home)


def _shown(call: Call, view: View) -> Json:
    call.user = view.user
    call.workspace.touch()
    return {"view": view_part(view)}


def _trigger(call: Call) -> Trigger:
    """The trigger, if it can still be used: https://docs.slack.dev/interactivity/handling-user-interaction."""
    trigger_id = call.args.maybe("trigger_id") or call.args.maybe("interactivity_pointer")
    if trigger_id is None:
        raise bad_arguments(["missing required field: trigger_id"])
    trigger = call.workspace.triggers.get(trigger_id)
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    call.user = trigger.user
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if trigger.expires <= datetime.now(UTC).timestamp():
        raise ApiError("expired_trigger_id")
    return trigger


def _named(call: Call) -> View:
    view_id, external_id = call.args.maybe("view_id"), call.args.maybe("external_id")
    if view_id is None and external_id is None:
        raise bad_arguments(["missing required field: view_id"])
    view = call.workspace.find_view(view_id) if view_id else _by_external_id(call, str(external_id))
    if view is None:
        raise ApiError("not_found")
    return view


def _same_hash(call: Call, view: View) -> None:
    expected = call.args.maybe("hash")
    if expected is not None and expected != view.hash:
        raise ApiError("hash_conflict")


def _unique(call: Call, payload: Json, own: View | None = None) -> None:
    """No two open views may have the same external_id."""
    external_id = payload.get("external_id")
    other = _by_external_id(call, external_id) if external_id else None
    if other is not None and other is not own:
        raise ApiError("duplicate_external_id")


def _by_external_id(call: Call, external_id: str) -> View | None:
    stacks = [view for stack in call.workspace.views.values() for view in stack]
    views = [*stacks, *call.workspace.homes.values()]
    return next((view for view in views if view.payload.get("external_id") == external_id), None)
