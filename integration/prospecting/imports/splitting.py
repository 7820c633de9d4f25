"""One pass over the file: every row is mapped and normalised once, repeats are found, ready rows go out in chunks.

Rows of a person who stood earlier in the file come last, in chunks of their own. So no two workers make the same person
at once, and `merged` counts the same however the chunks are scheduled.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import accumulate, chain, compress
from typing import IO

from integration import collector
from integration.model.reject import Code
from integration.prospecting.imports import ready
from integration.prospecting.imports.blocks import BLOCK_BYTES
from integration.prospecting.imports.columnwise import Plan
from integration.prospecting.imports.parts import Part, parts
from integration.prospecting.imports.reading import Open
from integration.prospecting.imports.repeats import Repeats
from integration.prospecting.imports.rows import RowReader

CHUNK_ROWS = 1_000
"""Candidates, contact points and memberships of a chunk stay within what collections take in one go."""
CHUNK_BYTES = 8_000_000
_OTHER = bytes([1, 0]) + bytes(254)
"""Turns flags round."""

Put = Callable[[int, bytes], None]
"""Keeps the rows of a chunk under its number."""


@dataclass
class Split:
    """What the file holds."""

    rows: int = 0
    """Blank lines are none."""
    blank: int = 0
    people: int = 0
    rejected: int = 0
    repeats: int = 0
    chunks: int = 0
    first_repeat: int = 0
    cleaned: int = 0
    ambiguous: bool = False
    """Whether a date could be read in two ways."""
    orders: set[str] = field(default_factory=set)


def split(open_file: Open, reader: RowReader, put: Put, told: Callable[[int], None], rejects: IO[bytes]) -> Split:
    """Reads the file and puts its chunks; `told` hears now and then how many rows are read.

    Rejected rows go to `rejects`, one JSON array a line.
    """
    plan, repeats, found = Plan(reader), Repeats(), Split()
    try:
        with tempfile.TemporaryFile() as kept, collector.at_rest():
            with closing(parts(open_file, plan)) as all_parts:
                for part in all_parts:
                    kept.write(part.lines)
                    repeats.note(part.people, part.marks)
                    _count(part, rejects, found)
                    told(found.rows)
            kept.seek(0)
            _chunks(kept, repeats.flags(), ready.header(plan.fields), put, lambda: told(found.rows), found)
    finally:
        repeats.close()
    return found


def _count(part: Part, rejects: IO[bytes], found: Split) -> None:
    for reject in part.rejects:
        found.ambiguous |= reject.code == Code.DATE_AMBIGUOUS
        rejects.write(json.dumps(reject, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    found.people += part.people
    found.rejected += len(part.rejects)
    found.blank += part.blank
    found.rows += part.people + len(part.rejects)
    found.cleaned += part.cleaned
    found.orders |= part.orders


def _chunks(kept: IO[bytes], flags: bytearray, header: bytes, put: Put, told: Callable[[], None], found: Split) -> None:
    """Cuts the ready rows into chunks, the repeats behind all others."""
    with tempfile.TemporaryFile() as late:
        found.chunks = _put_all(_firsts(kept, flags, late), header, put, told, 0)
        late.seek(0)
        found.repeats, found.first_repeat = sum(flags), found.chunks
        found.chunks = _put_all(_lines(late), header, put, told, found.chunks)


def _firsts(kept: IO[bytes], flags: bytearray, late: IO[bytes]) -> Iterator[list[bytes]]:
    """The rows that are no repeats; those go to `late`."""
    start = 0
    for block in _lines(kept):
        here = flags[start : start + len(block)]
        start += len(block)
        if any(here):
            late.write(b"\n".join(compress(block, here)) + b"\n")
            block = list(compress(block, here.translate(_OTHER)))
        yield block


def _lines(file: IO[bytes]) -> Iterator[list[bytes]]:
    """The rows of a file, many at a time."""
    rest = b""
    while data := file.read(BLOCK_BYTES):
        *rows, rest = (rest + data).split(b"\n")
        yield rows


def _put_all(blocks: Iterable[list[bytes]], header: bytes, put: Put, told: Callable[[], None], number: int) -> int:
    """The number behind the last chunk."""
    for rows in _chunked(blocks):
        put(number, header + b"\n".join(rows) + b"\n")
        told()
        number += 1
    return number


def _chunked(blocks: Iterable[list[bytes]]) -> Iterator[list[bytes]]:
    """The rows of one chunk after the other: fewer where they hold long texts."""
    rows: list[bytes] = []
    size = 0
    for block in chain(blocks, [[]]):
        rows += block
        size += sum(map(len, block))
        is_last = not block
        while len(rows) >= CHUNK_ROWS or size > CHUNK_BYTES or (rows and is_last):
            count = CHUNK_ROWS
            if size > CHUNK_BYTES:
                sizes = accumulate(map(len, rows[:CHUNK_ROWS]))
                count = next((place for place, size in enumerate(sizes, 1) if size > CHUNK_BYTES), CHUNK_ROWS)
            yield rows[:count]
            del rows[:count]
            size = sum(map(len, rows))
