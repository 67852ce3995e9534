"""The words as data: who is the same, what is open, frozen, and refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from handoff.model import Model, Person, RecordRef, Status
from tests.factories import DANA, NOW, PRIYA, answer, claimed, handoff, hint, nag, record, stage_entered

NAIVE = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 -- the mistake this is about


def test_two_persons_are_the_same_if_slack_knows_both_as_one_member() -> None:
    married = Person(name="Priya Wolf", slack_id=PRIYA.slack_id)

    assert PRIYA.is_same(married)
    assert not PRIYA.is_same(DANA)
    assert not PRIYA.is_same(None)


def test_persons_that_slack_does_not_know_are_never_the_same() -> None:
    unknown = Person(name="Ana", email="ana@example.com")

    assert not unknown.is_same(unknown)


def test_a_record_is_named_by_system_object_and_id() -> None:
    assert RecordRef(system="hubspot", object="deal", id="7").key == "hubspot:deal:7"


@pytest.mark.parametrize("status", list(Status))
def test_a_handoff_is_open_until_it_is_done_or_cancelled(status: Status) -> None:
    assert handoff(status).is_open is (status not in (Status.DONE, Status.CANCELLED))


def test_delivery_could_take_it_since_it_was_briefed_or_complete_or_else_began() -> None:
    later, latest = NOW + timedelta(hours=1), NOW + timedelta(hours=2)

    assert handoff().ready_at == NOW
    assert handoff(completed_at=later).ready_at == later
    assert handoff(completed_at=later, briefed_at=latest).ready_at == latest


def test_a_handoff_gives_the_answer_to_a_field_or_nothing() -> None:
    case = handoff(answers=(answer("goals"),))

    assert case.answer("goals") == answer("goals")
    assert case.answer("start") is None


@pytest.mark.parametrize("thing", [PRIYA, record(), answer("goals"), handoff(), hint(), claimed(), nag()])
def test_data_is_frozen_and_refuses_keys_it_does_not_know(thing: Model) -> None:
    name = next(iter(type(thing).model_fields))

    with pytest.raises(ValidationError, match="frozen"):
        setattr(thing, name, "other")
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        type(thing).model_validate({**thing.model_dump(), "shoe_size": 42})


@pytest.mark.parametrize(
    ("make", "moment"),
    [
        (handoff, "opened_at"),
        (handoff, "completed_at"),
        (handoff, "owned_at"),
        (hint, "at"),
        (claimed, "at"),
        (stage_entered, "at"),
        (nag, "due_at"),
    ],
)
def test_a_moment_without_a_zone_is_refused(make: Any, moment: str) -> None:
    with pytest.raises(ValidationError, match="timezone"):
        make(**{moment: NAIVE})


def test_an_answer_without_a_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        answer("goals", at=NAIVE)
