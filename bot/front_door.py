"""The front door: what every request from outside passes before anything reads its meaning.

The body is counted while it arrives and cut at 1 MiB, and has ten seconds to arrive; the signature is checked on the
raw bytes; anything odd is 401, never an error of ours. Bolt sees only what has passed.
"""

import asyncio
import re
from binascii import a2b_qp
from datetime import datetime

from slack_sdk.signature import Clock, SignatureVerifier
from starlette.requests import Request

from handoff.errors import BadRequest

BIGGEST = 1024 * 1024  # bytes
SLOWEST = 10.0  # seconds


async def body_of(request: Request, *content_types: str, slowest: float = SLOWEST) -> bytes:
    """The raw body, which has `slowest` seconds to arrive.

    Raises:
        BadRequest: 415 for another content type, 413 for a body over 1 MiB, 408 for one that does not arrive in time,
            400 for one that breaks off.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind not in content_types:
        raise BadRequest(415, f"The content type must be {' or '.join(content_types)}.")
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:12]) > BIGGEST:
        raise BadRequest(413, "The body is over 1 MiB.")
    try:
        async with asyncio.timeout(slowest):
            return await _arriving(request)
    except TimeoutError as e:
        raise BadRequest(408, f"The body did not arrive within {slowest:g} seconds.") from e


async def _arriving(request: Request) -> bytes:
    """The body, counted part by part. https://asgi.readthedocs.io/en/latest/specs/www.html#request-receive-event"""
    parts: list[bytes] = []
    size, is_whole = 0, False
    while not is_whole:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise BadRequest(400, "The body did not arrive whole.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > BIGGEST:
            raise BadRequest(413, "The body is over 1 MiB.")
        is_whole = not message.get("more_body", False)
    return b"".join(parts)


class _At(Clock):
    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> float:
        return self._moment.timestamp()


def check_slack(secret: str, request: Request, body: bytes, now: datetime) -> None:
    """Check Slack's signature, at most five minutes old or ahead.

    Raises:
        BadRequest: 401 for anything but a good signature.
    """
    signature = request.headers.get("x-slack-signature", "")
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    well_formed = re.fullmatch(r"[0-9]{1,12}", timestamp, re.ASCII) and re.fullmatch(r"v0=[0-9a-f]{64}", signature)
    if not well_formed or not _is_utf8(body):
        raise BadRequest(401, "The signature is missing or malformed.")
    if not SignatureVerifier(secret, clock=_At(now)).is_valid(body=body, timestamp=timestamp, signature=signature):
        raise BadRequest(401, "The signature is wrong or older than five minutes.")


def said_in(body: bytes) -> bytes:
    """The object in a form's only field `payload`, as which Slack sends what people do; any other body as it is.

    It holds the whole message that was pressed, of which `urllib.parse` would take longer to undo the percent signs
    than everything else that the click needs. Quoted-printable is the same with an equals sign, and is undone in C.
    """
    name, _, form = body.partition(b"=")
    if name != b"payload" or b"&" in form:
        return body
    payload = a2b_qp(form.replace(b"=", b"%3D").replace(b"%", b"=").replace(b"+", b" "))
    return payload if payload.startswith(b"{") else body


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
