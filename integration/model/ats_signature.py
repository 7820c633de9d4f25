"""Signatures of webhooks by scheme. The scheme stands before the secret, as in `greenhouse:s3cret`; without one it is
Standard Webhooks (model/webhook.py). It is never read from the request, so a sender cannot choose a weaker one.

Vendors sign no id and no time: the webhook's id is a hash of what was signed, so that a replay is known by its bytes.
As these webhooks are hints only, an old one leads to one look at the system and to nothing else.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from integration.model import webhook
from integration.model.webhook import Refused, Signed

_Check = Callable[[Mapping[str, str], bytes, Sequence[str]], bool]


def check(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> Signed:
    """The webhook, when one of a connection's live secrets signed it by its own scheme; raises Refused."""
    for scheme, is_signed in _SCHEMES.items():
        own = [secret.removeprefix(f"{scheme}:") for secret in secrets if secret.startswith(f"{scheme}:")]
        if not own:
            continue
        given = {name.lower(): value for name, value in headers.items()}
        if not is_signed(given, body, own):
            raise Refused("signature")
        return Signed(hashlib.sha256(body).hexdigest()[:40], body)
    return webhook.check(headers, body, secrets, now)


def _by_header(header: str, prefix: str) -> _Check:
    """HMAC-SHA256 of the raw body in hexadecimal behind a prefix."""

    def is_signed(given: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> bool:
        return _is_one_of(given.get(header, ""), secrets, body, prefix)

    return is_signed


def _lever(given: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> bool:
    """The signature stands in the body: HMAC-SHA256 of its token and time."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(payload, dict):
        return False
    said = [payload.get(name) for name in ("signature", "token", "triggeredAt")]
    if not isinstance(said[0], str) or any(not isinstance(one, str | int) for one in said):
        return False
    return _is_one_of(said[0], secrets, f"{said[1]}{said[2]}".encode(), "")


def _is_one_of(said: str, secrets: Sequence[str], signed: bytes, prefix: str) -> bool:
    is_right = False
    for secret in secrets:  # every one, so that time tells nothing
        expected = prefix + hmac.digest(secret.encode(), signed, hashlib.sha256).hex()
        is_right |= bool(secret) and hmac.compare_digest(expected.encode(), said.strip().encode())
    return is_right


_SCHEMES: Mapping[str, _Check] = {
    "greenhouse": _by_header("signature", "sha256 "),
    "ashby": _by_header("ashby-signature", "sha256="),
    "lever": _lever,
}
