"""Signed tokens of links: what a link may do, for whom and until when stands in the link itself.

Form: `key id . base64url(JSON claims) . base64url(first 16 bytes of HMAC-SHA256)`. The purpose is signed but not
written, so a token made for one door opens no other. Claims are ids and keys, never names or addresses.

    /c/<link token>                  a posting's tracked link
    /c/<link token>/<mail token>     a link in a mail: one signature per link, one per recipient
    /o/<mail token>.gif              the open pixel        /u/<mail token>   unsubscribe
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_TOKEN = 2_000
_SIGNATURE_BYTES = 16


class Purpose(StrEnum):
    """The doors a token can open."""

    LINK = "c"
    """A tracked target: TARGET, and CHANNEL, POSTING, REQUISITION or CAMPAIGN, STEP, VERSION, NUMBER."""
    MAIL = "m"
    """One mail to one person: CAMPAIGN, STEP, VERSION, CANDIDATE. Opens, clicks and one-click unsubscribe."""
    SOURCE = "s"
    """Where a visitor came from; added to our own pages' addresses as `wb`: CHANNEL, CAMPAIGN, POSTING, AT…"""
    CONFIRM = "f"
    """Double opt-in: CANDIDATE, PAGE, PURPOSES."""
    PREFERENCES = "p"
    """The candidate's own page: CANDIDATE."""
    FORM = "r"
    """One form as it was shown: AT, ITEM (its id) and DOOR (its path); proves whose it is and how old."""
    PREVIEW = "w"
    """A draft of a landing page: PAGE."""
    REPLY = "a"
    """The address that answers to a mail come back to (model/reply_address.py)."""


# Names of claims; short, because they travel in every address.
TARGET, CHANNEL, POSTING, REQUISITION, PAGE = "t", "h", "j", "r", "l"
CAMPAIGN, STEP, VERSION, NUMBER, CANDIDATE = "g", "s", "v", "n", "k"
AT, PURPOSES, EXPIRES = "a", "o", "x"
ITEM, DOOR = "i", "d"


class BadToken(Exception):
    """Cut, altered, expired, made for another door or with a key that is gone; callers answer all alike."""


@dataclass(frozen=True)
class Signer:
    """Signs with the current key, reads with any key that is kept (so keys can be rotated)."""

    current: str
    keys: Mapping[str, bytes]
    salt: bytes = b""
    """Of the fingerprints of addresses (model/address.py): never rotated, or the suppressions are forgotten."""
    former_salts: tuple[bytes, ...] = ()
    """Salts of before, should one have had to be replaced: who was erased under them stays erased."""

    @classmethod
    def from_json(cls, text: str) -> "Signer":
        """From {"current": "k1", "keys": {"k1": "<base64url of at least 32 bytes>"}, "salt": "<base64url>"}, and
        "former_salts": ["<base64url>"] where the salt was replaced.

        Without a salt the first key by name serves as one, so that key must then be kept.
        """
        stored = json.loads(text)
        keys = {name: _decoded(key) for name, key in stored["keys"].items()}
        salt = _decoded(stored["salt"]) if "salt" in stored else keys[min(keys)]
        return cls(stored["current"], keys, salt, tuple(map(_decoded, stored.get("former_salts", ()))))

    def sign(self, purpose: Purpose, claims: Mapping[str, str], *, expires: datetime | None = None) -> str:
        if expires is not None:
            claims = {**claims, EXPIRES: str(int(expires.timestamp()))}
        payload = _encoded(json.dumps(claims, separators=(",", ":"), ensure_ascii=False).encode())
        return f"{self.current}.{payload}.{_encoded(self._signature(self.current, purpose, payload))}"

    def read(self, purpose: Purpose, token: str, now: datetime) -> dict[str, str]:
        """The claims; raises BadToken."""
        if len(token) > MAX_TOKEN:
            raise BadToken
        key_id, _, rest = token.partition(".")
        payload, _, signature = rest.partition(".")
        # An unknown key id is checked against the current key, so that it takes as long as a wrong signature.
        expected = self._signature(key_id if key_id in self.keys else self.current, purpose, payload)
        if not hmac.compare_digest(expected, _signature_of(signature)) or key_id not in self.keys:
            raise BadToken
        claims: dict[str, str] = json.loads(_decoded(payload))
        if EXPIRES in claims and int(claims[EXPIRES]) < now.timestamp():
            raise BadToken
        return claims

    def seal(self, purpose: Purpose, text: str) -> str:
        """The signature alone, for where a token has no room: 26 letters and digits in lower case."""
        return _sealed(self._signature(self.current, purpose, text))

    def is_sealed(self, purpose: Purpose, text: str, seal: str) -> bool:
        """Whether one of the keys that are kept made this seal; each is tried, since the seal does not name its own."""
        made = [_sealed(self._signature(key_id, purpose, text)) for key_id in self.keys]
        return sum(hmac.compare_digest(each.encode(), seal.encode()) for each in made) > 0

    def _signature(self, key_id: str, purpose: Purpose, payload: str) -> bytes:
        message = f"{purpose.value}.{payload}".encode(errors="surrogatepass")
        return hmac.digest(self.keys[key_id], message, hashlib.sha256)[:_SIGNATURE_BYTES]


def _sealed(signature: bytes) -> str:
    return base64.b32encode(signature)[:26].decode().lower()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signature_of(text: str) -> bytes:
    """The one spelling of a signature: other base64 forms of the same bytes do not pass."""
    try:
        signature = _decoded(text)
    except (ValueError, binascii.Error):
        return b""
    return signature if _encoded(signature) == text else b""
