"""HubSpot's request signatures, as the sender makes them. It checks nothing: that is the receiver's part.

https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
"""

import base64
import hashlib
import hmac


def sign_v3(secret: str, method: str, uri: str, body: bytes, timestamp: str) -> str:
    """HMAC-SHA256 in base64 over method, public address, raw body and the time in milliseconds."""
    message = method.encode() + uri.encode() + body + timestamp.encode()
    return base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()


def sign_v1(secret: str, body: bytes) -> str:
    """Plain SHA-256 in hex over secret and body: the old scheme, still sent beside the new one."""
    return hashlib.sha256(secret.encode() + body).hexdigest()
