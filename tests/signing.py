"""Requests signed as HubSpot and Slack sign them: by their recipes, not with the code under test."""

import base64
import hashlib
import hmac
from datetime import datetime


def hubspot_headers(secret: str, url: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of a webhook, version 3. `url` has nothing in it that HubSpot would decode."""
    timestamp = str(round(at.timestamp() * 1000))
    signed = b"POST" + url.encode() + body + timestamp.encode()
    signature = base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode()
    return {
        "content-type": "application/json",
        "x-hubspot-request-timestamp": timestamp,
        "x-hubspot-signature-v3": signature,
    }


def slack_headers(secret: str, body: bytes, at: datetime, content_type: str) -> dict[str, str]:
    """The headers of what Slack sends."""
    timestamp = str(int(at.timestamp()))
    signature = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": f"v0={signature}",
    }
