"""Pausing the reminders of a handoff by its form, and letting them go on."""

from typing import Any

from slack_bolt import Ack, App

from bot import rests
from bot.desk import Desk
from bot.messages import wording
from bot.messages.buttons import PAUSE
from bot.modals import forms, pause
from handoff.decision import Reply, ReplyKind
from handoff.events import Paused, Unpaused


def register(app: App, desk: Desk) -> None:
    """Listen for the button on a reminder, and for both forms."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        desk.show(body, str(body["actions"][0]["value"]), pause.build)

    def pause_it(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        handoff_id, until, reason = pause.parse(view)
        event = Paused(**desk.act(body, handoff_id, "modal"), until=until, reason=reason)
        ack(**_answer(desk, handoff_id, desk.record(event, body), view))

    def resume_it(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        handoff_id = pause.parse(view)[0]
        event = Unpaused(**desk.act(body, handoff_id, "modal"))
        ack(**_answer(desk, handoff_id, desk.record(event, body), view))

    app.action(PAUSE)(open_form)
    app.view(pause.PAUSE)(pause_it)
    app.view(pause.RESUME)(resume_it)


def _answer(desk: Desk, handoff_id: str, reply: Reply | None, view: dict[str, Any]) -> dict[str, Any]:
    """What Slack does with the form. One that was opened from the form *Snooze* closes that as well."""
    if reply is not None and reply.kind is ReplyKind.ALREADY_SO and (parts := rests.as_it_is(desk, handoff_id)):
        note = {**forms.note("Nothing was changed", ""), "blocks": [wording.paragraph(*parts)]}
        return {"response_action": "update", "view": note}
    answer = forms.answer(reply, pause.BLOCKS)
    return answer or ({"response_action": "clear"} if view.get("previous_view_id") else {})
