"""*Done*: the owner closes the handoff. The button asks once more before it is pressed."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import texts
from bot.messages.buttons import DONE
from handoff.events import Finished


def register(app: App, desk: Desk) -> None:
    """Listen for the button."""

    def finish(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        facts = desk.act(body, str(body["actions"][0]["value"]), "button")
        if (reply := desk.record(Finished(**facts), body)) is not None:
            desk.tell(body, texts.reply(reply))

    app.action(DONE)(finish)
