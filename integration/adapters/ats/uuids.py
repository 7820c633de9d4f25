"""Ids of systems that number by UUID."""

import re
from collections.abc import Iterable

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def uuids(ids: Iterable[str]) -> list[str]:
    """Those that can be ids of such a system, each once: what cannot be one is never asked for."""
    return [one for one in dict.fromkeys(ids) if is_uuid(one)]
