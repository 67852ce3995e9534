"""What follows when a notice was said or refused, and whether it is still wanted."""

from datetime import timedelta
from typing import Any

import pytest

from handoff.decide import Decision, decide, still_wanted
from handoff.model import OVER, WITH_DELIVERY, Handoff, Post, Status
from handoff.notices import (
    AskRep,
    Ladder,
    Nag,
    Notice,
    PostBrief,
    PostTask,
    SettleNag,
    Tell,
    TellRep,
    To,
    UpdateAsk,
    UpdateBrief,
    WriteBack,
)
from tests.factories import (
    CHANNEL_STEPS,
    DANA,
    NOW,
    REP_STEPS,
    SAM,
    ask_rep,
    handoff,
    nag,
    post_brief,
    said,
    unsaid,
    workflow,
)
from tests.handoff.deciding import of_kind

LATER = NOW + timedelta(hours=3)
POST = Post(channel="C0DELIVERY", ts="1772450000.000100")
BASE: dict[str, Any] = {"key": "h1:x", "handoff_id": "h1", "due_at": NOW}
WAITS_FOR = {"rep": Status.COLLECTING, "channel": Status.UNCLAIMED}


def told(notice: Notice, case: Handoff, post: Post | None = POST) -> Decision:
    return decide(case, said(notice, post, at=LATER), workflow(), LATER)


def refused(notice: Notice, case: Handoff, **changes: Any) -> Decision:
    return decide(case, unsaid(notice, at=LATER), workflow(**changes), LATER)


def test_where_the_question_stands_is_remembered() -> None:
    assert told(ask_rep(), handoff(ask_post=None)).handoff.ask_post == POST


def test_where_the_brief_stands_is_remembered() -> None:
    assert told(post_brief(), handoff(Status.UNCLAIMED, brief_post=None)).handoff.brief_post == POST


@pytest.mark.parametrize(
    "notice",
    [
        ask_rep(),
        post_brief(),
        UpdateAsk(**BASE),
        UpdateBrief(**BASE),
        TellRep(to=To(person=SAM), **BASE),
        WriteBack(fields={"a": "b"}, **BASE),
    ],
)
def test_what_left_no_post_changes_nothing_but_counts(notice: Notice) -> None:
    before = handoff(Status.OWNED)

    decision = told(notice, before, post=None)

    assert (decision.handoff, decision.notices, decision.counts) == (before, (), True)


@pytest.mark.parametrize(("ladder", "wait"), [("rep", timedelta(hours=22)), ("channel", timedelta(hours=3))])
def test_a_reminder_that_was_said_brings_the_next_one(ladder: Ladder, wait: timedelta) -> None:
    decision = told(nag(ladder, 0), handoff(WAITS_FOR[ladder]))

    (following,) = decision.notices
    assert isinstance(following, Nag)
    assert (following.ladder, following.step, following.due_at) == (ladder, 1, LATER + wait)


@pytest.mark.parametrize("answer", [told, refused])
@pytest.mark.parametrize(("ladder", "steps"), [("rep", REP_STEPS), ("channel", CHANNEL_STEPS)])
def test_the_last_reminder_brings_no_other(answer: Any, ladder: Ladder, steps: int) -> None:
    assert of_kind(answer(nag(ladder, steps - 1), handoff(WAITS_FOR[ladder])), Nag) == []


OVERTAKEN = [("rep", Status.UNCLAIMED), ("rep", Status.OWNED), ("channel", Status.OWNED)]


@pytest.mark.parametrize(("ladder", "status"), OVERTAKEN)
def test_a_reminder_overtaken_by_the_deed_while_it_was_sent_is_taken_back_and_brings_no_other(
    ladder: Ladder, status: Status
) -> None:
    before = handoff(status)

    decision = told(nag(ladder, 0), before)

    (settled,) = decision.notices
    assert isinstance(settled, SettleNag)
    assert (settled.post, settled.ladder, settled.due_at) == (POST, ladder, LATER)
    assert decision.handoff == before


@pytest.mark.parametrize(("ladder", "status"), OVERTAKEN)
def test_a_reminder_overtaken_by_the_deed_and_refused_brings_no_other(ladder: Ladder, status: Status) -> None:
    assert of_kind(refused(nag(ladder, 0), handoff(status)), Nag) == []


def test_a_brief_that_is_refused_goes_to_the_fallback_channel_with_the_reason() -> None:
    decision = refused(post_brief(), handoff(Status.UNCLAIMED, brief_post=None))

    (again,) = of_kind(decision, PostBrief)
    assert (again.key, again.channel, again.instead) == ("h1:brief:fallback", "#fallback", "is_archived")
    assert decision.remarks == ("post_brief was refused: is_archived",)


def test_a_question_that_is_refused_goes_to_the_fallback_channel_with_the_reason() -> None:
    decision = refused(ask_rep(), handoff(ask_post=None))

    (again,) = of_kind(decision, AskRep)
    assert (again.key, again.to, again.instead) == ("h1:ask:fallback", To(name="#fallback"), "is_archived")


@pytest.mark.parametrize(
    ("defaults", "channel"),
    [({"ops_channel": "#ops"}, "#ops"), ({"fallback_channel": "#f", "ops_channel": "#o"}, "#f")],
)
def test_the_ops_channel_is_the_fallback_where_there_is_no_other(defaults: dict[str, str], channel: str) -> None:
    (again,) = of_kind(refused(post_brief(), handoff(Status.UNCLAIMED), defaults=defaults), PostBrief)

    assert again.channel == channel


@pytest.mark.parametrize("notice", [post_brief(), ask_rep()])
def test_without_a_fallback_a_refusal_is_only_told_in_the_log(notice: Notice) -> None:
    decision = refused(notice, handoff(Status.UNCLAIMED), defaults={})

    assert (decision.notices, decision.remarks) == ((), (f"{notice.kind} was refused: is_archived",))


@pytest.mark.parametrize(
    "notice",
    [
        post_brief(channel="#ops", instead="is_archived"),
        ask_rep(to=To(name="#ops"), instead="is_archived"),
        UpdateAsk(**BASE),
        WriteBack(fields={"a": "b"}, **BASE),
    ],
)
def test_what_is_refused_everywhere_or_can_go_nowhere_else_is_told_in_the_log(notice: Notice) -> None:
    decision = refused(notice, handoff(Status.UNCLAIMED))

    assert {n.kind for n in decision.notices} <= {"tell_ops"}
    assert decision.remarks == (f"{notice.kind} was refused: is_archived",)
    assert decision.counts


def test_a_reminder_that_is_refused_gives_way_to_the_next_rung() -> None:
    decision = refused(nag("channel", 0), handoff(Status.UNCLAIMED))

    (following,) = of_kind(decision, Nag)
    assert (following.step, following.to) == (1, To(name="@delivery-leads"))
    assert decision.remarks == ("nag was refused: is_archived",)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("ladder", ["rep", "channel"])
def test_a_reminder_is_wanted_only_while_what_it_waits_for_has_not_happened(ladder: Ladder, status: Status) -> None:
    assert still_wanted(nag(ladder, 0), handoff(status)) is (WAITS_FOR[ladder] is status)


def test_an_update_is_wanted_only_where_there_is_something_to_update() -> None:
    assert still_wanted(UpdateAsk(**BASE), handoff())
    assert still_wanted(UpdateBrief(**BASE), handoff(Status.UNCLAIMED))
    assert not still_wanted(UpdateAsk(**BASE), handoff(ask_post=None))
    assert not still_wanted(UpdateBrief(**BASE), handoff())


@pytest.mark.parametrize("status", list(Status))
def test_the_question_is_wanted_while_the_handoff_is_under_way(status: Status) -> None:
    assert still_wanted(ask_rep(), handoff(status)) is (status not in OVER)


def test_the_question_is_wanted_by_nobody_who_is_not_asked_any_more() -> None:
    passed = handoff(asked=DANA)

    assert not still_wanted(ask_rep(), passed)
    assert still_wanted(ask_rep(to=To(person=DANA)), passed)
    assert still_wanted(ask_rep(to=To(name="#ops")), passed)


@pytest.mark.parametrize("status", list(Status))
def test_the_brief_is_wanted_once_and_only_of_what_delivery_has_or_had(status: Status) -> None:
    wanted = (*WITH_DELIVERY, Status.DONE)

    assert still_wanted(post_brief(), handoff(status, brief_post=None)) is (status in wanted)
    assert not still_wanted(post_brief(), handoff(status, brief_post=POST))


def test_news_for_delivery_is_wanted_where_there_is_a_brief_to_put_it_under() -> None:
    news = Tell(lane="delivery", what="released", **BASE)

    assert still_wanted(news, handoff(Status.UNCLAIMED))
    assert not still_wanted(news, handoff(Status.UNCLAIMED, brief_post=None))


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("notice", [WriteBack(fields={"a": "b"}, **BASE), TellRep(to=To(), **BASE), PostTask(**BASE)])
def test_everything_else_is_wanted_whatever_happened(notice: Notice, status: Status) -> None:
    assert still_wanted(notice, handoff(status))
