"""The file of rejected rows: each as it was, with what is wrong and what to do. Corrected, it can be loaded again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from integration.model.cells import neutral
from integration.model.reject import Code
from integration.prospecting.imports.blocks import Block, blocks
from integration.prospecting.imports.places import Load, file_of
from integration.prospecting.imports.rows import Reject

if TYPE_CHECKING:
    from integration.app import App

COLUMNS = ("Line", "Column", "Code", "Reason", "Remedy")


def rejects_name(load: Load) -> str:
    return f"{load.file_name.rpartition('.')[0] or load.file_name} - rejected rows {load.id[-6:]}.csv"


def rejects_file(app: App, load: Load, rejected: Sequence[Reject]) -> Iterator[bytes]:
    """Opens in Excel and runs nothing there. The cells come out of the file that was loaded, which is read again."""
    layout = load.layout_value
    headers = list(layout.columns)
    yield "\ufeff".encode()
    yield _csv_line([*headers, *COLUMNS])
    waiting = {one.line: one for one in rejected}
    open_file = file_of(app, load.import_id, load.version, name=load.file_name, sheet=layout.sheet)
    for block in blocks(open_file, layout):
        for line, cells in sorted(_rows(block, waiting)):
            one = waiting.pop(line)
            yield _csv_line([*_fitted([] if one.code == Code.ERASED else cells, len(headers)), *_words(one)])
        if not waiting:
            return
    for line in sorted(waiting):  # rows that were emptied because their person was erased
        yield _csv_line([*_fitted([], len(headers)), *_words(waiting[line])])


def _rows(block: Block, wanted: Mapping[int, Reject]) -> Iterator[tuple[int, Sequence[str]]]:
    for place, number in enumerate(block.numbers):
        if number in wanted:
            yield number, block.cells(place)
    for line in block.faults:
        if line.number in wanted:
            yield line.number, line.cells


def _words(one: Reject) -> list[str]:
    return [str(one.line), one.column, one.code, one.reason, one.remedy]


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    """As many cells as the header has; what stands behind the last column goes into it."""
    padded = [*cells, *[""] * (width - len(cells))]
    return [*padded[: width - 1], " ".join(padded[width - 1 :])] if width else []


def _csv_line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow([neutral(cell) for cell in cells])
    return line.getvalue().encode(errors="replace")
