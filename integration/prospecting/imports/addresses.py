"""Reads the e-mail addresses and phone numbers of a block at once: all that are written as usual.

The others get HARD here and are read one by one.
"""

import re
from collections.abc import Iterator, Sequence

from integration.candidates import dialling
from integration.candidates.parsing import EMAIL_LENGTH, LOCAL_LENGTH, is_domain

HARD = b"\x00"
"""Stands where a cell needs a closer look."""
MOST_REMEMBERED = 50_000
OPEN_DIGITS = 6
"""Digits at the end of a number that seldom tell whether it is given out."""
_USUAL = re.compile(rb"^(?:(?!\.)[a-z0-9_+.-]{1,%d}(?<!\.)@([a-z0-9.-]+)|.*)$" % LOCAL_LENGTH, re.MULTILINE)
_PUNCTUATION = dialling.PUNCTUATION
_DIGITS = b"0123456789\n"


class Emails:
    """Addresses of ASCII letters, digits and a few signs, whose domains are good."""

    def __init__(self) -> None:
        self._domains: set[bytes] = set()

    def column(self, cells: Sequence[bytes]) -> tuple[list[bytes], list[int]]:
        """(the addresses, the places of those that are not usual)."""
        lines = _as_lines(cells).lower()
        domains, found = _USUAL.findall(lines), lines.split(b"\n")
        hard: list[int] = []
        if not self._domains.issuperset(domains):
            if len(self._domains) > MOST_REMEMBERED:
                self._domains.clear()
            self._domains |= {one for one in set(domains) - self._domains if one and is_domain(one.decode())}
            good = self._domains
            hard = [place for place, domain in enumerate(domains) if domain not in good]
        if b".." in lines:
            hard += [place for place, cell in enumerate(found) if b".." in cell]
        if max(map(len, found), default=0) > EMAIL_LENGTH:
            hard += [place for place, cell in enumerate(found) if len(cell) > EMAIL_LENGTH]
        return found, hard


class Phones:
    """Numbers that are surely valid by how they begin, whatever their last digits."""

    def __init__(self) -> None:
        self._regions: dict[bytes, _Beginnings] = {}

    def column(self, cells: Sequence[bytes], regions: Sequence[bytes]) -> tuple[list[bytes], list[int]]:
        """(the numbers, the places of those that are not usual)."""
        lines = _as_lines(cells).translate(None, _PUNCTUATION)
        for region in set(regions) - self._regions.keys():
            self._regions[region] = _Beginnings(region.decode())
        known, numbers = self._regions, lines.split(b"\n")
        found = [
            known[region][number[:-OPEN_DIGITS]] + number[-OPEN_DIGITS:]
            for number, region in zip(numbers, regions, strict=True)
        ]
        hard = list(_places(HARD, b"\n".join(found)))
        signs = lines.translate(None, _DIGITS)
        if signs.strip(b"+") or len(signs) != lines.count(b"\n+") + lines.startswith(b"+"):
            hard += [place for place, number in enumerate(numbers) if not number[-OPEN_DIGITS:].isdigit()]
        return found, hard


class _Beginnings(dict[bytes, bytes]):
    """How numbers of a region begin: as + and digits."""

    def __init__(self, region: str) -> None:
        super().__init__()
        self._region = region

    def __missing__(self, start: bytes) -> bytes:
        found = dialling.surely(start.decode("latin-1"), OPEN_DIGITS, self._region).encode() or HARD
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[start] = found
        return found


def _as_lines(cells: Sequence[bytes]) -> bytes:
    """A cell a line; those with several lines are left out."""
    lines = b"\n".join(cells)
    if lines.count(b"\n") == len(cells) - 1:
        return lines
    return b"\n".join(b"" if b"\n" in cell else cell for cell in cells)


def _places(sign: bytes, lines: bytes) -> Iterator[int]:
    """The lines with a sign."""
    start = place = 0
    while (at := lines.find(sign, start)) >= 0:
        place += lines.count(b"\n", start, at)
        start = at + 1
        yield place
