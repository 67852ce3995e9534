"""The pages of the history, where it stands in a form."""

import re
from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import history
from bot.messages.buttons import parts
from bot.slack_errors import asking
from handoff.errors import OutsideError, StorageError

_PAGES = re.compile(rf"{history.PAGE}:\w+")


def register(app: App, desk: Desk) -> None:
    """Listen for the buttons."""

    def turn(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        handoff_id, passed = parts(str(body["actions"][0].get("value") or ""))
        if (found := desk.look_up(handoff_id, body)) is None:
            return
        try:
            log = desk.flow.store.log(handoff_id)
            roles = desk.roles(desk.person(body))
            view = history.view(found[0], log, found[1], desk.clock(), roles, int(passed) if passed.isdecimal() else 0)
            with asking("views.update"):
                desk.client.views_update(view_id=body["view"]["id"], hash=body["view"].get("hash"), view=view)
        except (StorageError, OutsideError):
            return  # the page stays as it was, and the button can be pressed again

    app.action(_PAGES)(turn)
