"""What `/handoff status` shows."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.commands import Wish, from_value
from bot.messages import board
from handoff.model import Ending, Flag, Quiet, Status
from handoff.ports import MOST_COUNTED, Problem, Skipped
from tests.bot.hostile import SECRET, TEXTS, Case, cases, emptiest, fullest, thoroughly
from tests.bot.reading import everything, links, parts, pings, refused, seen
from tests.factories import NOW, PRIYA, SAM, field, handoff, record, workflow

LATER = NOW + timedelta(hours=3)
RISK = Flag(name="Risk", note="", by=SAM, at=NOW)
SPECIAL: dict[Status, dict[str, Any]] = {
    Status.IN_REVIEW: {"flags": (RISK,)},
    Status.KICKOFF_SCHEDULED: {"owner": PRIYA, "kickoff_at": NOW},
    Status.CANCELLED: {"ending": Ending(because="not_needed", at=NOW, reason="A renewal")},
}
ONE_OF_EACH = [
    (handoff(status, record=record(n), **SPECIAL.get(status, {})), workflow()) for n, status in enumerate(Status, 1)
]


@thoroughly
@example([fullest(), emptiest()], 20)
@given(st.lists(cases(), max_size=2), st.integers(1, 20))
def test_the_overview_is_taken_whatever_is_in_it(drawn: list[Case], times: int) -> None:
    handoffs = [(case.handoff, case.workflow) for case in drawn] * times
    count = {status.value: len(handoffs) for status in Status}

    text, blocks = board.overview(handoffs, count, NOW)

    assert refused(text, blocks) == []
    assert pings(text, blocks) == set()
    assert links(blocks) == {}
    assert SECRET not in everything(text, blocks)


@thoroughly
@example("x" * 10_000, [fullest(), emptiest()], 20, [])
@given(TEXTS, st.lists(cases(), max_size=2), st.integers(1, 20), st.lists(TEXTS, max_size=3))
def test_a_search_is_taken_whatever_is_in_it(name: str, drawn: list[Case], times: int, near: list[str]) -> None:
    handoffs = [(case.handoff, case.workflow) for case in drawn] * times

    text, blocks = board.one(name, handoffs, NOW, near)

    assert refused(text, blocks) == []
    assert pings(text, blocks) == set()
    assert links(blocks).keys() <= {case.handoff.record.url for case in drawn}
    assert SECRET not in everything(text, blocks)


def test_the_overview_says_for_each_what_it_waits_for() -> None:
    text, blocks = board.overview(ONE_OF_EACH, {status.value: 1 for status in Status}, LATER)

    rows = [seen(row) for row in next(parts(blocks, "rich_text_list"))["elements"]]
    assert text == (
        "1 waiting on sales, 1 in review, 1 waiting for an owner, 1 owned, "
        "1 with a kickoff booked, 1 done, 1 cancelled."
    )
    assert rows == [
        "Deal 1: waiting on Sam Rivers for 5 answers, for 3 h",
        "Deal 2: waiting for a review (Risk), for 3 h",
        "Deal 3: waiting for an owner in #delivery, for 3 h",
        "Deal 4: owned by Priya Nair, for 3 h",
        "Deal 5: owned by Priya Nair, kickoff on 02 Mar 2026",
        "Deal 6: done, by Priya Nair",
        "Deal 7: cancelled: A renewal",
    ]


def test_the_overview_says_where_more_were_found_than_are_counted() -> None:
    count = {"unclaimed": 7, "owned": MOST_COUNTED}

    text, blocks = board.overview(ONE_OF_EACH, count, LATER)

    assert text == f"7 waiting for an owner, at least {MOST_COUNTED} owned."
    assert f"At least {MOST_COUNTED} more. Write" in everything(text, blocks)


def test_the_overview_of_nothing_says_when_there_will_be_something() -> None:
    text, blocks = board.overview([], {}, NOW)

    assert text == "Nothing is under way. A handoff starts when a deal reaches its stage in the CRM."
    assert seen(blocks) == text


def test_what_does_not_fit_is_counted() -> None:
    waiting = [(handoff(record=record(n)), workflow()) for n in range(board.MOST)]

    _, blocks = board.overview(waiting, {"collecting": 40}, NOW)

    assert len(next(parts(blocks, "rich_text_list"))["elements"]) == board.MOST
    assert seen(blocks[-1]) == "25 more. Write `/handoff status &lt;name&gt;` to see one of them."


def test_a_search_shows_what_is_still_to_add_and_where_the_record_is() -> None:
    text, blocks = board.one("deal", ONE_OF_EACH[:1], LATER)

    assert text == "Deal 1: waiting on sales."
    assert "Sales to delivery: waiting on Sam Rivers for 5 answers, for 3 h." in seen(blocks)
    assert [seen(line) for line in next(parts(blocks, "rich_text_list"))["elements"]] == [
        "What do they care about?",
        "Who is the main contact?",
        "When do we start?",
        "What was promised?",
        "What does the client expect next?",
    ]
    assert links(blocks) == {"https://crm.example/deal/1": "Open in HubSpot"}


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (
            Quiet(by=PRIYA, at=NOW, until=None, reason="They moved it", is_pause=True),
            "paused by Priya Nair: “They moved it”.",
        ),
        (Quiet(by=PRIYA, at=NOW, until=LATER + timedelta(days=1), is_pause=False), "snoozed by Priya Nair until "),
        (Quiet(by=PRIYA, at=NOW, until=LATER, is_pause=False), None),
    ],
    ids=["paused", "snoozed", "snoozed until a moment that is past"],
)
def test_a_search_says_that_reminders_rest(rest: Quiet, said: str | None) -> None:
    _, blocks = board.one("deal", [(handoff(quiet=rest), workflow())], LATER)

    assert ("Reminders are" in seen(blocks)) == (said is not None)
    assert said is None or f"Reminders are {said}" in seen(blocks)


def test_where_many_are_shown_each_says_how_much_it_leaves_out() -> None:
    checklist = [field(key=f"f{n}", ask=f"{n} {'long question ' * 12}").model_dump() for n in range(60)]
    large = workflow(checklist=checklist, brief={"promised": "f0", "expects_next": "f1"})

    _, blocks = board.one("deal", [(handoff(), large)] * board.MOST, NOW)

    for bullets in parts(blocks, "rich_text_list"):
        lines = [seen(line) for line in bullets["elements"]]
        assert lines[-1] == f"and {60 - len(lines) + 1} more"


def test_a_search_that_finds_nothing_says_what_to_do() -> None:
    text, blocks = board.one("<fjord>", [], NOW)

    assert seen(blocks) == "No handoff has “<fjord>” in its name. Write /handoff status to see all."
    assert text.startswith("No handoff has “&lt;fjord&gt;” in its name.")


def test_a_search_among_some_says_so() -> None:
    text, _ = board.one("fjord", [], NOW, among=" under way")

    assert text.startswith("No handoff under way has “fjord” in its name.")


def test_a_search_that_finds_nothing_names_what_is_near() -> None:
    _, blocks = board.one("fjrd", [], NOW, ["Fjordlight Robotics"])

    assert seen(blocks) == "No handoff has “fjrd” in its name. Did you mean Fjordlight Robotics?"


def test_the_second_page_counts_what_is_left() -> None:
    waiting = [(handoff(record=record(n)), workflow()) for n in range(5)]

    _, blocks = board.overview(waiting, {"collecting": 40}, NOW, 30)

    assert seen(blocks[-1]).startswith("5 more.")


def test_a_page_that_has_become_empty_is_taken() -> None:
    text, blocks = board.overview([], {}, NOW, 15)

    assert refused(text or "x", blocks) == []


def test_what_is_mine_is_listed() -> None:
    _, blocks = board.mine(ONE_OF_EACH[:1], LATER)
    nothing, _ = board.mine([], LATER)

    assert "Deal 1: waiting on Sam Rivers for 5 answers, for 3 h" in seen(blocks)
    assert nothing.startswith("Nothing waits for you.")


def test_several_of_a_name_have_a_button_each() -> None:
    wish = Wish(word="pause", name="deal", until="friday", offset=5)

    text, blocks = board.choices(ONE_OF_EACH[:2], wish, "Pause", LATER)

    assert text == "More than one handoff has “deal” in its name. Which one?"
    chosen = [from_value(button["value"]) for button in parts(blocks, "button")]
    assert chosen == [wish.model_copy(update={"handoff_id": "h1", "offset": 0})] * 2


@thoroughly
@example("x" * 200, [fullest(), emptiest()], 20)
@given(TEXTS, st.lists(cases(), max_size=2), st.integers(1, 20))
def test_choices_are_taken_whatever_is_in_them(name: str, drawn: list[Case], times: int) -> None:
    handoffs = [(case.handoff, case.workflow) for case in drawn] * times
    wish = Wish(word="history", name=name[:200])

    for text, blocks in (board.choices(handoffs, wish, "History", NOW), board.mine(handoffs, NOW)):
        assert refused(text, [*blocks, *board.turns(wish, 0, 30)]) == []
        assert pings(text, blocks) == set()
        assert SECRET not in everything(text, blocks)


def test_pages_have_buttons_only_where_there_are_pages() -> None:
    wish = Wish(word="status")

    assert board.turns(wish, None, None) == []
    (both,) = board.turns(wish, 0, 30)
    assert [(b["text"]["text"], from_value(b["value"]).offset) for b in both["elements"]] == [  # type: ignore[union-attr]
        ("Back", 0),
        ("Next", 30),
    ]


def test_problems_say_how_to_try_again() -> None:
    dead = Problem(id="o7", what="post_brief", subject="h1", why="is_archived", since=NOW, is_dead=True)
    stuck = Problem(id="i3", what="hint", subject="x", why="", since=NOW, is_dead=False)

    text, blocks = board.troubles([dead, stuck], LATER)

    assert text.startswith("2 problem")
    assert "o7 post brief: given up, due 3 h ago. is_archived" in seen(blocks)
    assert "i3 hint: waiting with nobody at work on it" in seen(blocks)
    assert board.troubles([], LATER)[0].startswith("No problems")


def test_problems_name_the_customer_and_show_who_was_not_reminded() -> None:
    dead = Problem(id="o7", what="nag", subject="h1", why="Slack refused it: is_archived.", since=NOW, is_dead=True)
    skipped = Skipped("h2", "Sam Rivers", "away, by their status in Slack", NOW)
    names = {"h1": "Fjord", "h2": "Quarry"}

    text, blocks = board.troubles([dead], LATER, [skipped], names)

    assert "o7 reminder for Fjord: given up, due 3 h ago. Slack refused it: is_archived." in seen(blocks)
    assert "Quarry: not Sam Rivers but somebody else, 3 h ago: away, by their status in Slack" in seen(blocks)
    assert "Quarry: not Sam Rivers" in seen(board.troubles([], LATER, [skipped], names)[1])
    assert refused(text, blocks) == []


def test_fifteen_problems_with_the_longest_texts_are_taken() -> None:
    long = "<!channel> & " * 400
    dead = [Problem(id=f"o{n}", what="nag", subject="h1", why=long, since=NOW, is_dead=True) for n in range(15)]
    skipped = [Skipped("h1", long, long, NOW)] * 15

    text, blocks = board.troubles(dead, LATER, skipped, {"h1": long})

    assert pings(text, blocks) == set()
    assert refused(text, blocks) == []


@thoroughly
@example([fullest(), emptiest()])
@given(st.lists(cases(), max_size=15))
def test_what_rests_is_taken_whatever_is_in_it(drawn: list[Case]) -> None:
    long = Quiet(by=SAM, at=NOW, until=None, reason="<!channel> & " * 400, is_pause=True)
    found = [(case.handoff.model_copy(update={"quiet": case.handoff.quiet or long}), case.workflow) for case in drawn]

    text, blocks = board.resting(found)

    assert refused(text, blocks) == []
    assert pings(text, blocks) == set()


def test_what_rests_says_by_whom_until_when_and_why() -> None:
    snoozed = handoff(quiet=Quiet(by=SAM, at=NOW, until=LATER))
    paused = handoff(record=record(2), quiet=Quiet(by=PRIYA, at=NOW, until=None, reason="They moved it", is_pause=True))

    _, blocks = board.resting([(snoozed, workflow()), (paused, workflow())])

    assert "Deal 1: snoozed by Sam Rivers until ." in seen(blocks)
    assert "Deal 2: paused by Priya Nair: “They moved it”." in seen(blocks)
    assert [date["timestamp"] for date in parts(blocks, "date")] == [int(LATER.timestamp())]
    assert board.resting([])[0].startswith("Nothing is paused or snoozed.")
