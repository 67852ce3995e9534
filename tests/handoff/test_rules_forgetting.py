"""What follows when a record or a person is forgotten."""

from datetime import timedelta

import pytest

from handoff.decide import decide
from handoff.events import Forgotten, Said
from handoff.model import Email, Ending, Post, Reminded, Reminder, Status
from handoff.notices import Notice, OfferEnds, SettleNag, Tell, To, UpdateAsk, UpdateBrief, UpdateForgotten
from tests.factories import NOW, PRIYA, handoff, workflow

POST = Post(channel="C0DELIVERY", ts="1772442000.000900")
DIGEST = Reminder(
    ladder="rep",
    post=POST,
    among=tuple(Reminded(handoff_id=f"h{n}", ladder="rep", step=0, round=0) for n in (1, 2)),
)
FACTS = {"handoff_id": "h1", "at": NOW, "via": "operator"}


def test_an_open_handoff_of_a_forgotten_record_is_cancelled_and_nothing_is_written_to_the_crm() -> None:
    decision = decide(handoff(Status.OWNED), Forgotten(**FACTS, what="record", posts=(POST,)), workflow(), NOW)

    assert (decision.handoff.status, decision.handoff.forgotten_at) == (Status.CANCELLED, NOW)
    assert decision.handoff.ending is not None
    assert decision.handoff.ending.because == "forgotten"
    assert [n.post for n in decision.notices if isinstance(n, UpdateForgotten)] == [POST]
    assert {type(n) for n in decision.notices} == {UpdateForgotten, Tell}
    assert set(decision.cancel) >= {"rep", "channel", "owner"}


def test_a_handoff_that_was_cancelled_says_no_more_why() -> None:
    over = handoff(Status.CANCELLED, ending=Ending(because="not_needed", at=NOW, reason="They are a test", by=PRIYA))

    decision = decide(over, Forgotten(**FACTS, what="record"), workflow(), NOW)

    assert decision.handoff.ending == Ending(because="forgotten", at=NOW, by=PRIYA)
    assert decision.notices == ()


def test_a_message_about_several_handoffs_is_drawn_anew() -> None:
    decision = decide(handoff(), Forgotten(**FACTS, what="person", digests=(DIGEST,)), workflow(), NOW)

    (drawn,) = (n for n in decision.notices if isinstance(n, SettleNag))
    assert (drawn.post, drawn.among) == (POST, DIGEST.among)
    assert drawn.key.startswith("h1:forgotten-digest-0")


def test_messages_of_a_forgotten_person_are_written_anew_and_the_handoff_goes_on() -> None:
    owned = handoff(Status.OWNED, email=Email(subject="Hello", body="Dear", by=PRIYA, at=NOW))

    decision = decide(owned, Forgotten(**FACTS, what="person"), workflow(), NOW)

    assert decision.handoff == owned
    assert {type(n) for n in decision.notices} == {UpdateAsk, UpdateBrief}


GONE = handoff(Status.CANCELLED, forgotten_at=NOW, ending=Ending(because="forgotten", at=NOW))
BEFORE = {"key": "h1:x", "handoff_id": "h1", "due_at": NOW - timedelta(seconds=1)}


@pytest.mark.parametrize(
    "notice",
    [
        Tell(lane="owner", what="kept", note="They are on holiday", **BEFORE),
        Tell(lane="owner", what="silent", to=To(person=PRIYA), **BEFORE),
        OfferEnds(to=To(person=PRIYA), offered_at=NOW, **BEFORE),
    ],
    ids=lambda n: f"{n.kind} {getattr(n, 'what', '')}",
)
def test_a_message_that_was_on_its_way_is_covered_whatever_it_says(notice: Notice) -> None:
    decision = decide(GONE, Said(**FACTS, notice=notice, post=POST), workflow(), NOW)

    assert [(type(n), n.post) for n in decision.notices if isinstance(n, UpdateForgotten | SettleNag)] == [
        (UpdateForgotten, POST)
    ]
    assert decision.handoff == GONE
