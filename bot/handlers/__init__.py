"""What a person can do. This is the table of contents: one line per behaviour."""

from slack_bolt import App

from bot.desk import Desk
from bot.handlers import claim, command, complete


def register(app: App, desk: Desk) -> None:
    """Tie every behaviour to the Slack app."""
    complete.register(app, desk)
    claim.register(app, desk)
    command.register(app, desk)
