"""What is typed behind `/handoff`."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import commands
from bot.commands import Wish
from tests.bot.hostile import TEXTS, thoroughly

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday
LISBON = "Europe/Lisbon"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("", Wish(word="help")),
        ("help", Wish(word="help")),
        ("STATUS", Wish(word="status")),
        ("status  Fjordlight   Robotics", Wish(word="status", name="Fjordlight Robotics")),
        ("status share", Wish(word="status", is_shared=True)),
        ("status fjord Share", Wish(word="status", name="fjord", is_shared=True)),
        ("share", Wish(word="share")),
        ('history "Market Share"', Wish(word="history", name="Market Share")),
        ("pause fjord until friday", Wish(word="pause", name="fjord", until="friday")),
        ("pause fjord until next monday", Wish(word="pause", name="fjord", until="next monday")),
        ("pause fjord 2h", Wish(word="pause", name="fjord 2h")),
        ("status until dawn until noon", Wish(word="status", name="until dawn until noon")),
    ],
)
def test_what_is_typed_becomes_a_wish(text: str, wish: Wish) -> None:
    assert commands.parse(text) == wish


def test_the_last_word_may_be_the_time() -> None:
    assert commands.without_last_word(Wish(word="pause", name="fjord light 2h")) == Wish(
        word="pause", name="fjord light", until="2h"
    )
    assert commands.without_last_word(Wish(word="pause", name="fjord")) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2h", NOON + timedelta(hours=2)),
        ("3D", NOON + timedelta(days=3)),
        ("tomorrow", datetime(2026, 3, 5, 9, tzinfo=UTC)),
        ("friday", datetime(2026, 3, 6, 9, tzinfo=UTC)),
        ("Wed", datetime(2026, 3, 11, 9, tzinfo=UTC)),
        ("next monday", datetime(2026, 3, 9, 9, tzinfo=UTC)),
        ("2026-04-01", datetime(2026, 4, 1, 8, tzinfo=UTC)),  # summer time has begun
    ],
)
def test_a_time_is_meant_where_the_person_is(text: str, at: datetime) -> None:
    assert commands.moment(text, NOON, LISBON) == at


def test_tomorrow_is_tomorrow_where_the_person_is() -> None:
    late = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)  # Thursday already in Kolkata

    assert commands.moment("tomorrow", late, "Asia/Kolkata") == datetime(2026, 3, 6, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["soonish", "", "0h", "99999d", "2026-13-01", "31.12.", "2h30", "next"])
def test_what_is_no_time_is_said_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="Write a date such as 2026-12-01"):
        commands.moment(text, NOON, LISBON)


@pytest.mark.parametrize("text", ["2026-03-03", "2026-03-04", "0001-01-01"])
def test_a_day_that_has_begun_is_over(text: str) -> None:
    with pytest.raises(ValueError, match="is over already"):
        commands.moment(text, NOON, LISBON)


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../../etc/passwd", "\x00"])
def test_a_time_zone_that_does_not_exist_is_utc(zone: str) -> None:
    assert commands.moment("tomorrow", NOON, zone) == datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(("word", "meant"), [("statsu", "status"), ("histroy", "history"), ("xyzzy", None), ("", None)])
def test_the_nearest_word_is_named(word: str, meant: str | None) -> None:
    assert commands.nearest_word(word) == meant


def test_the_nearest_names_are_found_by_the_whole_or_by_a_word() -> None:
    names = ("Fjordlight Robotics", "Meridian Clinics", "Fjord & Sons", "Acme")

    assert commands.nearest_names("fjrd", names) == ("Fjordlight Robotics", "Fjord & Sons")
    assert commands.nearest_names("clinix", names) == ("Meridian Clinics",)
    assert commands.nearest_names("zzz", names) == ()


@given(st.sampled_from(commands.WORDS), TEXTS, TEXTS, st.integers(0, 10**6))
def test_a_wish_comes_back_from_its_button(word: str, name: str, until: str, offset: int) -> None:
    wish = Wish(word=word, name=name[:200], until=until[:60], offset=offset)

    assert commands.from_value(wish.value()) == wish


@thoroughly
@given(TEXTS, TEXTS)
def test_a_typed_wish_fits_into_a_button(name: str, until: str) -> None:
    wish = commands.parse(f"pause {name} until {until}")

    assert len(wish.value(handoff_id="h" * 32, offset=10**6)) <= 2000


@pytest.mark.parametrize(
    "value", [None, "", "{}", "h1", '{"word": "erase"}', '{"word": "status", "offset": -1}', '{"word": 3}', "[]"]
)
def test_a_forged_value_is_no_wish(value: object) -> None:
    assert commands.from_value(value) is None
