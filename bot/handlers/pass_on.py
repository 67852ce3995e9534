"""*Not mine*: somebody else answers for sales."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import buttons, texts
from bot.modals import pass_on
from handoff.events import PassedOn


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        desk.show(body, str(body["actions"][0]["value"]), pass_on.build)

    def give(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        said = pass_on.parse(view)
        to = desk.people.named(said.to, said.to)
        if to.is_guest or not said.to:
            ack(**pass_on.wrong_person(texts.NOT_A_GUEST if said.to else texts.CHOOSE_A_PERSON))
            return
        event = PassedOn(to=to, note=said.note, **desk.act(body, said.handoff_id, "modal"))
        ack(**pass_on.answer(desk.record(event, body)))

    app.action(buttons.NOT_MINE)(open_form)
    app.view(pass_on.CALLBACK)(give)
