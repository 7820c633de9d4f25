"""Names for people of whom a list holds nothing but addresses: `Ann Lee <ann@…>`, or what stands before the @."""

import re

from integration.candidates.parsing import name
from integration.model.identity import Name

_SHOWN = re.compile(r"\s*(.+?)\s*<[^<>]*@[^<>]*>\s*")
_SPEAKING = re.compile(r"([^\W\d_]{2,})[._]([^\W\d_]{2,})\d*")


def name_beside(cell: str) -> Name:
    """The name that an address carries; a part before the @ that is no name stands as it is, to be completed."""
    if (shown := _SHOWN.fullmatch(cell)) and "@" not in shown[1]:
        return name(shown[1].strip("\"' "))
    local = cell.strip().removeprefix("mailto:").partition("@")[0].partition("+")[0]
    if speaking := _SPEAKING.fullmatch(local):
        return Name(speaking[1].capitalize(), speaking[2].capitalize())
    return Name("", local)
