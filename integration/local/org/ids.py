"""Record ids: three characters for the object, twelve of a counter, three that tell upper from lower case."""

import re

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECK = {f"{bits:05b}"[::-1]: letter for bits, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345")}
"""Which letter says which of five characters are upper case."""
_CASE = str.maketrans({each: "1" if "A" <= each <= "Z" else "0" for each in DIGITS})
_SHAPE = re.compile(r"[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?", re.ASCII)


def new_id(prefix: str, number: int) -> str:
    """The 18-character id of the object's record of that number."""
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = DIGITS[rest] + digits
    return with_checksum(f"{prefix}WB0{digits.rjust(9, '0')}")


def with_checksum(fifteen: str) -> str:
    """15 characters to 18."""
    cases = fifteen.translate(_CASE)
    return fifteen + _CHECK[cases[:5]] + _CHECK[cases[5:10]] + _CHECK[cases[10:]]


def is_id(text: str) -> bool:
    """Whether a text has the shape of a record id."""
    return _SHAPE.fullmatch(text) is not None


def full_id(text: str) -> str:
    """The 18-character form of an id of 15 or 18 characters, or an empty text when it is none."""
    if not is_id(text):
        return ""
    complete = with_checksum(text[:15])
    return complete if text in (text[:15], complete) else ""
