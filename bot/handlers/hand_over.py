"""*Hand over to …*: the owner asks another person, who accepts or declines."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import texts
from bot.messages.buttons import ACCEPT, DECLINE, HAND_OVER
from bot.modals import hand_over
from bot.picked import member
from handoff.events import OfferAnswered, Offered


def register(app: App, desk: Desk) -> None:
    """Listen for the button and its form, and for the two buttons of whoever is asked."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        user_id, handoff_id = str(body["user"]["id"]), str(body["actions"][0]["value"])
        desk.show(body, handoff_id, lambda handoff, workflow: hand_over.offer(handoff, workflow, user_id))

    def offer(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        said = hand_over.parse(view)
        if (to := member(desk, said.to)) is None:
            ack(**hand_over.wrong_person())
            return
        facts = desk.act(body, said.handoff_id, "modal")
        ack(**hand_over.answer(desk.record(Offered(to=to, note=said.note, **facts), body)))

    def accept(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        facts = desk.act(body, str(body["actions"][0]["value"]), "button")
        if (reply := desk.record(OfferAnswered(accepts=True, **facts), body)) is not None:
            desk.tell(body, texts.reply(reply))

    app.action(HAND_OVER)(open_form)
    app.view(hand_over.OFFER)(offer)
    app.action(ACCEPT)(accept)
    _register_decline(app, desk)


def _register_decline(app: App, desk: Desk) -> None:
    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        user_id, handoff_id = str(body["user"]["id"]), str(body["actions"][0]["value"])
        desk.show(body, handoff_id, lambda handoff, workflow: hand_over.decline(handoff, workflow, user_id))

    def decline(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        said = hand_over.parse(view)
        facts = desk.act(body, said.handoff_id, "modal")
        reply = desk.record(OfferAnswered(accepts=False, reason=said.note, **facts), body)
        ack(**hand_over.answer(reply))

    app.action(DECLINE)(open_form)
    app.view(hand_over.DECLINE)(decline)
