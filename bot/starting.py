"""Starting a handoff by hand: what a message suggests, and the submitted form as an event."""

from typing import Any

from bot.desk import Desk
from bot.messages import texts
from bot.messages.blocks import cut
from bot.modals import forms, new
from bot.slack_errors import asking
from handoff.decision import ReplyKind
from handoff.errors import HandoffUnknown, OutsideError, StorageError
from handoff.events import StageEntered
from handoff.model import Person


def suggested(desk: Desk, body: dict[str, Any]) -> tuple[str, str]:
    """The name and the link for a handoff that starts from a message; its own address if it has no link."""
    message: dict[str, Any] = body.get("message") or {}
    channel: dict[str, Any] = body.get("channel") or {}
    name, link = new.from_message(str(message.get("text") or ""))
    if link:
        return name, link
    try:
        with asking("chat.getPermalink"):
            answer = desk.client.chat_getPermalink(channel=str(channel.get("id")), message_ts=str(message.get("ts")))
    except OutsideError:  # the form is worth more than its link
        return name, ""
    return name, str(answer.get("permalink") or "")


def start(desk: Desk, body: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    """Start what the form says; what Slack does with the form. The same form starts one handoff only."""
    by = desk.person(body)
    if by.is_guest:
        return _note("Nothing was started", texts.GUEST)
    workflows = desk.flow.workflows
    said = new.parse(view, desk.flow.workspace, next(iter(workflows)))
    rep = _member(desk, said.rep)
    if complaints := new.wrong(said, rep, workflows, texts.NEW_UNKNOWN):
        return {"response_action": "errors", "errors": complaints}
    facts = desk.facts(said.id, "modal")
    record = new.record(said, workflows[said.workflow])
    event = StageEntered(**facts, workspace=desk.flow.workspace, record=record, rep=rep, backup=None, by=by)
    try:
        reply = desk.flow.start(event, said.workflow, event.at)
    except (StorageError, HandoffUnknown):
        return _note("Not saved", texts.NOT_SAVED)
    desk.acted(event)
    if reply.kind is not ReplyKind.DONE:
        return _note("Under way already", texts.NEW_TWICE)
    who = "you" if rep is not None and rep.is_same(by) else cut(rep.name if rep else "", 100)
    return _note("Started", texts.NEW_STARTED.format(cut(said.name, 150), who))


def _member(desk: Desk, slack_id: str) -> Person | None:
    """Whoever was picked; by their id alone if Slack does not say who that is."""
    if not slack_id:
        return None
    try:
        return desk.people.find(slack_id)
    except OutsideError:
        return Person(name=slack_id, slack_id=slack_id)


def _note(title: str, text: str) -> dict[str, Any]:
    return {"response_action": "update", "view": forms.note(title, text)}
