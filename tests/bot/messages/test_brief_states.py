"""The brief in every state: who owns the next step, what can be pressed, and what happened to it."""

from datetime import timedelta

import pytest
from hypothesis import example, given

from bot.messages import briefs, standing
from handoff.model import (
    Answer,
    Ending,
    Flag,
    Handoff,
    Offer,
    Question,
    Quiet,
    SendBack,
    Source,
    Status,
    Verdict,
    VerdictKind,
)
from tests.bot.hostile import SECRET, Case, thoroughly
from tests.bot.hostile_delivery import busiest, busy_cases
from tests.bot.reading import answered, everything, parts, pings, refused, seen
from tests.factories import DANA, NOW, PRIYA, RUI, SAM, answer, field, handoff, workflow

FLAGS = {"flags": ["Custom Scope", "Delivery Risk"], "channel": "#deal-desk"}
FLAGGED = workflow(exceptions=FLAGS)
SOON = NOW + timedelta(hours=2)


@thoroughly
@example(busiest(Status.COLLECTING))
@example(busiest(Status.IN_REVIEW))
@example(busiest(Status.KICKOFF_SCHEDULED))
@example(busiest(Status.DONE))
@example(busiest(Status.CANCELLED))
@given(busy_cases())
def test_a_brief_to_which_everything_happened_is_taken(case: Case) -> None:
    text, blocks = briefs.brief(case.handoff, case.workflow, "is_archived")

    assert refused(text, blocks) == []
    assert SECRET not in everything(text, blocks)
    owner = {case.handoff.owner.slack_id} if case.handoff.owner else set()
    assert pings(text, blocks) - owner <= {"U0PICKED01"}


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (handoff(), "Sam Rivers in sales: 5 answers are missing."),
        (handoff(asked=None), "Sales: 5 answers are missing."),
        (
            handoff(Status.COLLECTING, wanted=("start", "next_step")),
            "Sam Rivers in sales, who was asked again about start, next step.",
        ),
        (
            handoff(Status.IN_REVIEW, flags=(Flag(name="Custom Scope", note="Ours", by=SAM, at=NOW),)),
            "The reviewers in #deal-desk, who decide on Custom Scope.",
        ),
        (handoff(Status.UNCLAIMED), "Nobody yet. Whoever presses Take ownership has it."),
        (handoff(Status.CANCELLED, ending=Ending(because="deleted", at=NOW)), "Nobody. It was deleted in HubSpot. ()."),
    ],
    ids=["collecting", "nobody asked", "sent back", "in review", "unclaimed", "cancelled"],
)
def test_who_owns_the_next_step_is_true_in_every_state(one: Handoff, said: str) -> None:
    _, blocks = briefs.brief(one, FLAGGED)

    assert answered(blocks)[0] == ("Who owns the next step?", said)


def test_an_owner_keeps_it_while_sales_answers_again() -> None:
    back = handoff(Status.COLLECTING, wanted=("start",), owner=PRIYA, owned_at=NOW, brief_post=None)

    text, blocks = briefs.brief(back, FLAGGED)

    assert "who was asked again about start.  keeps it meanwhile." in seen(blocks)
    assert pings(text, blocks) == {PRIYA.slack_id}
    assert "asked again" in dict(answered(blocks))["When do we start?"]


def test_the_time_until_the_claim_does_not_count_answers_that_came_back_later() -> None:
    claimed = NOW + timedelta(minutes=5)
    again = handoff(Status.OWNED, owned_at=claimed, briefed_at=NOW + timedelta(days=2))

    assert "took it 5 min after the brief was ready." in seen(briefs.brief(again, FLAGGED)[1])


def test_a_second_owner_is_timed_from_the_release() -> None:
    released = NOW + timedelta(days=2)
    taken = handoff(Status.OWNED, briefed_at=released, owned_at=released + timedelta(minutes=3))

    assert "took it 3 min after the brief was ready." in seen(briefs.brief(taken, FLAGGED)[1])


def test_a_kickoff_shows_when_it_is() -> None:
    one = handoff(Status.KICKOFF_SCHEDULED, owner=PRIYA, owned_at=NOW, kickoff_at=SOON)

    text, blocks = briefs.brief(one, FLAGGED)

    assert int(SOON.timestamp()) in [date["timestamp"] for date in parts(blocks, "date")]
    assert text == "Deal 1: Priya Nair owns the next step, the kickoff is scheduled."


def test_an_open_offer_is_on_the_brief() -> None:
    one = handoff(Status.OWNED, offer=Offer(to=DANA, by=PRIYA, note="", at=NOW))

    text, blocks = briefs.brief(one, FLAGGED)

    assert "Dana Wolf was asked to take over and has not answered yet" in seen(blocks)
    assert pings(text, blocks) == {PRIYA.slack_id}


@pytest.mark.parametrize(
    ("status", "buttons", "menu"),
    [
        (Status.COLLECTING, [], ["everything", "history", "flag", "snooze"]),
        (Status.IN_REVIEW, [], ["everything", "history", "flag", "snooze"]),
        (
            Status.UNCLAIMED,
            ["Take ownership", "Ask sales", "Send back"],
            ["assign", "everything", "history", "flag", "snooze"],
        ),
        (
            Status.OWNED,
            ["Schedule kickoff", "Hand over to …", "Release", "Done", "Ask sales", "Send back"],
            ["assign", "everything", "history", "flag", "snooze"],
        ),
        (
            Status.KICKOFF_SCHEDULED,
            ["Done", "Hand over to …", "Release", "Move kickoff", "Ask sales", "Send back"],
            ["assign", "everything", "history", "flag", "snooze"],
        ),
        (Status.DONE, [], ["everything", "history"]),
        (Status.CANCELLED, [], ["everything", "history"]),
    ],
)
def test_a_brief_offers_what_can_be_done_in_its_state(status: Status, buttons: list[str], menu: list[str]) -> None:
    _, blocks = briefs.brief(handoff(status, owner=PRIYA, owned_at=NOW), FLAGGED)

    options = [option for one in parts(blocks, "overflow") for option in one["options"]]
    assert [button["text"]["text"] for button in parts(blocks, "button")] == buttons
    assert {button["value"] for button in parts(blocks, "button")} <= {"h1"}
    assert [option["value"] for option in options] == [f"h1|{word}" for word in menu]


def test_a_paused_brief_offers_to_resume_and_a_snoozed_one_to_snooze_or_pause() -> None:
    rest = Quiet(by=PRIYA, at=NOW, until=SOON, reason="They are away", is_pause=True)

    paused = briefs.brief(handoff(Status.OWNED, quiet=rest), FLAGGED)[1]
    snoozed = briefs.brief(handoff(Status.OWNED, quiet=rest.model_copy(update={"is_pause": False})), FLAGGED)[1]

    assert "No reminders until , paused by Priya Nair: They are away" in seen(paused)
    assert "Resume reminders …" in seen(paused)
    assert "Snooze or pause …" in seen(snoozed)


def test_done_asks_once_more_and_says_what_is_open() -> None:
    _, blocks = briefs.brief(handoff(Status.OWNED), FLAGGED)

    (done,) = [button for button in parts(blocks, "button") if button["text"]["text"] == "Done"]
    assert done["confirm"]["text"]["text"].startswith("1 of 1 steps of the first task are not ticked. No kickoff is ")


def test_what_was_sent_back_says_which_fields_why_and_by_whom() -> None:
    back = SendBack(fields=("start", "next_step"), reason="The date is before the contract.", by=DANA, at=NOW)

    _, blocks = briefs.brief(handoff(Status.UNCLAIMED, send_backs=(back,)), FLAGGED)

    said = seen(blocks)
    assert "Sent back once" in said
    assert "start, next step, because: The date is before the contract.  — Dana Wolf, " in said


def test_only_the_newest_send_backs_are_on_the_brief_and_all_are_counted() -> None:
    backs = tuple(SendBack(fields=("start",), reason=f"Reason {n}", by=DANA, at=NOW) for n in range(5))

    said = seen(briefs.brief(handoff(Status.UNCLAIMED, send_backs=backs), FLAGGED)[1])

    assert "Sent back 5 times (the last 3; Show everything has the rest)" in said
    assert [f"Reason {n}" in said for n in range(5)] == [False, False, True, True, True]


def test_a_flag_shows_what_was_decided_and_its_conditions() -> None:
    verdict = Verdict(kind=VerdictKind.CONDITIONS, reason="Only with a fixed price", by=RUI, at=NOW)
    flag = Flag(name="Custom Scope", note="Two extra reports", by=SAM, at=NOW, verdict=verdict)
    open_ = Flag(name="Delivery Risk", note="", by=SAM, at=NOW)

    said = seen(briefs.brief(handoff(Status.OWNED, flags=(flag, open_)), FLAGGED)[1])

    assert "Custom Scope: Two extra reports  — Sam Rivers, " in said
    assert "Approved with conditions: Only with a fixed price  — Rui Lemos, " in said
    assert "Waits for a decision in #deal-desk." in said


def test_a_question_to_sales_and_its_answer_stand_on_the_brief() -> None:
    asked = {"text": "Which audit?", "by": PRIYA, "to": SAM, "at": NOW, "is_to_sales": True}
    open_ = Question(id="q1", about="start", **asked)
    done = Question(id="q2", about=None, **asked, answer="The yearly one", answered_by=SAM, answered_at=NOW)
    between = Question(id="q3", about=None, **{**asked, "text": "Among sales", "is_to_sales": False})

    said = seen(briefs.brief(handoff(Status.OWNED, questions=(open_, done, between)), FLAGGED)[1])

    assert "Asked sales twice" in said
    assert "About start: Which audit?  — Priya Nair, \nNo answer from Sam Rivers yet." in said
    assert "Which audit?  — Priya Nair, \nThe yearly one  — Sam Rivers, " in said
    assert "Among sales" not in said


def test_what_was_never_answered_or_decided_is_not_waited_for_after_the_end() -> None:
    open_ = Question(id="q1", about=None, text="Which audit?", by=PRIYA, to=SAM, at=NOW, is_to_sales=True)
    flag = Flag(name="Delivery Risk", note="", by=SAM, at=NOW)

    said = seen(briefs.brief(handoff(Status.DONE, owner=PRIYA, questions=(open_,), flags=(flag,)), FLAGGED)[1])

    assert "It was not answered." in said
    assert "Nobody had decided when it ended." in said


def test_what_does_not_apply_says_why_and_who_said_so() -> None:
    waived = Answer(key="contact", value="They only use the portal", source=Source.WAIVED, by=SAM, at=NOW)

    _, blocks = briefs.brief(handoff(Status.UNCLAIMED, answers=(waived, answer("promised"))), workflow())

    said = dict(answered(blocks))["Who is the main contact?"]
    assert said == "Does not apply: They only use the portal  — Sam Rivers,"


@pytest.mark.parametrize(
    ("because", "said"),
    [
        ("not_needed", "Sam Rivers said that no handoff is needed: A renewal"),
        ("stage_left", "It left its stage in HubSpot and is in A renewal now."),
        ("deleted", "It was deleted in HubSpot."),
        ("merged", "It was merged into another one in HubSpot."),
    ],
)
def test_a_cancelled_brief_says_why(because: str, said: str) -> None:
    over = handoff(Status.CANCELLED, ending=Ending(because=because, at=NOW, reason="A renewal", by=SAM))

    assert said in seen(briefs.brief(over, FLAGGED)[1])
    assert standing.in_short(over) == "cancelled."


def test_the_due_day_counts_only_days_on_which_somebody_works() -> None:
    hours = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:30"}
    told = workflow(defaults={"working_hours": hours}, first_task={"title": "Kick off", "due": "2d"})
    friday = NOW + timedelta(days=4)

    taken = handoff(Status.OWNED, owned_at=friday, task_at=friday)

    assert "Kick off, due Tue 10 Mar." in seen(briefs.brief(taken, told)[1])
    assert "Kick off, due Sun 8 Mar." in seen(briefs.brief(taken, workflow(first_task={"title": "Kick off"}))[1])


def test_a_restricted_field_never_reaches_a_title_made_from_the_record() -> None:
    told = workflow(
        checklist=[
            field(key="scope").model_dump(),
            field(key="margin", crm="margin", visible_to=["finance@example.com"]).model_dump(),
        ],
        brief={"promised": "scope", "expects_next": "scope"},
        first_task={"title": "Kick off at {{ record.fields.margin }} {{ answers.margin }}"},
    )
    one = handoff(Status.OWNED, answers=(answer("margin", SECRET),))
    one = one.model_copy(update={"record": one.record.model_copy(update={"fields": {"margin": SECRET}})})

    text, blocks = briefs.brief(one, told)

    assert SECRET not in everything(text, blocks)
    assert "Kick off at [margin?] [margin?]" in seen(blocks)
