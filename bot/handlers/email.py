"""*Draft the welcome e-mail*: the owner words it and sends it from their own mail program. Baton never sends it."""

from typing import Any

import structlog
from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import welcome
from bot.messages.buttons import EMAIL
from bot.modals import email
from bot.slack_errors import asking
from handoff.errors import OutsideError
from handoff.events import EmailSaved


def register(app: App, desk: Desk) -> None:
    """Listen for the button and for the form."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        user_id, handoff_id = str(body["user"]["id"]), str(body["actions"][0]["value"])
        desk.show(body, handoff_id, lambda handoff, workflow: email.build(handoff, workflow, user_id))

    def save(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        handoff_id, (subject, text) = str(view.get("private_metadata") or ""), email.parse(view)
        facts = desk.act(body, handoff_id, "modal")
        reply = desk.record(EmailSaved(subject=subject, body=text, **facts), body)
        found = desk.look_up(handoff_id, body) if reply is not None else None
        mail = welcome.draft(*found) if found else None
        ack(**email.answer(reply, mail))
        if mail is not None and email.is_saved(reply):
            desk.replies.submit(_send_file, desk, str(body["user"]["id"]), mail)

    app.action(EMAIL)(open_form)
    app.view(email.CALLBACK)(save)


def _send_file(desk: Desk, user_id: str, mail: welcome.Draft) -> None:
    """The draft as a file, in the owner's direct message. A courtesy: what was saved is stored in any case."""
    try:
        with asking("files.completeUploadExternal"):
            there = desk.client.conversations_open(users=user_id)["channel"]["id"]
            name, title = welcome.file_names(mail)
            desk.client.files_upload_v2(channel=there, content=welcome.file(mail), filename=name, title=title)
    except OutsideError as e:
        structlog.get_logger().warning("draft_file_lost", why=type(e).__name__)
