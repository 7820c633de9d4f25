"""The wire form of a mail: headers that nothing can break out of, and quoted-printable in pieces.

Every piece of a body starts at the beginning of a line and ends with a soft line break, so pieces that were encoded
at different times join without a line ever passing 76 characters (RFC 2045 §6.7).
"""

import base64
import binascii
import re
from datetime import UTC, datetime

CRLF = "\r\n"
_SOFT = "=\r\n"
_LINE = 75  # a soft break's `=` is the 76th
_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PLAIN_SLOT = re.compile(r"[A-Za-z0-9 ,.()/+:-]{0,74}[A-Za-z0-9,.()/+:-]", re.ASCII)
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", '"': "&#34;"})
_WORD_BYTES = 45  # 60 characters of base64 in an encoded word of at most 75 (RFC 2047)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def one_line(value: str) -> str:
    """A value without control characters, line ends or broken halves of characters; everything else as it was."""
    return value if value.isascii() and value.isprintable() else _UNSAFE.sub(" ", value)


def escaped(value: str) -> str:
    """For HTML text and quoted attributes, spelled as Jinja spells it."""
    return value.translate(_ESCAPES)


def quoted(text: str) -> bytes:
    """A piece of a body; joins with what stands before and after it."""
    if not text:
        return b""
    if _PLAIN_SLOT.fullmatch(text):
        return (text + _SOFT).encode()
    lines = _BREAKS.sub("\n", text).encode("utf-8", "replace")
    encoded = binascii.b2a_qp(lines, istext=True).decode().replace("\n", CRLF)
    return encoded.encode() if encoded.endswith(CRLF) else (_with_room(encoded) + _SOFT).encode()


def quoted_token(token: str) -> bytes:
    """A token or address of our own: characters that quoted-printable leaves alone, but longer than a line."""
    if not token:
        return b""
    return "".join(token[start : start + _LINE] + _SOFT for start in range(0, len(token), _LINE)).encode()


def _with_room(encoded: str) -> str:
    """Breaks a last line that has no room left for the soft break."""
    head, newline, last = encoded.rpartition(CRLF)
    if len(last) <= _LINE:
        return encoded
    cut = _LINE - 3
    cut -= next((back for back in (1, 2) if last[cut - back] == "="), 0)
    return f"{head}{newline}{last[:cut]}{_SOFT}{last[cut:]}"


def header_text(name: str, value: str) -> str:
    """One header line (or folded lines): plain when it is short printable ASCII, else encoded words."""
    clean = one_line(value).strip()
    if clean.isascii() and len(name) + len(clean) <= 74 and "=?" not in clean:
        return f"{name}: {clean}"
    return f"{name}: {_encoded_words(clean)}"


def _encoded_words(text: str) -> str:
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(chunk).decode()}?=" for chunk in _chunks(text))


def _chunks(text: str) -> list[bytes]:
    """UTF-8 in pieces that never cut a character."""
    chunks = [bytearray()]
    for character in text:
        encoded = character.encode("utf-8", "replace")
        if len(chunks[-1]) + len(encoded) > _WORD_BYTES:
            chunks.append(bytearray())
        chunks[-1] += encoded
    return [bytes(chunk) for chunk in chunks]


def mailbox(name: str, address: str) -> str:
    """The value of a From header. The address must have passed model/address.py."""
    clean = one_line(name).strip()
    if not clean:
        return address
    if clean.isascii() and len(clean) + len(address) < 65 and "=?" not in clean:
        escaped_name = clean.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped_name}" <{address}>'
    return f"{_encoded_words(clean[:100])}\r\n <{address}>"


def date_text(at: datetime) -> str:
    """RFC 5322, in UTC."""
    utc = at.astimezone(UTC)
    return f"{_DAYS[utc.weekday()]}, {utc.day:02} {_MONTHS[utc.month - 1]} {utc:%Y %H:%M:%S} +0000"
