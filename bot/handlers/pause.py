"""Pausing the reminders of a handoff by its form, and letting them go on."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages.buttons import PAUSE
from bot.modals import forms, pause
from handoff.events import Paused, Unpaused


def register(app: App, desk: Desk) -> None:
    """Listen for the button on a reminder, and for both forms."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        desk.show(body, str(body["actions"][0]["value"]), pause.build)

    def pause_it(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        handoff_id, until, reason = pause.parse(view)
        event = Paused(**desk.act(body, handoff_id, "modal"), until=until, reason=reason)
        ack(**_closes_all(forms.answer(desk.record(event, body), pause.BLOCKS), view))

    def resume_it(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        event = Unpaused(**desk.act(body, pause.parse(view)[0], "modal"))
        ack(**forms.answer(desk.record(event, body), {}))

    app.action(PAUSE)(open_form)
    app.view(pause.PAUSE)(pause_it)
    app.view(pause.RESUME)(resume_it)


def _closes_all(answer: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    """Close the form *Snooze* as well, if this one was opened from it: a pause is in its place."""
    return answer or ({"response_action": "clear"} if view.get("previous_view_id") else {})
