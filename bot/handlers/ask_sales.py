"""*Ask sales*: one question, which stops nothing and is counted."""

import uuid
from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages.buttons import ASK_SALES
from bot.modals import ask_sales
from handoff.events import QuestionAsked


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        desk.show(body, str(body["actions"][0]["value"]), ask_sales.build)

    def ask(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        said = ask_sales.parse(view)
        facts = desk.act(body, said.handoff_id, "modal")
        question_id = str(view.get("id") or uuid.uuid4().hex)  # the same form asks the same question
        event = QuestionAsked(question_id=question_id, text=said.text, about=said.about, **facts)
        ack(**ask_sales.answer(desk.record(event, body)))

    app.action(ASK_SALES)(open_form)
    app.view(ask_sales.CALLBACK)(ask)
