"""The menus of a brief and of reminders: what can be done besides the buttons, each in a modal."""

from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import history
from bot.messages.buttons import MORE, PAGE_BACK, PAGE_NEXT, parts
from bot.modals import everything, flag, hand_over, pause, snooze
from bot.slack_errors import asking
from handoff import rights
from handoff.errors import OutsideError
from handoff.model import Handoff
from handoff.workflow import Workflow

View = dict[str, Any]


def register(app: App, desk: Desk) -> None:
    """Listen for the menu, and for the pages of what it shows."""

    def more(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        handoff_id, wish = parts(str(body["actions"][0]["selected_option"]["value"]))
        if (build := _VIEWS.get(wish)) is not None:
            desk.show(body, handoff_id, lambda handoff, workflow: build(desk, body, handoff, workflow))

    def turn(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        handoff_id, page = parts(str(body["actions"][0]["value"]))
        if (found := desk.look_up(handoff_id, body)) is not None:
            _put(desk, body, _everything(desk, body, *found, page=int(page) if page.isdecimal() else 0))

    app.action(MORE)(more)
    app.action(PAGE_BACK)(turn)
    app.action(PAGE_NEXT)(turn)


def _put(desk: Desk, body: dict[str, Any], view: View) -> None:
    """Show another page in the same modal."""
    try:
        with asking("views.update"):
            desk.client.views_update(view_id=body["view"]["id"], hash=body["view"].get("hash"), view=view)
    except OutsideError as e:  # closed meanwhile, or two presses at once: the page that is there stays
        structlog.get_logger().info("page_not_turned", why=type(e).__name__)


def _everything(desk: Desk, body: dict[str, Any], handoff: Handoff, workflow: Workflow, page: int = 0) -> View:
    by = desk.person(body)
    roles = desk.roles(by)
    return everything.build(handoff, workflow, page, lambda field: rights.may_read(field, roles, by))


def _history(desk: Desk, body: dict[str, Any], handoff: Handoff, workflow: Workflow) -> View:
    roles = desk.roles(desk.person(body))
    return history.view(handoff, desk.flow.store.log(handoff.id), workflow, desk.clock(), roles)


def _snooze(desk: Desk, body: dict[str, Any], handoff: Handoff, workflow: Workflow) -> View:
    by = desk.person(body)
    return snooze.build(handoff, workflow, by, desk.people.zone(by.slack_id or ""), desk.clock())


_VIEWS: dict[str, Callable[[Desk, dict[str, Any], Handoff, Workflow], View]] = {
    "everything": _everything,
    "history": _history,
    "assign": lambda _, __, handoff, workflow: hand_over.assign(handoff, workflow),
    "flag": lambda _, __, handoff, workflow: flag.build(handoff, workflow),
    "pause": lambda _, __, handoff, workflow: pause.build(handoff, workflow),
    "snooze": _snooze,
}
