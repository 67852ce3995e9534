"""*Flag something*: an exception goes to the reviewers."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages.buttons import FLAG
from bot.modals import flag, forms
from handoff.events import Flagged


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form; the form is opened from the brief's menu and by /handoff, too."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        desk.show(body, str(body["actions"][0].get("value")), flag.build)

    def raise_flag(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        act = desk.act(body, str(view["private_metadata"]), "modal")
        ack(**forms.answer(desk.record(Flagged(**act, **flag.chosen(view)), body), flag.BLOCKS))

    app.action(FLAG)(open_form)
    app.view(flag.CALLBACK)(raise_flag)
