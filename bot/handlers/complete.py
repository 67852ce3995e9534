"""*Complete handoff*: the form with what is missing, and what was typed into it."""

from typing import Any

from slack_bolt import Ack, App

from bot import filling
from bot.desk import Desk
from bot.messages import buttons
from bot.modals import complete


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        handoff_id, _ = buttons.parts(str(body["actions"][0]["value"]))
        desk.show(body, handoff_id, lambda handoff, workflow: filling.opened(desk, body, handoff, workflow))

    def take_answers(ack: Ack, body: dict[str, Any]) -> None:
        ack(**filling.submitted(desk, body))

    app.action(buttons.COMPLETE)(open_form)
    app.view(complete.CALLBACK)(take_answers)
