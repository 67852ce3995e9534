"""The welcome e-mail: worded from its template, and given to the owner to send. Baton never sends it. Pure."""

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

from bot.messages import templates
from handoff.model import Handoff, Source
from handoff.terms import is_email
from handoff.workflow import FieldType, Workflow

MOST = 3000  # characters of a text that a form takes

_MOST_LINK = 2000  # characters; mail programs and browsers cut longer ones, and Slack takes 3000


@dataclass(frozen=True)
class Draft:
    """The e-mail as it stands. `to` is the main contact's address, if an answer has it."""

    to: str | None
    subject: str
    body: str


def draft(handoff: Handoff, workflow: Workflow) -> Draft:
    """What the owner saved last; else the template with what is known. A value that is not known shows as a gap."""
    to = _contact(handoff, workflow)
    if handoff.email is not None:
        return Draft(to, _one_line(handoff.email.subject), _whole(handoff.email.body))
    told = workflow.welcome_email
    if told is None:
        return Draft(to, "", "")
    known = templates.values(handoff, workflow)
    subject = templates.filled(told.subject, known, MOST)
    body = templates.filled(told.body, known, MOST)
    return Draft(
        to, _one_line(told.subject if subject is None else subject), told.body[:MOST] if body is None else body
    )


def mailto(mail: Draft) -> tuple[str, bool]:
    """A link that opens the draft in a mail program, and whether all of it is in the link.

    https://www.rfc-editor.org/rfc/rfc6068
    """
    start = f"mailto:{quote(mail.to or '', safe='@')}?subject={quote(mail.subject[:200], safe='')}&body="
    pieces = [
        "%0D%0A" if character == "\n" else quote(character, safe="") for character in mail.body.replace("\r\n", "\n")
    ]
    room, link, used = _MOST_LINK - len(start), start, 0
    for piece in pieces:  # whole characters: half of one would be another text
        if len(piece) > room:
            break
        link, room, used = link + piece, room - len(piece), used + 1
    return link, used == len(pieces) and len(mail.subject) <= 200


def file(mail: Draft) -> bytes:
    """The draft as a file that mail programs open ready to be sent (`X-Unsent`, which Outlook and others know)."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = mail.subject
    if mail.to is not None:
        try:
            message["To"] = Address(addr_spec=mail.to)
        except (ValueError, IndexError, MessageError):  # not an address that an e-mail can carry: theirs to fill in
            del message["To"]
    message["X-Unsent"] = "1"
    message.set_content(mail.body)
    return message.as_bytes()


def file_names(mail: Draft) -> tuple[str, str]:
    """How the file is called: once it is saved, and in Slack."""
    return "welcome.eml", mail.subject[:200] or "Welcome e-mail"


def _contact(handoff: Handoff, workflow: Workflow) -> str | None:
    """The first e-mail address among the answers that everybody may read."""
    for field in workflow.checklist:
        answer = handoff.answer(field.key) if field.type is FieldType.EMAIL and not field.visible_to else None
        if answer is not None and answer.source is not Source.WAIVED and is_email(answer.value):
            return answer.value
    return None


def _one_line(text: str) -> str:
    """A subject is one line, whatever its template has."""
    return " ".join(_whole(text).split())


def _whole(text: str) -> str:
    """Text without half characters, which no e-mail can carry."""
    return text[:MOST].encode("utf-8", "replace").decode()
