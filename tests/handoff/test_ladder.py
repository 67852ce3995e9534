"""Nag ladders: whom the next reminder is for, and when; rungs without an address; the end."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.calendars import Calendars
from handoff.ladder import due, next_nag, rung_at, sales
from handoff.model import Handoff, Person, Status
from handoff.notices import Ladder, Nag, To
from handoff.terms import Nags, Rung
from handoff.workflow import Workflow
from tests.factories import CHANNEL_STEPS, NOW, REP_STEPS, SAM, handoff, workflow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

minutes = st.integers(1, 2000)
once = st.lists(minutes, max_size=5).map(lambda ms: [{"after": f"{m}m", "to": "rep"} for m in sorted(ms)])
again = st.none() | st.builds(lambda m, n: {"every": f"{m}m", "to": "rep", "at_most": n}, minutes, st.integers(1, 50))
ladders = st.builds(lambda rungs, last: (*rungs, *([last] if last else [])), once, again).map(
    lambda rungs: tuple(Rung.model_validate(rung) for rung in rungs)
)


def only_nag(case: Handoff, flow: Workflow, name: Ladder, step: int) -> Nag:
    (notice,), _ = next_nag(case, Calendars(flow), name, step, NOW, "t1")
    assert isinstance(notice, Nag)
    return notice


def test_the_rungs_of_a_ladder_wait_from_one_to_the_next() -> None:
    rungs = workflow().nags.rep

    waits = [found[1] for step in range(REP_STEPS) if (found := rung_at(rungs, step))]

    assert waits == [2 * HOUR, 22 * HOUR, DAY, DAY, DAY]


def test_the_repeating_rung_repeats_as_often_as_it_says() -> None:
    (rung,) = Nags.model_validate({"rep": [{"every": "1h", "to": "rep", "at_most": 3}]}).rep

    found = [rung_at((rung,), step) for step in range(5)]

    assert found == [(rung, HOUR)] * 3 + [None, None]


@pytest.mark.parametrize("step", [0, 1, 99])
def test_a_ladder_without_rungs_ends_at_once(step: int) -> None:
    assert due((), step, NOW) is None


@given(ladders, st.integers(0, 10**6))
def test_the_rungs_of_any_ladder_come_one_by_one_never_earlier_than_the_one_before_and_end(
    rungs: tuple[Rung, ...], late: int
) -> None:
    steps = sum(rung.at_most or 1 for rung in rungs)
    moment = NOW

    for step in range(steps):
        found = due(rungs, step, moment)
        assert found is not None
        assert found[1] >= moment
        moment = found[1] + timedelta(seconds=late)  # however long sending it took

    assert due(rungs, steps, moment) is None


@given(ladders)
def test_a_ladder_that_is_on_time_keeps_to_the_times_of_its_rungs(rungs: tuple[Rung, ...]) -> None:
    moment, times = NOW, []

    for step, rung in enumerate(rungs):
        found = due(rungs, step, moment)
        assert found is not None
        moment = found[1]
        times.append(moment if rung.after else None)

    assert [t for t in times if t] == [NOW + timedelta(minutes=int(r.after[:-1])) for r in rungs if r.after]


def test_a_nag_names_its_step_its_lane_and_is_unique() -> None:
    rep = only_nag(handoff(), workflow(), "rep", 1)
    channel = only_nag(handoff(Status.UNCLAIMED), workflow(), "channel", 0)

    assert (rep.key, rep.lane, rep.step, rep.due_at, rep.trace) == ("h1:nag:rep:1", "rep", 1, NOW + 22 * HOUR, "t1")
    assert (channel.key, channel.lane, channel.due_at) == ("h1:nag:channel:0", "delivery", NOW + HOUR)


@pytest.mark.parametrize(("name", "steps"), [("rep", REP_STEPS), ("channel", CHANNEL_STEPS)])
def test_no_nag_follows_the_last_rung(name: Ladder, steps: int) -> None:
    only_nag(handoff(), workflow(), name, steps - 1)

    assert next_nag(handoff(), Calendars(workflow()), name, steps, NOW, "t1") == ((), ())


@pytest.mark.parametrize(
    ("to", "address"),
    [
        ("rep", To(person=SAM)),
        ("channel", To(name="#delivery")),
        ("ops_channel", To(name="#ops")),
        ("manager of rep", To(name="rui@example.com")),
        ("#sales", To(name="#sales")),
        ("@leads", To(name="@leads")),
        ("boss@example.com", To(name="boss@example.com")),
    ],
)
def test_a_rung_is_addressed_to_whom_it_means(to: str, address: To) -> None:
    assert only_nag(handoff(), ladder_of({"after": "1h", "to": to}), "rep", 0).to == address


@pytest.mark.parametrize(
    ("to", "changes", "asked", "why"),
    [
        ("ops_channel", {"defaults": {}}, SAM, "defaults.ops_channel is not set"),
        ("manager of rep", {"people": {}}, SAM, "no manager is known for sam@example.com"),
        ("manager of rep", {"people": {"sam@example.com": {}}}, SAM, "no manager is known for sam@example.com"),
        ("manager of rep", {}, None, "no manager is known for the rep"),
        ("manager of rep", {}, Person(name="Kim", slack_id="U0KIM00001"), "no manager is known for the rep"),
        ("owner", {}, SAM, "there is no owner yet"),
        ("reviewer", {}, SAM, "there are no exceptions in this workflow"),
        ("manager of owner", {}, SAM, "there is no owner yet"),
    ],
)
def test_a_rung_without_an_address_is_passed_over_with_a_remark(
    to: str, changes: dict[str, Any], asked: Person | None, why: str
) -> None:
    flow = ladder_of({"after": "1h", "to": to}, {"after": "3h", "to": "#sales"}, **changes)

    (nag,), remarks = next_nag(handoff(asked=asked), Calendars(flow), "rep", 0, NOW, "t1")

    assert isinstance(nag, Nag)
    assert (nag.step, nag.due_at, nag.to) == (1, NOW + 3 * HOUR, To(name="#sales"))
    assert remarks == (f"rep ladder, step 1 passed over: {why}",)


def test_a_ladder_of_which_no_rung_has_an_address_ends_with_a_remark_for_each() -> None:
    flow = ladder_of({"every": "366d", "to": "owner", "at_most": 50})

    nags, remarks = next_nag(handoff(), Calendars(flow), "rep", 0, NOW, "t1")

    assert nags == ()
    assert len(remarks) == 50


@pytest.mark.parametrize(
    ("asked", "defaults", "address"),
    [
        (SAM, {"ops_channel": "#ops"}, To(person=SAM)),
        (None, {"ops_channel": "#ops", "fallback_channel": "#fallback"}, To(name="#ops")),
        (None, {"fallback_channel": "#fallback"}, To(name="#fallback")),
        (None, {}, To(name="#delivery")),
    ],
)
def test_sales_is_whoever_was_asked_or_else_a_channel(
    asked: Person | None, defaults: dict[str, str], address: To
) -> None:
    assert sales(handoff(asked=asked), workflow(defaults=defaults)) == address


def ladder_of(*rungs: dict[str, Any], **changes: Any) -> Workflow:
    return workflow(**{"nags": {"rep": rungs}, **changes})


def test_a_manager_is_found_in_whichever_case_an_address_is_written() -> None:
    flow = workflow(people={"Sam@Example.com": {"manager": "rui@example.com"}})

    assert only_nag(handoff(edition=flow.edition), flow, "rep", 2).to == To(name="rui@example.com")
