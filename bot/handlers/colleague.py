"""*Ask a colleague*: one question to one person."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import buttons, texts
from bot.modals import colleague, complete, forms
from handoff.events import QuestionAsked
from handoff.model import Person, Status


def register(app: App, desk: Desk) -> None:
    """Listen for the button in the form and for its own form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        handoff_id, _ = buttons.parts(str(body["actions"][0]["value"]))
        desk.show(body, handoff_id, colleague.build)

    def ask(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        ack(**_asked(desk, body, view))

    app.action(buttons.ASK_COLLEAGUE)(open_form)
    app.view(colleague.CALLBACK)(ask)


def _asked(desk: Desk, body: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    said, question_id = colleague.parse(view), str(view.get("id"))
    if (found := desk.look_up(said.handoff_id, body)) is None:
        return forms.answer(None, {})
    handoff, workflow = found
    if handoff.question(question_id) is not None:
        return {}  # the same form, sent once more
    if handoff.status is not Status.COLLECTING:
        return {"response_action": "update", "view": complete.closed(handoff, workflow)}
    to, facts = desk.people.named(said.to, said.to), desk.act(body, said.handoff_id, "modal")
    if wrong := _wrong_person(to, facts["by"]):
        return colleague.wrong_person(wrong)
    event = QuestionAsked(question_id=question_id, text=said.text, about=said.about, to=to, **facts)
    return colleague.answer(desk.record(event, body))


def _wrong_person(to: Person, by: Person) -> str | None:
    """Why a person cannot be asked."""
    if not to.slack_id:
        return texts.CHOOSE_A_PERSON
    if to.is_guest:
        return texts.NOT_A_GUEST
    return texts.NOT_YOURSELF if to.is_same(by) else None
