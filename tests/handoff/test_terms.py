"""The small types of handoffs.yml: durations, channels, people, times of day, rungs and ladders."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from handoff.terms import Channel, Clock, Condition, Duration, Keeping, Known, Nags, Rung, Who, is_email, length, who
from handoff.workflow import Defaults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        (" 90m ", timedelta(minutes=90)),
        ("366d", timedelta(days=366)),
    ],
)
def test_a_duration_is_read_with_its_unit(text: str, expected: timedelta) -> None:
    assert length(text) == expected


@pytest.mark.parametrize(
    "text", ["", "2", "h", "0h", "00d", "-1h", "1.5h", "2 h", "2w", "1h30m", "367d", "99999d", "٣h"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a duration|is longer than a year"):
        length(text)


@given(st.text())
def test_any_text_is_a_positive_duration_or_a_value_error(text: str) -> None:
    try:
        found = length(text)
    except ValueError:
        return

    assert timedelta() < found <= timedelta(days=366)


@pytest.mark.parametrize(
    "text", ["ana@example.com", "a.b+c@sub.example.co", "@delivery-leads", "U0ANA00001", "S0GROUP001"]
)
def test_a_person_or_group_is_named_by_address_handle_or_id(text: str) -> None:
    assert who(text) == text


@pytest.mark.parametrize(
    "text", ["", "Ana", "ana@", "@", "@ana maria", "ana@example", "u0ana00001", "C0CHANNEL1", "#ana"]
)
def test_what_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="names nobody"):
        who(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("a@b.co", True), ("a@b", False), ("a b@c.co", False), ("a@b@c.co", False)]
)
def test_an_email_has_one_at_and_a_dot_after_it(text: str, expected: bool) -> None:
    assert is_email(text) is expected


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Channel, "#delivery", "delivery"),
        (Channel, "C0DELIVERY", "U0ANA00001"),
        (Channel, "#liefer-team", "# delivery"),
        (Clock, "09:00", "9:00"),
        (Clock, "23:59", "24:00"),
        (Duration, "2h", "soon"),
        (Condition, "amount > 1", "amount"),
        (Who, "@leads", "leads"),
        (Known, "#ops", "ops"),
        (Known, "@leads", "leads"),
        (Keeping, "7d", "6d"),
    ],
)
def test_each_type_takes_its_form_and_refuses_another(kind: type[str], good: str, bad: str) -> None:
    adapter = TypeAdapter(kind)

    assert adapter.validate_python(good) == good
    with pytest.raises(ValidationError):
        adapter.validate_python(bad)


@pytest.mark.parametrize(
    "to", ["rep", "owner", "channel", "manager of rep", "#ops", "@leads", "ana@example.com", "U0ANA00001"]
)
def test_a_rung_goes_to_a_role_a_channel_or_somebody(to: str) -> None:
    assert Rung.model_validate({"after": "2h", "to": to}).to == to


@pytest.mark.parametrize(
    ("rung", "complaint"),
    [
        ({"to": "rep"}, "either `after:` or `every:`"),
        ({"after": "1h", "every": "1h", "at_most": 2, "to": "rep"}, "either `after:` or `every:`"),
        ({"every": "1d", "to": "rep"}, "put `at_most: 5`"),
        ({"after": "1d", "to": "rep", "at_most": 5}, "`at_most` goes with `every`: remove it"),
        ({"after": "1d", "to": "the rep"}, "names nobody"),
        ({"after": "1d", "to": "# ops"}, "is not a channel"),
        ({"after": "1d", "to": "#"}, "is not a channel"),
        ({"every": "1d", "to": "rep", "at_most": 51}, "less than or equal to 50"),
        ({"every": "1d", "to": "rep", "at_most": 0}, "greater than or equal to 1"),
    ],
)
def test_a_rung_that_cannot_be_is_refused_with_what_to_do(rung: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Rung.model_validate(rung)


@pytest.mark.parametrize("name", ["rep", "reviewer", "channel", "owner"])
def test_a_ladder_that_goes_back_in_time_is_refused_by_its_name(name: str) -> None:
    rungs = [{"after": "1d", "to": "rep"}, {"after": "2h", "to": "rep"}]

    with pytest.raises(ValidationError, match=f"the {name} ladder goes back in time"):
        Nags.model_validate({name: rungs})


def test_a_rung_after_one_that_repeats_is_refused() -> None:
    rungs = [{"every": "1d", "to": "rep", "at_most": 2}, {"after": "2d", "to": "rep"}]

    with pytest.raises(ValidationError, match="put the repeating one last"):
        Nags.model_validate({"rep": rungs})


def test_a_ladder_may_rise_in_different_units_and_repeat_at_its_end() -> None:
    rungs = [{"after": "90m", "to": "rep"}, {"after": "2h", "to": "rep"}, {"every": "30m", "to": "rep", "at_most": 3}]

    assert len(Nags.model_validate({"rep": rungs}).rep) == 3


@pytest.mark.parametrize("zone", ["Atlantis/Capital", "../etc", "Europe", ""])
def test_a_time_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError, match="is not a time zone"):
        Defaults.model_validate({"time_zone": zone})


def test_a_time_zone_is_named_by_its_place() -> None:
    assert Defaults.model_validate({"time_zone": "Europe/Lisbon"}).time_zone == "Europe/Lisbon"
