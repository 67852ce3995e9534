"""*Answer*: a question that somebody asked in a message of its own."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import buttons
from bot.modals import answer
from handoff.events import QuestionAnswered


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        handoff_id, question_id = buttons.parts(str(body["actions"][0]["value"]))
        desk.show(body, handoff_id, lambda handoff, workflow: answer.build(handoff, workflow, question_id))

    def take_answer(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        said = answer.parse(view)
        facts = desk.act(body, said.handoff_id, "modal")
        event = QuestionAnswered(question_id=said.question_id, text=said.text, **facts)
        ack(**answer.answer(desk.record(event, body), view))

    app.action(buttons.ANSWER)(open_form)
    app.view(answer.CALLBACK)(take_answer)
