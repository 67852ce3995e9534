"""*No handoff needed*: cancelled, with the reason."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import buttons
from bot.modals import not_needed
from handoff.events import NotNeeded


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        desk.show(body, str(body["actions"][0]["value"]), not_needed.build)

    def cancel(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        handoff_id, reason = not_needed.parse(view)
        event = NotNeeded(reason=reason, **desk.act(body, handoff_id, "modal"))
        ack(**not_needed.answer(desk.record(event, body)))

    app.action(buttons.NOT_NEEDED)(open_form)
    app.view(not_needed.CALLBACK)(cancel)
