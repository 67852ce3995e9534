"""What follows when somebody answers."""

from datetime import timedelta

import pytest

from handoff.decide import Decision, ReplyKind, decide
from handoff.model import Answer, Handoff, Post, Reminder, Source, Status
from handoff.notices import Nag, PostBrief, SettleNag, UpdateAsk, WriteBack
from tests.factories import ANSWERS, BEA, CHECKLIST, DANA, NOW, SAM, answer, answered, field, handoff, record, workflow

LATER = NOW + timedelta(minutes=30)
KEYS = set(ANSWERS)


def give(answers: dict[str, str] | None = None, case: Handoff | None = None) -> Decision:
    return decide(case or handoff(), answered(answers, at=LATER), workflow(), LATER)


def kinds(decision: Decision) -> list[str]:
    return [notice.kind for notice in decision.notices]


def test_answers_are_kept_with_who_gave_them_and_when() -> None:
    decision = give({"goals": f"  {ANSWERS['goals']} "})

    kept = Answer(key="goals", value=ANSWERS["goals"], source=Source.PERSON, at=LATER, by=SAM)
    assert decision.handoff.answers == (kept,)


def test_anybody_may_answer_and_is_named() -> None:
    decision = decide(handoff(), answered({"goals": "Fewer late invoices"}, by=BEA), workflow(), NOW)

    assert decision.handoff.answers[0].by == BEA


def test_a_newer_answer_takes_the_place_of_the_older_one() -> None:
    decision = give({"goals": "Fewer late invoices"}, handoff(answers=(answer("goals"), answer("contact"))))

    assert [(a.key, a.value) for a in decision.handoff.answers] == [
        ("contact", ANSWERS["contact"]),
        ("goals", "Fewer late invoices"),
    ]


def test_a_partial_answer_is_kept_and_the_handoff_stays_where_it_is() -> None:
    decision = give({"goals": ANSWERS["goals"]})

    assert decision.reply.kind is ReplyKind.STILL_MISSING
    assert decision.handoff.status is Status.COLLECTING
    assert kinds(decision) == ["update_ask", "write_back", "write_note"]
    assert (decision.cancel, decision.counts) == ((), True)


def test_an_optional_answer_alone_does_not_move_the_handoff() -> None:
    decision = give({"kickoff": "call"})

    assert decision.reply.kind is ReplyKind.STILL_MISSING
    assert decision.handoff.answer("kickoff") is not None


def test_complete_answers_go_to_delivery_at_once() -> None:
    decision = give()

    assert (decision.reply.kind, decision.handoff.status) == (ReplyKind.DONE, Status.UNCLAIMED)
    assert decision.handoff.completed_at == LATER
    assert kinds(decision) == ["update_ask", "write_back", "write_note", "post_brief", "nag", "write_back"]
    (brief,) = [n for n in decision.notices if isinstance(n, PostBrief)]
    assert (brief.key, brief.channel, brief.instead) == ("h1:brief", "#delivery", None)


def test_completion_stops_the_reps_ladder_and_starts_the_channels() -> None:
    decision = give()

    (nag,) = [n for n in decision.notices if isinstance(n, Nag)]
    assert decision.cancel == ("rep",)
    assert (nag.ladder, nag.step, nag.due_at) == ("channel", 0, LATER + timedelta(hours=1))


def test_the_last_missing_answer_completes_the_handoff() -> None:
    case = handoff(answers=tuple(answer(key) for key in KEYS - {"promised"}))

    assert give({"promised": ANSWERS["promised"]}, case).handoff.status is Status.UNCLAIMED


def test_an_answer_that_makes_another_field_required_leaves_it_missing() -> None:
    flow = workflow(checklist=[*CHECKLIST, field(key="address", required="kickoff == 'On site'")])

    by_phone = decide(handoff(), answered({**ANSWERS, "kickoff": "Call"}), flow, NOW)
    on_site = decide(handoff(), answered({**ANSWERS, "kickoff": "On site"}), flow, NOW)

    assert (by_phone.reply.kind, on_site.reply.kind) == (ReplyKind.DONE, ReplyKind.STILL_MISSING)


def test_answers_go_back_to_the_crm_where_they_have_a_place() -> None:
    decision = give()

    answers, status = [n for n in decision.notices if isinstance(n, WriteBack)]
    assert answers.fields == {
        "buyer_goals": ANSWERS["goals"],
        "contact.email": ANSWERS["contact"],
        "start_date": ANSWERS["start"],
    }
    assert status.fields == {"handoff_status": "waiting for an owner"}


def test_answers_without_a_place_in_the_crm_are_not_written_there() -> None:
    assert kinds(give({"promised": ANSWERS["promised"]})) == ["update_ask"]


@pytest.mark.parametrize(("said", "written"), [("Yes", "true"), ("no", "false")])
def test_yes_and_no_are_written_as_the_crm_writes_them(said: str, written: str) -> None:
    flow = workflow(checklist=[*CHECKLIST, field(key="signed", type="yes_no", crm="is_signed")])

    decision = decide(handoff(), answered({"signed": said}), flow, NOW)

    (back,) = [n for n in decision.notices if isinstance(n, WriteBack)]
    assert back.fields == {"is_signed": written}


def test_one_wrong_answer_and_nothing_is_kept() -> None:
    before = handoff()

    decision = give({**ANSWERS, "start": "soon", "contact": "Ines"}, before)

    assert decision.reply.kind is ReplyKind.WRONG_ANSWERS
    assert set(decision.reply.complaints) == {"start", "contact"}
    assert (decision.handoff, decision.notices, decision.counts) == (before, (), False)


@pytest.mark.parametrize(
    ("answers", "key", "said"),
    [
        ({"promised": "  "}, "promised", "Please write an answer."),
        ({"start": "2026-02-01"}, "start", "That is before 2026-03-01"),
        ({"kickoff": "By mail"}, "kickoff", "is not one of the choices"),
        ({"budget": "1"}, "budget", "This is not asked any more."),
    ],
)
def test_a_wrong_answer_is_told_under_its_field(answers: dict[str, str], key: str, said: str) -> None:
    assert said in give(answers).reply.complaints[key]


def test_a_date_is_held_against_another_one_given_in_the_same_breath() -> None:
    checklist = [*CHECKLIST, field(key="end", type="date", not_before="start")]

    decision = decide(
        handoff(), answered({"start": "2026-05-01", "end": "2026-04-01"}), workflow(checklist=checklist), NOW
    )

    assert set(decision.reply.complaints) == {"end"}


@pytest.mark.parametrize("status", [Status.UNCLAIMED, Status.OWNED])
def test_answers_that_come_too_late_change_nothing_and_tell_who_was_first(status: Status) -> None:
    case = handoff(status)

    decision = give(case=case)

    assert (decision.reply.kind, decision.reply.person) == (ReplyKind.ALREADY_COMPLETE, SAM)
    assert decision.reply.ago == timedelta(minutes=30)
    assert (decision.handoff, decision.notices, decision.counts) == (case, (), False)


def test_nobody_is_named_as_first_where_the_crm_knew_everything() -> None:
    from_crm = tuple(answer(key, source=Source.CRM, by=None) for key in ANSWERS)

    decision = give(case=handoff(Status.UNCLAIMED, answers=from_crm, completed_at=None))

    assert (decision.reply.person, decision.reply.ago) == (None, timedelta())


def test_each_change_has_its_own_keys() -> None:
    first = give({"goals": ANSWERS["goals"]})
    again = give({"goals": ANSWERS["goals"]}, first.handoff.model_copy(update={"version": 3}))

    keys = [n.key for n in (*first.notices, *again.notices)]
    assert len(keys) == len(set(keys))
    assert isinstance(first.notices[0], UpdateAsk)


def test_a_deal_with_a_discount_waits_for_the_pricing_exceptions() -> None:
    case = handoff(record=record(fields={"discount": "15"}))

    assert give(case=case).reply.kind is ReplyKind.STILL_MISSING
    assert give({**ANSWERS, "pricing": "15 % in the first year"}, case).reply.kind is ReplyKind.DONE


def test_person_who_was_picked_is_written_to_the_crm_by_name() -> None:
    flow = workflow(
        checklist=[*CHECKLIST, {"key": "lead", "ask": "Who leads?", "type": "person", "crm": "project_lead"}]
    )
    given = answered({**ANSWERS, "lead": "U0DANA0001"}, people={"U0DANA0001": DANA})

    decision = decide(handoff(edition=flow.edition), given, flow, NOW)

    fields = [notice.fields for notice in decision.notices if isinstance(notice, WriteBack)]
    assert fields[0]["project_lead"] == "Dana Wolf"


def test_spaces_are_no_answer_to_what_is_required_and_nothing_to_what_is_not() -> None:
    required = give({**ANSWERS, "goals": "   "})
    optional = give({**ANSWERS, "kickoff": " "})

    assert dict(required.reply.complaints) == {"goals": "Please write an answer."}
    assert optional.handoff.status is Status.UNCLAIMED
    assert optional.handoff.answer("kickoff") is None


def test_reminders_that_stand_in_slack_are_settled_by_the_deed() -> None:
    stands = Reminder(ladder="rep", post=Post(channel="D1", ts="1.0"))

    decision = give(ANSWERS, handoff(reminders=(stands,)))

    assert [n.post for n in decision.notices if isinstance(n, SettleNag)] == [stands.post]
    assert decision.handoff.reminders == ()
