"""*Show everything*: nothing cut, in pages that Slack takes, restricted answers only for those who may read them."""

import json
from typing import Any

from hypothesis import example, given

from bot.modals import everything
from handoff.model import SendBack, Status
from tests.bot.hostile import SECRET, Case, thoroughly
from tests.bot.hostile_delivery import busiest, busy_cases
from tests.bot.reading import everything as whole
from tests.bot.reading import parts, refused_view, seen
from tests.factories import DANA, NOW, PRIYA, answer, field, handoff, workflow


@thoroughly
@example(busiest(Status.COLLECTING))
@example(busiest(Status.OWNED))
@given(busy_cases())
def test_every_page_is_taken_whatever_is_in_it(case: Case) -> None:
    for page in _pages(case):
        assert refused_view(page) == []
        assert len(json.dumps(page)) < 250_000
        assert SECRET not in whole(page)


@thoroughly
@given(busy_cases())
def test_every_answer_is_there_whole(case: Case) -> None:
    said = "".join(_text(page) for page in _pages(case))

    texts = [
        a.value
        for a in case.handoff.answers
        if (f := case.seen_by_all().get(a.key)) is not None and f.type in ("text", "long_text") and a.value.isascii()
    ]
    assert [text[:50] for text in texts if text.isprintable() and text not in said] == []


def test_whoever_may_read_a_restricted_answer_sees_it() -> None:
    told = workflow(
        checklist=[
            field(key="scope").model_dump(),
            field(key="margin", visible_to=["finance@example.com"]).model_dump(),
        ],
        brief={"promised": "scope", "expects_next": "scope"},
    )
    one = handoff(Status.UNCLAIMED, answers=(answer("margin", SECRET),))

    hidden, shown = everything.build(one, told), everything.build(one, told, 0, lambda _: True)

    assert SECRET not in whole(hidden)
    assert "Answered; only finance@example.com may read it." in seen(hidden)
    assert f"{SECRET}  — Sam Rivers, " in seen(shown)


def test_all_that_happened_is_there() -> None:
    backs = tuple(SendBack(fields=("start",), reason=f"Reason {n}", by=DANA, at=NOW) for n in range(7))

    said = seen(everything.build(handoff(Status.OWNED, send_backs=backs, task_at=NOW), workflow()))

    assert [f"Reason {n}" in said for n in range(7)] == [True] * 7
    assert "Sent back 7 times" in said
    assert "Kick off Deal 1, due Wed 4 Mar 2026" in said


def test_a_page_that_does_not_exist_is_the_nearest_one() -> None:
    case = busiest(Status.OWNED)
    count = len(_pages(case))

    last = everything.build(case.handoff, case.workflow, 10_000)
    first = everything.build(case.handoff, case.workflow, -5)

    assert f"Page {count} of {count}" in seen(last)
    assert f"Page 1 of {count}" in seen(first)


def test_one_page_has_nothing_to_turn() -> None:
    view = everything.build(handoff(Status.OWNED, owner=PRIYA), workflow())

    assert list(parts(view, "button")) == []
    assert "Page" not in seen(view)


def _pages(case: Case) -> list[Any]:
    pages = [everything.build(case.handoff, case.workflow)]
    while any(button["text"]["text"] == "Next" for button in parts(pages[-1], "button")):
        pages.append(everything.build(case.handoff, case.workflow, len(pages)))
    return pages


def _text(page: Any) -> str:
    """What stands in one page, without its footer: a long answer goes on over the break."""
    return seen([block for block in page["blocks"] if "Page " not in seen(block) and block["type"] != "actions"])
