"""Reads a delimited file in blocks of columns, many times faster than record by record and with the same result.

A block is some whole lines, its cells are UTF-8. What is plain is taken apart at once. Where a block holds anything
that the careful reader would see otherwise (a quote that is not closed, a value that is too long, a broken line), that
reader takes over for the rest of the file.
"""

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from integration.prospecting.imports.layout import Layout
from integration.prospecting.imports.reading import MOST_CHARACTERS, MOST_LINES, Line, Open, records, text_lines

BLOCK_BYTES = 1 << 17
"""With all that is made of it, what the processor's own memory holds: larger blocks are slower."""
ROWS_TOGETHER = 8_192
_JOINED = 24
"""Blocks that are read as one before a quote counts as never closed."""
_END = "\x00end of block\x00"
_COMPARED = 50
_BY_BYTES = re.compile(r"utf-8(-sig)?|cp125\d|latin-1|iso8859[-_]\d+|ascii")
"""Encodings in which a byte 10 is the end of a line and nothing else."""


@dataclass
class Block:
    """Rows of the file, column by column, with the number of each one's first line."""

    numbers: Sequence[int]
    columns: Sequence[list[bytes]]
    odd: Mapping[int, Sequence[bytes]] = field(default_factory=dict)
    """Rows by place that do not have as many values as the header; blanks stand in their columns."""
    faults: Sequence[Line] = ()
    """Lines that cannot be taken apart."""

    def cells(self, place: int) -> list[str]:
        """One row."""
        return list(map(text_of, self.odd.get(place) or [column[place] for column in self.columns]))


def text_of(cell: bytes) -> str:
    return cell.decode("utf-8", "replace")


class Careful(Exception):
    """This needs the careful reader."""


def blocks(open_file: Open, layout: Layout) -> Iterator[Block]:
    """The rows below the header."""
    return blocks_of(lines_in_blocks(open_file, layout), layout, 0)


def lines_in_blocks(open_file: Open, layout: Layout) -> Iterator[bytes]:
    """The bytes of the file, by whole lines where these can be told."""
    return raw_blocks(open_file()) if is_by_bytes(layout) else iter(open_file())


def is_by_bytes(layout: Layout) -> bool:
    """Whether the file can be cut into lines before it is decoded."""
    return bool(_BY_BYTES.fullmatch(layout.encoding))


def blocks_of(data: Iterable[bytes], layout: Layout, read: int) -> Iterator[Block]:
    """The rows below the header in the rest of a file: whole lines, `read` lines stand before them."""
    waiting = iter(data)
    if not is_by_bytes(layout):
        yield from _carefully(text_lines(waiting, layout.encoding), read, layout)
        return
    for first in waiting:
        taken = [first]
        try:
            count, found = _next(taken, waiting, layout, is_first=read == 0)
        except Careful:
            rest = text_lines(chain(taken, waiting), layout.encoding if read == 0 else _inside(layout))
            yield from _carefully(rest, read, layout)
            return
        yield below(found, read, layout)
        read += count


def whole(data: bytes, layout: Layout, read: int) -> Block:
    """The rows of a piece of the file that holds whole records; raises Careful."""
    return below(_next([data], iter(()), layout, is_first=read == 0)[1], read, layout)


def _next(taken: list[bytes], waiting: Iterator[bytes], layout: Layout, *, is_first: bool) -> tuple[int, Block]:
    """(physical lines, rows) of what is taken and of as much more as the last record needs. Raises Careful."""
    lines = lines_of(taken[0], layout, is_first=is_first)
    if is_first:
        check_form(text_of(lines).split("\n")[:-1], layout)
    found = plain(lines, layout)
    if found is None:
        return _with_long_records(taken, waiting, layout, is_first=is_first)
    return lines.count(b"\n"), found


def raw_blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of whole lines, about BLOCK_BYTES at a time."""
    waiting = b""
    for chunk in chunks:
        waiting += chunk
        start = 0
        while len(waiting) - start >= BLOCK_BYTES:
            end = waiting.rfind(b"\n", start, start + BLOCK_BYTES) + 1 or waiting.find(b"\n", start) + 1
            if not end:
                break
            yield waiting[start:end]
            start = end
        waiting = waiting[start:]
    if waiting:
        yield waiting


def lines_of(data: bytes, layout: Layout, *, is_first: bool = False) -> bytes:
    """The lines of a block in UTF-8, each with a line feed at its end."""
    if not layout.encoding.startswith("utf-8"):
        data = data.decode(layout.encoding, "replace").encode()
    elif is_first and layout.encoding == "utf-8-sig":
        data = data.removeprefix(BOM_UTF8)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    return data if data.endswith(b"\n") or not data else data + b"\n"


def check_form(lines: Sequence[str], layout: Layout) -> None:
    """Raises Careful where the careful reader sees another file: it knows those made from other formats."""
    before, reader = 0, csv.reader(_with_ends(lines), delimiter=layout.delimiter)
    for line in islice(records(_with_ends(lines), layout.delimiter), _COMPARED):
        if line.fault or (line.number, line.cells) != (before + 1, tuple(next(reader, ()))):
            raise Careful
        before = reader.line_num


def plain(lines: bytes, layout: Layout) -> Block | None:
    """The rows of these lines, None when records have several lines. Raises Careful."""
    delimiter, width = layout.delimiter.encode(), len(layout.columns)
    if b"\r" in lines or _has_long_line(lines):
        raise Careful
    patches: dict[int, Sequence[bytes]] = {}
    odd: dict[int, Sequence[bytes]] = {}
    if b'"' in lines:
        quoted, lines = _set_apart(lines, delimiter * (width - 1))
        rows = _parsed(list(map(text_of, quoted.values())), layout.delimiter)
        if rows is None or len(rows) != len(quoted):
            return None
        for place, row in zip(quoted, rows, strict=True):
            (patches if len(row) == width else odd)[place] = list(map(str.encode, row))
    columns = _columns(lines, delimiter, width)
    if columns is None:
        columns = _columns(_evened(lines, delimiter, width, odd), delimiter, width) or []
    for place, patch in patches.items():
        for column, cell in zip(columns, patch, strict=True):
            column[place] = cell
    return Block(range(1, lines.count(b"\n") + 1), columns, odd)


def _columns(lines: bytes, delimiter: bytes, width: int) -> list[list[bytes]] | None:
    """The cells of each column, None when a line has more or fewer than `width`."""
    rows, apart = lines.count(b"\n"), width + 1
    cells = lines.replace(b"\n", delimiter + b"\n" + delimiter).split(delimiter)
    if len(cells) != rows * apart + 1 or cells[width::apart].count(b"\n") != rows:
        return None
    del cells[-1]
    return [cells[place::apart] for place in range(width)]


def _evened(lines: bytes, delimiter: bytes, width: int, odd: dict[int, Sequence[bytes]]) -> bytes:
    """The lines with blanks for those that have more or fewer cells; those go to `odd`."""
    even = lines.split(b"\n")
    for place, line in enumerate(even[:-1]):
        if line.count(delimiter) != width - 1:
            odd[place] = line.split(delimiter)
            even[place] = delimiter * (width - 1)
    return b"\n".join(even)


def _set_apart(lines: bytes, blank: bytes) -> tuple[dict[int, bytes], bytes]:
    """(lines with quotes by place, all lines with blanks for those)."""
    quoted: dict[int, bytes] = {}
    pieces: list[bytes] = []
    start = place = 0
    while (quote := lines.find(b'"', start)) >= 0:
        first, end = lines.rfind(b"\n", start, quote) + 1 or start, lines.index(b"\n", quote)
        place += lines.count(b"\n", start, first)
        quoted[place] = lines[first : end + 1]
        pieces += (lines[start:first], blank)
        start = end
    return quoted, b"".join([*pieces, lines[start:]])


def _has_long_line(lines: bytes) -> bool:
    start = 0
    while len(lines) - start > MOST_CHARACTERS:
        start = lines.rfind(b"\n", start, start + MOST_CHARACTERS) + 1
        if not start:
            return True
    return False


def below(block: Block, read: int, layout: Layout) -> Block:
    """The block with the numbers of the file, without the header and what stands above it."""
    if isinstance(block.numbers, range):
        block.numbers = range(block.numbers.start + read, block.numbers.stop + read)
    else:
        block.numbers = [number + read for number in block.numbers]
    start = sum(1 for number in block.numbers[: layout.header_line + 1] if number <= layout.header_line)
    if start:
        block.numbers = block.numbers[start:]
        block.columns = [column[start:] for column in block.columns]
        block.odd = {place - start: row for place, row in block.odd.items() if place >= start}
    block.faults = [line for line in block.faults if line.number > layout.header_line]
    return block


def _with_long_records(
    taken: list[bytes], more: Iterator[bytes], layout: Layout, *, is_first: bool
) -> tuple[int, Block]:
    """(physical lines, rows) where some records have several lines; adds to `taken` until the last one is whole."""
    for _ in range(_JOINED):
        lines = list(text_lines(taken, layout.encoding if is_first else _inside(layout)))
        if _parsed(lines, layout.delimiter) is not None:
            break
        taken.append(next(more, b""))
    else:
        raise Careful
    numbers, rows, before = [], [], 0
    reader = csv.reader(lines, delimiter=layout.delimiter)
    for row in reader:
        numbers.append(before + 1)
        rows.append(row)
        count, before = reader.line_num - before, reader.line_num
        if count >= MOST_LINES or (row and max(map(len, row)) > MOST_CHARACTERS):
            raise Careful
    return len(lines), _of_rows(numbers, rows, layout)


def _inside(layout: Layout) -> str:
    """The encoding behind the start of the file, where its mark has no place."""
    return layout.encoding.removesuffix("-sig")


def _parsed(lines: Sequence[str], delimiter: str) -> list[list[str]] | None:
    """The records of whole lines, None when the last one is not whole."""
    try:
        rows = list(csv.reader([*lines[:-1], *(line + "\n" for line in lines[-1:]), _END], delimiter=delimiter))
    except csv.Error as error:
        raise Careful from error
    return rows[:-1] if rows[-1] == [_END] else None


def _of_rows(numbers: Sequence[int], rows: Sequence[Sequence[str]], layout: Layout) -> Block:
    width = len(layout.columns)
    encoded = [[cell.encode("utf-8", "replace") for cell in row] for row in rows]
    odd = {place: row for place, row in enumerate(encoded) if len(row) != width}
    blank = [b""] * width
    filled = [blank if place in odd else row for place, row in enumerate(encoded)]
    columns = list(map(list, zip(*filled, strict=True))) if filled else [[] for _ in range(width)]
    return Block(numbers, columns, odd)


def _carefully(lines: Iterable[str], read: int, layout: Layout) -> Iterator[Block]:
    found = records(lines, layout.delimiter)
    while taken := list(_some(found)):
        good = [line for line in taken if not line.fault]
        block = _of_rows([line.number for line in good], [line.cells for line in good], layout)
        block.faults = [Line(line.number + read, line.cells, line.fault) for line in taken if line.fault]
        yield below(block, read, layout)


def _some(found: Iterator[Line]) -> Iterator[Line]:
    """Records that can well be held in memory together."""
    size = 0
    for line in islice(found, ROWS_TOGETHER):
        yield line
        size += sum(map(len, line.cells))
        if size > 4 * BLOCK_BYTES:
            return


def _with_ends(lines: Iterable[str]) -> Iterator[str]:
    return (line + "\n" for line in lines)
