"""The welcome e-mail: worded from its template, given back as a link and a file, never sent."""

from email import message_from_bytes
from email.policy import default
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import welcome
from bot.modals import email
from handoff.decision import Reply
from handoff.model import Email, Status
from tests.bot.hostile import SECRET, TEXTS, Case, thoroughly
from tests.bot.hostile_delivery import busy_cases
from tests.bot.reading import parts, refused_view, seen
from tests.factories import NOW, PRIYA, answer, field, handoff, workflow

BODY = "Dear {{ answers.contact }},\n\nI am {{ owner.name }} and lead {{ record.name }}.\n{{ answers.nothing }}"
TOLD = workflow(welcome_email={"subject": "Welcome {{ record.name }}", "body": BODY})
OWNED = handoff(Status.OWNED)


def test_a_draft_is_filled_in_from_the_record_the_owner_and_the_answers() -> None:
    mail = welcome.draft(OWNED, TOLD)

    assert mail.to == "ines@client.example"
    assert mail.subject == "Welcome Deal 1"
    assert mail.body == "Dear ines@client.example,\n\nI am Priya Nair and lead Deal 1.\n[nothing?]"


def test_what_the_owner_saved_is_what_they_see_again() -> None:
    saved = OWNED.model_copy(update={"email": Email(subject="Ours", body="Words {{ 1 }}", by=PRIYA, at=NOW)})

    assert welcome.draft(saved, TOLD) == welcome.Draft("ines@client.example", "Ours", "Words {{ 1 }}")


@pytest.mark.parametrize("broken", ["{{ 1 / 0 }}", "{% for %}", "{{ record.name.boom() }}"])
def test_a_template_that_cannot_be_filled_in_is_given_as_it_is(broken: str) -> None:
    mail = welcome.draft(OWNED, workflow(welcome_email={"subject": broken, "body": broken}))

    assert (mail.subject, mail.body) == (broken, broken)


def test_a_subject_is_one_line() -> None:
    mail = welcome.draft(OWNED, workflow(welcome_email={"subject": "Hello\r\nBcc: sly@evil.example", "body": "x"}))

    assert mail.subject == "Hello Bcc: sly@evil.example"


def test_a_restricted_answer_is_not_available() -> None:
    told = workflow(
        checklist=[
            field(key="scope").model_dump(),
            field(key="margin", crm="margin", visible_to=["finance@example.com"]).model_dump(),
            field(key="boss", type="email", visible_to=["finance@example.com"]).model_dump(),
        ],
        brief={"promised": "scope", "expects_next": "scope"},
        welcome_email={"subject": "{{ answers.margin }}", "body": "{{ answers }} {{ record.fields.margin }}"},
    )
    one = handoff(Status.OWNED, answers=(answer("margin", SECRET), answer("boss", "boss@client.example")))
    one = one.model_copy(update={"record": one.record.model_copy(update={"fields": {"margin": SECRET}})})

    mail = welcome.draft(one, told)

    assert SECRET not in mail.subject + mail.body
    assert mail.to is None


@thoroughly
@example("Hello", "a\n" * 1000, None)
@example("Hello", "\n" * 1000, "ines@client.example")
@given(TEXTS, TEXTS, st.sampled_from((None, "ines@client.example", "a?bcc=b&c@d.example", "é+x@d.example")))
def test_the_link_is_short_and_holds_the_text_from_its_beginning(subject: str, body: str, to: str | None) -> None:
    link, is_whole = welcome.mailto(welcome.Draft(to, subject, body))

    parts_ = urlsplit(link)
    query = parse_qs(parts_.query, keep_blank_values=True, strict_parsing=True)
    said = query["body"][0].replace("\r\n", "\n")
    assert len(link) <= 2000 or len(subject) > 100
    assert link.isascii()
    assert unquote(parts_.path) == (to or "")
    assert query.keys() == {"subject", "body"}
    assert body.replace("\r\n", "\n").startswith(said)
    assert is_whole == (said == body.replace("\r\n", "\n") and len(subject) <= 200)


@thoroughly
@given(TEXTS, st.sampled_from((None, "ines@client.example", "a,b@d.example", "<x@d.example>", "é@d.example")))
def test_the_file_is_one_that_mail_programs_read(body: str, to: str | None) -> None:
    mail = welcome.Draft(to, "Welcome", body)

    message = message_from_bytes(welcome.file(mail), policy=default)

    assert message["X-Unsent"] == "1"
    assert message["Subject"] == "Welcome"
    assert len(message.get_all("To", [])) <= 1
    if to == "ines@client.example":
        assert message["To"] == to
    if body.isascii() and body.isprintable():
        assert message.get_content().rstrip("\r\n") == body


@thoroughly
@given(busy_cases(), TEXTS)
def test_the_link_and_the_text_are_taken_whatever_is_in_them(case: Case, body: str) -> None:
    mail = welcome.draft(case.handoff, case.workflow)

    for one in (mail, welcome.Draft(mail.to, mail.subject, body[:3000])):
        assert refused_view(email.answer(Reply(), one)["view"]) == []


def test_a_saved_draft_shows_the_link_and_says_that_nothing_was_sent() -> None:
    view = email.answer(Reply(), welcome.draft(OWNED, TOLD))["view"]

    (link,) = parts(view, "link")
    assert link["text"] == "Open in your mail program"
    assert link["url"].startswith("mailto:ines@client.example?subject=Welcome%20Deal%201&body=Dear%20")
    assert "Nothing was sent" in seen(view)
    assert "The link holds only the beginning" not in seen(view)


def test_a_long_draft_says_that_the_link_has_only_its_beginning() -> None:
    view = email.answer(Reply(), welcome.Draft(None, "Hello", "word " * 500))["view"]

    assert "The link holds only the beginning" in seen(view)
