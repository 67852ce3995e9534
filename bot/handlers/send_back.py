"""*Send back*: named fields go back to sales, with the reason."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages.buttons import SEND_BACK
from bot.modals import send_back
from handoff.events import SentBack


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        desk.show(body, str(body["actions"][0]["value"]), send_back.build)

    def send(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        said = send_back.parse(view)
        facts = desk.act(body, said.handoff_id, "modal")
        reply = desk.record(SentBack(fields=said.fields, reason=said.reason, **facts), body)
        ack(**send_back.answer(reply))

    app.action(SEND_BACK)(open_form)
    app.view(send_back.CALLBACK)(send)
