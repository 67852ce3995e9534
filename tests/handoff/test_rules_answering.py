"""Sales answers: what does not apply, drafts, what somebody else said meanwhile, flags, replies in the thread."""

from datetime import timedelta
from typing import Any

import pytest

from handoff.decide import Decision, ReplyKind
from handoff.model import Draft, Handoff, RecordRef, Source, Status, VerdictKind
from handoff.notices import AskNext, Nag, PostReview, UpdateAsk, WriteBack, WriteNote
from handoff.rules.answering import NOT_ASKED
from tests.factories import ANSWERS, CHECKLIST, DANA, NOW, REASON, SAM, answer, field, handoff, record, workflow
from tests.handoff.deciding import LATER, RISK, SCOPE, after, changes_nothing, flag, of_kind, whole

HOUR = timedelta(hours=1)


def give(case: Handoff, answers: dict[str, str] | None = None, **facts: Any) -> Decision:
    return after(case, "answered", **{"answers": answers or {}, **facts})


def draft(key: str = "goals", text: str = "Fewer late invoices", **changes: Any) -> Draft:
    return Draft.model_validate({"key": key, "text": text, "at": NOW, "by": DANA, **changes})


def test_what_does_not_apply_is_kept_as_such_with_the_reason_and_noted_on_the_record() -> None:
    decision = give(whole(), waived={"start": f" {REASON} "})

    kept = decision.handoff.answer("start")
    assert kept is not None
    assert (kept.value, kept.source, kept.by, kept.at) == (REASON, Source.WAIVED, SAM, LATER)
    assert [(n.what, n.keys) for n in of_kind(decision, WriteNote)] == [("waived", ("start",))]
    assert of_kind(decision, WriteBack) == []


def test_a_reason_that_says_nothing_is_refused_under_its_field() -> None:
    before = whole()

    decision = give(before, waived={"start": "n/a"})

    assert set(decision.reply.complaints) == {"start"}
    assert changes_nothing(decision, before)


def test_who_says_that_it_does_not_apply_means_it_though_an_answer_stands_in_the_form_too() -> None:
    decision = give(whole(), {"start": "soon"}, waived={"start": REASON})

    assert [(a.key, a.source) for a in decision.handoff.answers] == [("start", Source.WAIVED)]


def test_a_reason_for_a_field_that_is_not_on_the_checklist_is_refused() -> None:
    assert give(whole(), waived={"budget": REASON}).reply.complaints == {"budget": NOT_ASKED}


def test_what_does_not_apply_can_be_answered_after_all() -> None:
    case = whole(answers=(answer("start", REASON, source=Source.WAIVED),))

    decision = give(case, {"start": ANSWERS["start"]})

    assert [(a.value, a.source) for a in decision.handoff.answers] == [(ANSWERS["start"], Source.PERSON)]


def test_the_same_answer_again_keeps_its_first_author_and_is_not_written_again() -> None:
    case = whole(answers=(answer("goals", by=DANA),))

    decision = give(case, {"goals": ANSWERS["goals"]})

    assert decision.handoff.answers == case.answers
    assert [n.kind for n in decision.notices] == ["update_ask"]


def test_a_field_that_was_sent_back_is_answered_by_the_same_words_too() -> None:
    case = whole(answers=tuple(answer(key) for key in ANSWERS), wanted=("goals",))

    decision = give(case, {"goals": ANSWERS["goals"]})

    assert decision.handoff.status is Status.UNCLAIMED
    assert decision.handoff.wanted == ()


@pytest.mark.parametrize("said", [{"answers": {"goals": "Fewer late invoices"}}, {"waived": {"goals": REASON}}])
def test_an_answer_that_somebody_else_gave_while_the_form_was_open_is_not_overwritten_unseen(said: Any) -> None:
    before = whole(answers=(answer("goals", by=DANA, at=LATER),))

    decision = give(before, opened_at=LATER - HOUR, **said)

    assert decision.reply.complaints["goals"].startswith("Dana Wolf answered this while your form was open.")
    assert changes_nothing(decision, before)


@pytest.mark.parametrize(
    ("known", "opened_at"),
    [
        ({"by": DANA, "at": NOW}, LATER),
        ({"by": SAM, "at": LATER}, NOW),
        ({"by": DANA, "at": LATER}, None),
        ({"by": None, "at": LATER, "source": Source.CRM}, NOW),
    ],
    ids=["seen", "own", "no form", "from the CRM"],
)
def test_an_answer_that_was_seen_or_is_nobody_elses_is_replaced(known: Any, opened_at: Any) -> None:
    case = whole(answers=(answer("goals", **known),))

    decision = give(case, {"goals": "Fewer late invoices"}, opened_at=opened_at)

    assert [a.value for a in decision.handoff.answers] == ["Fewer late invoices"]


def test_a_record_of_no_crm_is_neither_written_to_nor_noted_on() -> None:
    begun_by_hand = whole(record=record(ref=RecordRef(system="manual", object="deal", id="1")))

    decision = give(begun_by_hand, {"goals": "Fewer late invoices"}, waived={"start": REASON})

    assert [n.kind for n in decision.notices] == ["update_ask"]


def test_a_draft_is_kept_unchecked_with_who_typed_it() -> None:
    decision = after(whole(), "drafted", answers={"start": "soon"}, waived={"goals": "n/a"})

    assert decision.handoff.drafts == (
        draft("start", "soon", at=LATER, by=SAM),
        draft("goals", "n/a", at=LATER, by=SAM, waived=True),
    )
    assert [n.kind for n in decision.notices] == ["update_ask"]
    assert decision.handoff.answers == ()


def test_what_was_taken_back_is_forgotten_and_the_rest_of_the_drafts_stays() -> None:
    case = whole(drafts=(draft("goals"), draft("start", "soon")))

    decision = after(case, "drafted", answers={"goals": " ", "budget": "1"})

    assert decision.handoff.drafts == (draft("start", "soon"),)


def test_a_draft_without_anything_new_changes_nothing() -> None:
    before = whole(drafts=(draft(),))

    decision = after(before, "drafted", answers={"start": ""})

    assert decision.reply.kind is ReplyKind.ALREADY_SO
    assert changes_nothing(decision, before)


def test_a_colleagues_words_stay_theirs_through_draft_and_answer() -> None:
    case = whole(drafts=(draft(by=DANA),))

    saved = after(case, "drafted", answers={"goals": "Fewer late invoices "})
    handed_over = give(saved.handoff, {"goals": "Fewer late invoices"})

    assert [d.by for d in saved.handoff.drafts] == [DANA]
    assert [a.by for a in handed_over.handoff.answers] == [DANA]
    assert handed_over.handoff.drafts == ()


def test_a_colleagues_words_that_were_changed_are_whoevers_changed_them() -> None:
    decision = give(whole(drafts=(draft(by=DANA),)), {"goals": "No late invoices at all"})

    assert [a.by for a in decision.handoff.answers] == [SAM]


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.UNCLAIMED, Status.OWNED])
@pytest.mark.parametrize("kind", ["answered", "drafted", "replied"])
def test_what_comes_after_completion_is_told_who_was_first(kind: str, status: Status) -> None:
    before = whole(status)

    decision = after(before, kind, DANA, **({"text": "Late"} if kind == "replied" else {"answers": {"goals": "Late"}}))

    assert (decision.reply.kind, decision.reply.person) == (ReplyKind.ALREADY_COMPLETE, SAM)
    assert changes_nothing(decision, before)


@pytest.mark.parametrize("status", [Status.DONE, Status.CANCELLED])
def test_what_comes_after_the_end_is_told_so(status: Status) -> None:
    before = whole(status)

    assert give(before, {"goals": "Late"}).reply.kind is ReplyKind.OVER
    assert changes_nothing(give(before, {"goals": "Late"}), before)


def test_flags_in_the_form_are_raised_with_the_answers_and_hold_the_handoff() -> None:
    decision = give(whole(), ANSWERS, flags=(SCOPE, RISK, SCOPE), flag_note=" Portal ")

    assert decision.handoff.status is Status.IN_REVIEW
    assert [(f.name, f.note, f.by, f.at) for f in decision.handoff.flags] == [
        (SCOPE, "Portal", SAM, LATER),
        (RISK, "Portal", SAM, LATER),
    ]
    assert [(n.flag, n.channel) for n in of_kind(decision, PostReview)] == [(0, "#reviews"), (1, "#reviews")]
    assert [(n.scope, n.due_at) for n in of_kind(decision, Nag)] == [
        ("reviewer:0", LATER + 4 * HOUR),
        ("reviewer:1", LATER + 4 * HOUR),
    ]


def test_a_flag_that_is_up_already_is_not_raised_twice_and_one_that_was_decided_is() -> None:
    verdict = {"kind": VerdictKind.APPROVED, "reason": REASON, "by": DANA, "at": NOW}
    case = whole(flags=(flag(SCOPE), flag(RISK, verdict=verdict)))

    decision = give(case, {"goals": "Fewer late invoices"}, flags=(SCOPE, RISK))

    assert [f.name for f in decision.handoff.flags] == [SCOPE, RISK, RISK]
    assert [n.flag for n in of_kind(decision, PostReview)] == [2]


@pytest.mark.parametrize("flow", [None, workflow()], ids=["other flags", "no exceptions"])
def test_a_flag_that_the_workflow_does_not_know_is_refused(flow: Any) -> None:
    before = whole()

    decision = give(before, ANSWERS, flags=("Bad Mood",), **({"flow": flow} if flow else {}))

    assert decision.reply.complaints == {"flags": "This workflow has no flag “Bad Mood”."}
    assert changes_nothing(decision, before)


def test_a_reply_answers_the_first_question_that_is_missing_and_the_next_is_asked() -> None:
    decision = after(whole(), "replied", text="Fewer late invoices")

    assert [(a.key, a.value, a.by) for a in decision.handoff.answers] == [("goals", "Fewer late invoices", SAM)]
    assert decision.reply.kind is ReplyKind.STILL_MISSING
    assert [n.complaint for n in of_kind(decision, AskNext)] == [None]
    assert of_kind(decision, UpdateAsk)


def test_a_reply_that_will_not_do_is_told_why_in_the_thread_and_logged() -> None:
    before = whole()

    decision = after(before, "replied", text="tbd")

    (said,) = of_kind(decision, AskNext)
    assert said.complaint is not None
    assert "tbd" in said.complaint
    assert (decision.handoff, decision.counts) == (before, True)


def test_the_reply_that_answers_the_last_question_completes_the_handoff() -> None:
    case = whole(answers=tuple(answer(key) for key in ANSWERS if key != "next_step"))

    decision = after(case, "replied", text=ANSWERS["next_step"])

    assert decision.handoff.status is Status.UNCLAIMED
    assert len(of_kind(decision, AskNext)) == 1


def test_a_date_that_only_some_may_read_is_compared_with_and_not_told() -> None:
    secret = field(key="ends", ask="When does it end?", type="date", crm="contract_ends", visible_to=["@finance"])
    begins = field(key="begins", ask="When does it begin?", type="date", not_before="contract_ends")
    told = workflow(checklist=[*CHECKLIST, secret.model_dump(), begins.model_dump()])
    case = handoff(record=record(fields={"contract_ends": "2027-03-01"}), edition=told.edition)

    decision = after(case, "answered", flow=told, answers={"begins": "2026-12-24"})

    said = "That is before the date in “When does it end?”, which only some may read. Pick a later day."
    assert decision.reply.complaints == {"begins": said}
