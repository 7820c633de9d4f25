"""Signed webhooks in the style of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, base64, marked `v1`.

A secret is text, or `whsec_` and base64. Several secrets may be live, so that one can be replaced without a gap.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

TOLERANCE_SECONDS = 300
MOST_SIGNATURES = 8
_ID = re.compile(r"[\x21-\x7e]{1,128}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_NO_SECRET = b"a connection without a secret takes as long to refuse as a wrong signature"


class Refused(Exception):
    """Not signed by the sender, or not now. The word says why, for the log; callers answer all alike."""


@dataclass(frozen=True)
class Signed:
    """A webhook whose signature is right."""

    id: str
    body: bytes


def check(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> Signed:
    """The webhook, when one of the secrets signed these very bytes within five minutes of now; raises Refused."""
    given = {name.lower(): value for name, value in headers.items()}
    number, at = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    signatures = given.get("webhook-signature", "").split(" ")[:MOST_SIGNATURES]
    if not _ID.fullmatch(number):
        raise Refused("id")
    if not _TIMESTAMP.fullmatch(at):
        raise Refused("timestamp")
    is_right = False
    # Every secret and signature is compared, so that time tells nothing about which was near.
    for key in [signing_key(secret) for secret in secrets] or [_NO_SECRET]:
        expected = signature(key, number, at, body).encode()
        for one in signatures:
            is_right |= hmac.compare_digest(expected, one.encode())
    if not is_right or not secrets:
        raise Refused("signature")
    if abs(now.timestamp() - int(at)) > TOLERANCE_SECONDS:
        raise Refused("age")
    return Signed(number, body)


def signature(key: bytes, number: str, timestamp: str, body: bytes) -> str:
    """`v1,<base64>` as it stands in the header."""
    digest = hmac.digest(key, f"{number}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def signing_key(secret: str) -> bytes:
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def secrets_of(connection: str, stored: Mapping[str, str]) -> list[str]:
    """The live secrets of a connection: its own entry and those named `connection#…` while one is being replaced."""
    return [
        secret
        for name, secret in stored.items()
        if secret and (name == connection or name.startswith(f"{connection}#"))
    ]
