"""A person is taken out of the tables and chunks that imports keep, and every other row stays where it was.

A row that goes leaves its place: a blank line in a table, a row without a person in a chunk. So the numbers of lines
that recruiters were told stay right, and the counts of a load that is under way still add up.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain

from integration.prospecting.files.table import HEADER_START, place_of
from integration.prospecting.imports.reading import Open, encoding_of, records, text_lines

Holds = Callable[[str], bool]
DELIMITERS = (",", ";", "\t", "|")


def lines_holding(open_file: Open, delimiter: str, holds: Holds) -> set[int]:
    """The numbers of the rows in which a person stands."""
    encoding = encoding_of(open_file)
    if _is_converted(open_file, encoding):
        return {number for number, text in _converted(open_file, encoding) if holds(text)}
    return {number for number, text in _rows(open_file, encoding, delimiter) if holds(text)}


def table_without(open_file: Open, delimiter: str, lines: Collection[int]) -> Iterator[bytes]:
    """The table again, these rows blank."""
    encoding = encoding_of(open_file)
    out, mark = _coding(open_file, encoding)
    yield mark
    rows = (
        ((number, text if number not in lines else "") for number, text in _converted(open_file, encoding))
        if _is_converted(open_file, encoding)
        else _blanked(_rows(open_file, encoding, delimiter), lines)
    )
    for _, text in rows:
        yield text.encode(out, "replace")


def delimiter_of(open_file: Open) -> str:
    """For a table that nobody has loaded: what its first lines have most of."""
    head = "".join(text for _, text in zip(range(20), text_lines(open_file(), encoding_of(open_file)), strict=False))
    return max(DELIMITERS, key=head.count)


def chunk_without(data: bytes, lines: Collection[int]) -> bytes:
    """A chunk whose rows of these lines hold nobody any more."""
    header, *rows = data.decode().removesuffix("\n").split("\n")
    width = len(next(csv.reader([header])))
    kept = [_emptied(row, width) if _line_of(row) in lines else row for row in rows]
    return "".join(f"{row}\n" for row in (header, *kept)).encode()


def lines_of_chunk(data: bytes, holds: Holds) -> set[int]:
    """The lines whose rows in a chunk hold a person."""
    return {_line_of(row) for row in data.decode().removesuffix("\n").split("\n")[1:] if holds(row)}


def _emptied(row: str, width: int) -> str:
    return f"{_line_of(row)}{',' * (width - 1)}"


def _line_of(row: str) -> int:
    return int(row.partition(",")[0])


def _is_converted(open_file: Open, encoding: str) -> bool:
    return bool(HEADER_START.match(next(iter(text_lines(open_file(), encoding)), "")))


def _converted(open_file: Open, encoding: str) -> Iterator[tuple[int, str]]:
    for cells in csv.reader(text_lines(open_file(), encoding)):
        out = io.StringIO()
        csv.writer(out).writerow(cells)
        yield place_of(cells[0])[0], out.getvalue()


def _rows(open_file: Open, encoding: str, delimiter: str) -> Iterator[tuple[int, str]]:
    """Each record with the number of its first line, as it stands in the file: what cannot be read too."""
    starts = chain((line.number for line in records(text_lines(open_file(), encoding), delimiter)), [0])
    start, following = 1, next(starts)
    held: list[str] = []
    for number, text in enumerate(text_lines(open_file(), encoding), 1):
        if number == following:
            if held:
                yield start, "".join(held)
            held, start = [], number
            while following and following <= number:
                following = next(starts, 0)
        held.append(text)
    if held:
        yield start, "".join(held)


def _blanked(rows: Iterable[tuple[int, str]], lines: Collection[int]) -> Iterator[tuple[int, str]]:
    for number, text in rows:
        yield number, "".join(end for end in text if end in "\r\n") if number in lines else text


def _coding(open_file: Open, encoding: str) -> tuple[str, bytes]:
    """The encoding to write pieces in, and the byte order mark that stands before them."""
    start = next((chunk for chunk in open_file() if chunk), b"")
    if encoding == "utf-8-sig":
        return "utf-8", b"\xef\xbb\xbf" if start.startswith(b"\xef\xbb\xbf") else b""
    if encoding in ("utf-16", "utf-32"):
        little = start.startswith(b"\xff\xfe")
        named = f"{encoding}-{'le' if little else 'be'}"
        return named, "\ufeff".encode(named)
    return encoding, b""
