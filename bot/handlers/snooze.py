"""*Snooze*: no reminders until a moment in the person's own time."""

from typing import Any

from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import buttons
from bot.modals import forms, snooze
from handoff.events import Snoozed
from handoff.model import Handoff
from handoff.workflow import Workflow


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        by = desk.person(body)

        def build(handoff: Handoff, workflow: Workflow) -> dict[str, Any]:
            return snooze.build(handoff, workflow, by, desk.people.zone(by.slack_id or ""), desk.clock())

        desk.show(body, str(body["actions"][0]["value"]), build)

    def put_off(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        ack(**_put_off(desk, body, view))

    app.action(buttons.SNOOZE)(open_form)
    app.view(snooze.CALLBACK)(put_off)


def _put_off(desk: Desk, body: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    said = snooze.parse(view)
    if (found := desk.look_up(said.handoff_id, body)) is None:
        return forms.answer(None, {})
    facts, workflow = desk.act(body, said.handoff_id, "modal"), found[1]
    by = facts["by"]
    until = snooze.until(said, workflow, by, desk.people.zone(by.slack_id or ""), facts["at"])
    if until is None:
        return snooze.no_day(workflow)
    return snooze.answer(desk.record(Snoozed(until=until, **facts), body))
