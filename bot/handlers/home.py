"""The Home tab: shown when it is opened, turned, and shown anew after its viewer has acted."""

import re
from typing import Any

from slack_bolt import Ack, App

from bot import homes
from bot.desk import Desk
from bot.messages.buttons import HOME_PAGE
from bot.messages.home import read_passed

_TURNS = re.compile(rf"{HOME_PAGE}:\w+")


def register(app: App, desk: Desk) -> None:
    """Listen for the tab, for its pages, and for whoever acts."""
    seen = homes.Homes(desk)

    def opened(event: dict[str, Any]) -> None:
        if event.get("tab") == "home":
            seen.show(str(event["user"]))

    def turned(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        seen.show(str(body["user"]["id"]), read_passed(body["actions"][0].get("value")))

    app.event("app_home_opened")(opened)
    app.action(_TURNS)(turned)
    desk.watchers.append(seen.show_again)
