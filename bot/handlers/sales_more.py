"""The menu beside the rep's buttons: ask a colleague, flag something."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import buttons
from bot.modals import colleague, flag
from handoff.model import Handoff
from handoff.workflow import Workflow

_FORMS: dict[str, Callable[[Handoff, Workflow], dict[str, Any]]] = {
    buttons.ASK_COLLEAGUE: colleague.build,
    buttons.FLAG: flag.build,
}


def register(app: App, desk: Desk) -> None:
    """Listen for the menu."""

    def choose(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        handoff_id, what = buttons.parts(str(body["actions"][0]["selected_option"]["value"]))
        if build := _FORMS.get(what):
            desk.show(body, handoff_id, build)

    app.action(buttons.REP_MORE)(choose)
