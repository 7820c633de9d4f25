"""Signed tokens of links: what a link may do, for whom and until when stands in the link itself.

Form: `key id . base64url(JSON claims) . base64url(first 16 bytes of HMAC-SHA256)`. The purpose is signed but not
written, so a token made for one door opens no other. Claims are ids and keys, never names or addresses.

    /c/<link token>                  a posting's tracked link
    /c/<link token>/<mail token>     a link in a mail: one signature per link, one per recipient
    /o/<mail token>.gif              the open pixel        /u/<mail token>   unsubscribe
"""

import base64
import hmac
import json
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

MAX_TOKEN = 2_000
_SIGNATURE_BYTES = 16
_BLOCK_BYTES = 64
_KEPT_TOKENS = 1_000


class Purpose(StrEnum):
    """The doors a token can open."""

    LINK = "c"
    """A tracked target: TARGET, and CHANNEL, POSTING, REQUISITION or CAMPAIGN, STEP, VERSION, NUMBER."""
    MAIL = "m"
    """One mail to one person: CAMPAIGN, STEP, VERSION, CANDIDATE, LANGUAGE. Opens, clicks and one-click unsubscribe."""
    SOURCE = "s"
    """Where a visitor came from; added to our own pages' addresses as `wb`: CHANNEL, CAMPAIGN, POSTING, AT…"""
    CONFIRM = "f"
    """Double opt-in: CANDIDATE, PAGE, PURPOSES."""
    PREFERENCES = "p"
    """The candidate's own page: CANDIDATE, LANGUAGE."""
    FORM = "r"
    """One form as it was shown: AT, ITEM (its id) and DOOR (its path); proves whose it is and how old."""
    PREVIEW = "w"
    """A draft of a landing page: PAGE."""
    ADDRESS = "e"
    """One of two addresses says yes to a change: CANDIDATE, ITEM (the wish), DOOR (old or new)."""
    PLACE = "v"
    """A person's place at an event: CANDIDATE, ITEM (the event), DOOR (its slug), LANGUAGE."""
    CHECK_IN = "i"
    """The door of an event, for staff: ITEM (the event), NUMBER (of the link, so that it can be taken back)."""
    REFERRAL = "b"
    """A personal link to pass on: BROUGHT, CHANNEL, and DOOR (the posting's reference; blank for all jobs)."""
    INVITATION = "n"
    """One mail to somebody who was recommended: as REFERRAL, with ITEM (the invitation) and MARK."""
    REPLY = "a"
    """The address that answers to a mail come back to (model/reply_address.py)."""


# Names of claims; short, because they travel in every address.
TARGET, CHANNEL, POSTING, REQUISITION, PAGE = "t", "h", "j", "r", "l"
CAMPAIGN, STEP, VERSION, NUMBER, CANDIDATE = "g", "s", "v", "n", "k"
AT, PURPOSES, EXPIRES = "a", "o", "x"
ITEM, DOOR = "i", "d"
REFERRER = "e"
BROUGHT = "b"
"""Candidate key of whoever recommended what the link leads to."""
MARK = "m"
"""Fingerprint of an address (model/address.py), for whoever says no without being on record."""
LANGUAGE = "y"
"""Of the person to whom a link was written: the page behind it speaks it."""


_URL_SAFE, _STANDARD = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
_parsed = json.JSONDecoder().raw_decode  # of what we wrote ourselves: no blanks around it


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
        return _unexpired(self._checked(purpose, token), now)

    def read_shared(self, token: str, now: datetime) -> Mapping[str, str]:
        """`read` of a LINK, which all recipients of a mail share: checked once, its expiry every time. What is kept
        lasts as long as the keys of this signer, and holds only what they signed."""
        return _unexpired(self._kept_links(token), now)

    @cached_property
    def _kept_links(self) -> Callable[[str], dict[str, str]]:
        return lru_cache(_KEPT_TOKENS)(lambda token: self._checked(Purpose.LINK, token))

    def _checked(self, purpose: Purpose, token: str) -> dict[str, str]:
        if len(token) > MAX_TOKEN:
            raise BadToken
        key_id, _, rest = token.partition(".")
        payload, _, signature = rest.partition(".")
        # An unknown key id is checked against the current key, so that it takes as long as a wrong signature.
        expected = self._signature(key_id if key_id in self.keys else self.current, purpose, payload)
        # As text: other base64 forms of the same bytes do not pass.
        is_ours = hmac.compare_digest(_encoded(expected).encode(), signature.encode(errors="surrogatepass"))
        if not is_ours or key_id not in self.keys:
            raise BadToken
        return _claims(payload)

    def seal(self, purpose: Purpose, text: str) -> str:
        """The signature alone, for where a token has no room: 26 letters and digits in lower case."""
        return _sealed(self._signature(self.current, purpose, text))

    def is_sealed(self, purpose: Purpose, text: str, seal: str) -> bool:
        """Whether one of the keys that are kept made this seal; each is tried, since the seal does not name its own."""
        made = [_sealed(self._signature(key_id, purpose, text)) for key_id in self.keys]
        return sum(hmac.compare_digest(each.encode(), seal.encode()) for each in made) > 0

    def _signature(self, key_id: str, purpose: Purpose, payload: str) -> bytes:
        inner, outer = self._padded[key_id]
        signed, result = inner.copy(), outer.copy()
        signed.update((purpose + "." + payload).encode(errors="surrogatepass"))
        result.update(signed.digest())
        return result.digest()[:_SIGNATURE_BYTES]

    @cached_property
    def _padded(self) -> dict[str, tuple["Hash", "Hash"]]:
        """HMAC's two hashes of each key (RFC 2104), taken in once: `hmac` takes two and a half times as long to sign a
        short text. A test holds both to the same signatures."""
        return {key_id: (_padded(key, 0x36), _padded(key, 0x5C)) for key_id, key in self.keys.items()}


def _padded(key: bytes, pad: int) -> "Hash":
    block = key if len(key) <= _BLOCK_BYTES else sha256(key).digest()
    return sha256(bytes(byte ^ pad for byte in block.ljust(_BLOCK_BYTES, b"\0")))


def _sealed(signature: bytes) -> str:
    return base64.b32encode(signature)[:26].decode().lower()


def _encoded(data: bytes) -> str:
    return b2a_base64(data, newline=False).translate(_URL_SAFE, b"=").decode()


def _decoded(text: str) -> bytes:
    return a2b_base64(text.encode().translate(_STANDARD) + b"=" * (-len(text) % 4))


def claims_of(token: str) -> dict[str, str]:
    """What a token that was checked says; its signature may be gone."""
    return _claims(token.split(".")[1])


def _claims(payload: str) -> dict[str, str]:
    claims: dict[str, str] = _parsed(_decoded(payload).decode())[0]
    return claims


def _unexpired(claims: dict[str, str], now: datetime) -> dict[str, str]:
    if EXPIRES in claims and int(claims[EXPIRES]) < now.timestamp():
        raise BadToken
    return claims
