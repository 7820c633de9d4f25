"""ULIDs by the standard library: 48 bits of time and 80 random ones, sortable, safe in addresses.

python-ulid does the same with a class around it; the tracker starts without it.
"""

import secrets
from base64 import b32encode
from datetime import datetime

_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def ulid(at: datetime) -> str:
    """26 characters of Crockford's base 32."""
    number = int(at.timestamp() * 1000) << 80 | secrets.randbits(80)
    return b32encode(number.to_bytes(20, "big")).translate(_CROCKFORD)[6:].decode()
