"""Several reminders in one message: Slack takes it whatever is in it; who waits has a button, who is done has none."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages.blocks import user
from bot.messages.buttons import COMPLETE, KICKOFF, RELEASE, REVIEW, TAKE
from bot.messages.digest import digest, redrawn
from handoff.model import Handoff, Person, Quiet, Status
from handoff.notices import Ladder, Nag, To
from handoff.ports import Waiting
from handoff.reminding import MOST_TOGETHER
from tests.bot.hostile import SECRET, Case, cases, emptiest, fullest, thoroughly
from tests.bot.moving import flag, moving, reviewed_workflow
from tests.bot.reading import everything, links, parts, pings, refused, seen
from tests.factories import ANSWERS, NOW, PRIYA, SAM, answer, handoff, record
from tests.factories import nag as plain_nag

LADDERS: tuple[Ladder, ...] = ("rep", "reviewer", "channel", "owner")
LATER = NOW + timedelta(hours=3)
LONG = Person(name="<!channel> & Sons " * 500, slack_id="U0LONG0001")

drawn = st.tuples(moving() | cases(), st.sampled_from(LADDERS), st.booleans())


@thoroughly
@example([(emptiest(), "rep", True)] * MOST_TOGETHER)
@example([(fullest(), "owner", True)] * MOST_TOGETHER)
@example([(fullest(), "channel", False)] * MOST_TOGETHER)
@given(st.lists(drawn, min_size=1, max_size=MOST_TOGETHER))
def test_any_reminders_together_are_taken_and_ping_only_who_is_meant(drawn: list[tuple[Case, Ladder, bool]]) -> None:
    about = [_waiting(case.handoff, case.workflow, ladder, is_true=is_true) for case, ladder, is_true in drawn]

    for text, blocks in (digest(about, user("U0PRIYA001"), NOW), redrawn(about, NOW)):
        assert refused(text, blocks) == []
        assert pings(text, blocks) <= {"U0PRIYA001"}
        assert links(blocks) == {}
        assert SECRET not in everything(text, blocks)


@pytest.mark.parametrize("ladder", LADDERS)
def test_fifteen_with_the_longest_texts_are_all_named_and_can_all_be_done(ladder: Ladder) -> None:
    long = Person(name=LONG.name, slack_id="U0LONG0002")
    full = fullest() if ladder != "rep" else emptiest()
    about = [_waiting(_numbered(full.handoff, n, long), full.workflow, ladder) for n in range(MOST_TOGETHER)]

    text, blocks = digest(about, None, LATER)

    assert refused(text, blocks) == []
    assert pings(text, blocks) == set()
    assert text == "15 handoffs wait."
    assert len(blocks) <= 1 + 2 * MOST_TOGETHER
    for n in range(MOST_TOGETHER):
        assert f"{n:02d} <!channel>" in seen(blocks)
    assert seen(blocks).count("Next reminder: to ") + seen(blocks).count("This is the last reminder.") == MOST_TOGETHER
    assert in_menus(blocks) == [f"h{n}|{word}" for n in range(MOST_TOGETHER) for word in ("snooze", "pause")]
    wanted = set() if ladder == "owner" else {f"h{n}" for n in range(MOST_TOGETHER)}
    assert {value.partition("|")[0] for _, value in pressed(blocks)} == wanted


def test_each_reminder_has_its_line_and_its_button() -> None:
    wanting = tuple(answer(key) for key in ANSWERS if key != "goals")
    about = [
        _waiting(handoff(id="h1", answers=wanting), ladder="rep"),
        _waiting(handoff(Status.UNCLAIMED, id="h2", record=record(2)), ladder="channel"),
        _waiting(handoff(Status.OWNED, id="h3", record=record(3)), ladder="owner"),
        _waiting(handoff(Status.IN_REVIEW, id="h4", record=record(4), flags=(flag(),)), ladder="reviewer"),
    ]

    text, blocks = digest(about, user("U0PRIYA001"), LATER)

    assert text == "4 handoffs wait."
    assert "Deal 1 still lacks 1 answer, asked for 3 h ago: What do they care about?" in seen(blocks)
    assert "Nobody owns Deal 2 yet, 3 h after its brief was ready." in seen(blocks)
    assert "Deal 3 has no kickoff yet; you took it 3 h ago." in seen(blocks)
    assert "Custom Scope on Deal 4 waits for a decision." in seen(blocks)
    assert pressed(blocks) == [(COMPLETE, "h1"), (TAKE, "h2"), (KICKOFF, "h3"), (RELEASE, "h3"), (REVIEW, "h4|0")]


def test_what_is_done_says_so_below_the_rest_and_has_no_button() -> None:
    about = [
        _waiting(handoff(Status.OWNED, id="h1"), ladder="channel", is_true=False),
        _waiting(handoff(Status.UNCLAIMED, id="h2", record=record(2)), ladder="channel"),
    ]

    text, blocks = digest(about, None, LATER)

    assert text == "1 handoff waits."
    assert seen(blocks).startswith("1 handoff waits.Nobody owns Deal 2 yet")
    assert seen(blocks).endswith("Settled: Priya Nair owns Deal 1.")
    assert pressed(blocks) == [(TAKE, "h2")]


def test_when_all_is_done_the_message_says_so() -> None:
    settled = [_waiting(handoff(Status.DONE, record=record(n)), ladder="rep", is_true=False) for n in (1, 2)]

    text, blocks = digest(settled, None, LATER)

    assert text == "Settled: nothing of this waits any more."
    assert "the handoff of Deal 1 is done" in seen(blocks)
    assert "the handoff of Deal 2 is done" in seen(blocks)
    assert pressed(blocks) == []


def test_each_reminder_says_who_is_reminded_next_and_when() -> None:
    _, blocks = digest([_waiting(handoff(id=f"h{n}"), ladder="rep") for n in (1, 2)], None, NOW)

    lines = [line["elements"] for line in parts(blocks, "rich_text_section")][1:]
    assert [seen(line).partition("\n")[2] for line in lines] == ["Next reminder: to you, ."] * 2
    assert [date["timestamp"] for date in parts(blocks, "date")] == [int((NOW + timedelta(hours=22)).timestamp())] * 2


def test_what_is_put_off_stands_below_what_waits_and_says_by_whom_and_until_when() -> None:
    until = LATER + timedelta(days=1)
    snoozed = handoff(id="h1", quiet=Quiet(by=SAM, at=NOW, until=until))
    paused = handoff(id="h2", quiet=Quiet(by=PRIYA, at=NOW, until=None, reason="They moved it", is_pause=True))
    coming = plain_nag("rep", 1, due_at=until, round=1)
    about = [replace(_waiting(snoozed), coming=coming), _waiting(paused), _waiting(handoff(id="h3"))]

    text, blocks = redrawn(about, LATER)

    assert text == "1 handoff waits, 2 are put off."
    assert [value for _, value in pressed(blocks)] == ["h3", "h1", "h2"]
    assert "Snoozed by Sam Rivers until . Next reminder: to you, ." in seen(blocks)
    assert "Paused by Priya Nair until somebody resumes it: “They moved it”." in seen(blocks)
    assert [date["timestamp"] for date in parts(blocks, "date")] == [int(until.timestamp())] * 2
    assert in_menus(blocks) == ["h3|snooze", "h3|pause", "h1|snooze", "h1|pause", "h2|pause"]
    assert redrawn(about[:2], LATER)[0] == "Nothing waits now: 2 are put off."
    assert redrawn([*about[:1], _waiting(handoff(Status.DONE), is_true=False)], LATER)[0].endswith("1 is put off.")


def test_a_snooze_that_is_over_is_not_spoken_of() -> None:
    over = handoff(quiet=Quiet(by=SAM, at=NOW, until=NOW))

    text, blocks = redrawn([_waiting(over), _waiting(over)], LATER)

    assert text == "2 handoffs wait."
    assert "Snoozed" not in seen(blocks)


def test_one_reminder_that_stands_is_drawn_as_it_was_sent() -> None:
    paused = handoff(quiet=Quiet(by=PRIYA, at=NOW, until=None, is_pause=True))

    text, blocks = redrawn([_waiting(paused)], LATER)

    assert text.startswith("Deal 1 still lacks")
    assert [b["text"]["text"] for b in parts(blocks, "button")] == ["Complete handoff", "Resume"]
    assert redrawn([_waiting(handoff(Status.OWNED), ladder="channel", is_true=False)], LATER)[0].startswith("Settled: ")


def test_who_is_meant_stands_first() -> None:
    about = [_waiting(handoff(id=f"h{n}"), ladder="rep") for n in (1, 2)]

    _, blocks = digest(about, user("U0DANA0001"), LATER)

    first = next(parts(blocks, "rich_text_section"))["elements"][0]
    assert first == {"type": "user", "user_id": "U0DANA0001"}


def _waiting(stands: Handoff, flow: Any = None, ladder: Ladder = "rep", *, is_true: bool = True) -> Waiting:
    to = {"rep": To(person=SAM), "owner": To(person=PRIYA), "reviewer": To(name="founder@example.com")}
    place = 0 if ladder == "reviewer" else None
    nag: Nag = plain_nag(ladder, to=to.get(ladder, To(name="#delivery")), flag=place, handoff_id=stands.id)
    return Waiting(nag, stands, flow or reviewed_workflow(), is_true)


def _numbered(stands: Handoff, number: int, owner: Person) -> Handoff:
    """The fullest handoff, named so that each of many can be told from the others."""
    named = stands.record.model_copy(update={"name": f"{number:02d} {stands.record.name}"})
    raised = flag(note="A billing export " * 200)
    return stands.model_copy(update={"id": f"h{number}", "record": named, "owner": owner, "flags": (raised,)})


def in_menus(blocks: Any) -> list[str]:
    """What can be picked in the menus."""
    return [option["value"] for menu in parts(blocks, "overflow") for option in menu["options"]]


def pressed(blocks: Any) -> list[tuple[str, str]]:
    """What each button does."""
    return [(b["action_id"], b["value"]) for b in parts(blocks, "button")]
