"""*Assign to …*: another person owns it at once. The form opens from the brief's menu."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.modals import hand_over
from bot.picked import member
from handoff.events import Assigned


def register(app: App, desk: Desk) -> None:
    """Listen for the form."""

    def assign(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        said = hand_over.parse(view)
        if (to := member(desk, said.to)) is None:
            ack(**hand_over.wrong_person())
            return
        facts = desk.act(body, said.handoff_id, "modal")
        ack(**hand_over.answer(desk.record(Assigned(to=to, note=said.note, **facts), body)))

    app.view(hand_over.ASSIGN)(assign)
