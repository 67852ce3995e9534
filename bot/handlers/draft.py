"""While the form is filled in: save it, go back, correct something, say what does not apply, close it."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App

from bot import filling
from bot.desk import Desk
from bot.messages import buttons
from bot.modals import complete, fields

_Act = Callable[[Desk, dict[str, Any]], None]


def register(app: App, desk: Desk) -> None:
    """Listen for what is pressed and picked in the form."""

    def listener(act: _Act) -> Callable[[Ack, dict[str, Any]], None]:
        def pressed(ack: Ack, body: dict[str, Any]) -> None:
            ack()
            act(desk, body)

        return pressed

    app.action(buttons.SAVE_DRAFT)(listener(filling.kept))
    app.action(buttons.CORRECT)(listener(filling.corrected))
    app.action(buttons.BACK)(listener(filling.back))
    app.action(buttons.SKIP)(listener(filling.skipped))
    app.action(buttons.WAIVE)(listener(filling.changed))
    app.action(fields.WATCHED)(listener(filling.changed))
    app.view_closed(complete.CALLBACK)(listener(filling.closed))
