"""Delimited files of people, whatever wrote them: encodings, delimiters, ragged rows."""

import csv
import sys
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

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
    cells: dict[str, str] = {}
    many: dict[str, tuple[str, ...]] = {}
    for key, positions in columns.items():
        if key in MANY:
            many[key] = tuple(value for at in positions if (value := _cell(row, at)))
        elif len(positions) == 1:
            cells[key] = _cell(row, positions[0])
        else:
            cells[key] = " ".join(value for at in positions if (value := _cell(row, at)))
    born = cells.get("birth_date", "") or _joined_date(cells)
    read = dates.birth(born, month_first) if month_first and born else None
    return Profile(
        id=cells.get("id") or f"line {number}",
        first_name=cells.get("first_name", ""),
        middle_name=cells.get("middle_name", ""),
        last_name=cells.get("last_name", ""),
        full_name=cells.get("full_name", ""),
        former_name=cells.get("former_name", ""),
        suffix=cells.get("suffix", ""),
        sex=cells.get("sex", ""),
        birth_date="-".join(str(part) for part in read if part) if read else born,
        birth_place=cells.get("birth_place", ""),
        emails=_separated(many.get("email", ()), ",;| \t"),
        phones=_separated(many.get("phone", ()), ";|,/"),
        profiles=_separated(many.get("profile", ()), ",;| \t"),
        street=many.get("street", ()),
        street_number=cells.get("street_number", ""),
        city=cells.get("city", ""),
        region=cells.get("region", ""),
        postcode=cells.get("postcode", ""),
        country=cells.get("country", ""),
        employer=cells.get("employer", ""),
        title=cells.get("title", ""),
    )


def _joined_date(cells: dict[str, str]) -> str:
    """Year, month and day from columns of their own."""
    year, month, day = (cells.get(f"birth_{part}", "").strip() for part in ("year", "month", "day"))
    year = year.removesuffix(".0")
    if not year:
        return ""
    if not month:
        return year
    return f"{year}-{month.removesuffix('.0')}-{day.removesuffix('.0')}" if day else f"{year}-{month}"


def _separated(values: tuple[str, ...], separators: str) -> tuple[str, ...]:
    """A cell may hold several addresses."""
    if not any(separator in value for value in values for separator in separators):
        return values
    found = list(values)
    for separator in separators:
        found = [part for value in found for part in value.split(separator)]
    return tuple(part.strip() for part in found if part.strip())


def writable(path: str, inputs: Sequence[str]) -> Path:
    """The file to write; refuses one that is read."""
    out = Path(path)
    if any(Path(each).exists() and out.exists() and out.samefile(each) for each in inputs):
        raise Rejected(f"--out {path} is one of the files to read. Name another file.", field="--out", value=path)
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise Rejected(f"--out {path} cannot be written: there is no such folder.", field="--out", value=path)
    return out
