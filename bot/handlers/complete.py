"""*Complete handoff*: the form with what is missing, and what was typed into it."""

from typing import Any

from slack_bolt import Ack, App

from bot import texts
from bot.asks import COMPLETE
from bot.desk import Desk
from bot.modals import complete, fields
from bot.slack_errors import asking
from handoff.decide import ReplyKind
from handoff.errors import OutsideError
from handoff.events import Answered
from handoff.model import Status


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        if (found := desk.look_up(str(body["actions"][0]["value"]), body)) is None:
            return
        handoff, workflow = found
        view = complete.build(handoff, workflow)
        if handoff.status is not Status.COLLECTING:
            view = complete.note("Complete already", "Everything is there already, and the brief is with delivery.")
        try:
            with asking("views.open"):
                desk.client.views_open(trigger_id=body["trigger_id"], view=view)
        except OutsideError:
            desk.tell(body, texts.NO_FORM)

    def take_answers(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        said = complete.parse(view)
        event = Answered(by=desk.person(body), answers=said.answers, **desk.facts(said.handoff_id, "modal"))
        reply = desk.record(event, body)
        if reply is None:
            ack(response_action="update", view=complete.note("Not saved", texts.NOT_SAVED))
        elif reply.kind is ReplyKind.WRONG_ANSWERS:
            ack(
                response_action="errors",
                errors={fields.block_id(key): text for key, text in reply.complaints.items()},
            )
        elif reply.kind is ReplyKind.ALREADY_COMPLETE:
            ack(response_action="update", view=complete.note("Complete already", texts.already_complete(reply)))
        else:
            ack()

    app.action(COMPLETE)(open_form)
    app.view(complete.CALLBACK)(take_answers)
