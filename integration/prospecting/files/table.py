"""The one form that every file becomes: a UTF-8 CSV whose first cell says where a row stood in the original.

That cell starts with a sign that no person types. Behind the number it may say why the row cannot be read. So line
numbers told to the recruiter are those of the sheet, the card file or the archive, and a bad row stays a row.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MARK = "\x1f"
HEADER_START = re.compile(rf"{MARK}\d+,")
LONGEST_CELL = 131_072
_SURROGATES = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class About:
    """What is told of a converted file."""

    kind: str
    """`workbook`, `cards`, `resumes`, `json`; empty for a delimited text."""
    what: str
    """In words: “Excel workbook, sheet “People” of 3”."""
    unit: str = "line"
    """What a row number counts: a row of the sheet, a line, a file."""
    sheet: str = ""
    notes: tuple[str, ...] = ()

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> "About":
        values = json.loads(text)
        return About(**{**values, "notes": tuple(values["notes"])})


@dataclass(frozen=True)
class Row:
    """One row of the original at its place; with a fault its cells only say which one it was."""

    number: int
    cells: Sequence[str]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    about: About
    header: Row
    rows: Iterable[Row]


def lines_of(table: Table) -> Iterator[str]:
    """The table as lines of its one form."""
    yield line_of(Row(table.header.number, table.header.cells), is_header=True)
    for row in table.rows:
        yield line_of(row)


class _Echo:
    """Gives a written line back to whoever wrote it."""

    def write(self, line: str) -> str:
        return line


_WRITER: Any = csv.writer(_Echo())


def line_of(row: Row, *, is_header: bool = False) -> str:
    fault, cells = row.fault, row.cells
    if any(len(cell) > LONGEST_CELL for cell in cells):
        fault = fault or f"a value is longer than {LONGEST_CELL:,} characters; shorten it"
        cells = [cell[:LONGEST_CELL] for cell in cells]
    mark = f"{MARK if is_header else ''}{row.number}{MARK + fault if fault else ''}"
    # Text of a broken file may hold halves of characters, which no encoding takes.
    line: str = _WRITER.writerow([mark, *cells])
    return line if line.isascii() else _SURROGATES.sub("\ufffd", line)


def place_of(cell: str) -> tuple[int, str]:
    """(number, fault) of a row's first cell; raises ValueError when it is none of ours."""
    number, _, fault = cell.removeprefix(MARK).partition(MARK)
    return int(number), fault
