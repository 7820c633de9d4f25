"""The first opening of an import file: what it is, and its one form in the data bucket."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from integration import log
from integration.errors import Rejected, shortened
from integration.ports import Value
from integration.prospecting.files import archive, resumes
from integration.prospecting.files.isolation import read_apart
from integration.prospecting.files.kinds import LOOKED_AT, Kind, kind_of, shown_name
from integration.prospecting.files.table import About, lines_of
from integration.records import CandidateImport

if TYPE_CHECKING:
    from integration.app import App

_OLE = b"\xd0\xcf\x11\xe0"
_TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_CONNECTIONS = "connections.csv"


@dataclass(frozen=True)
class Place:
    """Where a file's table goes, and what it was called."""

    import_id: str
    key: str
    about_key: str
    parts: str
    """Prefix of what is read of many documents."""
    name: str
    sheet: str = ""
    is_inside: bool = False
    """Whether the file was taken out of an archive."""


def keep(app: App, place: Place, chunks: Iterable[bytes]) -> None:
    """Key: the file's version. Writes the file's table to the bucket: a text as it is, anything else converted.

    Streams. Raises Rejected for what cannot be opened safely or holds no people.
    """
    start, chunks = _started(iter(chunks))
    if not start.startswith((*archive.SIGNS, _OLE)) and kind_of(start) is Kind.TEXT:
        app.data.write_stream(place.key, chunks, content_type="text/csv")
        return
    with tempfile.NamedTemporaryFile(prefix="import-") as copy:
        is_packed = start.startswith(archive.SIGNS)
        _copy(chunks, copy, archive.MOST_OF_ARCHIVE if is_packed else archive.MOST_BYTES)
        path = Path(copy.name)
        kind = _kind(start, path)
        if kind in (Kind.PDF, Kind.DOCX):
            _keep_documents(app, place, resumes.alone(path, place.name))
        elif kind is Kind.ARCHIVE:
            _keep_archive(app, place, path)
        else:
            _convert(app, place, kind, path)
    log.event("import.file_converted", kind=kind.value)


def _convert(app: App, place: Place, kind: Kind, path: Path) -> None:
    lines = read_apart(kind.value, path, {"sheet": place.sheet})
    _tell(app, place, About.from_json(next(lines).decode()))
    app.data.write_stream(place.key, lines, content_type="text/csv")


def _keep_archive(app: App, place: Place, path: Path) -> None:
    """An archive with one list in it is that list; any other one holds a person or more in each file."""
    if place.is_inside:
        raise Rejected("The archive holds another archive. Unpack it first.", field="File")
    with archive.opened(path) as packed:
        if table := _table_in(packed):
            with tempfile.NamedTemporaryFile(prefix="import-") as inner:
                archive.unpack(packed, table, inner.file, archive.MOST_UNPACKED)
                inner.flush()
                keep(app, replace(place, name=shown_name(table.filename), is_inside=True), _pieces(Path(inner.name)))
        else:
            _keep_documents(app, place, resumes.documents_in(packed))


def _table_in(packed: zipfile.ZipFile) -> zipfile.ZipInfo | None:
    """The list to read: the only one, or LinkedIn's connections; None when there are documents."""
    entries = resumes.entries_of(packed)
    tables = [entry for entry in entries if entry.filename.casefold().endswith(_TABLES)]
    connections = [entry for entry in tables if entry.filename.rpartition("/")[2].casefold() == _CONNECTIONS]
    if connections:
        return connections[0]
    if not tables or len(tables) < len(entries):
        return None
    if len(tables) > 1:
        names = ", ".join(f"“{shortened(shown_name(entry.filename), 40)}”" for entry in tables[:6])
        raise Rejected(f"The archive has {len(tables)} lists: {names}. Attach the one to import.", field="File")
    return tables[0]


def _keep_documents(app: App, place: Place, documents: list[resumes.Document]) -> None:
    def tell(read: int, count: int) -> None:
        values: dict[str, Value] = {
            CandidateImport.PROGRESS: read * 100 // count,
            CandidateImport.MESSAGE: f"Reading “{shortened(place.name)}”: {read:,} of {count:,} files.",
        }
        app.salesforce.update(CandidateImport.API_NAME, place.import_id, values)

    def put(key: str, data: bytes) -> None:
        app.data.write(key, data, content_type="application/json")

    table = resumes.read(documents, resumes.kept_in(app.data.read, put, place.parts, tell))
    _tell(app, place, table.about)
    app.data.write_stream(place.key, _gathered(lines_of(table)), content_type="text/csv")
    app.data.delete(list(app.data.keys(place.parts)))


def _gathered(lines: Iterable[str]) -> Iterator[bytes]:
    for line in lines:
        yield line.encode()


def _tell(app: App, place: Place, about: About) -> None:
    app.data.write(place.about_key, about.as_json().encode(), content_type="application/json")


def _started(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, and all of them again."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= LOOKED_AT:
            break

    def again() -> Iterator[bytes]:
        while held:
            yield held.pop(0)
        yield from chunks

    return b"".join(held)[:LOOKED_AT], again()


def _copy(chunks: Iterable[bytes], target: IO[bytes], most: int) -> None:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise _too_large(most)
        target.write(chunk)
    target.flush()


def _too_large(most: int) -> Rejected:
    return Rejected(
        f"The file is larger than {most // 1024**2} MiB. "
        "Split it, or save a list as “CSV UTF-8”, which has no such limit.",
        field="File",
    )


def _kind(start: bytes, path: Path) -> Kind:
    """The kind by what is inside; raises Rejected for what is not safe to open."""
    if not start.startswith(archive.SIGNS):
        return kind_of(start, streams=path.read_bytes() if start.startswith(_OLE) else b"")
    with archive.opened(path) as packed:
        kind = kind_of(start, packed.namelist(), archive.mimetype_of(packed))
        if kind is not Kind.ARCHIVE:
            if path.stat().st_size > archive.MOST_BYTES:
                raise _too_large(archive.MOST_BYTES)
            most = archive.MOST_OF_DOCUMENT if kind is Kind.DOCX else archive.MOST_UNPACKED
            archive.check(packed, most)
            archive.check_unpacked(packed, most)
        return kind


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(archive.PIECE):
            yield piece
