"""News with a button: it stands like a reminder, and once the deed is done it says the same without the button."""

from typing import Any

import pytest

from bot.messages import table
from bot.messages.buttons import HAND_OVER, TAKE
from handoff.decide import Decision, decide
from handoff.model import Handoff, Post, Reminder, Status
from handoff.notices import Notice, SettleNag, Tell, To
from tests.bot.reading import parts, seen
from tests.factories import DANA, NOW, PRIYA, said
from tests.handoff.deciding import LATER, WHOLE, after, of_kind, whole

BASE: dict[str, Any] = {"key": "h1:x", "handoff_id": "h1", "due_at": NOW}
HERE = Post(channel="C0NEW00001", ts="1772460000.000100")
RELEASED = Tell(what="released", lane="delivery", by=DANA, note="Too much on my desk", **BASE)
KEPT = Tell(what="kept", lane="owner", by=DANA, to=To(person=PRIYA), **BASE)


def told(case: Handoff, notice: Notice) -> Decision:
    return decide(case, said(notice, HERE, at=LATER), WHOLE, LATER)


def drawn(notice: Notice, case: Handoff) -> tuple[str, list[str]]:
    """What people read, and what they can press."""
    _, blocks = table.message(notice, case, WHOLE, None, LATER)
    return seen(blocks), [b["action_id"] for b in parts(blocks, "button")]


def test_news_that_nobody_owns_it_loses_its_button_with_the_claim_and_keeps_its_words() -> None:
    standing = told(whole(Status.UNCLAIMED), RELEASED).handoff
    assert drawn(RELEASED, standing)[1] == [TAKE]

    claimed = after(standing, "claimed", PRIYA)

    (settle,) = of_kind(claimed, SettleNag)
    assert settle.post == HERE
    words, pressed = drawn(settle, claimed.handoff)
    assert words == "Dana Wolf gave Deal 1 back. Priya Nair owns it.Too much on my desk"
    assert pressed == []
    assert claimed.handoff.reminders == ()


def test_news_to_an_owner_is_brought_up_to_date_when_the_kickoff_is_booked() -> None:
    standing = told(whole(Status.OWNED), KEPT).handoff
    assert len(drawn(KEPT, standing)[1]) == 2

    booked = after(standing, "kickoff_scheduled", PRIYA, kickoff_at=LATER)

    (settle,) = of_kind(booked, SettleNag)
    words, pressed = drawn(settle, booked.handoff)
    assert words.startswith("Dana Wolf cannot take over Deal 1. It stays with you")
    assert pressed == [HAND_OVER]


@pytest.mark.parametrize(
    ("case", "notice"),
    [(whole(Status.OWNED), RELEASED), (whole(Status.OWNED, owner=DANA), KEPT), (whole(Status.UNCLAIMED), KEPT)],
    ids=["claimed", "with another owner", "released"],
)
def test_news_that_came_too_late_is_settled_at_once(case: Handoff, notice: Notice) -> None:
    decision = told(case, notice)

    assert [n.post for n in of_kind(decision, SettleNag)] == [HERE]
    assert decision.handoff == case


def test_news_without_a_button_is_only_told() -> None:
    case = whole(Status.OWNED)

    assert told(case, Tell(what="kickoff", lane="delivery", by=PRIYA, **BASE)) == Decision(handoff=case)


def test_a_reminder_of_an_earlier_release_still_reads() -> None:
    assert Reminder.model_validate({"ladder": "rep", "post": {"channel": "C1", "ts": "1.0"}}).news is None
