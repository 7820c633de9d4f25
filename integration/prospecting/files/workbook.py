"""Sheets of Excel (xlsx, xlsm, xlsb, xls) and OpenDocument workbooks, as a person sees them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import phonenumbers
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from integration.errors import Rejected, shortened
from integration.prospecting.files.table import About, Row, Table
from integration.prospecting.imports.columns import recognised

HEADER_WITHIN = 40


def read(path: Path, wanted: str = "") -> Table:
    """The sheet that the recruiter names, else the one with the best header; raises Rejected."""
    try:
        book = CalamineWorkbook.from_path(path)
        return _table(book, wanted)
    except PasswordError as locked:
        raise Rejected(
            "The workbook is protected by a password. Save it without one, then attach it.", field="File"
        ) from locked
    except (CalamineError, OSError, ValueError) as broken:
        raise Rejected(
            "The workbook is damaged and cannot be opened. Open it in Excel, save it again, and attach that.",
            field="File",
        ) from broken


def _table(book: CalamineWorkbook, wanted: str) -> Table:
    name = _named(book, wanted) if wanted else ""
    names = _visible(book)
    if not names and not name:
        raise Rejected("The workbook has no sheet with rows. Attach one with people in it.", field="File")
    name = name or _best(book, names)
    sheet = book.get_sheet_by_name(name)
    found = _header(sheet)
    if found is None:
        raise Rejected(f"The sheet “{shortened(name)}” is empty. Attach a workbook with people in it.", field="File")
    number, header = found
    others = [shortened(other, 30) for other in names if other != name]
    notes = (
        [f"Other sheets: {', '.join(others[:10])}. To read one, write its name as “sheet” in Mapping."]
        if others
        else []
    )
    about = About("workbook", f"workbook, sheet “{shortened(name)}”", "row", name, tuple(notes))
    return Table(about, Row(number, header), _rows(sheet, number, header))


def _visible(book: CalamineWorkbook) -> list[str]:
    """Sheets of cells that are shown; hidden ones count only when there is no other."""
    sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    shown = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
    return shown or [one.name for one in sheets]


def _named(book: CalamineWorkbook, wanted: str) -> str:
    for name in book.sheet_names:
        if name.strip().casefold() == wanted.strip().casefold():
            return name
    names = ", ".join(f"“{shortened(name, 30)}”" for name in book.sheet_names[:10])
    raise Rejected(
        f"The workbook has no sheet “{shortened(wanted)}”. It has {names}.", field="Mapping", value=shortened(wanted)
    )


def _best(book: CalamineWorkbook, names: Sequence[str]) -> str:
    """The sheet whose header says most, then the longest, then the first."""
    if len(names) == 1:
        return names[0]
    scores = []
    for name in names:
        sheet = book.get_sheet_by_name(name)
        found = _header(sheet)
        known = sum(1 for cell in found[1] if recognised(cell)) if found else -1
        scores.append((known, sheet.height))
    return names[scores.index(max(scores))]


def _header(sheet: CalamineSheet) -> tuple[int, list[str]] | None:
    """(row number, cells) of the row under the first forty that names most columns."""
    best: tuple[int, int, list[str]] | None = None
    for number, cells in enumerate(islice(sheet.iter_rows(), HEADER_WITHIN), start=1):
        texts = [shown(cell) for cell in cells]
        known = sum(1 for text in texts if recognised(text))
        if any(texts) and (best is None or known > best[0]):
            best = known, number, texts
    return None if best is None else (best[1], best[2])


def _rows(sheet: CalamineSheet, header_number: int, header: Sequence[str]) -> Iterator[Row]:
    phones = {position for position, name in enumerate(header) if recognised(name) == "phone"}
    merged = _Merged(sheet)
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number <= header_number:
            continue
        texts = [_phone(cell) if position in phones else shown(cell) for position, cell in enumerate(cells)]
        yield Row(number, merged.filled(number, texts))


class _Merged:
    """A value over several rows of a column belongs to each of them; the file has it in the first only."""

    def __init__(self, sheet: CalamineSheet) -> None:
        left = sheet.start[1] if sheet.start else 0
        self._column: dict[tuple[int, int], int] = {}
        self._values: dict[tuple[int, int], str] = {}
        for (top, first), (bottom, last) in (sheet.merged_cell_ranges or ())[:10_000]:
            if first == last and top < bottom <= top + 10_000:
                for row in range(top, bottom + 1):
                    self._column[row + 1, first - left] = top + 1

    def filled(self, number: int, texts: list[str]) -> list[str]:
        if self._column:
            for position, text in enumerate(texts):
                if (top := self._column.get((number, position))) is not None:
                    if top == number:
                        self._values[top, position] = text
                    texts[position] = text or self._values.get((top, position), "")
        return texts


def shown(cell: Any) -> str:
    """A cell as a person reads it: whole numbers without a point or exponent, dates as ISO."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e17 else repr(cell)
    if isinstance(cell, datetime.datetime):
        midnight = not (cell.hour or cell.minute or cell.second)
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, datetime.time):
        return cell.isoformat(timespec="minutes")
    return str(cell)


def _phone(cell: Any) -> str:
    """Excel makes a number of +353861234567 and drops the plus: given back where that is a number in use."""
    text = shown(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and 8 <= len(text) <= 15 and text.isdigit():
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(f"+{text}")):
                return f"+{text}"
        except phonenumbers.NumberParseException:
            return text
    return text
