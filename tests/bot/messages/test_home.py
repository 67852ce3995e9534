"""What stands on the Home tab."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import buttons, home
from bot.messages.home import Entry, Viewer
from handoff.model import Flag, Handoff, Person, Status
from handoff.rights import outsider_of
from handoff.workflow import Workflow
from tests.bot.hostile import PEOPLE, SECRET, Case, cases, emptiest, fullest, thoroughly
from tests.bot.reading import everything, parts, pings, refused_view, seen
from tests.factories import DANA, NOW, PRIYA, RUI, SAM, handoff, record, workflow

LATER = NOW + timedelta(hours=3)
REVIEWED = workflow(exceptions={"channel": "#review", "flags": ["Risk"], "reviewers": ["rui@example.com"]})
RISK = Flag(name="Risk", note="Their IT lead leaves", by=SAM, at=NOW)
KICKOFF = {"owner": PRIYA, "owned_at": NOW, "kickoff_at": NOW + timedelta(days=3)}


def viewer(person: Person, flow: Workflow | None = None, *roles: str) -> Viewer:
    names = tuple(name for name in (person.email, person.slack_id) if name)
    return Viewer(person, {(flow or workflow()).edition: (*names, *roles)})


def shown(who: Viewer, mine: list[Entry], others: list[Entry], at: Any = LATER) -> str:
    return seen(home.view(who, home.sorted_out(who, mine, others, at), at))


def pressed(view: dict[str, Any]) -> list[str]:
    return [button["action_id"] for button in parts(view, "button")]


@thoroughly
@example([fullest(), emptiest()], 8, PRIYA)
@given(st.lists(cases(), max_size=3), st.integers(1, 8), PEOPLE)
def test_the_tab_is_taken_whatever_is_in_it(drawn: list[Case], times: int, person: Person) -> None:
    entries = [(case.handoff, case.workflow) for case in drawn] * times
    who = Viewer(person, {case.workflow.edition: ("@leads",) for case in drawn})
    names = ("mine", "review", "waiting", "overdue", "team")

    view = home.view(who, dict.fromkeys(names, entries), LATER, {"mine": 3, "team": 99})

    assert refused_view(view) == []
    assert pings("", view["blocks"]) == set()
    assert SECRET not in everything(view)


@pytest.mark.parametrize(
    ("mine", "person", "step", "button"),
    [
        (handoff(), SAM, "Add 5 answers. Waiting for 3 h.", buttons.COMPLETE),
        (handoff(Status.OWNED), PRIYA, "Schedule the kickoff. Yours for 3 h.", buttons.KICKOFF),
        (
            handoff(Status.KICKOFF_SCHEDULED, **KICKOFF),
            PRIYA,
            "Kickoff on 05 Mar 2026. Say when it is done.",
            buttons.DONE,
        ),
        (handoff(Status.UNCLAIMED), SAM, "Waiting for an owner in #delivery, for 3 h.", buttons.TAKE),
        (handoff(Status.OWNED), SAM, "Owned by Priya Nair, for 3 h.", None),
    ],
    ids=["to answer", "owned", "kickoff booked", "without an owner", "somebody else's"],
)
def test_mine_show_the_next_step_and_its_button(mine: Handoff, person: Person, step: str, button: str | None) -> None:
    view = home.view(viewer(person), {"mine": [(mine, workflow())]}, LATER)

    assert step in seen(view)
    assert pressed(view) == [*([button] if button else []), buttons.START]


def test_done_asks_once_more() -> None:
    view = home.view(viewer(PRIYA), {"mine": [(handoff(Status.KICKOFF_SCHEDULED, **KICKOFF), workflow())]}, LATER)

    assert "reminders stop" in seen(next(parts(view, "button"))["confirm"])


def test_what_waits_for_an_owner_can_be_taken() -> None:
    view_of = viewer(DANA)

    found = home.sorted_out(view_of, [], [(handoff(Status.UNCLAIMED), workflow())], LATER)

    assert [h.id for h, _ in found["waiting"]] == ["h1"]
    assert pressed(home.view(view_of, found, LATER)) == [buttons.TAKE, buttons.START]


def test_nothing_stands_twice() -> None:
    entry = (handoff(Status.UNCLAIMED), workflow())

    found = home.sorted_out(viewer(RUI), [entry], [entry], LATER)

    assert [name for name, entries in found.items() if entries] == ["mine"]


@pytest.mark.parametrize(("person", "sees"), [(RUI, True), (PRIYA, False)])
def test_a_reviewer_decides_from_the_tab(person: Person, *, sees: bool) -> None:
    flagged = handoff(Status.IN_REVIEW, flags=(RISK,))
    who = viewer(person, REVIEWED)

    view = home.view(who, home.sorted_out(who, [], [(flagged, REVIEWED)], LATER), LATER)

    assert (buttons.REVIEW in pressed(view)) == sees
    assert ("Decide on Risk, raised by Sam Rivers: Their IT lead leaves" in seen(view)) == sees
    assert ("Yours to decide (1)" in seen(view)) == sees
    if sees:
        assert next(b for b in parts(view, "button"))["value"] == "h1|0"


@pytest.mark.parametrize(("roles", "decides"), [((), True), ((outsider_of("#review"),), False)])
def test_without_named_reviewers_the_review_channel_decides(roles: tuple[str, ...], *, decides: bool) -> None:
    flow = workflow(exceptions={"channel": "#review", "flags": ["Risk"]})

    assert viewer(PRIYA, flow, *roles).is_reviewer(flow) == decides


def test_with_four_eyes_nobody_is_asked_to_decide_on_their_own_flag() -> None:
    exceptions = {"channel": "#review", "flags": ["Risk"], "four_eyes": True}
    flow = workflow(exceptions=exceptions)
    case = handoff(Status.IN_REVIEW, flags=(RISK, RISK.model_copy(update={"by": RUI})))

    assert viewer(SAM, flow).to_decide(case, flow) == 1
    assert viewer(RUI, flow).to_decide(case, flow) == 0
    assert viewer(SAM, flow).to_decide(case.model_copy(update={"flags": (RISK,)}), flow) is None
    assert viewer(SAM, workflow()).to_decide(case, workflow()) is None


def test_guests_decide_nothing() -> None:
    flow = workflow(exceptions={"channel": "#review", "flags": ["Risk"]})

    assert not viewer(PRIYA.model_copy(update={"is_guest": True}), flow).is_reviewer(flow)


def test_a_manager_sees_what_the_team_has() -> None:
    entry = (handoff(), workflow())  # Sam's; config names Rui as the manager

    assert "Your team’s (1)" in shown(viewer(RUI), [], [entry])
    assert "Your team’s" not in shown(viewer(PRIYA), [], [entry])
    assert not home.is_of_team(viewer(RUI), handoff(asked=None), workflow())


def test_a_manager_is_known_by_the_name_that_config_uses() -> None:
    people = {"sam@old.example": {"slack": "sam@example.com", "manager": "@heads"}}
    flow = workflow(people=people)

    assert home.is_of_team(viewer(PRIYA, flow, "@heads"), handoff(), flow)
    assert not home.is_of_team(viewer(PRIYA, flow), handoff(), flow)


def test_what_is_overdue_says_for_how_long() -> None:
    entry = (handoff(late_at=NOW + timedelta(days=4)), workflow())

    told = shown(viewer(PRIYA), [], [entry], NOW + timedelta(days=6))

    assert "Overdue with somebody else (1)" in told
    assert "Overdue for 2 days" in told
    assert "Nothing is overdue." in shown(viewer(PRIYA), [], [entry])


def test_a_tab_with_nothing_on_it_says_so() -> None:
    told = shown(viewer(PRIYA), [], [])

    assert "Nothing waits for you." in told
    assert "Every customer has an owner." in told


def test_what_does_not_fit_stands_on_other_pages() -> None:
    mine = [(handoff(record=record(n)), workflow()) for n in range(1, 14)]
    who = viewer(SAM)

    first = home.view(who, {"mine": mine}, LATER)
    turns = {b["action_id"]: b["value"] for b in parts(first, "button") if b["action_id"].startswith("home_page")}
    second = home.view(who, {"mine": mine}, LATER, home.read_passed(turns["home_page:next"]))
    last = home.view(who, {"mine": mine}, LATER, {"mine": 99})

    assert "Deal 6\n" in seen(first).replace("*", "")
    assert list(turns) == ["home_page:next"]
    assert "Deal 7*" in seen(second)
    assert "Deal 6*" not in seen(second)
    assert [json.loads(b["value"])["mine"] for b in parts(second, "button") if "home_page" in b["action_id"]] == [0, 12]
    assert "Deal 13*" in seen(last)


@pytest.mark.parametrize("value", ["", "[]", "{", '{"mine": "3"}', '{"mine": -1}', '{"yours": 3}', "null"])
def test_a_forged_page_is_the_first(value: str) -> None:
    assert home.read_passed(value) == {}


def test_guests_see_no_customers() -> None:
    assert refused_view(home.nothing_for_guests()) == []
