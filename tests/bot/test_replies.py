"""Which messages are replies, and what was typed in them."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk import WebClient

from bot import replies
from bot.people import SlackPeople
from handoff.model import Post
from tests.bot.hostile import TEXTS, thoroughly
from tests.running import running_baton

REPLY: dict[str, Any] = {
    "type": "message",
    "channel_type": "im",
    "channel": "D0SAM00001",
    "user": "U0SAM",
    "text": "Two halls",
    "ts": "1772442060.000200",
    "thread_ts": "1772442000.000100",
}


def test_a_reply_of_a_person_is_heard_with_its_own_moment() -> None:
    said = replies.heard(REPLY)

    assert said is not None
    assert (said.user, said.text) == ("U0SAM", "Two halls")
    assert said.post == Post(channel="D0SAM00001", ts="1772442000.000100")
    assert said.at.isoformat() == "2026-03-02T09:01:00.000200+00:00"


@pytest.mark.parametrize(
    "change",
    [
        {"thread_ts": None},
        {"thread_ts": REPLY["ts"]},
        {"bot_id": "B0BATON"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"channel_type": "channel"},
        {"text": "  "},
        {"text": None},
        {"user": None},
        {"ts": "soon"},
        {"hidden": True},
    ],
    ids=str,
)
def test_what_is_no_reply_of_a_person_is_not_heard(change: dict[str, Any]) -> None:
    assert replies.heard({**REPLY, **change}) is None


@thoroughly
@given(st.dictionaries(st.sampled_from(sorted(REPLY)), TEXTS | st.none() | st.integers()))
def test_whatever_an_event_says_it_is_read(change: dict[str, Any]) -> None:
    said = replies.heard({**REPLY, **change})

    assert said is None or said.text.strip()


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackPeople]:
    with running_baton(tmp_path_factory.mktemp("baton")) as baton:
        token = baton.settings.slack_bot_token.get_secret_value()
        yield SlackPeople(WebClient(token, base_url=baton.settings.slack_api_url), baton.baton.flow.workspace)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &amp; b &lt; c", "a & b < c"),
        ("<https://docs.example.com/a?b=1&amp;c=2>", "https://docs.example.com/a?b=1&c=2"),
        ("see <https://docs.example.com|docs.example.com>", "see https://docs.example.com"),
        ("<mailto:ines@client.example|ines@client.example>", "ines@client.example"),
        ("ask <@U0ANA> first", "ask @Ana Lima first"),
        ("in <#C0SALES|sales>", "in #sales"),
        ("<!here> all", "@here all"),
        ("&lt;!here&gt;", "<!here>"),
    ],
)
def test_a_message_is_read_as_it_was_typed(people: SlackPeople, sent: str, typed: str) -> None:
    assert replies.plain(people, sent) == typed
