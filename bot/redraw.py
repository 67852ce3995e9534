"""Changing the form that somebody has open, without losing what they typed."""

from typing import Any

import structlog

from bot.desk import Desk
from bot.slack_errors import asking
from handoff.errors import OutsideError


def redraw(desk: Desk, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Show the form as it is now in the place of the one that was pressed in.

    Slack keeps what stands in a field that is in both. If the form changed meanwhile (`hash_conflict`) or is closed,
    nothing happens: a later press has the newer form.
    https://docs.slack.dev/reference/methods/views.update
    """
    open_now = body.get("view") or {}
    try:
        with asking("views.update"):
            desk.client.views_update(view_id=open_now.get("id"), hash=open_now.get("hash"), view=view)
    except OutsideError as e:
        structlog.get_logger().info("form_not_redrawn", why=str(e))
