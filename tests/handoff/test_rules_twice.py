"""The same form sent twice, because somebody pressed twice or Slack delivered twice, counts once."""

from datetime import timedelta
from typing import Any

import pytest

from handoff.decide import ReplyKind, decide
from handoff.model import Handoff, Person, Question, Status
from tests.factories import DANA, NOW, PRIYA, REASON, SAM, did
from tests.handoff.deciding import LATER, SCOPE, WHOLE, after, changes_nothing, whole

DAY, SOON = timedelta(days=1), LATER + timedelta(seconds=1)
OPEN, UNCLAIMED, OWNED = whole(), whole(Status.UNCLAIMED), whole(Status.OWNED)
QUESTION = Question(id="q1", about=None, text="Which two halls?", by=SAM, to=DANA, at=NOW, is_to_sales=False)


@pytest.mark.parametrize(
    ("case", "kind", "by", "facts"),
    [
        (OPEN, "flagged", SAM, {"flag": SCOPE, "note": REASON}),
        (OPEN, "snoozed", SAM, {"until": LATER + DAY}),
        (OPEN, "paused", SAM, {}),
        (OPEN, "paused", SAM, {"until": LATER + DAY, "reason": REASON}),
        (OPEN, "passed_on", SAM, {"to": DANA}),
        (OPEN, "not_needed", SAM, {"reason": REASON}),
        (UNCLAIMED, "claimed", PRIYA, {}),
        (UNCLAIMED, "assigned", PRIYA, {"to": DANA}),
        (UNCLAIMED, "sent_back", PRIYA, {"fields": ("goals",), "reason": REASON}),
        (UNCLAIMED, "question_asked", PRIYA, {"question_id": "q1", "text": "Which two halls?"}),
        (OWNED, "flagged", PRIYA, {"flag": SCOPE, "note": REASON}),
        (OWNED, "offered", PRIYA, {"to": DANA}),
        (OWNED, "released", PRIYA, {"reason": ""}),
        (OWNED, "kickoff_scheduled", PRIYA, {"kickoff_at": LATER + DAY}),
        (OWNED, "finished", PRIYA, {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_form_sent_twice_counts_once(case: Handoff, kind: str, by: Person, facts: dict[str, Any]) -> None:
    first = after(case, kind, by, **facts)

    second = decide(first.handoff, did(kind, by, at=SOON, **facts), WHOLE, SOON)

    assert first.handoff != case
    assert changes_nothing(second, first.handoff)


def test_a_snooze_of_so_many_hours_sent_twice_counts_once() -> None:
    first = after(OPEN, "snoozed", until=LATER + timedelta(hours=3))

    second = decide(first.handoff, did("snoozed", SAM, at=SOON, until=SOON + timedelta(hours=3)), WHOLE, SOON)

    assert second.handoff.snoozes == 1


@pytest.mark.parametrize(
    ("by", "facts"),
    [(PRIYA, {}), (SAM, {"reason": REASON}), (SAM, {"until": LATER + DAY})],
    ids=["another person", "a reason", "an end"],
)
def test_another_pause_takes_the_place_of_the_first(by: Person, facts: dict[str, Any]) -> None:
    first = after(OPEN, "paused")

    second = decide(first.handoff, did("paused", by, at=SOON, **facts), WHOLE, SOON)

    assert second.counts
    assert second.handoff.quiet != first.handoff.quiet


@pytest.mark.parametrize(
    ("case", "kind", "by", "facts"),
    [
        (OPEN, "replied", SAM, {"text": "Fewer late invoices from the first quarter on"}),
        (whole(questions=(QUESTION,)), "question_answered", DANA, {"question_id": "q1", "text": "Two halls"}),
    ],
    ids=["reply", "answer"],
)
def test_a_reply_in_a_thread_that_slack_delivers_twice_is_heard_once(
    case: Handoff, kind: str, by: Person, facts: dict[str, Any]
) -> None:
    first = after(case, kind, by, via="thread", **facts)

    second = decide(first.handoff, did(kind, by, at=LATER, via="thread", **facts), WHOLE, SOON)

    assert first.handoff.heard == (LATER,)
    assert second.reply.kind is ReplyKind.ALREADY_SO
    assert changes_nothing(second, first.handoff)
