"""*Take ownership*: the first press has it, everybody else is told who was first."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import texts
from bot.messages.buttons import TAKE
from handoff.events import Claimed


def register(app: App, desk: Desk) -> None:
    """Listen for the button."""

    def take_ownership(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        handoff_id = str(body["actions"][0]["value"])
        reply = desk.record(Claimed(**desk.act(body, handoff_id, "button")), body)
        if reply is not None:
            desk.tell(body, texts.reply(reply))

    app.action(TAKE)(take_ownership)
