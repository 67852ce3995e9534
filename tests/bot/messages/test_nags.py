"""A reminder says what is waited for and since when, has the button that ends it, and names the next one."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import nags
from bot.messages.blocks import user
from bot.messages.buttons import COMPLETE, KICKOFF, PAUSE, RELEASE, REVIEW, SNOOZE, TAKE
from handoff.model import Draft, Handoff, Post, SendBack, Status, VerdictKind
from handoff.notices import Ladder, Nag, SettleNag, To
from tests.bot.hostile import SECRET, Case, cases, emptiest, thoroughly
from tests.bot.moving import FRANCES, ended, flag, moving, reviewed_workflow
from tests.bot.reading import everything, links, parts, pings, refused, seen
from tests.factories import ANSWERS, CHANNEL_STEPS, CHECKLIST, DANA, NOW, PRIYA, REP_STEPS, RUI, SAM, answer, handoff
from tests.factories import nag as plain_nag

LADDERS: tuple[Ladder, ...] = ("rep", "reviewer", "channel", "owner")
LATER = NOW + timedelta(hours=3)


@thoroughly
@example(emptiest(), "rep", 0)
@example(emptiest(), "channel", 6)
@example(emptiest(), "owner", 0)
@given(moving() | cases(), st.sampled_from(LADDERS), st.integers(0, 6))
def test_a_reminder_is_taken_and_pings_only_who_is_meant(case: Case, ladder: Ladder, step: int) -> None:
    text, blocks = nags.nag(nag(ladder, step), case.handoff, case.workflow, user("U0PRIYA001"), NOW)

    assert refused(text, blocks) == []
    assert pings(text, blocks) == {"U0PRIYA001"}
    assert links(blocks) == {}
    assert SECRET not in everything(text, blocks)


@thoroughly
@given(moving(), st.sampled_from(LADDERS))
def test_a_settled_reminder_is_taken_and_pings_nobody(case: Case, ladder: Ladder) -> None:
    text, blocks = nags.settled(settle(ladder), case.handoff)

    assert refused(text, blocks) == []
    assert pings(text, blocks) == set()
    assert links(blocks) == {}
    assert SECRET not in everything(text, blocks)


def test_a_rep_is_told_what_is_missing_and_since_when() -> None:
    text, blocks = nags.nag(nag(), handoff(), reviewed_workflow(), None, LATER)

    asked = "What do they care about? · Who is the main contact? · When do we start? · What was promised? · "
    assert text.startswith(f"Deal 1 still lacks 5 answers, asked for 3 h ago: {asked}")
    assert text == seen(blocks[0])
    assert pressed(blocks) == [(COMPLETE, "h1"), (SNOOZE, "h1"), (PAUSE, "h1")]


def test_one_missing_answer_is_one_answer() -> None:
    answers = tuple(answer(key) for key in ANSWERS if key != "goals")

    text, _ = nags.nag(nag(), handoff(answers=answers), reviewed_workflow(), None, NOW)

    assert text == "Deal 1 still lacks 1 answer, asked for 1 s ago: What do they care about?"


def test_drafts_are_not_forgotten() -> None:
    draft = Draft(key="goals", text="Orders packed on the day they come in", at=NOW, by=SAM)
    answers = tuple(answer(key) for key in ANSWERS if key != "goals")

    text, _ = nags.nag(nag(), handoff(answers=answers, drafts=(draft,)), reviewed_workflow(), None, NOW)

    assert text.endswith("What do they care about? (1 saved as a draft, not handed over yet)")


def test_time_is_counted_from_the_send_back() -> None:
    back = SendBack(fields=("start",), reason="It is in the past", by=PRIYA, at=NOW + timedelta(hours=2))
    stands: dict[str, Any] = {
        "wanted": ("start",),
        "send_backs": (back,),
        "answers": tuple(answer(key) for key in ANSWERS),
    }

    text, _ = nags.nag(nag(), handoff(**stands), reviewed_workflow(), None, LATER)

    assert text == "Deal 1 still lacks 1 answer, asked for 1 h ago: When do we start?"


def test_a_manager_reads_whom_it_waits_for() -> None:
    answers = tuple(answer(key) for key in ANSWERS if key != "goals")
    to = To(name="rui@example.com")

    text, _ = nags.nag(nag(step=2, to=to), handoff(answers=answers), reviewed_workflow(), None, LATER)

    assert text == "Deal 1 waits for Sam Rivers: 1 answer, asked for 3 h ago: What do they care about?"


def test_a_channel_is_told_that_nobody_owns_it() -> None:
    text, blocks = nags.nag(nag("channel"), handoff(Status.UNCLAIMED), reviewed_workflow(), None, LATER)

    assert text == "Nobody owns Deal 1 yet, 3 h after its brief was ready. The client is waiting."
    assert pings(text, blocks) == set()
    assert pressed(blocks) == [(TAKE, "h1"), (SNOOZE, "h1"), (PAUSE, "h1")]


def test_an_owner_is_told_that_there_is_no_kickoff() -> None:
    text, blocks = nags.nag(nag("owner"), handoff(Status.OWNED), reviewed_workflow(), None, NOW + timedelta(days=2))

    expects = ANSWERS["next_step"]
    assert text == f"Deal 1 has no kickoff yet; you took it 2 days ago. The client expects next: {expects}"
    assert pressed(blocks) == [(KICKOFF, "h1"), (RELEASE, "h1"), (SNOOZE, "h1"), (PAUSE, "h1")]


def test_an_owner_reads_nothing_that_only_some_may_read() -> None:
    fields = [{**f, "visible_to": ["olu@example.com"]} if f["key"] == "next_step" else f for f in CHECKLIST]

    text, _ = nags.nag(nag("owner"), handoff(Status.OWNED), reviewed_workflow(checklist=fields), None, LATER)

    assert text == "Deal 1 has no kickoff yet; you took it 3 h ago."


def test_an_owners_manager_reads_who_owns_it_and_cannot_press_for_them() -> None:
    notice = nag("owner", 1, to=To(name="rui@example.com"))

    text, blocks = nags.nag(notice, handoff(Status.OWNED, answers=()), reviewed_workflow(), None, LATER)

    assert text == "Deal 1 has no kickoff yet; Priya Nair took it 3 h ago."
    assert pressed(blocks) == [(SNOOZE, "h1"), (PAUSE, "h1")]


@pytest.mark.parametrize(
    ("stands", "meanwhile"),
    [
        (handoff(Status.IN_REVIEW, flags=(flag(),)), "Delivery waits for it."),
        (handoff(flags=(flag(),)), "Sam Rivers is still answering; delivery waits for both."),
        (handoff(Status.OWNED, flags=(flag(),)), "Priya Nair goes on meanwhile."),
    ],
    ids=["in review", "collecting", "owned"],
)
def test_a_reviewer_is_told_what_waits_for_the_decision(stands: Handoff, meanwhile: str) -> None:
    text, blocks = nags.nag(nag("reviewer"), stands, reviewed_workflow(), None, LATER)

    raised = "Custom Scope on Deal 1 waits for a decision. Priya Nair raised it 3 h ago: “A billing export”."
    assert text == f"{raised} {meanwhile}"
    assert pressed(blocks) == [(REVIEW, "h1|0"), (SNOOZE, "h1"), (PAUSE, "h1")]


@pytest.mark.parametrize(
    ("notice", "coming"),
    [
        ({}, "Next reminder: to you, "),
        ({"step": 1}, "Next reminder: to your manager, "),
        ({"step": 1, "to": To(person=DANA)}, "Next reminder: to Sam Rivers’s manager, "),
        ({"step": REP_STEPS - 1}, "This is the last reminder."),
        ({"ladder": "channel"}, "Next reminder: to @delivery-leads, "),
        ({"ladder": "channel", "step": 1}, "Next reminder: to #delivery, "),
        ({"ladder": "channel", "step": CHANNEL_STEPS - 1}, "This is the last reminder."),
        ({"ladder": "reviewer"}, "Next reminder: to #ops, "),
        ({"ladder": "owner"}, "Next reminder: to your manager, "),
        ({"ladder": "owner", "step": 1}, "This is the last reminder."),
    ],
)
def test_the_next_rung_is_shown(notice: dict[str, Any], coming: str) -> None:
    stands = handoff(Status.OWNED, flags=(flag(),))

    _, blocks = nags.nag(nag(**notice), stands, reviewed_workflow(), None, NOW)

    assert seen(blocks[1]).startswith(coming)


def test_the_next_rung_says_when_in_the_readers_own_time() -> None:
    _, blocks = nags.nag(nag(), handoff(), reviewed_workflow(), None, NOW)

    assert [d["timestamp"] for d in parts(blocks[1], "date")] == [int((NOW + timedelta(hours=22)).timestamp())]


def test_who_is_meant_stands_first() -> None:
    _, blocks = nags.nag(nag("channel"), handoff(Status.UNCLAIMED), reviewed_workflow(), user("U0DANA0001"), NOW)

    first = next(parts(blocks, "rich_text_section"))["elements"][0]
    assert first == {"type": "user", "user_id": "U0DANA0001"}


DONE_ALL = tuple(answer(key) for key in ANSWERS)
BACK = SendBack(fields=("start",), reason="It is in the past", by=DANA, at=NOW)


@pytest.mark.parametrize(
    ("ladder", "stands", "said"),
    [
        ("rep", handoff(Status.UNCLAIMED), "Settled: Sam Rivers gave the last answer about Deal 1."),
        ("rep", handoff(Status.UNCLAIMED, answers=()), "Settled: Deal 1 has every answer that was asked for."),
        ("rep", handoff(asked=RUI), "Rui Lemos is asked about Deal 1 now."),
        ("channel", handoff(Status.OWNED), "Settled: Priya Nair owns Deal 1."),
        (
            "channel",
            handoff(send_backs=(BACK,)),
            "Dana Wolf sent Deal 1 back to sales; nothing is asked of you until it is answered.",
        ),
        (
            "channel",
            handoff(Status.IN_REVIEW, flags=(flag(),)),
            "Deal 1 waits for a decision on Custom Scope; nothing is asked of you until then.",
        ),
        ("owner", handoff(Status.OWNED, owner=DANA), "Dana Wolf owns Deal 1 now."),
        (
            "owner",
            handoff(Status.UNCLAIMED),
            "Deal 1 was given back and waits for an owner again; its brief has the button.",
        ),
        (
            "reviewer",
            handoff(Status.OWNED, flags=(flag(VerdictKind.APPROVED),)),
            f"Deal 1: {FRANCES.name} approved Custom Scope: “Rui signs it off first”.",
        ),
        ("owner", ended("deleted"), "Not needed any more: the handoff of Deal 1 is cancelled."),
        ("rep", handoff(Status.DONE), "Settled: the handoff of Deal 1 is done."),
    ],
)
def test_a_settled_reminder_says_what_is_so_and_has_no_button(ladder: Ladder, stands: Handoff, said: str) -> None:
    text, blocks = nags.settled(settle(ladder), stands)

    assert text == said
    assert list(parts(blocks, "button")) == []


def test_a_settled_reminder_names_the_kickoff() -> None:
    stands = handoff(Status.KICKOFF_SCHEDULED, owner=PRIYA, owned_at=NOW, kickoff_at=LATER)

    _, blocks = nags.settled(settle("owner"), stands)

    assert seen(blocks).startswith("Settled: the kickoff of Deal 1 is ")
    assert [d["timestamp"] for d in parts(blocks, "date")] == [int(LATER.timestamp())]


def test_a_reminder_of_a_flag_that_still_waits_keeps_its_button() -> None:
    stands = handoff(Status.OWNED, flags=(flag(VerdictKind.APPROVED), flag(name="Delivery Risk")))

    text, blocks = nags.settled(settle("reviewer"), stands)

    assert text == "Delivery Risk on Deal 1 waits for a decision."
    assert pressed(blocks) == [(REVIEW, "h1|1")]


def nag(ladder: Ladder = "rep", step: int = 0, **changes: Any) -> Nag:
    """One reminder, to whoever it is that the ladder begins with."""
    to = {"rep": To(person=SAM), "owner": To(person=PRIYA), "reviewer": To(name="founder@example.com")}
    place = 0 if ladder == "reviewer" else None
    return plain_nag(ladder, step, **{"to": to.get(ladder, To(name="#delivery")), "flag": place, **changes})


def settle(ladder: Ladder) -> SettleNag:
    """A reminder that is over."""
    post = Post(channel="C1", ts="1.0")
    return SettleNag(key="k", handoff_id="h1", due_at=NOW, lane="rep", ladder=ladder, post=post)


def pressed(blocks: Any) -> list[tuple[str, str]]:
    """What each button does."""
    return [(b["action_id"], b["value"]) for b in parts(blocks, "button")]
