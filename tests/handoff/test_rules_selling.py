"""Sales besides answering: passed on, not needed, single questions and their answers."""

from typing import Any

import pytest

from handoff.decide import ReplyKind
from handoff.model import Answer, Draft, Question, Reminder, Source, Status
from handoff.notices import (
    AskQuestion,
    AskRep,
    Nag,
    SettleNag,
    TellAnswer,
    To,
    UpdateAsk,
    UpdateBrief,
    UpdateQuestion,
    WriteNote,
)
from handoff.rules.answering import NOT_ASKED
from tests.factories import ANSWERS, DANA, GUEST, NOW, PRIYA, REASON, RUI, SAM, answer
from tests.handoff.deciding import LATER, POST, after, changes_nothing, flag, of_kind, whole


def question(**changes: Any) -> Question:
    """Sam asked Dana about the goals."""
    plain = {"id": "q1", "about": "goals", "text": "What do they want?", "by": SAM, "to": DANA, "at": NOW}
    return Question.model_validate({**plain, "is_to_sales": False, **changes})


def test_whoever_it_is_passed_to_is_asked_and_reminded_from_now_on() -> None:
    case = whole(reminders=(Reminder(ladder="rep", post=POST),))

    decision = after(case, "passed_on", to=RUI, note=" Your region ")

    assert (decision.handoff.asked, decision.handoff.asked_because) == (RUI, "passed_on")
    assert decision.handoff.passed_on is not None
    assert decision.handoff.passed_on.note == "Your region"
    assert [(n.to, n.again) for n in of_kind(decision, AskRep)] == [(To(person=RUI), "passed_on")]
    assert [(n.to, n.round, n.step) for n in of_kind(decision, Nag)] == [(To(person=RUI), 1, 0)]
    assert [n.post for n in of_kind(decision, SettleNag)] == [POST]
    assert decision.cancel == ("rep",)


def test_the_question_to_whoever_passed_it_on_is_closed() -> None:
    asked, never = whole(), whole(ask_post=None)

    assert [n.post for n in of_kind(after(asked, "passed_on", to=RUI), UpdateAsk)] == [asked.ask_post]
    assert of_kind(after(never, "passed_on", to=RUI), UpdateAsk) == []
    assert after(asked, "passed_on", to=RUI).handoff.ask_post is None


def test_reviewers_go_on_being_reminded_of_a_flag_when_sales_changes_hands() -> None:
    stands = Reminder(ladder="reviewer:0", post=POST)

    decision = after(whole(flags=(flag(step=1),), reminders=(stands,)), "passed_on", to=RUI)

    assert [(n.scope, n.step, n.round) for n in of_kind(decision, Nag)] == [("rep", 0, 1), ("reviewer:0", 1, 1)]
    assert decision.cancel == ("rep", "reviewer:0")
    assert decision.handoff.reminders == (stands,)


@pytest.mark.parametrize(
    ("status", "to", "kind"),
    [
        (Status.COLLECTING, SAM, ReplyKind.ALREADY_SO),
        (Status.COLLECTING, GUEST, ReplyKind.NOT_ALLOWED),
        (Status.UNCLAIMED, RUI, ReplyKind.ALREADY_COMPLETE),
        (Status.CANCELLED, RUI, ReplyKind.OVER),
    ],
)
def test_passing_it_on_changes_nothing(status: Status, to: Any, kind: ReplyKind) -> None:
    before = whole(status)

    decision = after(before, "passed_on", to=to)

    assert decision.reply.kind is kind
    assert changes_nothing(decision, before)


@pytest.mark.parametrize("status", [Status.COLLECTING, Status.IN_REVIEW])
def test_a_handoff_that_is_not_needed_is_cancelled_with_the_reason(status: Status) -> None:
    decision = after(whole(status), "not_needed", reason=f" {REASON} ")

    ending = decision.handoff.ending
    assert decision.handoff.status is Status.CANCELLED
    assert ending is not None
    assert (ending.because, ending.reason, ending.by, ending.at) == ("not_needed", REASON, SAM, LATER)
    assert [n.what for n in of_kind(decision, WriteNote)] == ["cancelled"]


def test_a_handoff_is_not_cancelled_without_a_reason_that_helps() -> None:
    before = whole()

    decision = after(before, "not_needed", reason="n/a")

    assert set(decision.reply.complaints) == {"reason"}
    assert changes_nothing(decision, before)


def test_delivery_has_it_already_and_so_it_is_needed() -> None:
    assert after(whole(Status.OWNED), "not_needed", reason=REASON).reply.kind is ReplyKind.ALREADY_COMPLETE


def test_a_colleague_is_asked_one_question() -> None:
    decision = after(whole(), "question_asked", question_id="q1", text=" What? ", about="goals", to=DANA)

    assert decision.handoff.questions == (question(text="What?", at=LATER),)
    assert [(n.question_id, n.to) for n in of_kind(decision, AskQuestion)] == [("q1", To(person=DANA))]
    assert of_kind(decision, UpdateAsk)
    assert decision.handoff.status is Status.COLLECTING


@pytest.mark.parametrize(("asked", "to"), [(SAM, To(person=SAM)), (None, To(name="#ops"))])
def test_delivery_asks_whoever_answers_for_sales(asked: Any, to: To) -> None:
    decision = after(whole(Status.OWNED, asked=asked), "question_asked", PRIYA, question_id="q1", text="What?")

    (said,) = decision.handoff.questions
    assert (said.is_to_sales, said.to, said.about) == (True, asked, None)
    assert [n.to for n in of_kind(decision, AskQuestion)] == [to]
    assert of_kind(decision, UpdateBrief)
    assert decision.handoff.status is Status.OWNED


@pytest.mark.parametrize(
    ("status", "facts", "kind"),
    [
        (Status.DONE, {}, ReplyKind.OVER),
        (Status.COLLECTING, {"to": None}, ReplyKind.NOT_NOW),
        (Status.COLLECTING, {"question_id": "q0"}, ReplyKind.ALREADY_SO),
        (Status.COLLECTING, {"to": GUEST}, ReplyKind.NOT_ALLOWED),
        (Status.COLLECTING, {"text": " "}, ReplyKind.WRONG_ANSWERS),
        (Status.COLLECTING, {"about": "budget"}, ReplyKind.WRONG_ANSWERS),
    ],
    ids=["over", "nobody asked", "sent twice", "a guest", "empty", "about what is not asked"],
)
def test_no_question_is_asked(status: Status, facts: dict[str, Any], kind: ReplyKind) -> None:
    before = whole(status, questions=(question(id="q0"),))

    decision = after(before, "question_asked", **{"question_id": "q1", "text": "What?", "to": DANA, **facts})

    assert decision.reply.kind is kind
    assert decision.reply.complaints.get("about") == (NOT_ASKED if "about" in facts else None)
    assert changes_nothing(decision, before)


def test_a_colleagues_answer_becomes_a_draft_of_theirs_and_is_told_to_who_asked() -> None:
    decision = after(whole(questions=(question(),)), "question_answered", DANA, question_id="q1", text=" Speed first ")

    (answered,) = decision.handoff.questions
    assert (answered.answer, answered.answered_by, answered.answered_at) == ("Speed first", DANA, LATER)
    assert decision.handoff.drafts == (Draft(key="goals", text="Speed first", at=LATER, by=DANA),)
    assert decision.handoff.answers == ()
    assert [(n.lane, n.to) for n in of_kind(decision, TellAnswer)] == [("rep", To(person=SAM))]
    assert [n.question_id for n in of_kind(decision, UpdateQuestion)] == ["q1"]


@pytest.mark.parametrize(
    ("status", "about", "drafts"),
    [
        (Status.COLLECTING, None, ()),
        (Status.IN_REVIEW, "goals", ()),
        (Status.COLLECTING, "goals", (Draft(key="goals", text="Mine", at=NOW, by=SAM),)),
    ],
    ids=["about nothing", "complete already", "typed already"],
)
def test_a_colleagues_answer_takes_nothing_away(status: Status, about: str | None, drafts: Any) -> None:
    case = whole(status, questions=(question(about=about),), drafts=drafts)

    decision = after(case, "question_answered", DANA, question_id="q1", text="Speed first")

    assert decision.handoff.drafts == drafts
    assert decision.handoff.questions[0].answer == "Speed first"


def to_sales(about: str | None = "goals") -> Question:
    return question(about=about, by=PRIYA, to=SAM, is_to_sales=True)


def answered_by_sales(about: str | None = "goals", **changes: Any) -> tuple[Answer, ...]:
    case = whole(Status.OWNED, questions=(to_sales(about),), **changes)
    decision = after(case, "question_answered", question_id="q1", text="And training")
    assert [n.lane for n in of_kind(decision, TellAnswer)] == ["delivery"]
    assert of_kind(decision, UpdateBrief)
    return tuple(a for a in decision.handoff.answers if a not in case.answers)


def test_an_answer_of_sales_about_a_text_is_added_to_the_brief() -> None:
    (added,) = answered_by_sales()

    assert (added.key, added.value) == ("goals", f"{ANSWERS['goals']}\nAnd training")
    assert (added.by, added.source, added.at) == (SAM, Source.PERSON, LATER)


@pytest.mark.parametrize("known", [(), (answer("goals", REASON, source=Source.WAIVED),)])
def test_an_answer_of_sales_is_the_first_where_there_was_none(known: Any) -> None:
    (added,) = answered_by_sales(answers=known)

    assert added.value == "And training"


@pytest.mark.parametrize("about", [None, "start"])
def test_an_answer_of_sales_about_anything_else_stands_in_the_thread_only(about: str | None) -> None:
    assert answered_by_sales(about) == ()


@pytest.mark.parametrize(
    ("status", "known", "by", "text", "kind"),
    [
        (Status.COLLECTING, {"id": "q9"}, DANA, "Yes", ReplyKind.NOT_NOW),
        (Status.COLLECTING, {"answer": "No", "answered_by": RUI, "answered_at": NOW}, DANA, "Yes", "already_decided"),
        (Status.CANCELLED, {}, DANA, "Yes", ReplyKind.OVER),
        (Status.COLLECTING, {}, SAM, "Yes", ReplyKind.NOT_YOURS),
        (Status.COLLECTING, {}, DANA, "  ", ReplyKind.WRONG_ANSWERS),
    ],
    ids=["unknown", "answered already", "over", "not asked", "empty"],
)
def test_an_answer_changes_nothing(status: Status, known: Any, by: Any, text: str, kind: str) -> None:
    before = whole(status, questions=(question(**known),))

    decision = after(before, "question_answered", by, question_id="q1", text=text)

    assert decision.reply.kind == kind
    assert changes_nothing(decision, before)


def test_anybody_may_answer_a_question_that_went_to_a_channel() -> None:
    case = whole(Status.OWNED, questions=(question(to=None, is_to_sales=True),))

    assert after(case, "question_answered", RUI, question_id="q1", text="Yes, all").reply.kind is ReplyKind.DONE
