"""The welcome e-mail in the local Slack: drafted, worded, kept, given back as a link and a file. Nothing is sent."""

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from handoff.model import Handoff
from sandbox.seed import DANA, PRIYA
from tests.running import Running, running_baton, wait_for
from tests.security import presses
from tests.stories.talking import DELIVERY, config, form, now, press, seen, submit, won

WITH_EMAIL = """\
    welcome_email:
      subject: "Your project: {{ record.name }}"
      body: |
        Hello {{ answers.first_name }},

        I am {{ owner.name }} and lead your project from here.

    write_back:"""


SHIPPED = """\
    welcome_email:"""


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Running]:
    head, _, tail = config().partition(SHIPPED)
    text = (
        head + WITH_EMAIL.removesuffix("\n    write_back:") + "\n    write_back:" + tail.partition("    write_back:")[2]
    )
    with running_baton(tmp_path, text) as running:
        yield running


def test_the_owner_words_the_draft_and_gets_it_back_as_a_link_and_a_file(baton: Running) -> None:
    handoff = owned(baton)
    yours = seen(baton, "priya", "priya", "Meridian Clinics")
    press(baton, "priya", "priya", yours, "welcome_email")
    view = form(baton, "priya")
    first = {name: value for block in view["state"].values() for name, value in block.items()}
    assert first, view
    typed = {block_id: actions["value"]["value"] for block_id, actions in view["state"].items()}
    assert typed["subject"] == "Your project: Meridian Clinics"
    assert typed["body"].startswith("Hello [first_name?],\n\nI am Priya Nair and lead")

    body = "Hello Tomás,\n\nI lead your project from here. When may I call?"
    assert submit(baton, "priya", subject="Hello from us", body=body)["outcome"] == "updated"

    ready = form(baton, "priya")
    assert "Saved. Nothing was sent" in ready["plain"]
    assert "mailto:tomas@meridianclinics.example?subject=Hello%20from%20us&body=Hello%20Tom" in str(ready["blocks"])
    file = seen(baton, "priya", "priya", "Hello from us (welcome.eml)")["files"][0]
    draft = message_from_bytes(baton.slack.get(f"/files/{file['id']}/{file['name']}").content, policy=default)
    assert (draft["To"], draft["Subject"], draft["X-Unsent"]) == ("tomas@meridianclinics.example", "Hello from us", "1")
    content = draft.get_content()
    assert content.replace("\r\n", "\n").rstrip("\n") == body
    saved = now(baton, handoff).email
    assert saved is not None
    assert saved.body == body

    baton.post("close", user="priya", all=True)
    press(baton, "priya", "priya", yours, "welcome_email")
    assert form(baton, "priya")["state"]["subject"]["value"]["value"] == "Hello from us"


def test_an_empty_draft_is_not_saved_and_somebody_else_cannot_word_it(baton: Running) -> None:
    handoff = owned(baton)
    yours = seen(baton, "priya", "priya", "Meridian Clinics")
    press(baton, "priya", "priya", yours, "welcome_email")
    blank = submit(baton, "priya", subject="  ", body="Hello")

    who = {"id": DANA, "name": "dana", "team_id": baton.baton.flow.workspace}
    view = {
        "type": "modal",
        "callback_id": "welcome_email",
        "private_metadata": handoff.id,
        "state": {"values": {name: {"value": {"value": "Sly"}} for name in ("subject", "body")}},
    }
    forged = presses.send(baton, presses.press(baton, "", type="view_submission", user=who, view=view))

    assert blank["errors"] == {"subject": "Please write something."}
    assert "This is Priya Nair's to do." in forged.text
    assert now(baton, handoff).email is None


def test_a_file_that_slack_does_not_take_leaves_the_draft_saved(baton: Running) -> None:
    handoff = owned(baton)
    baton.post("faults", method="files.getUploadURLExternal", kind="5xx", rate=1.0)
    press(baton, "priya", "priya", seen(baton, "priya", "priya", "Meridian Clinics"), "welcome_email")

    assert submit(baton, "priya", subject="Hello", body="Hello there")["outcome"] == "updated"

    wait_for(lambda: any(call["what"] == "files.getUploadURLExternal" for call in traffic(baton)))
    assert now(baton, handoff).email is not None


def owned(baton: Running) -> Handoff:
    handoff = won(baton, "Meridian Clinics")
    brief = seen(baton, "priya", DELIVERY, "Who owns the next step?")
    press(baton, "priya", DELIVERY, brief, "take_ownership")
    wait_for(lambda: now(baton, handoff).owner)
    assert (owner := now(baton, handoff).owner) is not None
    assert owner.slack_id == PRIYA
    return handoff


def traffic(baton: Running) -> list[dict[str, object]]:
    answer = baton.get("traffic", since="0")
    found: list[dict[str, object]] = answer if isinstance(answer, list) else next(iter(answer.values()))
    return found
