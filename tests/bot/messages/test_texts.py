"""What people are told privately."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import commands
from bot.messages import texts
from handoff.decide import Reply, ReplyKind
from handoff.model import Person
from tests.bot.hostile import PEOPLE, TEXTS, thoroughly
from tests.bot.reading import pings
from tests.factories import PRIYA

PRIYA_FIRST = {"person": PRIYA, "ago": timedelta(seconds=4)}


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(), None),
        (
            Reply(kind=ReplyKind.ALREADY_OWNED, **PRIYA_FIRST),
            "Priya Nair took this 4 s before you. It stays with them.",
        ),
        (Reply(kind=ReplyKind.ALREADY_OWNED), "Somebody took this a moment before you. It stays with them."),
        (Reply(kind=ReplyKind.ALREADY_YOURS, **PRIYA_FIRST), "This is yours already; you took it 4 s ago."),
        (
            Reply(kind=ReplyKind.NOT_READY),
            "This is back with sales: answers are missing. Its brief will ask again when they are there.",
        ),
        (
            Reply(kind=ReplyKind.NOT_ALLOWED, names=("#delivery", "@leads")),
            "This can be done by the members of #delivery, @leads. Nothing was changed; ask one of them.",
        ),
        (
            Reply(kind=ReplyKind.NOT_ALLOWED, person=Person(name="Gil Guest", is_guest=True)),
            "Gil Guest is a guest, and guests cannot have this. Nothing was changed; choose somebody else.",
        ),
        (
            Reply(kind=ReplyKind.OWN_FLAG, names=("Rui Lemos", "@founders")),
            "You raised this flag, so somebody else decides on it: Rui Lemos, @founders. Nothing was changed.",
        ),
    ],
    ids=["first", "second", "second to nobody", "again", "too early", "not theirs", "not a guest's", "their own flag"],
)
def test_whoever_presses_reads_what_came_of_it(reply: Reply, told: str | None) -> None:
    assert texts.reply(reply) == told


@pytest.mark.parametrize(
    ("reply", "who"),
    [
        (Reply(kind=ReplyKind.ALREADY_COMPLETE, **PRIYA_FIRST), "Priya Nair completed this 4 s ago"),
        (Reply(kind=ReplyKind.ALREADY_COMPLETE), "Somebody completed this a moment ago"),
    ],
)
def test_whoever_answers_after_another_reads_that_nothing_was_stored(reply: Reply, who: str) -> None:
    assert texts.already_complete(reply) == f"{who}, so your answers were not needed and were not stored."


@thoroughly
@given(PEOPLE)
def test_a_name_in_a_private_answer_pings_nobody(person: Person) -> None:
    told = texts.reply(Reply(kind=ReplyKind.ALREADY_OWNED, person=person, ago=timedelta(seconds=4)))

    assert told is not None
    assert pings(told, []) == set()
    assert len(told) < 300


@thoroughly
@given(TEXTS)
def test_an_unknown_word_is_named_and_means_nothing(word: str) -> None:
    told = texts.unknown_word(word)

    assert pings(told, []) == set()
    assert len(told) < 1200
    assert told.endswith(texts.HELP)


def test_help_shows_how_to_look_for_one_customer() -> None:
    assert "*/handoff status &lt;name&gt;*" in texts.HELP
    assert pings(texts.HELP, []) == set()


def test_an_unknown_word_is_answered_with_the_nearest() -> None:
    assert "Did you mean */handoff status*?" in texts.unknown_word("statsu", "status")
    assert "Did you mean" not in texts.unknown_word("xyzzy")


def test_every_word_of_the_command_is_in_its_help() -> None:
    assert {word for word in commands.WORDS if f"/handoff {word}" not in texts.HELP} == {"help"}


@thoroughly
@given(TEXTS, st.none() | st.integers(0, 2**32).map(lambda at: datetime.fromtimestamp(at, UTC)))
def test_a_customer_in_a_private_answer_pings_nobody(name: str, until: datetime | None) -> None:
    for told in (texts.paused(name, until), texts.resumed(name)):
        assert {ping for ping in pings(told, []) if not ping.startswith("mrkdwn <!date^")} == set()
        assert len(told) < 1000
