"""*Complete handoff*: the form with what is missing, and what was typed into it."""

from typing import Any

from slack_bolt import Ack, App

from bot import texts
from bot.buttons import COMPLETE
from bot.desk import Desk
from bot.modals import complete, fields, forms
from bot.slack_errors import asking
from handoff.decide import Reply, ReplyKind
from handoff.errors import OutsideError
from handoff.events import Answered
from handoff.model import Handoff, Status
from handoff.workflow import Workflow


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        if (found := desk.look_up(str(body["actions"][0]["value"]), body)) is None:
            return
        try:
            with asking("views.open"):
                desk.client.views_open(trigger_id=body["trigger_id"], view=_form(*found))
        except OutsideError:
            desk.tell(body, texts.NO_FORM)

    def take_answers(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        said = complete.parse(view)
        people = {user_id: desk.people.named(user_id, user_id) for user_id in said.picked}
        facts = desk.act(body, said.handoff_id, "modal")
        event = Answered(answers=said.answers, people=people, **facts)
        ack(**_answer(desk.record(event, body)))

    app.action(COMPLETE)(open_form)
    app.view(complete.CALLBACK)(take_answers)


def _form(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:
    if handoff.status is not Status.COLLECTING:
        return forms.note("Complete already", "Everything is there already, and the brief is with delivery.")
    return complete.build(handoff, workflow)


def _answer(reply: Reply | None) -> dict[str, Any]:
    """What Slack does with the form: closes it, or shows what is wrong. None: it was not saved."""
    if reply is None:
        return {"response_action": "update", "view": forms.note("Not saved", texts.NOT_SAVED)}
    if reply.kind is ReplyKind.WRONG_ANSWERS:
        errors = {fields.block_id(key): text for key, text in reply.complaints.items()}
        return {"response_action": "errors", "errors": errors}
    if reply.kind is ReplyKind.ALREADY_COMPLETE:
        return {"response_action": "update", "view": forms.note("Complete already", texts.already_complete(reply))}
    return {}
