"""The shortcuts: *Start a handoff*, from anywhere or from a message."""

from typing import Any

from slack_bolt import Ack, App

from bot import starting
from bot.desk import Desk
from bot.messages import texts
from bot.modals import new


def register(app: App, desk: Desk) -> None:
    """Listen for both."""

    def from_anywhere(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        by = desk.person(body)
        if by.is_guest:
            desk.tell(body, texts.GUEST)
            return
        desk.open(body, new.build(desk.flow.workflows, by.slack_id or ""))

    def from_message(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        by = desk.person(body)
        if by.is_guest:
            desk.tell(body, texts.GUEST)
            return
        name, link = starting.suggested(desk, body)
        desk.open(body, new.build(desk.flow.workflows, by.slack_id or "", name=name, link=link))

    app.shortcut("start_handoff")(from_anywhere)
    app.shortcut("start_handoff_from_message")(from_message)
