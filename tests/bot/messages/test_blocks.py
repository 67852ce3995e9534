"""The builders' promise: what comes from outside is only ever text, and never longer than Slack takes."""

import unicodedata
from datetime import UTC, datetime

import pytest
import slackblocks
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import blocks
from sandbox.slack.validate import message_problems, total_text
from tests.bot.hostile import LINKS, TEXTS, thoroughly

ANY_TEXT = TEXTS | st.text(st.characters())  # the second one has lone surrogates, too


@thoroughly
@given(ANY_TEXT, st.integers(2, 200))
def test_escaped_text_means_nothing_and_is_not_longer_than_allowed(text: str, limit: int) -> None:
    escaped = blocks.escape(text, limit)

    bare = escaped.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "")
    assert len(escaped) <= limit
    assert not set("<>&") & set(bare)


@thoroughly
@given(ANY_TEXT)
def test_escaped_text_that_fits_reads_as_it_was(text: str) -> None:
    escaped = blocks.escape(text, 60_000)

    assert escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == blocks.clean(text)


@pytest.mark.parametrize(
    ("text", "limit", "escaped"),
    [
        ("abcde", 5, "abcde"),
        ("abcdef", 5, "abcd…"),
        ("a<b", 6, "a&lt;b"),
        ("a<b", 5, "a…"),
        ("a   <", 5, "a…"),
        ("<!channel>", 40, "&lt;!channel&gt;"),
        ("&lt;", 40, "&amp;lt;"),
        ("", 5, ""),
    ],
)
def test_text_is_cut_between_characters_never_inside_an_entity(text: str, limit: int, escaped: str) -> None:
    assert blocks.escape(text, limit) == escaped


@thoroughly
@given(ANY_TEXT)
def test_clean_text_has_no_hidden_command(text: str) -> None:
    clean = blocks.clean(text)

    assert {c for c in clean if unicodedata.category(c) in ("Cc", "Cs")} <= {"\n", "\t"}
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(clean)
    assert blocks.clean(clean) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\x00b", "a␀b"),
        ("\x1b[31mred", "␛[31mred"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("invoice\u202egnp.exe", "invoice\ufffdgnp.exe"),
        ("\x85\x7f", "\ufffd\ufffd"),
        ("half \ud83d", "half ?"),
        ("日本語 👩🏽‍🚀 عميل", "日本語 👩🏽‍🚀 عميل"),
    ],
)
def test_what_cannot_be_seen_is_made_visible(text: str, clean: str) -> None:
    assert blocks.clean(text) == clean


@thoroughly
@given(ANY_TEXT)
def test_headlines_and_buttons_of_any_text_are_taken(text: str) -> None:
    headline, press = blocks.header(text), blocks.button(text, "press", "h1")

    assert message_problems([headline, blocks.actions(press)]) == []
    slackblocks.HeaderBlock(headline["text"]["text"])  # raises if another reading of Slack's limits disagrees
    slackblocks.Button(press["text"]["text"], press["action_id"], value=press["value"])


def test_a_style_is_there_only_if_asked_for() -> None:
    assert "style" not in blocks.button("Take", "take", "h1")
    assert blocks.button("Take", "take", "h1", style="primary")["style"] == "primary"
    assert "style" not in blocks.words("plain")
    assert blocks.words("loud", bold=True, italic=True)["style"] == {"bold": True, "italic": True}


@thoroughly
@given(LINKS | TEXTS, ANY_TEXT)
def test_a_link_of_any_address_is_taken(url: str, text: str) -> None:
    element = blocks.link(url, text)

    assert message_problems([blocks.rich(blocks.line(element))]) == []
    assert len(element["text"]) <= 200


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "slack://channel?id=C0SECRET01",
        "mailto:ines@client.example",
        "https://",
        "https://client.example/a b",
        "https://client.example/\n",
        "https://client.example|evil.example",
        "https://client.example/\u202egnp.exe",
        "https://client.example/\x00",
        "https://client.example/" + "a" * 2000,
    ],
)
def test_an_address_that_could_deceive_is_only_text(url: str) -> None:
    assert blocks.link(url, "open")["type"] == "text"


def test_an_address_that_shows_itself_is_not_written_twice() -> None:
    assert blocks.link("ftp://files.example", "ftp://files.example")["text"] == "ftp://files.example"
    assert blocks.link("ftp://files.example", "open")["text"] == "open: ftp://files.example"


def test_a_moment_has_words_for_those_who_cannot_see_it_in_their_own_zone() -> None:
    element = blocks.moment(datetime(2026, 3, 2, 9, 5, tzinfo=UTC))

    assert element["fallback"] == "02 Mar 2026 09:05 UTC"
    assert message_problems([blocks.rich(blocks.line(element))]) == []


def test_a_message_gets_as_much_room_as_it_can_have() -> None:
    def build(limit: int) -> list[blocks.Block]:
        return [blocks.rich(blocks.line(blocks.words("x" * 5000, limit=limit))) for _ in range(number)]

    for number, most in ((1, 1500), (6, 1500), (7, 800), (12, 800), (40, 200)):
        body = blocks.fitted(build)
        assert total_text(body) == number * most
        assert total_text(body) <= blocks.MOST_VISIBLE


def test_no_text_is_empty() -> None:
    assert blocks.words("")["text"] == "–"
    assert blocks.plain("")["text"] == "–"
