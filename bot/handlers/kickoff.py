"""*Schedule kickoff*: the owner says when it is, and the last reminders stop."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages.buttons import KICKOFF
from bot.modals import kickoff
from handoff.events import KickoffScheduled


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        user_id, handoff_id = str(body["user"]["id"]), str(body["actions"][0]["value"])
        desk.show(body, handoff_id, lambda handoff, workflow: kickoff.build(handoff, workflow, user_id))

    def schedule(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        if (at := kickoff.parse(view)) is None:
            ack(**kickoff.no_moment())
            return
        facts = desk.act(body, str(view.get("private_metadata") or ""), "modal")
        ack(**kickoff.answer(desk.record(KickoffScheduled(kickoff_at=at, **facts), body)))

    app.action(KICKOFF)(open_form)
    app.view(kickoff.CALLBACK)(schedule)
