"""Events, notices and hints come back from the log, the outbox and the inbox as they went in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from handoff.events import EVENT, AnyEvent, Hint
from handoff.model import Handoff, Person, Post, Record, RecordRef
from handoff.notices import (
    NOTICE,
    AskRep,
    Nag,
    Notice,
    PostBrief,
    TellRep,
    To,
    UpdateAsk,
    UpdateBrief,
    WriteBack,
)
from tests.factories import FILLED, PRIYA, answered, claimed, handoff, hint, record, said, stage_entered, unsaid

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=11))])
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=zones)  # noqa: DTZ001 -- zones are drawn
persons = st.builds(Person, name=texts, email=st.none() | texts, slack_id=st.none() | texts)
refs = st.builds(RecordRef, system=texts, object=texts, id=texts)
records = st.builds(
    Record,
    ref=refs,
    name=texts,
    url=st.none() | texts,
    owner=st.none() | persons,
    fields=st.dictionaries(texts, st.none() | texts, max_size=3),
)
base = {"key": texts, "handoff_id": texts, "due_at": moments, "trace": texts}
tos = st.builds(To, person=st.none() | persons, name=st.none() | texts)
notices: st.SearchStrategy[Notice] = st.one_of(
    st.builds(AskRep, to=tos, instead=st.none() | texts, **base),
    st.builds(UpdateAsk, **base),
    st.builds(TellRep, to=tos, **base),
    st.builds(PostBrief, channel=texts, instead=st.none() | texts, **base),
    st.builds(UpdateBrief, **base),
    st.builds(Nag, to=tos, step=st.integers(0, 100), **base),
    st.builds(WriteBack, fields=st.dictionaries(texts, texts, max_size=3), **base),
)
events: st.SearchStrategy[AnyEvent] = st.one_of(
    st.builds(
        stage_entered,
        record=records,
        rep=st.none() | persons,
        backup=st.none() | persons,
        at=moments,
        trace=texts,
    ),
    st.builds(answered, st.dictionaries(texts, texts, max_size=3), by=persons, at=moments),
    st.builds(claimed, persons, at=moments),
    st.builds(said, notices, st.none() | st.builds(Post, channel=texts, ts=texts), at=moments),
    st.builds(unsaid, notices, texts, at=moments),
)


@given(notices)
def test_any_notice_comes_back_from_the_outbox_as_it_went_in(notice: Notice) -> None:
    again = NOTICE.validate_json(notice.model_dump_json())

    assert again == notice
    assert type(again) is type(notice)


@given(events)
def test_any_event_comes_back_from_the_log_as_it_went_in(event: AnyEvent) -> None:
    again = EVENT.validate_json(event.model_dump_json())

    assert again == event
    assert type(again) is type(event)


@given(refs, moments, texts)
def test_any_hint_comes_back_from_the_inbox_as_it_went_in(ref: RecordRef, at: datetime, stage: str) -> None:
    came = hint(ref=ref, at=at, stage=stage)

    assert Hint.model_validate_json(came.model_dump_json()) == came


def test_a_handoff_comes_back_as_it_was_stored() -> None:
    stored = handoff(record=record(fields=FILLED), owner=PRIYA)

    assert Handoff.model_validate_json(stored.model_dump_json()) == stored


def test_an_event_of_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValidationError, match="does not match any of the expected tags"):
        EVENT.validate_python({**claimed().model_dump(), "kind": "shouted"})


def test_an_older_event_without_a_field_that_came_later_is_still_read() -> None:
    older = claimed().model_dump(exclude={"trace"})

    assert EVENT.validate_python(older) == claimed(trace="")
