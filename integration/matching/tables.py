"""Delimited files of people, whatever wrote them: encodings, delimiters, ragged rows."""

import csv
import re
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from integration.errors import Rejected
from integration.matching import dates
from integration.matching.columns import MANY, Columns, Header
from integration.matching.sheet import Once, Sheet

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

    def people(self, columns: Columns) -> Sheet:
        """Everybody in a row that is not blank; row numbers stand in for missing ids."""
        rows = [*islice(self._rows(), 1, None)]
        lines: Sequence[int] = range(2, len(rows) + 2)
        if not all(map(any, rows)):
            lines, rows = [at for at, row in zip(lines, rows, strict=True) if any(row)], [*filter(any, rows)]
        self.rows = len(rows)
        found = _read(rows, columns)
        ids = found.get("id") or [""] * len(rows)
        found["id"] = [id or f"line {at}" for id, at in zip(ids, lines, strict=True)]
        return Sheet(len(rows), found)

    def _rows(self) -> Iterator[list[str]]:
        csv.field_size_limit(min(sys.maxsize, _LONGEST_CELL))
        with open(self.path, encoding=self._encoding, errors="replace", newline="") as file:
            reader = csv.reader(file, delimiter=self._delimiter)
            try:
                yield from reader
            except csv.Error as wrong:
                text = f"{self.path} line {reader.line_num} cannot be read: {wrong}. Correct the line."
                raise Rejected(text, field="file", value=self.path) from wrong

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


def _read(rows: Sequence[Sequence[str]], columns: Columns) -> dict[str, list[Any]]:
    """Field of a Profile -> everybody's value."""
    # As many columns as the shortest row has.
    whole = [*zip(*rows, strict=False)]

    def cells(at: int) -> Iterator[str]:
        return map(str.strip, whole[at] if at < len(whole) else (row[at] if at < len(row) else "" for row in rows))

    found: dict[str, list[Any]] = {}
    for key, positions in columns.items():
        if key in MANY:
            field, separators = _FIELD_OF_MANY[key]
            found[field] = _several([list(cells(at)) for at in positions], separators)
        elif len(positions) == 1:
            found[key] = list(cells(positions[0]))
        else:
            found[key] = [" ".join(filter(None, row)) for row in zip(*map(cells, positions), strict=True)]
    _join_births(found, len(rows), map(" ".join, zip(*map(cells, columns.get("birth_date", ())), strict=True)))
    return found


def _several(columns: Sequence[Sequence[str]], separators: re.Pattern[str] | None) -> list[tuple[str, ...]]:
    """Everybody's values. A cell may hold several addresses, but in most files none does."""
    if separators and any(separators.search("\n".join(cells)) for cells in columns):
        return Once(partial(_parted, separators)).of(zip(*columns, strict=True))
    if len(columns) == 1:
        return [(value,) if value else () for value in columns[0]]
    return [tuple(filter(None, row)) for row in zip(*columns, strict=True)]


def _parted(separators: re.Pattern[str], row: Sequence[str]) -> tuple[str, ...]:
    return tuple(part for value in row for each in separators.split(value) if (part := each.strip()))


def _join_births(found: dict[str, list[Any]], count: int, written: Iterator[str]) -> None:
    """Dates of birth from one column or from three, and in a notation that needs no sight of the others."""
    month_first = dates.is_month_first(islice(written, _SCANNED))
    if month_first or not found.keys().isdisjoint(_BIRTH_PARTS):
        parts = [found.pop(key, []) or [""] * count for key in ("birth_date", *_BIRTH_PARTS)]
        found["birth_date"] = Once(partial(_born, month_first)).of(zip(*parts, strict=True))


_BIRTH_PARTS = ("birth_year", "birth_month", "birth_day")


def _born(month_first: bool, parts: tuple[str, str, str, str]) -> str:
    whole, year, month, day = parts
    text = whole or (_joined_date(year, month, day) if year else "")
    read = dates.birth(text, month_first) if month_first and text else None
    return "-".join(str(part) for part in read if part) if read else text


def _joined_date(year: str, month: str, day: str) -> str:
    """Year, month and day from columns of their own."""
    year = year.removesuffix(".0")
    if not month:
        return year
    return f"{year}-{month.removesuffix('.0')}-{day.removesuffix('.0')}" if day else f"{year}-{month}"


_ADDRESSES, _NUMBERS = re.compile(r"[,;| \t]"), re.compile(r"[;|,/]")
_FIELD_OF_MANY = {
    "email": ("emails", _ADDRESSES), "phone": ("phones", _NUMBERS), "profile": ("profiles", _ADDRESSES),
    "street": ("street", None),
}  # fmt: skip


def writable(path: str, inputs: Sequence[str]) -> Path:
    """The file to write; refuses one that is read."""
    out = Path(path)
    if any(Path(each).exists() and out.exists() and out.samefile(each) for each in inputs):
        raise Rejected(f"--out {path} is one of the files to read. Name another file.", field="--out", value=path)
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise Rejected(f"--out {path} cannot be written: there is no such folder.", field="--out", value=path)
    return out
