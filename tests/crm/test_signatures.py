"""HubSpot's signature, version 3, on the raw bytes."""

import ast
import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crm import signatures
from crm.signatures import hubspot_v3, is_hubspot_v3

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "hubspot"
VECTORS: list[dict[str, str]] = json.loads((SAMPLES / "signature_vectors.json").read_text(encoding="utf-8"))
DECODING: dict[str, Any] = json.loads((SAMPLES / "uri_decoding.json").read_text(encoding="utf-8"))

SECRET = "the-client-secret"
URL = "https://baton.example/crm/hubspot"
BODY = b'[{"objectId":1}]'
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def signed(at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    timestamp = str(round(at.timestamp() * 1000))
    return {
        "x-hubspot-signature-v3": hubspot_v3(secret, "POST", URL, BODY, timestamp),
        "x-hubspot-request-timestamp": timestamp,
    }


def is_good(headers: dict[str, str], body: bytes = BODY, secrets: tuple[str, ...] = (SECRET,), url: str = URL) -> bool:
    return is_hubspot_v3(secrets, "POST", url, headers, body, NOW)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["id"])
def test_signature_of_a_sample(vector: dict[str, str]) -> None:
    made = hubspot_v3(
        vector["client_secret"], vector["method"], vector["url"], vector["body"].encode(), vector["timestamp"]
    )

    assert made == vector["signature"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["id"])
def test_request_with_the_signature_of_a_sample(vector: dict[str, str]) -> None:
    headers = {
        "x-hubspot-signature-v3": vector["signature"],
        "x-hubspot-request-timestamp": vector["timestamp"],
    }
    sent_at = datetime.fromtimestamp(int(vector["timestamp"]) / 1000, UTC)

    good = is_hubspot_v3(
        [vector["client_secret"]], vector["method"], vector["url"], headers, vector["body"].encode(), sent_at
    )

    assert good


@pytest.mark.parametrize(("coded", "plain"), DECODING["decoded"].items())
def test_address_with_a_character_that_hubspot_decodes(coded: str, plain: str) -> None:
    as_received = hubspot_v3(SECRET, "POST", f"{URL}?q={coded}", BODY, "1")
    in_small_letters = hubspot_v3(SECRET, "POST", f"{URL}?q={coded.lower()}", BODY, "1")
    as_signed = hubspot_v3(SECRET, "POST", f"{URL}?q={plain}", BODY, "1")

    assert as_received == in_small_letters == as_signed


@pytest.mark.parametrize("coded", DECODING["kept"])
def test_address_with_a_character_that_hubspot_leaves_alone(coded: str) -> None:
    timestamp, address = "1794830400000", f"{URL}?q={coded}"
    as_it_is = b"POST" + address.encode() + BODY + timestamp.encode()

    made = hubspot_v3(SECRET, "POST", address, BODY, timestamp)

    assert base64.b64decode(made) == hmac.digest(SECRET.encode(), as_it_is, hashlib.sha256)


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(minutes=5), timedelta(minutes=-5)], ids=str)
def test_signature_within_five_minutes(ago: timedelta) -> None:
    headers = signed(at=NOW - ago)

    assert is_good(headers)


@pytest.mark.parametrize("ago", [timedelta(minutes=5, milliseconds=1), timedelta(days=400)], ids=str)
def test_signature_that_is_stale(ago: timedelta) -> None:
    headers = signed(at=NOW - ago)

    assert not is_good(headers)


@pytest.mark.parametrize("ahead", [timedelta(minutes=5, milliseconds=1), timedelta(days=400)], ids=str)
def test_signature_from_the_future(ahead: timedelta) -> None:
    headers = signed(at=NOW + ahead)

    assert not is_good(headers)


@pytest.mark.parametrize("secret", ["old-secret", "new-secret"])
def test_either_secret_is_good_during_rotation(secret: str) -> None:
    headers = signed(secret=secret)

    assert is_good(headers, secrets=("old-secret", "new-secret"))


def test_replaced_secret_is_refused() -> None:
    headers = signed(secret="old-secret")

    assert not is_good(headers, secrets=("new-secret",))


@pytest.mark.parametrize("secrets", [(), ("",)], ids=["none", "an empty one"])
def test_without_a_secret_nothing_is_good(secrets: tuple[str, ...]) -> None:
    headers = signed(secret="")

    assert not is_good(headers, secrets=secrets)


@pytest.mark.parametrize("header", ["x-hubspot-signature-v3", "x-hubspot-request-timestamp"])
@pytest.mark.parametrize(
    "value",
    [None, "", " ", "abc", "nan", "-1", "1e12", "٣" * 13, "9" * 5000, "\u00e9", "\udcff", "=" * 44, "\x00"],
    ids=ascii,
)
def test_header_that_is_missing_or_malformed(header: str, value: str | None) -> None:
    headers = {name: text for name, text in {**signed(), header: value}.items() if text is not None}

    assert not is_good(headers)


def test_older_signature_is_no_way_in() -> None:
    older = hashlib.sha256(SECRET.encode() + BODY).hexdigest()
    headers = {**signed(), "x-hubspot-signature": older, "x-hubspot-signature-version": "v1"}
    headers["x-hubspot-signature-v3"] = "bm90IHRoaXMgb25l"

    assert not is_good(headers)


def test_signature_for_another_address() -> None:
    headers = signed()

    assert not is_good(headers, url="https://elsewhere.example/crm/hubspot")


@given(place=st.integers(0, len(BODY) - 1), byte=st.integers(0, 255))
def test_body_with_one_byte_changed(place: int, byte: int) -> None:
    assume(byte != BODY[place])
    changed = BODY[:place] + bytes([byte]) + BODY[place + 1 :]

    assert not is_good(signed(), body=changed)


@given(st.text(max_size=60))
def test_signature_made_up(text: str) -> None:
    assume(text != signed()["x-hubspot-signature-v3"])

    assert not is_good({**signed(), "x-hubspot-signature-v3": text})


def test_signatures_are_compared_in_constant_time() -> None:
    tree = ast.parse(Path(signatures.__file__).read_text(encoding="utf-8"))

    comparisons = [node for node in ast.walk(tree) if isinstance(node, ast.Eq | ast.NotEq)]
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]

    assert comparisons == []
    assert "hmac.compare_digest" in calls
