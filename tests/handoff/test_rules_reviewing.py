"""Flags go up and are decided: before delivery, after it, with conditions, returned, and decided anew."""

from datetime import timedelta
from typing import Any

import pytest

from handoff.decide import Decision, ReplyKind
from handoff.model import Handoff, Person, Reminder, Status, Verdict
from handoff.notices import (
    AskRep,
    Nag,
    PostBrief,
    PostReview,
    SettleNag,
    Tell,
    UpdateBrief,
    UpdateReview,
    WriteBack,
    WriteNote,
)
from handoff.rights import outsider_of
from tests.factories import ANSWERS, DANA, MAX, NOW, PRIYA, REASON, RUI, SAM, answer, whole_workflow, workflow
from tests.handoff.deciding import LATER, POST, RISK, SCOPE, after, changes_nothing, flag, of_kind, whole

HOUR = timedelta(hours=1)
OPEN_TO_ALL = whole_workflow(exceptions={"flags": [SCOPE], "channel": "#reviews"})

OUTSIDE = outsider_of("#reviews")


def verdict(kind: str = "approved", **changes: Any) -> Verdict:
    return Verdict.model_validate({"kind": kind, "reason": REASON, "by": MAX, "at": NOW, **changes})


def review(case: Handoff, kind: str = "approved", by: Person = MAX, **facts: Any) -> Decision:
    return after(case, "reviewed", by, **{"flag": 0, "verdict": kind, "reason": REASON, **facts})


def in_review(**changes: Any) -> Handoff:
    """Complete and held by one flag; delivery has not seen it."""
    return whole(Status.IN_REVIEW, **{"flags": (flag(),), "brief_post": None, **changes})


@pytest.mark.parametrize("status", [Status.COLLECTING, Status.IN_REVIEW, Status.OWNED, Status.KICKOFF_SCHEDULED])
def test_a_flag_goes_to_the_reviewers_and_the_handoff_stays_where_it_is(status: Status) -> None:
    case = whole(status)

    decision = after(case, "flagged", PRIYA, flag=SCOPE, note=" A portal ")

    assert decision.handoff.flags == (flag(note="A portal", by=PRIYA, at=LATER, post=None),)
    assert (decision.handoff.status, decision.handoff.owner) == (status, case.owner)
    assert [(n.flag, n.channel) for n in of_kind(decision, PostReview)] == [(0, "#reviews")]
    assert [(n.scope, n.due_at) for n in of_kind(decision, Nag)] == [("reviewer:0", LATER + 4 * HOUR)]
    assert decision.cancel == ()


def test_a_brief_that_nobody_has_taken_is_held_by_a_flag() -> None:
    stands = (Reminder(ladder="channel", post=POST), Reminder(ladder="reviewer:0", post=POST))
    case = whole(Status.UNCLAIMED, reminders=stands, flags=(flag(RISK, verdict=verdict()),))

    decision = after(case, "flagged", PRIYA, flag=SCOPE)

    assert decision.handoff.status is Status.IN_REVIEW
    assert [(n.scope, n.round) for n in of_kind(decision, Nag)] == [("reviewer:1", 1)]
    assert [n.ladder for n in of_kind(decision, SettleNag)] == ["channel"]
    assert decision.handoff.reminders == stands[1:]
    assert [n.fields for n in of_kind(decision, WriteBack)] == [{"handoff_status": "in review"}]
    assert decision.cancel == ("channel",)
    assert of_kind(decision, UpdateBrief)


@pytest.mark.parametrize(
    ("status", "flow", "name", "kind"),
    [
        (Status.CANCELLED, None, SCOPE, ReplyKind.OVER),
        (Status.OWNED, None, "Bad Mood", ReplyKind.WRONG_ANSWERS),
        (Status.OWNED, workflow(), SCOPE, ReplyKind.WRONG_ANSWERS),
        (Status.OWNED, None, RISK, ReplyKind.ALREADY_SO),
    ],
    ids=["over", "unknown", "no exceptions", "up already"],
)
def test_no_flag_is_raised(status: Status, flow: Any, name: str, kind: ReplyKind) -> None:
    before = whole(status, flags=(flag(RISK),))

    decision = after(before, "flagged", PRIYA, flag=name, **({"flow": flow} if flow else {}))

    assert decision.reply.kind is kind
    assert changes_nothing(decision, before)


@pytest.mark.parametrize("kind", ["approved", "conditions"])
def test_the_brief_goes_out_once_the_last_flag_is_approved(kind: str) -> None:
    case = in_review(flags=(flag(SCOPE), flag(RISK)))

    first = review(case, kind)
    last = review(first.handoff, kind, flag=1)

    assert (first.handoff.status, of_kind(first, PostBrief)) == (Status.IN_REVIEW, [])
    assert last.handoff.status is Status.UNCLAIMED
    assert [n.key for n in of_kind(last, PostBrief)] == ["h1:brief"]
    assert [f.verdict for f in last.handoff.flags] == [verdict(kind, at=LATER)] * 2
    assert [n.ladder for n in of_kind(last, Nag)] == ["channel"]


def test_a_decision_stops_the_reminders_of_its_flag_and_settles_those_that_stand() -> None:
    stands = tuple(Reminder(ladder=f"reviewer:{i}", post=POST) for i in (0, 1))
    case = whole(Status.OWNED, flags=(flag(SCOPE), flag(RISK)), reminders=stands)

    decision = review(case)

    assert decision.cancel == ("reviewer:0",)
    assert [(n.ladder, n.lane) for n in of_kind(decision, SettleNag)] == [("reviewer", "review")]
    assert decision.handoff.reminders == stands[1:]
    assert [n.flag for n in of_kind(decision, UpdateReview)] == [0]
    assert decision.handoff.status is Status.OWNED


def test_a_flag_that_is_approved_while_sales_is_at_it_holds_nothing_up_later() -> None:
    approved = review(whole(flags=(flag(),)))
    complete = after(approved.handoff, "answered", answers=ANSWERS)

    assert approved.handoff.status is Status.COLLECTING
    assert complete.handoff.status is Status.UNCLAIMED


def test_a_brief_that_was_held_is_brought_up_to_date_and_offered_again() -> None:
    held = after(whole(Status.UNCLAIMED), "flagged", PRIYA, flag=SCOPE).handoff

    decision = review(held)

    assert decision.handoff.status is Status.UNCLAIMED
    assert of_kind(decision, PostBrief) == []
    assert of_kind(decision, UpdateBrief)
    assert [(n.what, n.is_for_all) for n in of_kind(decision, Tell)] == [("ready_again", True)]
    assert [(n.ladder, n.round) for n in of_kind(decision, Nag)] == [("channel", 1)]


def test_a_brief_that_was_held_before_it_was_posted_goes_out_under_another_key() -> None:
    posted = after(whole(), "answered", answers=ANSWERS).handoff
    held = after(posted, "flagged", PRIYA, flag=SCOPE).handoff

    assert [n.key for n in of_kind(review(held), PostBrief)] == ["h1:brief-anew:v3"]


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.UNCLAIMED, Status.OWNED, Status.KICKOFF_SCHEDULED])
def test_what_a_reviewer_returns_is_asked_of_sales_again(status: Status) -> None:
    case = whole(status, flags=(flag(SCOPE), flag(RISK, step=1)))

    decision = review(case, "returned", fields=("goals",))

    back = decision.handoff
    assert (back.status, back.wanted, back.owner) == (Status.COLLECTING, ("goals",), case.owner)
    assert [(s.by, s.reason, s.fields) for s in back.send_backs] == [(MAX, REASON, ("goals",))]
    assert [n.again for n in of_kind(decision, AskRep)] == ["sent_back"]
    assert [n.flag for n in of_kind(decision, UpdateReview)] == [0]
    assert [n.what for n in of_kind(decision, WriteNote)] == ["sent_back"]
    assert [(n.scope, n.step, n.round) for n in of_kind(decision, Nag)] == [("rep", 0, 1), ("reviewer:1", 1, 1)]
    assert set(decision.cancel) == {"rep", "channel", "owner", "reviewer:0", "reviewer:1"}


def test_what_was_returned_is_decided_anew_once_sales_has_answered() -> None:
    back = review(in_review(), "returned", fields=("goals",)).handoff

    decision = after(back, "answered", answers={"goals": "Fewer late invoices"})

    (again,) = decision.handoff.flags
    assert (decision.handoff.status, again.verdict, again.post) == (Status.IN_REVIEW, None, None)
    assert len(of_kind(decision, PostReview)) == 1
    assert [(n.scope, n.round, n.step) for n in of_kind(decision, Nag)] == [("reviewer:0", 2, 0)]


def test_what_is_returned_while_sales_is_at_it_goes_onto_their_list() -> None:
    case = whole(flags=(flag(),), answers=(answer("goals"),), wanted=("contact",))

    decision = review(case, "returned", fields=("goals", "contact"))

    assert (decision.handoff.status, decision.handoff.wanted) == (Status.COLLECTING, ("contact", "goals"))
    assert decision.handoff.send_backs == ()
    assert of_kind(decision, AskRep) == []
    keys = {n.key for n in of_kind(after(decision.handoff, "answered", answers=ANSWERS), Nag)}
    assert keys == {"h1:nag:reviewer:f0:r1:0"}  # the first round's reminder may have been said


def test_what_lacks_an_answer_by_now_goes_to_sales_and_not_to_delivery() -> None:
    decision = review(in_review(answers=(answer("goals"),)))

    assert decision.handoff.status is Status.COLLECTING
    assert len(of_kind(decision, AskRep)) == 1
    assert of_kind(decision, PostBrief) == []


@pytest.mark.parametrize(
    ("status", "by", "facts", "kind"),
    [
        (Status.DONE, MAX, {}, ReplyKind.OVER),
        (Status.IN_REVIEW, MAX, {"flow": workflow()}, ReplyKind.NOT_NOW),
        (Status.IN_REVIEW, MAX, {"flag": 2}, ReplyKind.NOT_NOW),
        (Status.IN_REVIEW, MAX, {"flag": -1}, ReplyKind.NOT_NOW),
        (Status.IN_REVIEW, MAX, {"flag": 1}, ReplyKind.ALREADY_DECIDED),
        (Status.IN_REVIEW, DANA, {}, ReplyKind.NOT_ALLOWED),
        (Status.IN_REVIEW, MAX, {"reason": "n/a"}, ReplyKind.WRONG_ANSWERS),
        (Status.IN_REVIEW, MAX, {"verdict": "returned", "fields": ()}, ReplyKind.WRONG_ANSWERS),
    ],
    ids=["over", "no exceptions", "no flag", "no flag either", "decided", "no reviewer", "no reason", "no fields"],
)
def test_nothing_is_decided(status: Status, by: Person, facts: dict[str, Any], kind: ReplyKind) -> None:
    before = whole(status, flags=(flag(SCOPE), flag(RISK, verdict=verdict(by=RUI))))

    decision = review(before, by=by, **facts)

    assert decision.reply.kind is kind
    assert changes_nothing(decision, before)


def test_the_first_decision_stands_and_the_second_reads_whose_it_was() -> None:
    reply = review(whole(Status.OWNED, flags=(flag(verdict=verdict(by=RUI)),)), "returned").reply

    assert (reply.kind, reply.person, reply.ago) == (ReplyKind.ALREADY_DECIDED, RUI, LATER - NOW)


@pytest.mark.parametrize(("roles", "may_do"), [((), True), ((OUTSIDE,), False)])
def test_without_named_reviewers_the_members_of_the_review_channel_decide(roles: Any, may_do: bool) -> None:
    decision = review(in_review(), by=SAM, roles=roles, flow=OPEN_TO_ALL)

    assert (decision.handoff.status is Status.UNCLAIMED) is may_do
    assert decision.reply.names == (() if may_do else ("#reviews",))


def test_the_reviewers_of_no_channel_are_nobody_to_remind() -> None:
    """A workflow that lost its exceptions since still shows the flags that were raised, and goes on without them."""
    back = review(in_review(), "returned", fields=("goals",)).handoff

    decision = after(back, "answered", answers={"goals": "Fewer late invoices"}, flow=workflow())

    assert of_kind(decision, PostReview) == []
    assert of_kind(decision, Nag) == []


MAXS = flag(by=MAX)
PAIR = {"flags": [SCOPE], "channel": "#reviews", "reviewers": [MAX.email, RUI.email], "four_eyes": True}


@pytest.mark.parametrize(
    ("reviewers", "names"),
    [
        ([MAX.email, RUI.email], (RUI.email,)),
        (["MAX@example.com", RUI.slack_id, "@founders"], (RUI.slack_id, "@founders")),
        (["@founders"], ("@founders",)),
        ([], ("#reviews",)),
    ],
    ids=["names", "a group beside", "a group", "the channel"],
)
def test_with_four_eyes_somebody_else_decides_on_a_flag(reviewers: list[str], names: tuple[str, ...]) -> None:
    flow = whole_workflow(exceptions={**PAIR, "reviewers": reviewers})
    before = in_review(flags=(MAXS,))

    own = review(before, by=MAX, flow=flow, roles=("@founders",))
    other = review(before, by=RUI, flow=flow, roles=("@founders",))

    assert (own.reply.kind, own.reply.names) == (ReplyKind.OWN_FLAG, names)
    assert changes_nothing(own, before)
    assert other.handoff.status is Status.UNCLAIMED


def test_without_four_eyes_a_reviewer_decides_on_their_own_flag() -> None:
    assert review(in_review(flags=(MAXS,)), by=MAX).handoff.status is Status.UNCLAIMED


def test_who_raised_a_flag_and_is_no_reviewer_is_told_who_is() -> None:
    reply = review(in_review(flags=(flag(by=SAM),)), by=SAM, flow=whole_workflow(exceptions=PAIR)).reply

    assert (reply.kind, reply.names) == (ReplyKind.NOT_ALLOWED, (MAX.email, RUI.email))


@pytest.mark.parametrize(("by", "to"), [(MAX, RUI), (RUI, MAX), (SAM, MAX)])
@pytest.mark.parametrize("four_eyes", [True, False])
def test_with_four_eyes_whoever_raised_a_flag_is_not_reminded_of_it(by: Person, to: Person, four_eyes: bool) -> None:
    flow = whole_workflow(exceptions={**PAIR, "four_eyes": four_eyes})

    decision = after(whole(), "flagged", by, flow=flow, flag=SCOPE)

    assert [n.to.name for n in of_kind(decision, Nag)] == [to.email if four_eyes else MAX.email]
