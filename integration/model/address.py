"""E-mail addresses: one spelling each, and a name for them in stores that must not hold them."""

import hashlib
import hmac
import re

# What SES takes: plain ASCII before the @, a host name of labels after it. Nothing that could end a header.
_SENDABLE = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}"
)


def normalised(address: str) -> str:
    """The spelling under which two writings of one address meet."""
    return address.strip().lower()


def sendable(address: str) -> str:
    """The address as the provider wants it (host in ASCII), or empty when no mail can be addressed to it."""
    local, at, host = address.strip().rpartition("@")
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return ""
    plain = f"{local}{at}{host}"
    return plain if len(plain) <= 254 and _SENDABLE.fullmatch(plain) else ""


def is_allowed(address: str, allow_list: tuple[str, ...]) -> bool:
    """Whether a stage may mail it: entries are addresses or domains; an empty list allows everybody."""
    spelled = normalised(address)
    host = spelled.rpartition("@")[2]
    return not allow_list or any(entry.lower().removeprefix("@") in {spelled, host} for entry in allow_list)


def fingerprint(address: str, salt: bytes) -> str:
    """A name for an address that cannot be turned back without the salt."""
    return hmac.digest(salt, normalised(address).encode(), hashlib.sha256)[:16].hex()
