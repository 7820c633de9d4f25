"""ULIDs by the standard library: 48 bits of time and 80 random ones, sortable, safe in addresses.

python-ulid does the same with a class around it; the tracker starts without it.
"""

import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_RANDOM_DIGIT = _DIGITS.encode() * 8  # of a byte: each of the 32 equally often
_AS_INT = str.maketrans(_DIGITS, "0123456789ABCDEFGHIJKLMNOPQRSTUV")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ulid(at: datetime) -> str:
    """26 characters of Crockford's base 32."""
    milliseconds = round(at.timestamp() * 1_000_000) // 1_000
    time = _quarters(milliseconds >> 20) + _PAIRS[milliseconds >> 10 & 1023] + _PAIRS[milliseconds & 1023]
    return time + os.urandom(16).translate(_RANDOM_DIGIT).decode()


@lru_cache(8)
def _quarters(number: int) -> str:
    """Six digits for every 17 minutes."""
    return "".join(_PAIRS[number >> shift & 1023] for shift in (20, 10, 0))


def time_of(ulid: str) -> datetime:
    """When it was made, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=int(ulid[:10].translate(_AS_INT), 32))
