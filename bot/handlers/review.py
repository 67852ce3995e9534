"""*Approve*, *Approve with conditions*, *Return to sales*: a reviewer decides, and the first decision stands."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import buttons, texts
from bot.messages.buttons import APPROVE, CONDITIONS, RETURN, REVIEW
from bot.modals import forms, review
from handoff.decide import Reply, ReplyKind, decide
from handoff.events import Reviewed
from handoff.model import Handoff, VerdictKind
from handoff.workflow import Workflow

_VERDICTS = {
    APPROVE: VerdictKind.APPROVED,
    CONDITIONS: VerdictKind.CONDITIONS,
    RETURN: VerdictKind.RETURNED,
}


def register(app: App, desk: Desk) -> None:
    """Listen for the buttons and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        action = body["actions"][0]
        handoff_id, place = buttons.parts(str(action.get("value")))
        verdict = _VERDICTS.get(str(action["action_id"]))
        desk.show(body, handoff_id, lambda h, w: _form(desk, body, (h, w), review.whole(place), verdict))

    def take_decision(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        handoff_id, said = review.parse(view)
        reply = desk.record(Reviewed(**desk.act(body, handoff_id, "modal"), **said), body)
        ack(**forms.answer(reply, review.BLOCKS))

    app.action(REVIEW)(open_form)
    app.action(APPROVE)(open_form)
    app.action(CONDITIONS)(open_form)
    app.action(RETURN)(open_form)
    app.view(review.CALLBACK)(take_decision)


def _form(
    desk: Desk, body: dict[str, Any], found: tuple[Handoff, Workflow], place: int, verdict: VerdictKind | None
) -> dict[str, Any]:
    """The form, or why there is none: nobody types a reason for nothing."""
    reply = _tried(desk, body, found, place)
    if reply.kind is ReplyKind.NOT_ALLOWED:
        desk.people.look_again()
        reply = _tried(desk, body, found, place)
    if reply.kind is ReplyKind.WRONG_ANSWERS:  # only the reason is missing
        return review.build(*found, place, verdict)
    return forms.note("Nothing was changed", texts.reply(desk.naming(reply)) or "")


def _tried(desk: Desk, body: dict[str, Any], found: tuple[Handoff, Workflow], place: int) -> Reply:
    """What would be answered to a decision without a reason. Nothing is stored."""
    handoff, workflow = found
    act = desk.act(body, handoff.id, "button")
    event = Reviewed(flag=place, verdict=VerdictKind.APPROVED, reason="", **act)
    return decide(handoff, event, workflow, event.at).reply
