"""A web page with a table in it: what several applicant systems export under the name .xls."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from integration.errors import Rejected
from integration.prospecting.files.table import About, Row, Table
from integration.prospecting.imports.columns import recognised
from integration.prospecting.imports.reading import encoding_of, text_lines

HEADER_WITHIN = 40


def read(path: Path) -> Table:
    """The table of the page whose header says most; raises Rejected."""
    parser = _Tables()
    encoding = encoding_of(lambda: _pieces(path))
    for line in text_lines(_pieces(path), encoding):
        parser.feed(line)
    parser.close()
    best: tuple[int, int, list[list[str]]] | None = None
    for rows in parser.tables:
        for number, cells in enumerate(rows[:HEADER_WITHIN]):
            known = sum(1 for cell in cells if recognised(cell))
            if any(cells) and (best is None or known > best[0]):
                best = known, number, rows
    if best is None:
        raise Rejected("The file is a web page without a table. Export the list as CSV or Excel.", field="File")
    _, header, rows = best
    below = [Row(number, cells) for number, cells in enumerate(rows, start=1) if number > header + 1]
    return Table(About("workbook", "web page with a table", "row"), Row(header + 1, rows[header]), below)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(256 * 1024):
            yield piece


class _Tables(HTMLParser):
    """Collects the cells of every table; scripts and styles are no text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self._close()
            self.tables[-1].append([])
        elif tag in {"td", "th"} and self.tables and self.tables[-1]:
            self._close()
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")
        self._silent = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._close()
        self._silent = False

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def _close(self) -> None:
        if self._cell is not None:
            text = " ".join("".join(self._cell).split()) if "\n" not in self._cell else "".join(self._cell).strip()
            self.tables[-1][-1].append(text)
            self._cell = None
