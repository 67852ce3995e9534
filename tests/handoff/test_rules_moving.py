"""The record moves on in the CRM: other values, older reads, another stage; a person chooses where the two differ."""

from typing import Any

import pytest

from handoff.decide import Decision, ReplyKind, decide
from handoff.events import RecordChanged
from handoff.model import Difference, Handoff, Person, Record, Source, Status
from handoff.notices import AskDifference, AskRep, Nag, PostBrief, Tell, To, UpdateDifference, WriteBack
from handoff.workflow import Workflow
from tests.factories import ANSWERS, DANA, NOW, PRIYA, REASON, SAM, answer, field, record, whole_workflow
from tests.handoff.deciding import LATER, POST, WHOLE, after, changes_nothing, of_kind, whole

THEIRS = "Invoices on the same day"
ALL = {"crm_promised": ANSWERS["promised"], "crm_next_step": ANSWERS["next_step"]}


def deal(goals: str | None = THEIRS, **changes: Any) -> Record:
    """Sam's deal as it is read now: nothing but the goals has another value."""
    return record(fields={"buyer_goals": goals}, **changes)


def read(case: Handoff, now: Record | None = None, flow: Workflow = WHOLE) -> Decision:
    event = RecordChanged(handoff_id="h1", at=LATER, via="hubspot", record=now or deal())
    return decide(case, event, flow, LATER)


def differs(case: Handoff, **changes: Any) -> Handoff:
    """The same with an open question about the goals."""
    plain = {"key": "goals", "theirs": THEIRS, "ours": ANSWERS["goals"], "at": NOW, "is_for_sales": False}
    known = Difference.model_validate({**plain, "post": POST, **changes})
    return case.model_copy(update={"differences": (known,)})


def from_crm(key: str, value: str | None = None) -> Any:
    return answer(key, value, source=Source.CRM, by=None)


def test_what_the_crm_learns_while_sales_is_asked_is_not_asked_any_more() -> None:
    decision = read(whole())

    assert [(a.key, a.value, a.source, a.at) for a in decision.handoff.answers] == [
        ("goals", THEIRS, Source.CRM, LATER)
    ]
    assert [n.kind for n in decision.notices] == ["update_ask"]
    assert decision.handoff.record.fields["buyer_goals"] == THEIRS


def test_the_last_value_that_was_missing_completes_the_handoff_from_the_crm() -> None:
    case = whole(answers=tuple(answer(key) for key in ANSWERS if key != "goals"))

    assert read(case).handoff.status is Status.UNCLAIMED


def test_a_condition_that_is_not_true_any_more_completes_the_handoff() -> None:
    answers = tuple(answer(key) for key in ANSWERS)
    case = whole(answers=answers, record=record(fields={"discount": "15"}))

    assert read(case, record(fields={"discount": "0"})).handoff.status is Status.UNCLAIMED


def test_a_value_of_the_crm_is_replaced_by_its_newer_one_or_forgotten_if_that_is_none() -> None:
    case = whole(answers=(from_crm("goals"),))

    assert [a.value for a in read(case).handoff.answers] == [THEIRS]
    known = whole(answers=(from_crm("goals"),), record=deal())
    assert read(known, deal(None)).handoff.answers == ()


@pytest.mark.parametrize(
    ("status", "known", "to"),
    [
        (Status.COLLECTING, answer("goals"), To(person=SAM)),
        (Status.IN_REVIEW, from_crm("goals"), To(person=SAM)),
        (Status.UNCLAIMED, from_crm("goals"), None),
        (Status.OWNED, answer("goals"), None),
    ],
)
def test_a_value_that_differs_from_what_was_said_or_briefed_is_asked_about(status: Status, known: Any, to: Any) -> None:
    case = whole(status, answers=(*(answer(key) for key in ANSWERS if key != "goals"), known))

    decision = read(case)

    (difference,) = decision.handoff.differences
    assert (difference.key, difference.theirs, difference.ours) == ("goals", THEIRS, ANSWERS["goals"])
    assert [(n.difference, n.to) for n in of_kind(decision, AskDifference)] == [(0, to)]
    assert decision.handoff.answer("goals") == known


def test_a_question_that_is_open_speaks_of_the_newest_value() -> None:
    decision = read(differs(whole(Status.OWNED)), deal("Invoices within the hour"))

    assert [d.theirs for d in decision.handoff.differences] == ["Invoices within the hour"]
    assert [(n.lane, n.difference) for n in of_kind(decision, UpdateDifference)] == [("delivery", 0)]
    assert of_kind(decision, AskDifference) == []


def test_each_field_has_its_own_question() -> None:
    other = differs(whole(Status.OWNED, record=deal()), key="contact")

    asked = read(other, deal("Invoices within the hour")).handoff
    agreed = read(asked, deal(ANSWERS["goals"])).handoff

    assert [(d.key, d.theirs) for d in asked.differences] == [
        ("contact", THEIRS),
        ("goals", "Invoices within the hour"),
    ]
    assert [d.kept for d in agreed.differences] == [None, "same"]


@pytest.mark.parametrize("theirs", [ANSWERS["goals"], f" {ANSWERS['goals']} "], ids=["the same", "spaces"])
def test_a_question_is_settled_when_the_two_agree_again_by_themselves(theirs: str) -> None:
    decision = read(differs(whole(Status.OWNED, record=deal())), deal(theirs))

    assert [d.kept for d in decision.handoff.differences] == ["same"]
    assert len(of_kind(decision, UpdateDifference)) == 1


def test_our_own_value_read_back_is_no_news_but_is_known() -> None:
    decision = read(whole(Status.OWNED), deal(ANSWERS["goals"]))

    assert decision.handoff.differences == ()
    assert [n.kind for n in decision.notices] == ["update_ask", "update_brief"]


def test_a_name_that_was_written_for_a_person_is_read_back_as_the_same() -> None:
    person = answer("goals", DANA.slack_id, crm_value="Dana Wolf")

    assert read(whole(Status.OWNED, answers=(person,)), deal("Dana Wolf")).handoff.differences == ()


def test_a_value_that_appears_though_the_field_was_said_not_to_apply_is_asked_about() -> None:
    waived = answer("goals", REASON, source=Source.WAIVED)

    assert [d.theirs for d in read(whole(Status.OWNED, answers=(waived,))).handoff.differences] == [THEIRS]


@pytest.mark.parametrize(
    ("case", "now"),
    [
        (whole(Status.DONE), deal()),
        (whole(record=record(changed_at=LATER)), deal(changed_at=NOW)),
        (whole(record=deal(changed_at=NOW)), deal(changed_at=LATER)),
        (whole(record=record(fields={"buyer_goals": THEIRS, "more": "1"})), deal()),
    ],
    ids=["over", "older than what is known", "the same", "fewer fields of the same"],
)
def test_a_read_changes_nothing(case: Handoff, now: Record) -> None:
    assert read(case, now).reply.kind is ReplyKind.ALREADY_SO
    assert changes_nothing(read(case, now), case)


@pytest.mark.parametrize("known", [NOW, LATER, None])
def test_a_read_that_is_not_older_counts(known: Any) -> None:
    assert read(whole(record=record(changed_at=known)), deal(changed_at=LATER)).counts


def test_a_record_that_leaves_its_stage_cancels_the_handoff_aloud() -> None:
    decision = read(whole(Status.OWNED), deal(stage="lost", stage_label="Closed Lost"))

    ending = decision.handoff.ending
    assert ending is not None
    assert (decision.handoff.status, ending.because, ending.reason) == (
        Status.CANCELLED,
        "stage_left",
        "Closed Lost",
    )
    assert [(n.what, n.lane, n.is_for_all) for n in of_kind(decision, Tell)] == [
        ("cancelled", "rep", False),
        ("cancelled", "delivery", True),
        ("cancelled", "owner", False),
    ]
    assert of_kind(decision, Nag) == []


def test_a_stage_without_a_name_is_called_by_its_id() -> None:
    ending = read(whole(), deal(stage="lost", stage_label="")).handoff.ending

    assert ending is not None
    assert ending.reason == "lost"


def test_a_handoff_that_was_begun_by_hand_in_another_stage_is_not_cancelled_by_the_next_read() -> None:
    talks: dict[str, Any] = {"stage": "talks", "stage_label": "Talks"}

    decision = read(whole(record=record(**talks)), deal(**talks))

    assert decision.handoff.status is Status.COLLECTING


def test_a_brief_that_nobody_has_taken_waits_for_what_becomes_required() -> None:
    decision = read(whole(Status.UNCLAIMED), record(fields={"discount": "15"}))

    assert decision.handoff.status is Status.COLLECTING
    assert [(n.to, n.again) for n in of_kind(decision, AskRep)] == [(To(person=SAM), None)]
    assert [(n.ladder, n.round) for n in of_kind(decision, Nag)] == [("rep", 1)]
    assert set(decision.cancel) == {"rep", "channel", "owner"}


def test_a_brief_that_waited_before_it_was_posted_has_a_key_of_its_own() -> None:
    briefed = after(whole(), "answered", answers=ANSWERS).handoff
    waiting = read(briefed, record(fields={"discount": "15"})).handoff

    decision = read(waiting, record(fields={"discount": "0"}))

    (brief,) = of_kind(decision, PostBrief)
    assert [n.kind for n in decision.notices if n.key == brief.key] == ["post_brief"]


def test_an_owner_goes_on_while_something_becomes_required() -> None:
    decision = read(whole(Status.OWNED), record(fields={"discount": "15"}))

    assert decision.handoff.status is Status.OWNED
    assert [n.kind for n in decision.notices] == ["update_ask", "update_brief"]


def choose(case: Handoff, kept: str, by: Person = PRIYA, **facts: Any) -> Decision:
    return after(case, "chosen", by, **{"difference": 0, "kept": kept, **facts})


def test_their_value_is_taken_into_the_handoff() -> None:
    decision = choose(differs(whole(Status.OWNED)), "theirs")

    taken = decision.handoff.answer("goals")
    assert taken is not None
    assert (taken.value, taken.source, taken.by, taken.at) == (THEIRS, Source.CRM, None, LATER)
    assert [(d.kept, d.by) for d in decision.handoff.differences] == [("theirs", PRIYA)]
    assert [n.kind for n in decision.notices] == ["update_difference", "update_ask", "update_brief"]


def test_our_value_is_written_unless_a_third_one_stands_there_by_now() -> None:
    decision = choose(differs(whole(Status.OWNED)), "ours")

    assert [(n.fields, n.base) for n in of_kind(decision, WriteBack)] == [
        ({"buyer_goals": ANSWERS["goals"]}, {"buyer_goals": THEIRS})
    ]
    assert decision.handoff.answers == whole(Status.OWNED).answers


def test_the_reason_why_a_field_does_not_apply_is_never_written_as_its_value() -> None:
    waived = answer("goals", REASON, source=Source.WAIVED)

    decision = choose(differs(whole(Status.OWNED, answers=(waived,))), "ours")

    assert of_kind(decision, WriteBack) == []
    assert decision.handoff.answers == (waived,)


@pytest.mark.parametrize("theirs", [None, "soon"])
def test_a_brief_that_loses_a_required_answer_by_a_choice_goes_back_to_sales(theirs: str | None) -> None:
    case = differs(whole(Status.UNCLAIMED), key="start", theirs=theirs)

    decision = choose(case, "theirs")

    assert decision.handoff.status is Status.COLLECTING
    assert decision.handoff.answer("start") is None


def test_a_choice_of_sales_may_complete_the_handoff() -> None:
    case = differs(whole(answers=tuple(answer(key) for key in ANSWERS), wanted=()))

    decision = choose(case, "theirs", SAM)

    assert decision.handoff.status is Status.UNCLAIMED
    assert [n.lane for n in of_kind(decision, UpdateDifference)] == ["delivery"]


@pytest.mark.parametrize(
    ("status", "known", "by", "place", "kind"),
    [
        (Status.OWNED, {}, PRIYA, 1, ReplyKind.NOT_NOW),
        (Status.OWNED, {}, PRIYA, -1, ReplyKind.NOT_NOW),
        (Status.OWNED, {"kept": "ours", "by": DANA}, PRIYA, 0, ReplyKind.ALREADY_DECIDED),
        (Status.CANCELLED, {}, PRIYA, 0, ReplyKind.OVER),
        (Status.OWNED, {}, DANA, 0, ReplyKind.NOT_YOURS),
    ],
    ids=["unknown", "unknown either", "chosen already", "over", "somebody else's"],
)
def test_nothing_is_chosen(status: Status, known: Any, by: Person, place: int, kind: ReplyKind) -> None:
    before = differs(whole(status), **known)

    decision = choose(before, "theirs", by, difference=place)

    assert decision.reply.kind is kind
    assert changes_nothing(decision, before)


def test_only_those_who_may_read_a_field_choose_between_its_values() -> None:
    secret = field(key="goals", crm="buyer_goals", visible_to=["@finance"])
    flow = whole_workflow(checklist=[secret, *(f.model_dump() for f in WHOLE.checklist if f.key != "goals")])
    case = differs(whole(Status.OWNED))

    owner = choose(case, "theirs", PRIYA, flow=flow)
    finance = choose(case, "theirs", DANA, roles=("@finance",), flow=flow)

    assert (owner.reply.kind, owner.reply.names) == (ReplyKind.NOT_ALLOWED, ("@finance",))
    assert changes_nothing(owner, case)
    assert finance.handoff.differences[0].by == DANA
