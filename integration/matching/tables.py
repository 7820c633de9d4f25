"""Delimited files of people, whatever wrote them: encodings, delimiters, ragged rows."""

import csv
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from integration.errors import Rejected
from integration.matching import dates
from integration.matching.columns import MANY, Columns, Header
from integration.matching.profile import Profile

_DELIMITERS = ",;\t|"
_SCANNED = 5_000
_LONGEST_CELL = 10_000_000


class Table:
    """One file: its header, then its people."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._encoding = _encoding(path)
        self._delimiter = self._sniffed()
        names = next(self._rows(), None)
        if names is None or not any(name.strip() for name in names):
            raise Rejected(f"{path} is empty: it needs a line of column names.", field="file", value=path)
        self.header = Header(path, tuple(name.replace("\ufeff", "").strip() for name in names))
        self.rows = 0

    def people(self, columns: Columns) -> Iterator[Profile]:
        """A profile for each row that is not blank; row numbers stand in for missing ids."""
        rows = ((number, row) for number, row in enumerate(islice(self._rows(), 1, None), start=2) if any(row))
        head = list(islice(rows, _SCANNED))
        born = columns.get("birth_date", ())
        written = (" ".join(_cell(row, at) for at in born) for _, row in head)
        month_first = dates.is_month_first(written)
        for number, row in chain(head, rows):
            self.rows += 1
            yield _profile(number, row, columns, month_first)

    def _rows(self) -> Iterator[list[str]]:
        csv.field_size_limit(min(sys.maxsize, _LONGEST_CELL))
        with open(self.path, encoding=self._encoding, errors="replace", newline="") as file:
            reader = csv.reader(file, delimiter=self._delimiter)
            while True:
                try:
                    row = next(reader)
                except StopIteration:
                    return
                except csv.Error as wrong:
                    text = f"{self.path} line {reader.line_num} cannot be read: {wrong}. Correct the line."
                    raise Rejected(text, field="file", value=self.path) from wrong
                yield row

    def _sniffed(self) -> str:
        """The delimiter that the header holds most often."""
        with open(self.path, encoding=self._encoding, errors="replace", newline="") as file:
            first = next((line for line in file if line.strip()), "")
        return max(_DELIMITERS, key=first.count)


def _encoding(path: str) -> str:
    try:
        with open(path, "rb") as file:
            start = file.read(4)
            if start.startswith((b"\xff\xfe", b"\xfe\xff")):
                return "utf-16"
            for piece in iter(lambda: file.read(1 << 20), b""):
                start += piece if len(start) < 5 else b""
                if not _is_utf8(piece):
                    return "cp1252"
    except OSError as wrong:
        raise Rejected(f"{path} cannot be read: {wrong.strerror}.", field="file", value=path) from wrong
    return "utf-8-sig"


def _is_utf8(piece: bytes) -> bool:
    """Whether a piece, cut anywhere, is UTF-8."""
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError as wrong:
        return (wrong.start < 4 and wrong.reason == "invalid start byte") or wrong.end >= len(piece) - 3
    return True


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _profile(number: int, row: Sequence[str], columns: Columns, month_first: bool) -> Profile:
    cells: dict[str, Any] = {}
    width = len(row)
    for key, positions in columns.items():
        if key in MANY:
            values = [value for at in positions if at < width and (value := row[at].strip())]
            field, split = _FIELD_OF_MANY[key]
            cells[field] = split(values) if split and values else tuple(values)
        elif len(positions) == 1:
            cells[key] = row[positions[0]].strip() if positions[0] < width else ""
        else:
            cells[key] = " ".join(value for at in positions if at < width and (value := row[at].strip()))
    parts = [cells.pop(key, "") for key in _BIRTH_PARTS]
    born = cells.get("birth_date", "") or (_joined_date(*parts) if parts[0] else "")
    read = dates.birth(born, month_first) if month_first and born else None
    cells["birth_date"] = "-".join(str(part) for part in read if part) if read else born
    cells["id"] = cells.get("id") or f"line {number}"
    return Profile(**cells)


_BIRTH_PARTS = ("birth_year", "birth_month", "birth_day")


def _joined_date(year: str, month: str, day: str) -> str:
    """Year, month and day from columns of their own."""
    year = year.removesuffix(".0")
    if not month:
        return year
    return f"{year}-{month.removesuffix('.0')}-{day.removesuffix('.0')}" if day else f"{year}-{month}"


def _separated(separators: str) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """A cell may hold several addresses."""
    signs = re.compile(f"[{re.escape(separators)}]")

    def split(values: Sequence[str]) -> tuple[str, ...]:
        if not any(map(signs.search, values)):
            return tuple(values)
        return tuple(part.strip() for value in values for part in signs.split(value) if part.strip())

    return split


_FIELD_OF_MANY = {
    "email": ("emails", _separated(",;| \t")), "phone": ("phones", _separated(";|,/")),
    "profile": ("profiles", _separated(",;| \t")), "street": ("street", None),
}  # fmt: skip


def writable(path: str, inputs: Sequence[str]) -> Path:
    """The file to write; refuses one that is read."""
    out = Path(path)
    if any(Path(each).exists() and out.exists() and out.samefile(each) for each in inputs):
        raise Rejected(f"--out {path} is one of the files to read. Name another file.", field="--out", value=path)
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise Rejected(f"--out {path} cannot be written: there is no such folder.", field="--out", value=path)
    return out
