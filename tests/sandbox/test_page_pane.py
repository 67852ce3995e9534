"""What a person has before them: which conversation, who wrote when, what is new, what only they see."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from sandbox.page.pane import Wish, pane
from sandbox.page.timeline import SHOWN
from sandbox.seed import fresh_workspace
from sandbox.slack.forms import new_view
from sandbox.slack.manifest import Manifest
from sandbox.slack.state import BOT_USER_ID, Channel, Message, Workspace
from sandbox.world import Sandbox
from tests.sandbox.page_rig import BRIEF, FIELDS
from tests.sandbox.page_scene import NOW, Seen
from tests.sandbox.people_rig import modal, text

DELIVERY = "C0DELIVERY"


def shown(workspace: Workspace, side: str = "right", **wish: str) -> dict[str, Any]:
    return pane(workspace, Manifest(), Wish(side, **wish), NOW)


def write(workspace: Workspace, words: str, user: str = BOT_USER_ID, minutes: float = 0, **more: object) -> Message:
    """A message some minutes before now."""
    ts = f"{(NOW - timedelta(minutes=minutes)).timestamp() + len(workspace.messages.get(DELIVERY, [])) / 1000:.6f}"
    message = Message(DELIVERY, ts, user, words, **more)  # type: ignore[arg-type]
    workspace.add_message(message)
    return message


def rows(workspace: Workspace, **wish: str) -> list[Any]:
    found: list[Any] = shown(workspace, **wish)["rows"]
    return found


def test_pane_begins_with_the_rep_and_the_delivery_lead() -> None:
    left, right = (shown(fresh_workspace(), side) for side in ("left", "right"))

    assert [(one["author"].name, one["title"]) for one in (left, right)] == [
        ("Sam Okafor", "Baton"),
        ("Priya Nair", "delivery"),
    ]


def test_pane_of_somebody_outside_does_not_open_what_they_cannot_see() -> None:
    workspace = fresh_workspace()
    workspace.channels["G1"] = Channel("G1", "secret", {"U0SAM"}, is_private=True)
    other = workspace.direct_message("U0SAM")

    assert shown(workspace, "left", user="U0OLU", channel="G1")["title"] == "Baton"
    assert shown(workspace, "left", user="U0OLU", channel=other.id)["room"] is not other


def test_pane_says_why_nothing_can_be_written() -> None:
    workspace = fresh_workspace()

    assert shown(workspace, user="U0OLU", channel=DELIVERY)["closed"] == "Olu Adeyemi is not in #delivery."
    workspace.channels[DELIVERY].is_archived = True
    assert shown(workspace, user="U0PRIYA", channel=DELIVERY)["closed"] == "#delivery is archived."
    workspace.users["U0PRIYA"].deleted = True
    assert shown(workspace, user="U0PRIYA", channel=DELIVERY)["closed"] == "Priya Nair is deactivated."


def test_rows_follow_each_other_only_by_the_same_author_within_minutes() -> None:
    workspace = fresh_workspace()
    write(workspace, "yesterday", minutes=24 * 60)
    write(workspace, "first", minutes=20)
    write(workspace, "later", minutes=10)
    write(workspace, "at once", minutes=10)
    write(workspace, "somebody else", "U0SAM", minutes=9)
    write(workspace, "a note", "U0SAM", minutes=9, ephemeral_to="U0PRIYA")

    drawn = rows(workspace)

    assert [row.follows for row in drawn] == [False, False, False, True, False, False]
    assert [row.day for row in drawn] == ["Yesterday", "Today", "", "", "", ""]


def test_rows_show_a_note_only_to_its_reader() -> None:
    workspace = fresh_workspace()
    write(workspace, "psst", ephemeral_to="U0PRIYA")

    assert [row.note for row in rows(workspace, user="U0PRIYA")] == [True]
    assert rows(workspace, user="U0DANA", channel=DELIVERY) == []


def test_rows_keep_replies_in_their_thread_unless_sent_to_the_channel_too() -> None:
    workspace = fresh_workspace()
    parent = write(workspace, "parent", minutes=5)
    write(workspace, "reply", minutes=4, thread_ts=parent.ts)
    write(workspace, "loud reply", minutes=3, thread_ts=parent.ts, broadcast=True)

    drawn = shown(workspace, thread=parent.ts)

    assert [Seen(row.body).text for row in drawn["rows"]] == ["parent", "loud reply"]
    assert [Seen(row.body).text for row in drawn["thread_rows"]] == ["parent", "reply", "loud reply"]
    replies = drawn["rows"][0].replies
    assert (replies.count, replies.last, replies.new) == (2, "2 minutes ago", True)


def test_rows_end_with_the_newest_of_very_many() -> None:
    workspace = fresh_workspace()
    for number in range(SHOWN + 5):
        write(workspace, f"message {number}", minutes=60)

    drawn = rows(workspace)

    assert (len(drawn), Seen(drawn[-1].body).text) == (SHOWN, f"message {SHOWN + 4}")


def test_thread_that_is_gone_is_not_open() -> None:
    assert shown(fresh_workspace(), thread="1.000000")["thread"] == ""


def test_rooms_count_what_is_new_and_what_is_for_this_person() -> None:
    workspace = fresh_workspace()
    write(workspace, "for you", pings={"U0PRIYA"})
    write(workspace, "for all")

    drawn = shown(workspace, channel="C0GENERAL", user="U0PRIYA")

    room = next(one for one in drawn["rooms"] if one["id"] == DELIVERY)
    assert (room["unread"], room["pings"], drawn["pings"]) == (2, 1, 1)


def test_modal_shows_the_top_of_the_stack() -> None:
    workspace = fresh_workspace()
    first = new_view("U0PRIYA", modal(*FIELDS))
    second = new_view("U0PRIYA", modal(title=text("On top")), below=first)
    second.banner = "We had some trouble connecting. Try again?"
    workspace.views["U0PRIYA"] = [first, second]

    top = shown(workspace)["modal"]

    assert (top["title"], top["submit"], top["close"], top["depth"]) == ("On top", "Send", "Cancel", 2)
    assert top["banner"] == second.banner


@pytest.fixture
def page(sandbox: Sandbox, address: str) -> httpx.Client:
    sandbox.workspace.add_message(Message(DELIVERY, sandbox.workspace.new_ts(), BOT_USER_ID, "", BRIEF))
    return httpx.Client(base_url=address)


def test_page_has_both_people_and_allows_no_foreign_script(page: httpx.Client) -> None:
    with page:
        answer = page.get("/", params={"left": "U0DANA", "left_channel": DELIVERY, "right": "olu"})

    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert Seen(answer.text).text.count("Fjordlight Robotics → delivery") == 1
    assert 'aria-label="Dana Weiss"' in answer.text
    assert 'aria-label="Olu Adeyemi"' in answer.text


def test_page_pane_alone_is_one_section(page: httpx.Client) -> None:
    with page:
        answer = page.get("/page/pane", params={"side": "middle", "user": "nobody", "channel": "none", "thread": "x"})

    assert answer.text.startswith('<section class="pane" id="pane-left"')


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"user": "U0SAM"}'])
def test_page_read_refuses_what_is_incomplete(page: httpx.Client, body: bytes) -> None:
    with page:
        assert page.post("/page/read", content=body).status_code == 400


def test_page_read_marks_a_thread_once(page: httpx.Client, sandbox: Sandbox) -> None:
    workspace = sandbox.workspace
    parent = workspace.messages[DELIVERY][0]
    workspace.add_message(Message(DELIVERY, workspace.new_ts(), BOT_USER_ID, "reply", thread_ts=parent.ts))
    version = workspace.version

    with page:
        for _ in range(2):
            page.post("/page/read", json={"user": "U0PRIYA", "channel": DELIVERY, "thread": parent.ts})

    assert workspace.version == version + 1
    assert rows(workspace)[0].replies.new is False
