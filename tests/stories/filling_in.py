"""What stories about the form have in common: what stands in it, and what is pressed in it."""

from typing import Any

from handoff.model import Handoff, Status
from tests.running import Running, wait_for
from tests.stories.talking import form, now


def act(baton: Running, user: str, action_id: str) -> None:
    """Press a button in the form on top."""
    answer = baton.post("click", user=user, view_id=form(baton, user)["id"], action_id=action_id)
    assert answer["outcome"] == "ok", answer


def inputs(view: Any) -> set[str]:
    """The blocks of a form in which something can be entered."""
    return {block["block_id"] for block in view["blocks"] if block["type"] == "input"}


def typed(view: Any) -> dict[str, Any]:
    """What stands in a form: block id → text or choice."""
    held = {block_id: next(iter(actions.values())) for block_id, actions in view["state"].items() if actions}
    return {k: v.get("value") or v.get("selected_date") or v.get("selected_option") for k, v in held.items()}


def reached(baton: Running, handoff: Handoff, status: Status) -> Handoff:
    """The handoff once it stands so."""
    wait_for(lambda: now(baton, handoff).status is status)
    return now(baton, handoff)
