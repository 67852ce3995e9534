"""*Release*: the owner gives it back, and the channel is asked again."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages.buttons import RELEASE
from bot.modals import release
from handoff.events import Released


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        user_id, handoff_id = str(body["user"]["id"]), str(body["actions"][0]["value"])
        desk.show(body, handoff_id, lambda handoff, workflow: release.build(handoff, workflow, user_id))

    def give_back(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        facts = desk.act(body, str(view.get("private_metadata") or ""), "modal")
        ack(**release.answer(desk.record(Released(reason=release.parse(view), **facts), body)))

    app.action(RELEASE)(open_form)
    app.view(release.CALLBACK)(give_back)
