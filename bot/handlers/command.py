"""`/handoff`: its words, and help for the others. Answers are private unless they are to be shared."""

import re
from typing import Any

from slack_bolt import Ack, App

from bot import commands, inquiries
from bot.desk import Desk
from bot.messages import texts
from bot.messages.buttons import ASKED
from handoff.errors import StorageError

_ASKED = re.compile(rf"{ASKED}(:\w+)?")  # a page, or one of several


def register(app: App, desk: Desk) -> None:
    """Listen for the command, and for the buttons of its answers."""

    def handoff(ack: Ack, body: dict[str, Any]) -> None:
        wish = commands.parse(str(body.get("text") or ""))
        try:
            ack(**inquiries.answer(desk, body, wish))
        except StorageError:
            ack(text=texts.NOT_SAVED)

    def asked_again(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        wish = commands.from_value(body["actions"][0].get("value"))
        try:
            message = inquiries.answer(desk, body, wish) if wish else {"text": texts.GONE}
        except StorageError:
            message = {"text": texts.NOT_SAVED}
        if message:
            desk.answer(body, message, instead=True)

    app.command("/handoff")(handoff)
    app.action(_ASKED)(asked_again)
