"""Public holidays by country; a country that has no calendar has no holidays."""

from datetime import date

import pytest

from bot.public_holidays import is_holiday, is_known


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("PT", date(2026, 4, 25)),  # Freedom Day
        ("PT", date(2026, 4, 3)),  # Good Friday: another day each year
        ("PT", date(2027, 3, 26)),
        ("US", date(2026, 11, 26)),  # Thanksgiving
        ("NZ", date(2026, 2, 6)),  # Waitangi Day
        ("DE", date(2026, 10, 3)),
    ],
)
def test_a_day_off_for_a_whole_country_is_a_holiday(country: str, day: date) -> None:
    assert is_holiday(country, day)


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("US", date(2026, 4, 25)),  # Portugal's
        ("PT", date(2026, 4, 24)),
        ("DE", date(2026, 6, 4)),  # Corpus Christi: in some of its regions only
        ("PT", date(2026, 6, 13)),  # Lisbon's own
    ],
)
def test_an_ordinary_or_a_regional_day_is_none(country: str, day: date) -> None:
    assert not is_holiday(country, day)


def test_a_country_without_a_calendar_has_no_holidays() -> None:
    assert not is_known("XX")
    assert not is_holiday("XX", date(2026, 1, 1))


@pytest.mark.parametrize("country", ["PT", "US", "NZ", "IN", "BR"])
def test_countries_that_people_write_are_known(country: str) -> None:
    assert is_known(country)


def test_only_codes_of_two_capital_letters_are_countries() -> None:
    assert not is_known("pt")
    assert not is_known("Portugal")
