"""Signatures of webhooks, checked on the raw bytes. Pure; the clock is an argument."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

WINDOW = timedelta(minutes=5)

# What HubSpot decodes in the address before it signs; the `?` that begins the query and all else stay as they are.
# https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
_DECODED = {
    "%3A": ":",
    "%2F": "/",
    "%3F": "?",
    "%40": "@",
    "%21": "!",
    "%24": "$",
    "%27": "'",
    "%28": "(",
    "%29": ")",
    "%2A": "*",
    "%2C": ",",
    "%3B": ";",
}


def hubspot_v3(secret: str, method: str, url: str, body: bytes, timestamp: str) -> str:
    """HubSpot's signature, version 3: base64 of HMAC-SHA256 over method, address, body and timestamp."""
    signed = method.upper().encode() + _address(url).encode() + body + timestamp.encode()
    return base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode()


@lru_cache(16)  # it is our own address each time
def _address(url: str) -> str:
    return re.sub("|".join(_DECODED), lambda m: _DECODED[m[0].upper()], url, flags=re.IGNORECASE)


def is_hubspot_v3(
    secrets: Sequence[str], method: str, url: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> bool:
    """Whether a request carries a good v3 signature of one of the secrets, not older or newer than five minutes.

    Anything odd (a header missing or with characters beyond ASCII, a timestamp that is no number) is simply not good.
    Older signatures beside it are never a way in. `headers` has lower-case names.
    """
    given = headers.get("x-hubspot-signature-v3", "")
    timestamp = headers.get("x-hubspot-request-timestamp", "")
    if not given or not given.isascii() or not re.fullmatch(r"[0-9]{1,16}", timestamp, re.ASCII):
        return False
    if abs(int(timestamp) - now.timestamp() * 1000) > WINDOW.total_seconds() * 1000:
        return False
    good = [hmac.compare_digest(given, hubspot_v3(s, method, url, body, timestamp)) for s in secrets if s]
    return any(good)
