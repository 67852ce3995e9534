"""A checklist with more questions than one form takes well: steps, with a way back, and nothing lost on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.messages import buttons
from handoff.model import Handoff, Status
from tests.running import Running, running_baton, wait_for
from tests.stories.filling_in import act, reached, typed
from tests.stories.talking import config, form, now, press, seen, submit, won

QUARRY = "Quarrystone Estates"
YARDS = ("amber", "birch", "copper", "delta", "ember", "fjord", "grape", "hazel")


def long_checklist() -> str:
    """Twenty-six questions: thirteen that are required, then thirteen that are not."""
    head, _, tail = config().partition("    checklist:")
    _, _, tail = tail.partition("    brief:")
    fields = "".join(
        f"      - {{key: f{n}, ask: 'Question {n}?', type: text, required: {str(n < 13).lower()}}}\n" for n in range(26)
    )
    tail = tail.partition("    delivery:")[2]
    brief = "    brief: {promised: f0, expects_next: f1}\n    exceptions:\n      flags: [Custom Scope]\n"
    brief += '      channel: "#deal-review"\n      reviewers: [rui@example.com]\n    delivery:'
    return f"{head}    checklist:\n{fields}{brief}{tail}"


@pytest.fixture
def baton(tmp_path: Path) -> Iterator[Running]:
    with running_baton(tmp_path, long_checklist()) as running:
        yield running


def test_steps_go_on_and_back_and_end_with_everything_handed_over(baton: Running) -> None:
    handoff = opened(baton)
    assert "1/3" in form(baton, "sam")["title"]
    first = {f"field:f{n}": said(n) for n in range(12)}

    assert submit(baton, "sam", **first)["outcome"] == "updated"
    assert "2/3" in form(baton, "sam")["title"]
    baton.post("fill", user="sam", view_id=form(baton, "sam")["id"], values={"field:f12": said(12)})
    act(baton, "sam", buttons.BACK)
    wait_for(lambda: "1/3" in form(baton, "sam")["title"])
    assert typed(form(baton, "sam"))["field:f3"] == said(3)
    assert submit(baton, "sam")["outcome"] == "updated"
    assert typed(form(baton, "sam"))["field:f12"] == said(12)
    assert submit(baton, "sam")["outcome"] == "updated"
    assert "3/3" in form(baton, "sam")["title"]
    assert submit(baton, "sam", **{"field:f25": said(15)})["outcome"] == "closed"

    done = reached(baton, handoff, Status.UNCLAIMED)
    assert {a.key for a in done.answers} == {*(f"f{n}" for n in range(13)), "f25"}


def test_complaint_in_a_step_is_shown_before_the_next_one(baton: Running) -> None:
    opened(baton)

    refused = submit(baton, "sam", **{f"field:f{n}": said(n) for n in range(11)}, **{"field:f11": "tbd"})

    assert refused["errors"].keys() == {"field:f11"}
    assert "1/3" in form(baton, "sam")["title"]


def test_skipped_question_is_led_back_to_and_what_was_typed_is_there(baton: Running) -> None:
    handoff = opened(baton)
    baton.post("fill", user="sam", view_id=form(baton, "sam")["id"], values={"field:f0": said(0)})
    act(baton, "sam", buttons.SKIP)
    wait_for(lambda: "2/3" in form(baton, "sam")["title"])
    submit(baton, "sam", **{"field:f12": said(12)})

    ticked = submit(baton, "sam", flags=["0"], flag_note="Two yards instead of one")

    assert ticked["outcome"] == "updated"
    back = form(baton, "sam")
    assert "1/3" in back["title"]
    places = [block.get("block_id") for block in back["blocks"]]
    under = back["blocks"][places.index("field:f1") + 1]  # f0 was answered
    assert "↑ Please write an answer." in str(under)
    assert typed(back)["field:f0"] == said(0)
    assert now(baton, handoff).answers == ()
    submit(baton, "sam", **{f"field:f{n}": said(n) for n in range(1, 12)})
    submit(baton, "sam")
    assert submit(baton, "sam")["outcome"] == "closed"
    waiting = reached(baton, handoff, Status.IN_REVIEW)
    assert [flag.note for flag in waiting.flags] == ["Two yards instead of one"]


def said(number: int) -> str:
    return f"The {YARDS[number % 8]} yard, by week {number + 20}"


def opened(baton: Running) -> Handoff:
    handoff = won(baton, QUARRY)
    press(baton, "sam", "baton", seen(baton, "sam", "baton", QUARRY), buttons.COMPLETE)
    form(baton, "sam")
    return handoff
