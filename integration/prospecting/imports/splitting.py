"""One pass over the file: every row is mapped and normalised once, repeats are found, ready rows go out in chunks.

Rows of a person who stood earlier in the file come last, in chunks of their own. So no two workers make the same person
at once, and `merged` counts the same however the chunks are scheduled.
"""

import gc
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import compress, islice
from operator import not_
from typing import IO

from integration.model.reject import Code
from integration.prospecting.imports import ready
from integration.prospecting.imports.blocks import ROWS_TOGETHER, blocks
from integration.prospecting.imports.columnwise import Plan, Rows
from integration.prospecting.imports.reading import Open
from integration.prospecting.imports.repeats import Repeats
from integration.prospecting.imports.rows import RowReader

CHUNK_ROWS = 1_000
"""Candidates, contact points and memberships of a chunk stay within what collections take in one go."""
CHUNK_CHARACTERS = 8_000_000
_EMAIL, _PHONE, _PROFILE, _LAST = (ready.FIXED.index(name) for name in ("Email", "Phone", "Profile", ready.LAST))

Put = Callable[[int, str], None]
"""Keeps the text of a chunk under its number."""


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
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as kept, _no_collector():
            for block in blocks(open_file, reader.layout):
                _take(plan.read(block), kept, rejects, repeats, found)
                told(found.rows)
            found.cleaned, found.orders = reader.findings.cleaned, plan.orders
            kept.seek(0)
            _chunks(kept, repeats.flags(), ready.header(plan.fields), put, lambda: told(found.rows), found)
    finally:
        repeats.close()
    return found


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of short lists make Python look for cycles over and over; here are none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _take(rows: Rows, kept: IO[str], rejects: IO[bytes], repeats: Repeats, found: Split) -> None:
    if rows.people:
        kept.write("\n".join(map(",".join, zip(*rows.columns, strict=True))) + "\n")
        repeats.note(list(_marks(rows.columns)))
    for reject in rows.rejects:
        found.ambiguous |= reject.code == Code.DATE_AMBIGUOUS
        rejects.write(json.dumps(reject, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    found.people += rows.people
    found.rejected += len(rows.rejects)
    found.blank += rows.blank
    found.rows += rows.people + len(rows.rejects)


def _marks(columns: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """What may name a person: each address, a phone together with the last name."""
    yield from _apart(columns[_EMAIL])
    yield from _apart(columns[_PROFILE])
    for phones in _apart(columns[_PHONE]):
        named = zip(phones, columns[_LAST], strict=True)
        yield [f"{phone}|{last.casefold()}" if phone else "" for phone, last in named]


def _apart(column: Sequence[str]) -> Iterator[Sequence[str]]:
    """A column of cells with several values as columns with one each."""
    if " " not in "".join(column):
        yield column
        return
    cells = [cell.split(" ") for cell in column]
    for place in range(max(map(len, cells))):
        yield [cell[place] if place < len(cell) else "" for cell in cells]


def _chunks(kept: IO[str], flags: bytearray, header: str, put: Put, told: Callable[[], None], found: Split) -> None:
    """Cuts the ready rows into chunks, the repeats behind all others."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as late:
        found.chunks = _put_all(_firsts(kept, flags, late), header, put, told, 0)
        late.seek(0)
        found.repeats, found.first_repeat = sum(flags), found.chunks
        found.chunks = _put_all(late, header, put, told, found.chunks)


def _firsts(kept: Iterable[str], flags: bytearray, late: IO[str]) -> Iterator[str]:
    """The rows that are no repeats; those go to `late`."""
    lines, start = iter(kept), 0
    while block := list(islice(lines, ROWS_TOGETHER)):
        here = flags[start : start + len(block)]
        start += len(block)
        if any(here):
            late.writelines(compress(block, here))
            yield from compress(block, map(not_, here))
        else:
            yield from block


def _put_all(lines: Iterable[str], header: str, put: Put, told: Callable[[], None], number: int) -> int:
    """The number behind the last chunk."""
    rows = iter(lines)
    while chunk := list(_some(rows)):
        put(number, header + "".join(chunk))
        told()
        number += 1
    return number


def _some(rows: Iterator[str]) -> Iterator[str]:
    """The rows of one chunk: fewer where they hold long texts."""
    size = 0
    for row in islice(rows, CHUNK_ROWS):
        yield row
        size += len(row)
        if size > CHUNK_CHARACTERS:
            return
