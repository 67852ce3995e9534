"""The toy CRM's pure parts: values, signatures, pauses, limits."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.crm.board import money
from sandbox.crm.calls import Calls
from sandbox.crm.schema import PROPERTIES, Complaint, clean, iso
from sandbox.crm.signature import sign_v1, sign_v3
from sandbox.crm.webhook import Patience, body_of


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("amount", "1200.50", "1200.50"),
        ("amount", "-3e2", "-3e2"),
        ("amount", "", ""),
        ("start_date", "2026-12-01", "2026-12-01"),
        ("start_date", "1796083200000", "2026-12-01"),
        ("closedate", "2026-12-01", "2026-12-01T00:00:00.000Z"),
        ("closedate", "2026-12-01T10:00:00+02:00", "2026-12-01T08:00:00.000Z"),
        ("closedate", "1796083200000", "2026-12-01T00:00:00.000Z"),
        ("products", "Training;Platform", "Training;Platform"),
        ("products", ";Training;", "Training"),
        ("risk_notes", "\x00 <b>", "\x00 <b>"),
    ],
)
def test_a_good_value_is_kept_as_hubspot_keeps_it(name: str, value: str, kept: str) -> None:
    assert clean("deals", name, value) == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", "NaN"),
        ("amount", "1,000"),
        ("amount", None),
        ("amount", True),
        ("start_date", "1796083200001"),
        ("start_date", "9999999999999999"),
        ("closedate", "tomorrow"),
        ("products", "Training;Fax"),
        ("kickoff_preference", "call"),
        ("dealname", ["x"]),
    ],
)
def test_a_bad_value_is_complained_about(name: str, value: object) -> None:
    assert isinstance(clean("deals", name, value), Complaint)


@given(st.sampled_from(sorted(PROPERTIES["deals"])), st.text() | st.from_regex(r"-?\d{0,17}", fullmatch=True))
def test_no_text_makes_the_check_fail_otherwise_and_what_is_kept_is_kept_again(name: str, value: str) -> None:
    kept = clean("deals", name, value)
    if isinstance(kept, str):
        assert clean("deals", name, kept) == kept


def test_a_signature_matches_one_made_by_another_program() -> None:
    # printf '%s' 'POSThttps://baton.example/crm/hubspot[{"objectId":3}]1796083200123' |
    #   openssl dgst -sha256 -hmac 'a-client-secret' -binary | base64
    made = sign_v3("a-client-secret", "POST", "https://baton.example/crm/hubspot", b'[{"objectId":3}]', "1796083200123")
    assert made == "/7H1T3OHzDIzOoCs5uF9U++fYEjei40rpJmocExvp5w="
    # printf '%s' 'a-client-secret[{"objectId":3}]' | sha256sum
    assert (
        sign_v1("a-client-secret", b'[{"objectId":3}]')
        == "55dc7f4ea2bace5e7efd9d597956369eb77084acb7b7d2d17623e1a4105ab235"
    )


def test_pauses_grow_spread_and_stop_growing() -> None:
    patience = Patience(first=1.0, growth=2.0, most=20.0)
    dice = random.Random(3)
    pauses = [patience.pause(attempt, dice) for attempt in range(10)]
    assert 0.7 <= pauses[0] <= 1.3
    assert pauses[3] > pauses[0]
    assert max(pauses) <= 26.0
    assert len(set(pauses)) == 10


def test_the_limit_rolls_over_ten_seconds() -> None:
    calls = Calls(limit=2)
    assert [calls.admit(now) for now in (0.0, 1.0, 2.0, 10.5, 10.6, 11.5)] == [True, True, False, True, False, True]


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("48000", "EUR", "48,000 EUR"),
        ("125000.50", "USD", "125,000.50 USD"),
        ("", "EUR", ""),
        (None, None, ""),
        ("lots", "EUR", "lots"),
    ],
)
def test_money_is_shown_for_reading(amount: str | None, currency: str | None, shown: str) -> None:
    assert money(amount, currency) == shown


def test_times_and_bodies_have_hubspots_spelling() -> None:
    assert iso(datetime(2026, 12, 1, 8, 0, 0, 120_000, tzinfo=UTC)) == "2026-12-01T08:00:00.120Z"
    assert body_of([{"a": "é\ud800"}]) == '[{"a":"é?"}]'.encode()
