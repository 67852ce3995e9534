"""A reply in the thread of a question, instead of the form."""

from typing import Any

from slack_bolt import App

from bot import replies
from bot.desk import Desk


def register(app: App, desk: Desk) -> None:
    """Listen for messages to Baton."""

    def take_reply(event: dict[str, Any]) -> None:
        if (said := replies.heard(event)) is not None:
            replies.take(desk, said)

    app.event("message")(take_reply)
