"""A hand-over that waits for the other person: what they read, and what they read when it is settled."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import offers
from handoff.model import Handoff, Offer, Post, Status
from tests.bot.hostile import SECRET, Case, thoroughly
from tests.bot.hostile_delivery import busiest, busy_cases
from tests.bot.reading import everything, parts, pings, refused, seen
from tests.factories import DANA, NOW, PRIYA, answer, handoff, workflow

POST = Post(channel="D0DANA00001", ts="1772442000.000900")
OPEN = Offer(to=DANA, by=PRIYA, note="I am away from Monday.", at=NOW, post=POST)
ASKED = handoff(Status.OWNED, offer=OPEN, answers=(answer("promised"),))


@thoroughly
@example(busiest(Status.OWNED), None)
@example(busiest(Status.CANCELLED), POST)
@given(busy_cases(), st.sampled_from((None, POST)))
def test_an_offer_is_taken_whatever_is_in_it(case: Case, post: Post | None) -> None:
    for text, blocks in (
        offers.offer(case.handoff, case.workflow, post),
        offers.ended(case.handoff, case.workflow),
    ):
        assert refused(text, blocks) == []
        assert SECRET not in everything(text, blocks)
        assert pings(text, blocks) <= {"U0PICKED01"}


def test_whoever_is_asked_reads_who_asks_why_and_what_it_is_about() -> None:
    text, blocks = offers.offer(ASKED, workflow())

    assert text == "Priya Nair asks you to take over Deal 1."
    assert "I am away from Monday." in seen(blocks)
    assert "Two integrations and training for ten people" in seen(blocks)
    assert "If you have not within 1 day, they are told, and it stays theirs." in seen(blocks)
    assert [button["text"]["text"] for button in parts(blocks, "button")] == ["Accept", "Decline …"]


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (handoff(Status.OWNED, owner=DANA), "Deal 1: Dana Wolf owns it. No answer is needed any more."),
        (handoff(Status.OWNED), "Deal 1: Priya Nair owns it. No answer is needed any more."),
        (handoff(Status.UNCLAIMED), "Deal 1: it was given back to the channel, so no answer is needed any more."),
        (handoff(Status.DONE), "Deal 1: this handoff is done, so no answer is needed any more."),
        (
            handoff(Status.OWNED, offer=OPEN.model_copy(update={"post": None})),
            "Deal 1: Priya Nair owns it. No answer is needed any more.",
        ),
    ],
    ids=["accepted", "declined", "released", "done", "somebody else is asked"],
)
def test_an_offer_that_is_settled_says_so_and_has_no_buttons(one: Handoff, said: str) -> None:
    text, blocks = offers.offer(one, workflow(), POST)

    assert (text, seen(blocks)) == (said, said)
    assert list(parts(blocks, "button")) == []


def test_an_owner_reads_that_nobody_accepted_in_time() -> None:
    text, blocks = offers.ended(ASKED, workflow())

    assert text == "Dana Wolf has not accepted Deal 1 within 1 day. It stays with you; you can ask somebody else."
    assert [button["text"]["text"] for button in parts(blocks, "button")] == ["Hand over to …"]
