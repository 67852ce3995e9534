"""Reminders: what is said, to whom, with which button."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import nags
from bot.asks import COMPLETE
from bot.blocks import user
from bot.briefs import TAKE
from handoff.model import Post, Status
from handoff.notices import Ladder, SettleNag
from tests.bot.hostile import SECRET, Case, cases, emptiest, thoroughly
from tests.bot.reading import everything, links, parts, pings, refused, seen
from tests.factories import ANSWERS, CHANNEL_STEPS, NOW, REP_STEPS, answer, handoff, nag, workflow

LADDERS = st.sampled_from(("rep", "channel"))


@thoroughly
@example(emptiest(), "rep", 0)
@example(emptiest(), "channel", 6)
@given(cases(), LADDERS, st.integers(0, 6))
def test_a_reminder_is_taken_and_pings_only_who_is_meant(case: Case, ladder: Ladder, step: int) -> None:
    text, blocks = nags.nag(nag(ladder, step), case.handoff, case.workflow, user("U0PRIYA001"), NOW)

    assert refused(text, blocks) == []
    assert pings(text, blocks) == {"U0PRIYA001"}
    assert links(blocks) == {}
    assert SECRET not in everything(text, blocks)


def test_a_rep_is_told_what_is_missing_and_since_when() -> None:
    text, blocks = nags.nag(nag(), handoff(), workflow(), None, NOW.replace(hour=12))

    asked = "What do they care about? · Who is the main contact? · When do we start? · What was promised? · "
    assert seen(blocks).startswith(f"Deal 1 still lacks 5 answers, asked for 3 h ago: {asked}")
    assert text == seen(blocks[0])
    assert [(b["action_id"], b["value"]) for b in parts(blocks, "button")] == [(COMPLETE, "h1")]


def test_one_missing_answer_is_one_answer() -> None:
    answers = tuple(answer(key) for key in ANSWERS if key != "goals")

    text, _ = nags.nag(nag(), handoff(answers=answers), workflow(), None, NOW)

    assert text == "Deal 1 still lacks 1 answer, asked for 1 s ago: What do they care about?"


def test_a_channel_is_told_that_nobody_owns_it() -> None:
    text, blocks = nags.nag(nag("channel"), handoff(Status.UNCLAIMED), workflow(), None, NOW.replace(hour=11))

    assert text == "Nobody owns Deal 1 yet, 2 h after its brief was ready. The client is waiting."
    assert pings(text, blocks) == set()
    assert [(b["action_id"], b["value"]) for b in parts(blocks, "button")] == [(TAKE, "h1")]


@pytest.mark.parametrize(
    ("ladder", "step", "coming"),
    [
        ("rep", 0, "Next reminder: to you, in 22 h."),
        ("rep", 1, "Next reminder: to your manager, in 24 h."),
        ("rep", REP_STEPS - 1, "This is the last reminder."),
        ("channel", 0, "Next reminder: to @delivery-leads, in 3 h."),
        ("channel", CHANNEL_STEPS - 1, "This is the last reminder."),
    ],
)
def test_the_next_rung_is_shown(ladder: Ladder, step: int, coming: str) -> None:
    _, blocks = nags.nag(nag(ladder, step), handoff(), workflow(), None, NOW)

    assert seen(blocks[1]) == coming


def test_who_is_meant_stands_first() -> None:
    _, blocks = nags.nag(nag("channel"), handoff(Status.UNCLAIMED), workflow(), user("U0DANA0001"), NOW)

    first = next(parts(blocks, "rich_text_section"))["elements"][0]
    assert first == {"type": "user", "user_id": "U0DANA0001"}


def test_settled_reminder_says_what_was_done_and_has_no_button() -> None:
    done = {"key": "k", "handoff_id": "h1", "due_at": NOW, "post": Post(channel="C1", ts="1.0")}
    asked = SettleNag.model_validate({**done, "lane": "rep", "ladder": "rep"})
    offered = SettleNag.model_validate({**done, "lane": "delivery", "ladder": "channel"})

    to_rep, to_channel = nags.settled(asked, handoff(Status.UNCLAIMED)), nags.settled(offered, handoff(Status.OWNED))

    assert to_rep[0] == "Settled: Deal 1 has every answer that was asked for."
    assert to_channel[0] == "Settled: Priya Nair owns Deal 1."
    assert list(parts(to_channel[1], "button")) == []
