"""The form *Welcome e-mail*: the draft to be worded, and how it gets into the owner's own mail program."""

from typing import Any

from bot.messages import blocks, welcome
from bot.modals import forms
from handoff.decision import Reply
from handoff.model import Handoff
from handoff.workflow import Workflow

CALLBACK = "welcome_email"

_SUBJECT, _BODY = "subject", "body"


def build(handoff: Handoff, workflow: Workflow, user_id: str) -> dict[str, Any]:
    """The view for the owner (`user_id`), or a note why not."""
    if refused := forms.refusal(handoff, owner_only=user_id):
        return refused
    if workflow.welcome_email is None and handoff.email is None:
        return forms.note("Nothing to draft", "This workflow has no welcome e-mail. Whoever runs Baton can add one.")
    mail = welcome.draft(handoff, workflow)
    to = f" It goes to {blocks.cut(mail.to, 200)}." if mail.to else " Add the address in your mail program."
    says = f"Edit it as you like. Saving sends nothing: you send it from your own mail program.{to}"
    body = [
        *forms.about(handoff, says),
        forms.text_input(_SUBJECT, "Subject", initial=mail.subject),
        forms.text_input(_BODY, "Text", "Fill in what stands in [brackets?].", multiline=True, initial=mail.body),
    ]
    return forms.form(CALLBACK, "Welcome e-mail", "Save", handoff.id, body)


def parse(view: dict[str, Any]) -> tuple[str, str]:
    """Subject and text as submitted."""
    said = forms.read(view)
    return said.get(_SUBJECT, ""), said.get(_BODY, "")


def answer(reply: Reply | None, mail: welcome.Draft | None) -> dict[str, Any]:
    """What Slack does with the form: once it is saved, it shows how to send it."""
    refused = forms.answer(reply, {"subject": _SUBJECT, "body": _BODY})
    if refused or mail is None:
        return refused
    return {"response_action": "update", "view": _ready(mail)}


def is_saved(reply: Reply | None) -> bool:
    """Whether the form was taken."""
    return reply is not None and not forms.answer(reply, {"subject": _SUBJECT})


def _ready(mail: welcome.Draft) -> dict[str, Any]:
    link, is_whole = welcome.mailto(mail)
    said = "Saved. Nothing was sent: press the link, read it once more, and send it yourself."
    cut = " The link holds only the beginning, because links must be short; the file and the text below have it all."
    file = " A draft as a file comes to our direct message as well."
    body = [
        blocks.rich(blocks.line(blocks.words(said + ("" if is_whole else cut) + file))),
        blocks.rich(blocks.line({"type": "link", "url": link, "text": "Open in your mail program"})),
        {"type": "divider"},
        blocks.rich(blocks.line(blocks.words(mail.subject, bold=True))),
        blocks.rich({"type": "rich_text_preformatted", "elements": [blocks.words(mail.body)]}),
    ]
    close = blocks.plain("Close", 24)
    return {"type": "modal", "title": blocks.plain("Welcome e-mail", 24), "close": close, "blocks": body}
