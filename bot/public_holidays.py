"""Public holidays by country, from the library of that name: no tables of our own. https://holidays.readthedocs.io"""

from collections.abc import Mapping
from datetime import date
from functools import cache

import holidays


@cache
def _of(country: str, year: int) -> Mapping[date, str]:
    """The holidays of a year; none for a country that the library does not know."""
    try:
        return dict(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return {}


def is_holiday(country: str, day: date) -> bool:
    """Whether a day is a public holiday in a whole country, such as PT. Regional holidays do not count."""
    return day in _of(country, day.year)


def is_known(country: str) -> bool:
    """Whether there is a calendar for a country."""
    return country in holidays.list_supported_countries()
