"""Finds the rows of people who stood earlier in the file, exactly, and without holding all of them in memory.

Marks (short hashes of what may name a person) go to shares by their value; a share that is full goes to disk. At the
end each share is looked through for itself: its memory is a small part of all marks'.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from operator import lt
from typing import IO

from integration.prospecting.imports import ready
from integration.prospecting.imports.crew import crew, may_copy

SHARES = 256
_SHARE = SHARES - 1
_MOST_ROWS = 10_000
HELD = 4_096
"""Marks of a share that are held in memory before they go to disk."""
_WORTH_A_PROCESS = 100_000
"""From so many rows on two processes look through the shares."""
_EMAIL, _PHONE, _PROFILE, _LAST = (ready.FIXED.index(name) for name in ("Email", "Phone", "Profile", ready.LAST))


def marks(columns: Sequence[Sequence[bytes]]) -> Iterator[Iterable[int]]:
    """What may name the people in the columns of `ready`, one of a kind for each row; an empty cell has the mark 0.

    Each address names one, a phone does together with the last name.
    """
    for kind in (_EMAIL, _PROFILE):
        for addresses in _apart(columns[kind]):
            yield map(hash, addresses)
    names = _folded(columns[_LAST])
    for phones in _apart(columns[_PHONE]):
        yield [mark and mark ^ name for mark, name in zip(map(hash, phones), names, strict=True)]


def _folded(names: Sequence[bytes]) -> list[int]:
    """Marks of names, whatever their case."""
    text = b"\n".join(names)
    text = text.lower() if text.isascii() else text.decode().casefold().encode()
    return list(map(hash, text.split(b"\n")))


def _apart(column: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """A column of cells with several values as columns with one each."""
    text = b"".join(column)
    if not text:
        return
    if b" " not in text:
        yield column
        return
    cells = [cell.split(b" ") for cell in column]
    for place in range(max(map(len, cells))):
        yield [cell[place] if place < len(cell) else b"" for cell in cells]


class Repeats:
    """Collects the marks of rows in the order of the file."""

    def __init__(self) -> None:
        self.rows = 0
        self._held = [array("q") for _ in range(SHARES)]
        self._takes = [share.append for share in self._held]
        self._looked = 0
        self._written: list[list[tuple[int, int]]] = [[] for _ in range(SHARES)]
        self._file: IO[bytes] | None = None

    def note(self, rows: int, marks: Iterable[Iterable[int]]) -> None:
        """Marks of the next rows, one of each kind and row; 0 marks nobody."""
        takes, first = self._takes, self.rows
        for kind in marks:
            for place, mark in enumerate(kind, first):
                if mark:
                    take = takes[mark & _SHARE]
                    take(mark)
                    take(place)
        self.rows += rows
        if self.rows - self._looked > _MOST_ROWS:
            for number, share in enumerate(self._held):
                if len(share) > 2 * HELD:
                    self._write(number)
            self._looked = self.rows

    def flags(self) -> bytearray:
        """1 for each row with a mark that an earlier row has."""
        if self.rows < _WORTH_A_PROCESS or not may_copy(2):
            return self._flags(range(SHARES))
        with crew(self._flags, 1) as [other]:
            other.give(range(1, SHARES, 2))
            ours = self._flags(range(0, SHARES, 2))
            theirs = other.answer() or self._flags(range(1, SHARES, 2))
        both = int.from_bytes(ours, "big") | int.from_bytes(theirs, "big")
        return bytearray(both.to_bytes(self.rows, "big"))

    def _flags(self, shares: Iterable[int]) -> bytearray:
        flags = bytearray(self.rows)
        for number in shares:
            pairs = self._share(number)
            marks, places = pairs[0::2].tolist(), pairs[1::2].tolist()
            earliest: dict[int, int] = {}
            firsts = map(earliest.setdefault, marks, places)
            for place in compress(places, map(lt, firsts, places)):
                flags[place] = 1
        return flags

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _write(self, number: int) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (closed by close)
        self._written[number].append((self._file.tell(), len(self._held[number])))
        self._file.write(self._held[number].tobytes())
        del self._held[number][:]

    def _share(self, number: int) -> array[int]:
        share = array("q")
        if self._file is not None:
            for start, count in self._written[number]:  # two processes read, and have one position between them
                share.frombytes(os.pread(self._file.fileno(), count * share.itemsize, start))
        share.extend(self._held[number])
        return share
