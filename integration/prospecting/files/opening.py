"""The first opening of an import file: what it is, and its one form in the data bucket."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from integration import log
from integration.errors import Rejected
from integration.prospecting.files import archive
from integration.prospecting.files.isolation import read_apart
from integration.prospecting.files.kinds import LOOKED_AT, Kind, kind_of
from integration.prospecting.files.table import About

if TYPE_CHECKING:
    from integration.app import App

_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def keep(app: App, key: str, about_key: str, chunks: Iterable[bytes], *, name: str, sheet: str) -> None:
    """Key: the file's version. Writes the file's table to the bucket: a text as it is, anything else converted.

    Streams. Raises Rejected for what cannot be opened safely or holds no people.
    """
    start, chunks = _started(iter(chunks))
    if not start.startswith(_PACKED) and kind_of_start(start) is Kind.TEXT:
        app.data.write_stream(key, chunks, content_type="text/csv")
        return
    with tempfile.NamedTemporaryFile(prefix="import-") as copy:
        _copy(chunks, copy)
        path = Path(copy.name)
        kind = _kind(start, path)
        if kind is Kind.TEXT:
            app.data.write_stream(key, _pieces(path), content_type="text/csv")
            return
        lines = read_apart(kind.value, path, {"sheet": sheet, "name": name})
        about = About.from_json(next(lines).decode())
        app.data.write(about_key, about.as_json().encode(), content_type="application/json")
        app.data.write_stream(key, lines, content_type="text/csv")
    log.event("import.file_converted", kind=kind.value)


def kind_of_start(start: bytes) -> Kind:
    """The kind as far as the first bytes tell; old Office files are workbooks until they are looked into."""
    return Kind.WORKBOOK if start.startswith(b"\xd0\xcf\x11\xe0") else kind_of(start)


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
        yield from held
        held.clear()
        yield from chunks

    return b"".join(held)[:LOOKED_AT], again()


def _copy(chunks: Iterable[bytes], target: IO[bytes]) -> None:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > archive.MOST_BYTES:
            raise Rejected(
                f"The file is larger than {archive.MOST_BYTES // 1024**2} MiB. "
                "Split it, or save it as “CSV UTF-8”, which has no such limit.",
                field="File",
            )
        target.write(chunk)
    target.flush()


def _kind(start: bytes, path: Path) -> Kind:
    if not start.startswith(_PACKED):
        return kind_of(start, streams=path.read_bytes() if start.startswith(b"\xd0\xcf") else b"")
    with archive.opened(path) as packed:
        kind = kind_of(start, packed.namelist(), archive.mimetype_of(packed))
        if kind is not Kind.ARCHIVE:
            most = archive.MOST_OF_DOCUMENT if kind is Kind.DOCX else archive.MOST_UNPACKED
            archive.check(packed, most)
            archive.check_unpacked(packed, most)
        return kind


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(archive.PIECE):
            yield piece
