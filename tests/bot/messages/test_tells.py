"""What is told after something happened: true when it is sent, and never of what only some may read."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import buttons, tells
from handoff.model import Handoff, Person, SendBack, Status, Told, VerdictKind
from handoff.notices import Lane, Tell, To
from tests.bot.hostile import PEOPLE, SECRET, Case, thoroughly
from tests.bot.moving import FRANCES, ended, flag, moving, reviewed_workflow
from tests.bot.reading import everything, links, parts, refused, seen
from tests.factories import DANA, NOW, PRIYA, SAM, answer, handoff

EMAIL = {"subject": "Hello {{ record.name }}", "body": "I am {{ owner.name }}."}
NAMED_PEOPLE = st.sampled_from((PRIYA, DANA)) | PEOPLE


@thoroughly
@given(moving(), st.sampled_from(get_args(Told)), st.sampled_from(("rep", "delivery", "owner")), NAMED_PEOPLE)
def test_news_are_taken_whatever_is_in_them_and_ping_nobody(case: Case, what: Told, lane: Lane, by: Person) -> None:
    text, blocks = tells.tell(tell(what, lane, by=by), case.handoff, case.workflow)

    assert refused(text, blocks) == []
    assert {kind for kind in ("user", "usergroup", "broadcast") if list(parts(blocks, kind))} == set()
    assert links(blocks) == {}
    assert SECRET not in everything(text, blocks)


@pytest.mark.parametrize(
    ("what", "lane", "stands", "said"),
    [
        ("owned", "rep", {}, "Deal 1: Priya Nair owns it. You are done here; they write to you if a question is left."),
        ("yours", "owner", {"by": PRIYA}, "Deal 1 is yours now."),
        ("yours", "owner", {"by": DANA}, "Dana Wolf made you the owner of Deal 1."),
        (
            "yours",
            "owner",
            {"by": DANA, "to": SAM},
            "Dana Wolf made you the owner of Deal 1. By now that has changed. Priya Nair owns it.",
        ),
        (
            "taken_away",
            "owner",
            {"by": SAM, "to": DANA},
            "Sam Rivers chose another owner for Deal 1. Priya Nair owns it. There is nothing left for you to do.",
        ),
        (
            "kept",
            "owner",
            {"by": DANA},
            "Dana Wolf cannot take over Deal 1. It stays with you; you can ask somebody else.",
        ),
        (
            "taken_over",
            "owner",
            {"by": PRIYA, "to": DANA},
            "Priya Nair took over Deal 1 from you. Priya Nair owns it. There is nothing left for you to do.",
        ),
        ("done", "rep", {"by": PRIYA}, "Priya Nair finished the handoff of Deal 1. Thank you for handing it over."),
        ("released", "delivery", {"by": DANA}, "Dana Wolf gave Deal 1 back. Priya Nair owns it."),
    ],
)
def test_news_of_a_handoff_that_priya_owns(what: Told, lane: Lane, stands: dict[str, Any], said: str) -> None:
    text, _ = tells.tell(tell(what, lane, **stands), handoff(Status.OWNED), reviewed_workflow())

    assert text == said


def test_owner_is_led_to_the_brief_the_kickoff_and_the_email() -> None:
    told = reviewed_workflow(welcome_email=EMAIL)

    _, blocks = tells.tell(tell("yours", "owner", by=PRIYA), handoff(Status.OWNED, task_at=NOW), told)

    assert [b["action_id"] for b in parts(blocks, "button")] == [buttons.KICKOFF, buttons.EMAIL]
    assert [c["channel_id"] for c in parts(blocks, "channel")] == ["C0DELIVERY"]


def test_a_silent_owner_is_asked_and_offered_to_give_it_back() -> None:
    asked = tell("silent", "owner", to=PRIYA).model_copy(update={"until": NOW})

    text, blocks = tells.tell(asked, handoff(Status.OWNED), reviewed_workflow())

    assert text.startswith(
        "No kickoff is booked for Deal 1 yet, and no work on it can be seen from here. Are you on it?"
    )
    assert [b["action_id"] for b in parts(blocks, "button")] == [buttons.KICKOFF, buttons.SNOOZE, buttons.RELEASE]
    assert next(parts(blocks, "date"))["timestamp"] == int(NOW.timestamp())


def test_released_handoff_can_be_taken_from_the_message() -> None:
    text, blocks = tells.tell(tell("released", "delivery", by=PRIYA), handoff(Status.UNCLAIMED), reviewed_workflow())

    assert text == "Priya Nair gave Deal 1 back. Nobody owns it now; whoever presses Take ownership has it."
    assert [b["action_id"] for b in parts(blocks, "button")] == [buttons.TAKE]


def test_send_back_names_the_reason_and_the_questions() -> None:
    back = SendBack(fields=("promised", "start"), reason="The dates contradict the contract", by=PRIYA, at=NOW)
    stands = {"send_backs": (back,), "wanted": ("promised", "start")}

    text, blocks = tells.tell(
        tell("sent_back", "delivery", by=PRIYA), handoff(Status.COLLECTING, **stands), reviewed_workflow()
    )

    assert text == (
        "Priya Nair sent Deal 1 back to sales: “The dates contradict the contract”. To be answered again: "
        "“When do we start?” and “What was promised?”. Sam Rivers has been asked, and the brief says "
        "when it is answered."
    )
    assert list(parts(blocks, "button")) == []


def test_send_back_that_was_answered_before_it_was_told_says_so() -> None:
    back = SendBack(fields=("start",), reason="The date is in the past", by=PRIYA, at=NOW)

    text, _ = tells.tell(
        tell("sent_back", "delivery", by=PRIYA), handoff(Status.UNCLAIMED, send_backs=(back,)), reviewed_workflow()
    )

    assert text.endswith("“When do we start?”. Nobody owns it yet.")


def test_brief_that_is_ready_again_names_what_was_answered() -> None:
    later = NOW + timedelta(hours=1)
    stands = {"answers": (answer("goals"), answer("start", at=later)), "briefed_at": later}

    text, blocks = tells.tell(tell("ready_again", "delivery"), handoff(Status.UNCLAIMED, **stands), reviewed_workflow())

    assert text == "Deal 1 is ready for delivery again: Sam Rivers answered “When do we start?”. Nobody owns it yet."
    assert [b["action_id"] for b in parts(blocks, "button")] == [buttons.TAKE]


def test_brief_that_is_ready_after_a_review_names_the_decision() -> None:
    stands = {"flags": (flag(VerdictKind.CONDITIONS),), "briefed_at": NOW, "answers": ()}

    text, _ = tells.tell(tell("ready_again", "delivery"), handoff(Status.UNCLAIMED, **stands), reviewed_workflow())

    assert text == (
        "Deal 1 is ready for delivery again: Frances Osei approved Custom Scope with conditions: "
        "“Rui signs it off first”. Nobody owns it yet."
    )


def test_owner_is_told_that_it_goes_on_with_them() -> None:
    text, blocks = tells.tell(
        tell("ready_again", "owner"), handoff(Status.OWNED, briefed_at=NOW, answers=()), reviewed_workflow()
    )

    assert text == ("Deal 1 is ready for delivery again. It is yours as before; the brief in #delivery is up to date.")
    assert [b["action_id"] for b in parts(blocks, "button")] == [buttons.KICKOFF]


def test_somebody_who_owned_it_before_is_not_told_that_it_is_theirs() -> None:
    stands = handoff(Status.OWNED, owner=DANA, briefed_at=NOW, answers=())

    text, blocks = tells.tell(tell("ready_again", "owner"), stands, reviewed_workflow())

    assert text == "Deal 1 is ready for delivery again. Dana Wolf owns it."
    assert list(parts(blocks, "button")) == []


@pytest.mark.parametrize(
    ("over", "said"),
    [
        (
            ended("stage_left", "Contract sent"),
            (
                "Deal 1 left Closed Won in HubSpot and is in Contract sent now. Its handoff is cancelled, and nobody "
                "is reminded any more. If it comes back, the same handoff goes on. There is nothing to take here."
            ),
        ),
        (
            ended("deleted"),
            (
                "Deal 1 was deleted in HubSpot. Its handoff is cancelled, and nobody is reminded any more. "
                "There is nothing to take here."
            ),
        ),
        (
            ended("merged", owner=PRIYA),
            (
                "Deal 1 was merged into another record in HubSpot. Its handoff is cancelled, and nobody is reminded "
                "any more. Priya Nair, who owned it, has been told."
            ),
        ),
        (
            ended("not_needed", "They renewed the old contract", SAM),
            (
                "Sam Rivers says that Deal 1 needs no handoff: “They renewed the old contract”. Its handoff is "
                "cancelled, and nobody is reminded any more. There is nothing to take here."
            ),
        ),
        (handoff(Status.UNCLAIMED), "The handoff of Deal 1 was cancelled, and goes on again. Nobody owns it yet."),
    ],
    ids=["stage left", "deleted", "merged", "not needed", "back again"],
)
def test_channel_is_told_why_it_is_over(over: Handoff, said: str) -> None:
    text, blocks = tells.tell(tell("cancelled", "delivery"), over, reviewed_workflow())

    assert text == said
    assert list(parts(blocks, "button")) == []


@pytest.mark.parametrize(
    ("lane", "advice"),
    [
        ("rep", "There is nothing left for you to do."),
        ("owner", "Please stop what you have begun; Sam Rivers can tell you what the client knows."),
    ],
)
def test_whoever_reads_it_is_told_what_to_do(lane: Lane, advice: str) -> None:
    text, _ = tells.tell(tell("cancelled", lane), ended("deleted", owner=PRIYA), reviewed_workflow())

    assert text.endswith(advice)


def test_resumed_handoff_says_where_it_goes_on() -> None:
    text, blocks = tells.tell(tell("resumed", "delivery"), handoff(Status.COLLECTING), reviewed_workflow())

    assert text == (
        "Deal 1 is back in Closed Won, so the same handoff goes on with all that was answered. "
        "It is with Sam Rivers now: 5 answers are missing."
    )
    assert list(parts(blocks, "button")) == []


def test_kickoff_is_shown_in_the_readers_own_time() -> None:
    stands = {"owner": PRIYA, "owned_at": NOW, "kickoff_at": NOW + timedelta(days=2)}

    _, blocks = tells.tell(
        tell("kickoff", "rep", by=PRIYA), handoff(Status.KICKOFF_SCHEDULED, **stands), reviewed_workflow()
    )

    assert seen(blocks).startswith("Priya Nair scheduled the kickoff of Deal 1: ")
    assert [d["timestamp"] for d in parts(blocks, "date")] == [int((NOW + timedelta(days=2)).timestamp())]


def test_review_that_is_over_names_the_newest_decision() -> None:
    text, _ = tells.tell(
        tell("review_over", "delivery"), handoff(Status.OWNED, flags=(flag(VerdictKind.APPROVED),)), reviewed_workflow()
    )

    assert text == f"Deal 1: {FRANCES.name} approved Custom Scope: “Rui signs it off first”. Priya Nair owns it."


def tell(what: Told, lane: Lane, by: Person | None = None, to: Person = PRIYA) -> Tell:
    """News, to Priya unless told otherwise."""
    addressed = None if lane == "delivery" else To(person=to)
    return Tell(key="k", handoff_id="h1", due_at=NOW, lane=lane, what=what, to=addressed, by=by)
