"""The first task: its steps as boxes, who ticked what, and what its title may not do."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import first_task
from handoff.model import Status, Tick
from tests.bot.hostile import SECRET, TEXTS, Case, thoroughly
from tests.bot.hostile_delivery import busiest, busy_cases
from tests.bot.reading import everything, parts, pings, refused, seen
from tests.factories import NOW, PRIYA, handoff, record, workflow

STEPS = ["Read the brief", "Write to the main contact", "Propose three kickoff times"]
TOLD = workflow(first_task={"title": "Kick off {{ record.name }}", "due": "2d", "checklist": STEPS})
MANY = workflow(first_task={"title": "Kick off", "checklist": [f"Step {n}" for n in range(20)]})
OWNED = handoff(Status.OWNED, task_at=NOW)


@thoroughly
@example(busiest(Status.OWNED), "")
@example(busiest(Status.CANCELLED), "")
@given(busy_cases(), st.sampled_from(("", "1a2b3c4d")))
def test_a_task_is_taken_whatever_is_in_it(case: Case, redrawn: str) -> None:
    text, blocks = first_task.task(case.handoff, case.workflow, redrawn)

    assert refused(text, blocks) == []
    assert SECRET not in everything(text, blocks)
    assert pings(text, blocks) <= ({case.handoff.owner.slack_id} if case.handoff.owner else set())


@thoroughly
@given(busy_cases())
def test_what_the_owner_is_given_is_taken_whatever_is_in_it(case: Case) -> None:
    blocks = first_task.owner_blocks(case.handoff, case.workflow)

    assert refused("-", blocks) == []


@pytest.mark.parametrize(
    "title",
    ["{{ 1 / 0 }}", "{{ record.fields.seats + 1 }}", "{% broken", "{{ record.name.foo() }}", "{{ ''.mro()() }}"],
)
def test_a_title_that_cannot_be_filled_in_is_shown_as_it_is(title: str) -> None:
    told = workflow(first_task={"title": title})

    assert first_task.title(handoff(), told) == title


def test_a_title_has_no_way_out_of_its_sandbox() -> None:
    sly = workflow(first_task={"title": "{{ ''.__class__.__mro__ }}|{{ record.__init__.__globals__ }}"})

    assert first_task.title(handoff(), sly) == "[__class__?]|[__init__?]"


def test_a_value_that_is_not_known_shows_as_a_gap() -> None:
    told = workflow(
        first_task={"title": "Kick off {{ record.fields.seats }}{% if answers.scope %} in scope{% endif %}"}
    )

    assert first_task.title(handoff(), told) == "Kick off [seats?]"


def test_a_record_cannot_smuggle_a_template_into_the_title() -> None:
    sly = handoff(record=record(name="{{ 7 * 7 }}"))

    assert first_task.title(sly, workflow()) == "Kick off {{ 7 * 7 }}"


def test_a_task_says_whose_it_is_when_it_is_due_and_what_is_done() -> None:
    one = OWNED.model_copy(update={"ticks": (Tick(step=0, by=PRIYA, at=NOW),)})

    text, blocks = first_task.task(one, TOLD)

    (boxes,) = parts(blocks, "checkboxes")
    assert text == "Kick off Deal 1: 1 of 3 steps done, for Priya Nair."
    assert pings(text, blocks) == {PRIYA.slack_id}
    assert next(date["fallback"] for date in parts(blocks, "date")) == "04 Mar 2026"
    assert [option["text"]["text"] for option in boxes["options"]] == STEPS
    assert [option["text"]["text"] for option in boxes["initial_options"]] == ["Read the brief"]
    assert "Read the brief — Priya Nair, " in seen(blocks[-1])


def test_a_task_whose_steps_are_all_done_says_so() -> None:
    done = OWNED.model_copy(update={"ticks": tuple(Tick(step=n, by=PRIYA, at=NOW) for n in range(3))})

    text, blocks = first_task.task(done, TOLD)

    assert text == "Kick off Deal 1: 3 of 3 steps done, for Priya Nair."
    assert "All 3 steps are done." in seen(blocks)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.UNCLAIMED, "Nobody owns this now."),
        (Status.COLLECTING, "the steps wait for it."),
        (Status.DONE, "This handoff is done."),
        (Status.CANCELLED, "This handoff was cancelled."),
    ],
)
def test_a_task_that_nobody_can_tick_has_no_boxes(status: Status, said: str) -> None:
    owner = None if status is Status.UNCLAIMED else PRIYA

    _, blocks = first_task.task(handoff(status, owner=owner, task_at=NOW), TOLD)

    assert list(parts(blocks, "checkboxes")) == []
    assert said in seen(blocks)
    assert STEPS[1] in seen(blocks)


def test_twenty_steps_are_two_groups_that_name_where_they_begin() -> None:
    _, blocks = first_task.task(OWNED, MANY)

    groups = [block["block_id"] for block in blocks if block["type"] == "actions"]
    assert [first_task.group_of(one) for one in groups] == [("h1", 0), ("h1", 10)]


def test_boxes_that_are_drawn_again_have_another_id_and_mean_the_same() -> None:
    _, blocks = first_task.task(OWNED, TOLD, "1a2b")

    assert [first_task.group_of(block["block_id"]) for block in blocks if "block_id" in block] == [("h1", 0)]
    assert "steps:h1:0" not in [block.get("block_id") for block in blocks]


def test_a_long_step_goes_on_in_its_second_line() -> None:
    long = "Write to the main contact and to everybody who was in the last call, with the three times"

    _, blocks = first_task.task(OWNED, workflow(first_task={"title": "Kick off", "checklist": [long]}))

    (option,) = next(parts(blocks, "checkboxes"))["options"]
    assert f"{option['text']['text']} {option['description']['text']}" == long


@pytest.mark.parametrize(
    ("start", "picked", "done"),
    [
        (0, [{"value": "1"}], (1, 12)),
        (0, [], (12,)),
        (10, [{"value": "12"}, {"value": "13"}], (0, 12, 13)),
        (10, [{"value": "3"}], (0,)),
        (-1, [{"value": "3"}], (0, 12)),
        (0, None, (12,)),
        (0, [{"value": "-1"}, {"value": "x"}, {}, "5", {"value": "9" * 50}], (12,)),
    ],
)
def test_a_group_speaks_only_for_its_own_steps(start: int, picked: object, done: tuple[int, ...]) -> None:
    one = OWNED.model_copy(update={"ticks": tuple(Tick(step=n, by=PRIYA, at=NOW) for n in (0, 12))})

    assert first_task.done_now(one, start, picked) == done


@thoroughly
@given(TEXTS)
def test_any_block_id_is_read(block_id: str) -> None:
    _, start = first_task.group_of(block_id)

    assert start >= -1


def test_the_owner_is_given_the_brief_the_kickoff_and_the_draft() -> None:
    told = workflow(welcome_email={"subject": "Hello", "body": "Hello"})

    blocks = first_task.owner_blocks(OWNED, told)

    assert [button["text"]["text"] for button in parts(blocks, "button")] == [
        "Schedule kickoff",
        "Draft the welcome e-mail",
    ]
    assert [channel["channel_id"] for channel in parts(blocks, "channel")] == ["C0DELIVERY"]
