"""Who may speak to Baton at all: the people of the workspace it is installed in.

A message with a button can be seen in a channel shared with another company (Slack Connect). Whose person pressed, and
where, stands in the signed payload and nowhere else is it looked for.
"""

from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import BoltResponse

from bot.desk import Desk
from bot.messages import texts
from bot.modals import forms

Guard = Callable[[dict[str, Any], Callable[[], BoltResponse]], BoltResponse]


def guard(desk: Desk, workspace: str) -> Guard:
    """A step before every handler: lets the people of `workspace` pass and tells everybody else that it does not."""

    def check(body: dict[str, Any], next_: Callable[[], BoltResponse]) -> BoltResponse:
        strange = homes(body) - {workspace}
        if not strange:
            return next_()
        structlog.get_logger().info("stranger_refused", of=sorted(strange))
        if body.get("type") == "view_submission":
            view = forms.note("Not saved", texts.STRANGER)
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        desk.tell(body, texts.STRANGER)
        return BoltResponse(status=200)

    return check


def homes(body: dict[str, Any]) -> set[str]:
    """Every workspace a payload speaks of: where it comes from, and whose the person is."""
    team, user = body.get("team"), body.get("user")
    named = (
        body.get("team_id"),
        team.get("id") if isinstance(team, dict) else None,
        user.get("team_id") if isinstance(user, dict) else None,
    )
    return {str(one) for one in named if one}
