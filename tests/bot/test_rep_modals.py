"""The smaller forms of sales: taken by Slack whatever is in them, and honest where there is nothing to do."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from bot.modals import answer, colleague, not_needed, pass_on, snooze
from handoff.decision import Reply, ReplyKind
from handoff.model import Person, Question, Status
from tests.bot.busy import busy
from tests.bot.hostile import SECRET, TEXTS, Case, thoroughly
from tests.bot.reading import everything, parts, refused_view, seen
from tests.factories import NOW, PRIYA, RUI, SAM, handoff, workflow

FRIDAY = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)


@thoroughly
@given(busy())
def test_every_form_is_taken_whatever_is_in_it(case: Case) -> None:
    one, told = case.handoff, case.workflow

    views = [form(one, told) for form in (colleague.build, pass_on.build, not_needed.build)]
    views += [answer.build(one, told, q.id) for q in one.questions]
    views.append(snooze.build(one, told, SAM, "Europe/Lisbon", NOW))

    assert [refused_view(view) for view in views] == [[]] * len(views)
    assert SECRET not in everything(*views)


@thoroughly
@given(TEXTS)
def test_whatever_a_form_says_it_is_read(text: str) -> None:
    forged: tuple[Any, ...] = (None, [], {"values": []}, {"values": {text: text}}, {"values": {"answer": {"value": 7}}})
    for state in forged:
        view = {"private_metadata": text, "state": state}
        assert answer.parse(view).handoff_id == text.partition("|")[0]
        assert colleague.parse(view).handoff_id == text
        assert pass_on.parse(view).handoff_id == text
        assert not_needed.parse(view)[0] == text
        assert snooze.parse(view).handoff_id == text


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.COLLECTING])
def test_nothing_can_be_filled_in_once_it_is_with_others(status: Status) -> None:
    for build in (colleague.build, pass_on.build):
        assert list(parts(build(handoff(status), workflow()), "input")) == []


def test_a_form_names_its_customer_and_what_follows() -> None:
    for build in (colleague.build, pass_on.build, not_needed.build):
        view = build(handoff(), workflow())
        assert view["blocks"][0]["text"]["text"] == "Deal 1"
        assert view["blocks"][1]["type"] == "rich_text"


def test_a_question_about_a_date_is_answered_with_a_date() -> None:
    view = answer.build(handoff(questions=(asked("start"),)), workflow(), "q1")

    assert [part["element"]["type"] for part in parts(view, "input")] == ["datepicker"]


def test_a_question_of_delivery_is_answered_in_words() -> None:
    view = answer.build(handoff(Status.UNCLAIMED, questions=(asked("start", is_to_sales=True),)), workflow(), "q1")

    assert [part["element"]["type"] for part in parts(view, "input")] == ["plain_text_input"]


def test_a_question_that_is_answered_says_by_whom() -> None:
    done = asked("goals").model_copy(update={"answer": "Yes", "answered_by": RUI, "answered_at": NOW})

    view = answer.build(handoff(questions=(done,)), workflow(), "q1")

    assert seen(view["blocks"]) == "Rui Lemos answered this. Thank you; nothing is left to do."


def test_whoever_is_asked_already_cannot_be_chosen_again() -> None:
    said = pass_on.answer(Reply(kind=ReplyKind.ALREADY_SO, person=SAM))

    assert said["errors"] == {"person": "Sam Rivers is asked already. Choose somebody else, or press Cancel."}


@pytest.mark.parametrize(
    ("zone", "now", "morning"),
    [
        ("Europe/Lisbon", FRIDAY, datetime(2026, 3, 9, 9, 0, tzinfo=ZoneInfo("Europe/Lisbon"))),
        ("Asia/Kolkata", NOW, datetime(2026, 3, 3, 9, 0, tzinfo=ZoneInfo("Asia/Kolkata"))),
        ("America/Sao_Paulo", NOW, datetime(2026, 3, 3, 9, 0, tzinfo=ZoneInfo("America/Sao_Paulo"))),
        ("Nowhere/At all", NOW, datetime(2026, 3, 3, 9, 0, tzinfo=UTC)),
    ],
)
def test_the_next_working_morning_is_nine_where_the_person_is(zone: str, now: datetime, morning: datetime) -> None:
    assert snooze.until(snooze.Submitted("h1", "morning", ""), workflow(), SAM, zone, now) == morning


def test_the_next_working_morning_follows_the_working_hours_of_config() -> None:
    hours = {"days": ["tue", "sat"], "from": "07:30", "to": "12:00"}
    told = workflow(people={"sam@example.com": {"working_hours": hours}})

    until = snooze.until(snooze.Submitted("h1", "morning", ""), told, SAM, "UTC", FRIDAY)

    assert until == datetime(2026, 3, 7, 7, 30, tzinfo=UTC)


def test_the_next_working_morning_is_no_public_holiday() -> None:
    easter = datetime(2026, 4, 2, 16, 0, tzinfo=UTC)  # before Good Friday

    until = snooze.until(
        snooze.Submitted("h1", "morning", ""), workflow(defaults={"holidays": "PT"}), SAM, "UTC", easter
    )

    assert until == datetime(2026, 4, 6, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("day", ["", "soon", "2026-05-30"])
def test_a_day_that_is_no_day_or_too_far_is_not_taken(day: str) -> None:
    assert snooze.until(snooze.Submitted("h1", "date", day), workflow(), SAM, "UTC", NOW) is None


def test_later_today_is_in_three_hours() -> None:
    assert snooze.until(snooze.Submitted("h1", "later", ""), workflow(), SAM, "UTC", NOW) == NOW + timedelta(hours=3)


def test_what_was_snoozed_often_enough_is_not_offered_again() -> None:
    view = snooze.build(handoff(snoozes=3), workflow(), SAM, "UTC", NOW)

    assert list(parts(view, "input")) == []
    assert "Please do it now" in seen(view["blocks"])
    assert [button["value"] for button in parts(view, "button")] == ["h1"]  # a pause has no cap


def asked(about: str, *, is_to_sales: bool = False) -> Question:
    to: Person = SAM if is_to_sales else RUI
    return Question(id="q1", about=about, text="When?", by=PRIYA, to=to, at=NOW, is_to_sales=is_to_sales)
