"""*Take HubSpot's value*, *Keep what was said*: a person chooses where the record and the handoff differ."""

from typing import Any, Literal

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import buttons, texts
from bot.messages.buttons import KEEP_OURS, KEEP_THEIRS, SEE_BOTH
from bot.modals import choose, forms
from bot.modals.review import whole
from handoff.events import Chosen


def register(app: App, desk: Desk) -> None:
    """Listen for the buttons, and for the form of those who may read a restricted answer."""

    def take_theirs(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        _choose(desk, body, "theirs")

    def keep_ours(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        _choose(desk, body, "ours")

    def show_both(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        handoff_id, place = buttons.parts(str(body["actions"][0].get("value")))
        by = desk.person(body)
        roles = desk.roles(by)
        desk.show(body, handoff_id, lambda h, w: choose.build(h, w, whole(place), by, roles))

    def take_choice(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        handoff_id, place = buttons.parts(str(view["private_metadata"]))
        kept: Literal["theirs", "ours"] = "theirs" if forms.read(view).get("kept") == "theirs" else "ours"
        event = Chosen(**desk.act(body, handoff_id, "modal"), difference=whole(place), kept=kept)
        ack(**forms.answer(desk.record(event, body), choose.BLOCKS))

    app.action(KEEP_THEIRS)(take_theirs)
    app.action(KEEP_OURS)(keep_ours)
    app.action(SEE_BOTH)(show_both)
    app.view(choose.CALLBACK)(take_choice)


def _choose(desk: Desk, body: dict[str, Any], kept: Literal["theirs", "ours"]) -> None:
    handoff_id, place = buttons.parts(str(body["actions"][0].get("value")))
    event = Chosen(**desk.act(body, handoff_id, "button"), difference=whole(place), kept=kept)
    reply = desk.record(event, body)
    if reply is not None:
        desk.tell(body, texts.reply(reply))
