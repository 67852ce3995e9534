"""*Start a handoff*: the form, and what it starts."""

from typing import Any

from slack_bolt import Ack, App

from bot import starting
from bot.desk import Desk
from bot.messages import texts
from bot.messages.buttons import START
from bot.modals import new


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        by = desk.person(body)
        if by.is_guest:
            desk.tell(body, texts.GUEST)
            return
        desk.open(body, new.build(desk.flow.workflows, by.slack_id or ""))

    def start(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        ack(**starting.start(desk, body, view))

    app.action(START)(open_form)
    app.view(new.CALLBACK)(start)
