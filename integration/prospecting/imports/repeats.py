"""Finds the rows of people who stood earlier in the file, exactly, and without holding all of them in memory.

Marks (short hashes of what may name a person) go to shares by their value; a share that is full goes to disk. At the
end each share is looked through for itself: its memory is a small part of all marks'.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Sequence
from typing import IO

SHARES = 256
HELD = 4_096
"""Marks of a share that are held in memory before they go to disk."""


class Repeats:
    """Collects the marks of rows in the order of the file."""

    def __init__(self) -> None:
        self.rows = 0
        self._held = [array("q") for _ in range(SHARES)]
        self._written: list[list[tuple[int, int]]] = [[] for _ in range(SHARES)]
        self._file: IO[bytes] | None = None

    def note(self, columns: Sequence[Sequence[str]]) -> None:
        """Marks of the next rows, column by column; an empty one marks nobody."""
        held, first = self._held, self.rows
        for place, marks in enumerate(zip(*columns, strict=True), first):
            for text in marks:
                if text:
                    mark = hash(text)
                    share = held[mark % SHARES]
                    share.append(mark)
                    share.append(place)
        self.rows += len(columns[0])
        for number, share in enumerate(held):
            if len(share) > 2 * HELD:
                self._write(number)

    def flags(self) -> bytearray:
        """1 for each row with a mark that an earlier row has."""
        flags = bytearray(self.rows)
        for number in range(SHARES):
            pairs = self._share(number)
            marks, places = pairs[0::2], pairs[1::2]
            earliest = dict(zip(reversed(marks), reversed(places), strict=True))
            for place, first in zip(places, map(earliest.__getitem__, marks), strict=True):
                if place != first:
                    flags[place] = 1
        return flags

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _write(self, number: int) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
        self._written[number].append((self._file.tell(), len(self._held[number])))
        self._held[number].tofile(self._file)
        self._held[number] = array("q")

    def _share(self, number: int) -> array[int]:
        share = array("q")
        if self._file is not None:
            for start, count in self._written[number]:
                self._file.seek(start)
                share.fromfile(self._file, count)
            self._file.seek(0, 2)
        share.extend(self._held[number])
        return share
