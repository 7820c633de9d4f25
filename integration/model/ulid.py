"""ULIDs by the standard library: 48 bits of time and 80 random ones, sortable, safe in addresses.

python-ulid does the same with a class around it; the tracker starts without it.
"""

import secrets
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(at: datetime) -> str:
    """26 characters of Crockford's base 32."""
    number = int(at.timestamp() * 1000) << 80 | secrets.randbits(80)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
