"""A notice of every other kind reached its place, came too late, or was refused."""

from datetime import timedelta
from typing import Any

import pytest

from handoff.decide import HELD, Decision, decide, is_update, standing_post, still_wanted
from handoff.events import PutOff
from handoff.model import Difference, Handoff, Offer, Post, Question, Reminder, Status
from handoff.notices import (
    AskDifference,
    AskQuestion,
    AskRep,
    AskTakeOver,
    Nag,
    Notice,
    PostReview,
    PostTask,
    SettleNag,
    To,
    UpdateAsk,
    UpdateBrief,
    UpdateDifference,
    UpdateNag,
    UpdateOffer,
    UpdateQuestion,
    UpdateReview,
    UpdateTask,
    WriteBack,
)
from tests.factories import ANSWERS, DANA, NOW, PRIYA, REASON, RUI, SAM, answer, ask_rep, nag, record, said, unsaid
from tests.handoff.deciding import LATER, WHOLE, flag, of_kind, whole

DAY = timedelta(days=1)
BASE: dict[str, Any] = {"key": "h1:x", "handoff_id": "h1", "due_at": NOW}
HERE = Post(channel="C0NEW00001", ts="1772460000.000100")
ASKED = Question(id="q1", about="goals", text="What?", by=SAM, to=DANA, at=NOW, is_to_sales=False)
OTHER = ASKED.model_copy(update={"id": "q2"})
HEARD = ASKED.model_copy(update={"answer": "Yes"})
PLACED = ASKED.model_copy(update={"post": HERE})
OPEN = Difference(key="goals", theirs="Theirs", ours="Ours", at=NOW, is_for_sales=True)
OFFER = Offer(to=DANA, by=PRIYA, note="", at=NOW)


def tell(case: Handoff, notice: Notice, post: Post | None = HERE, **facts: Any) -> Decision:
    return decide(case, said(notice, post, at=LATER, **facts), WHOLE, LATER)


def refuse(case: Handoff, notice: Notice, reason: str = "is_archived") -> Decision:
    return decide(case, unsaid(notice, reason, at=LATER), WHOLE, LATER)


def reviewer(place: int = 0, step: int = 0, **changes: Any) -> Nag:
    changes = {"lane": "review", "flag": place, "to": To(name="max@example.com"), **changes}
    return nag("reviewer", step, **changes)


@pytest.mark.parametrize(
    ("notice", "update"),
    [
        (AskRep(to=To(person=SAM), **BASE), UpdateAsk(**BASE)),
        (PostTask(**BASE), UpdateTask(**BASE)),
        (PostReview(channel="#reviews", flag=1, **BASE), UpdateReview(flag=1, **BASE)),
        (AskQuestion(question_id="q2", to=To(person=DANA), **BASE), UpdateQuestion(question_id="q2", **BASE)),
        (AskDifference(difference=1, lane="rep", **BASE), UpdateDifference(difference=1, lane="rep", **BASE)),
    ],
)
def test_where_a_message_stands_is_remembered_and_there_it_is_updated(notice: Notice, update: Notice) -> None:
    case = whole(ask_post=None, flags=(flag(post=None), flag(post=None)), questions=(ASKED, OTHER))
    case = case.model_copy(update={"differences": (OPEN, OPEN)})

    placed = tell(case, notice).handoff

    assert standing_post(update, case) is None
    assert not still_wanted(update, case)
    assert standing_post(update, placed) == HERE
    assert still_wanted(update, placed)
    assert str(placed).count(HERE.ts) == 1


def test_where_an_offer_stands_is_remembered_while_it_is_open() -> None:
    ask = AskTakeOver(to=To(person=DANA), **BASE)

    placed = tell(whole(Status.OWNED, offer=OFFER), ask)

    assert placed.handoff.offer == OFFER.model_copy(update={"post": HERE})
    assert placed.notices == ()


@pytest.mark.parametrize("offer", [None, OFFER.model_copy(update={"to": RUI})])
def test_an_offer_that_was_withdrawn_while_it_was_sent_is_closed(offer: Offer | None) -> None:
    before = whole(Status.OWNED, offer=offer)

    decision = tell(before, AskTakeOver(to=To(person=DANA), **BASE))

    assert [n.post for n in of_kind(decision, UpdateOffer)] == [HERE]
    assert decision.handoff == before


def test_a_question_to_somebody_who_passed_it_on_while_it_was_sent_is_closed() -> None:
    before = whole(asked=RUI)

    decision = tell(before, ask_rep())

    assert [n.post for n in of_kind(decision, UpdateAsk)] == [HERE]
    assert decision.handoff == before


def test_every_update_names_itself_as_one() -> None:
    updates: tuple[Notice, ...] = (
        UpdateAsk(**BASE),
        UpdateBrief(**BASE),
        UpdateTask(**BASE),
        UpdateReview(flag=0, **BASE),
        UpdateQuestion(question_id="q1", **BASE),
        UpdateOffer(post=HERE, **BASE),
        UpdateDifference(difference=0, lane="rep", **BASE),
        SettleNag(lane="rep", ladder="rep", post=HERE, **BASE),
        UpdateNag(lane="rep", ladder="rep", post=HERE, among=(), **BASE),
    )
    posts: tuple[Notice, ...] = (ask_rep(), nag(), PostTask(**BASE), WriteBack(fields={}, **BASE))

    assert all(is_update(notice) for notice in updates)
    assert not any(is_update(notice) for notice in posts)
    assert [standing_post(notice, whole()) for notice in posts] == [None] * 4


@pytest.mark.parametrize(
    ("notice", "wanted", "unwanted"),
    [
        (
            PostReview(channel="#reviews", flag=0, **BASE),
            whole(flags=(flag(),)),
            [whole(), whole(Status.DONE, flags=(flag(),))],
        ),
        (
            AskQuestion(question_id="q1", to=To(person=DANA), **BASE),
            whole(questions=(ASKED,)),
            [whole(), whole(Status.CANCELLED, questions=(ASKED,)), whole(questions=(HEARD,))],
        ),
        (
            AskDifference(difference=0, lane="rep", **BASE),
            whole(differences=(OPEN,)),
            [
                whole(Status.DONE, differences=(OPEN,)),
                whole(differences=(OPEN.model_copy(update={"kept": "ours"}),)),
            ],
        ),
        (
            AskTakeOver(to=To(person=DANA), **BASE),
            whole(Status.OWNED, offer=OFFER),
            [whole(Status.OWNED), whole(Status.OWNED, offer=OFFER.model_copy(update={"to": RUI}))],
        ),
        (UpdateQuestion(question_id="q1", **BASE), whole(questions=(PLACED,)), [whole()]),
        (UpdateOffer(post=HERE, **BASE), whole(), []),
        (reviewer(), whole(Status.OWNED, flags=(flag(),)), [whole(), whole(Status.DONE, flags=(flag(),))]),
        (reviewer(round=1), whole(flags=(flag(),), round=1), [whole(flags=(flag(),))]),
        (
            nag("owner", round=2),
            whole(Status.OWNED, round=2),
            [whole(Status.KICKOFF_SCHEDULED, round=2), whole(Status.OWNED)],
        ),
    ],
)
def test_a_message_is_wanted_while_what_it_asks_for_is(
    notice: Notice, wanted: Handoff, unwanted: list[Handoff]
) -> None:
    assert still_wanted(notice, wanted)
    assert [still_wanted(notice, case) for case in unwanted] == [False] * len(unwanted)


def test_after_a_reminder_of_a_flag_comes_the_next_one_of_that_flag() -> None:
    decision = tell(whole(step=2, flags=(flag(), flag())), reviewer(1))

    assert [(n.scope, n.step, n.to) for n in of_kind(decision, Nag)] == [("reviewer:1", 1, To(name="#ops"))]
    assert [f.step for f in decision.handoff.flags] == [0, 1]
    assert decision.handoff.step == 2
    assert decision.handoff.reminders == (Reminder(ladder="reviewer:1", post=HERE, among=(reviewer(1).named,)),)


@pytest.mark.parametrize("post", [HERE, None])
def test_a_reminder_of_a_flag_that_was_decided_meanwhile_is_taken_back(post: Post | None) -> None:
    before = whole()

    decision = tell(before, reviewer(), post)

    assert [(n.ladder, n.lane, n.post) for n in of_kind(decision, SettleNag)] == (
        [("reviewer", "review", HERE)] if post else []
    )
    assert decision.handoff == before


def test_what_was_written_is_what_the_record_says_now() -> None:
    ours = WriteBack(fields={"buyer_goals": "Ours", "handoff_status": "done"}, base={"buyer_goals": None}, **BASE)

    for status in (Status.OWNED, Status.DONE):
        decision = tell(whole(status), ours, None)
        assert decision.handoff.record.fields["buyer_goals"] == "Ours"
        assert "handoff_status" not in decision.handoff.record.fields
        assert decision.notices == ()


def test_a_value_that_somebody_put_there_meanwhile_is_asked_about_and_kept() -> None:
    ours = WriteBack(fields={"buyer_goals": ANSWERS["goals"]}, base={"buyer_goals": None}, **BASE)

    decision = tell(whole(Status.OWNED), ours, None, differs={"buyer_goals": "Theirs"})

    assert decision.handoff.record.fields["buyer_goals"] == "Theirs"
    assert [(d.key, d.theirs, d.ours) for d in decision.handoff.differences] == [("goals", "Theirs", ANSWERS["goals"])]
    assert len(of_kind(decision, AskDifference)) == 1


def test_a_value_that_was_taken_over_meanwhile_is_not_asked_about_again() -> None:
    theirs = answer("goals", "Theirs")
    ours = WriteBack(fields={"buyer_goals": ANSWERS["goals"]}, base={"buyer_goals": None}, **BASE)

    decision = tell(whole(Status.OWNED, answers=(theirs,)), ours, None, differs={"buyer_goals": "Theirs"})

    assert decision.handoff.differences == ()


def test_nobody_is_asked_about_a_record_whose_handoff_is_over() -> None:
    decision = tell(whole(Status.DONE), WriteBack(fields={}, **BASE), None, differs={"buyer_goals": "Theirs"})

    assert decision.handoff.record.fields["buyer_goals"] == "Theirs"
    assert decision.notices == ()


def test_what_was_written_may_make_a_condition_false_and_so_complete_the_handoff() -> None:
    known = tuple(answer(key) for key in ANSWERS)
    wrote = WriteBack(fields={"discount": "0"}, base={"discount": "15"}, **BASE)

    decision = tell(whole(answers=known, record=record(fields={"discount": "15"})), wrote, None)

    assert decision.handoff.status is Status.UNCLAIMED


def test_a_review_that_is_refused_goes_to_the_fallback_channel_and_to_ops_and_no_further() -> None:
    ask = PostReview(channel="#reviews", flag=1, **BASE)

    (again,) = of_kind(refuse(whole(flags=(flag(), flag())), ask), PostReview)

    assert (again.key, again.channel, again.flag, again.instead) == ("h1:x:fallback", "#fallback", 1, "is_archived")
    (last,) = of_kind(refuse(whole(flags=(flag(), flag())), again), PostReview)
    assert last.channel == "#ops"
    assert of_kind(refuse(whole(flags=(flag(), flag())), last), PostReview) == []


@pytest.mark.parametrize(("case", "due"), [(whole(), [LATER + DAY]), (whole(round=1), [])])
def test_a_reminder_that_is_put_off_is_due_later_unless_the_deed_was_done(case: Handoff, due: list[Any]) -> None:
    event = PutOff(notice=nag(), until=LATER + DAY, reason="night", handoff_id="h1", at=LATER, via="outbox")

    decision = decide(case, event, WHOLE, LATER)

    assert [n.due_at for n in of_kind(decision, Nag)] == due
    assert decision.handoff == case


def test_what_may_have_been_posted_is_not_posted_elsewhere() -> None:
    decision = refuse(whole(), ask_rep(), HELD)

    assert (decision.notices, decision.remarks) == ((), ("ask_rep was refused: held",))


def test_a_question_that_goes_to_the_fallback_channel_says_why_it_is_asked_again() -> None:
    (again,) = of_kind(refuse(whole(), ask_rep(again="sent_back")), AskRep)

    assert (again.to, again.again) == (To(name="#fallback"), "sent_back")


def test_a_reason_is_not_lost_on_what_can_go_nowhere_else() -> None:
    decision = refuse(whole(), AskQuestion(question_id="q1", to=To(person=DANA), **BASE), REASON)

    assert decision.remarks == (f"ask_question was refused: {REASON}",)
