"""Résumés, one or many in an archive, become a table: one row per file, read one by one by a process of its own.

A file that cannot be read is a row with its reason; the others go on. What was read is kept in parts, so that an
archive of a thousand goes on where an attempt ended.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from integration.errors import Rejected, TryAgain
from integration.prospecting.files import archive
from integration.prospecting.files.kinds import LOOKED_AT, Kind, kind_of, shown_name
from integration.prospecting.files.reader import Reader
from integration.prospecting.files.table import About, Row, Table

COLUMNS = (
    *("File", "Full name", "First name", "Middle name", "Last name", "E-mail", "Phone", "Profile", "Title", "Employer"),
    *("City", "Region", "Country", "Skills", "Tags", "Resume text"),
)
MOST_FILES = 1_500
PART = 10
BUDGET_SECONDS = 120
"""Of one attempt; the function has 300, and the slowest part fits into what is left."""
TOLD_EVERY = 2.0
_NOISE = ("__MACOSX/", ".", "thumbs.db", "desktop.ini")
_READ = frozenset({Kind.PDF, Kind.DOCX, Kind.CARDS, Kind.JSON})
_ALONE = "is a table among other files; attach it by itself"

Rows = list[tuple[str, dict[str, str], str]]
"""(file, value by column, what is wrong)."""


@dataclass(frozen=True)
class Document:
    name: str
    unpack: Callable[[Path], None]
    """Writes it to a file of ours; raises Rejected."""


@dataclass(frozen=True)
class Parts:
    """Where rows are kept between attempts."""

    read: Callable[[int], Rows | None]
    write: Callable[[int, Rows], None]
    tell: Callable[[int, int], None]
    """(files read, files in all)."""


def alone(path: Path, name: str) -> list[Document]:
    """A single file as a list of one."""

    def copy(target: Path) -> None:
        target.write_bytes(path.read_bytes())

    return [Document(shown_name(name), copy)]


def documents_in(packed: zipfile.ZipFile) -> list[Document]:
    """The files of an archive that may be about people; folders and what systems leave behind do not count."""
    entries = entries_of(packed)
    if not entries:
        raise Rejected("The archive is empty. Put the résumés into it.", field="File")
    if len(entries) > MOST_FILES:
        raise Rejected(
            f"The archive has {len(entries):,} files; at most {MOST_FILES:,} are read at once. Split it.", field="File"
        )
    return [Document(shown_name(entry.filename), _unpacks(packed, entry)) for entry in entries]


def entries_of(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    def is_noise(name: str) -> bool:
        path = name.replace("\\", "/")
        return path.startswith(_NOISE[0]) or path.rpartition("/")[2].casefold().startswith(_NOISE[1:])

    return [entry for entry in packed.infolist() if not entry.is_dir() and not is_noise(entry.filename)]


def _unpacks(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[Path], None]:
    def unpack(target: Path) -> None:
        with target.open("wb") as file:
            archive.unpack(packed, entry, file, archive.MOST_BYTES)

    return unpack


def read(documents: list[Document], parts: Parts) -> Table:
    """Key: the file's version and part. Reads what no earlier attempt has read; raises TryAgain when there is more."""
    began = told = monotonic()
    fresh = 0
    with closing(Reader()) as reader:
        for number, start in enumerate(range(0, len(documents), PART)):
            if parts.read(number) is not None:
                continue
            if fresh and monotonic() - told >= TOLD_EVERY:
                parts.tell(start, len(documents))
                told = monotonic()
            if fresh and monotonic() - began >= BUDGET_SECONDS:
                parts.tell(start, len(documents))
                raise TryAgain(f"{start} of {len(documents)} files are read", seconds=1)
            parts.write(number, [row for one in documents[start : start + PART] for row in _rows(one, reader)])
            fresh += 1
    count = -(-len(documents) // PART)
    used = _used(parts, count)
    about = About("resumes", f"{len(documents):,} files" if len(documents) > 1 else "résumé", "row")
    return Table(about, Row(0, used), _numbered(parts, count, used))


def _used(parts: Parts, count: int) -> list[str]:
    """The columns that any file fills."""
    filled = {name for number in range(count) for _, values, _ in parts.read(number) or () for name in values}
    always = {"File", "Full name", "E-mail", "Phone"}
    return [name for name in COLUMNS if name in always or name in filled]


def _numbered(parts: Parts, count: int, columns: Iterable[str]) -> Iterator[Row]:
    rows = (row for number in range(count) for row in parts.read(number) or ())
    for number, (name, values, fault) in enumerate(rows, start=1):
        values = {**values, "File": name}
        yield Row(number, [values.get(column, "") for column in columns], fault)


def _rows(document: Document, reader: Reader) -> Rows:
    """What one file says; whatever is wrong with it is its own."""
    with tempfile.NamedTemporaryFile(prefix="document-") as copy:
        path = Path(copy.name)
        try:
            document.unpack(path)
            kind = _kind(path, document.name)
            found = reader.read(kind, path, document.name)
        except Rejected as refused:
            return [(document.name, {}, _as_fault(refused.message))]
    return [(document.name, values, fault) for values, fault in found]


def _as_fault(message: str) -> str:
    """A refusal as the fault of a row: what is wrong; what to do."""
    what, _, remedy = message.rstrip(".").partition(". ")
    return f"{what[:1].lower()}{what[1:]}; {remedy[:1].lower()}{remedy[1:]}" if remedy else what[:1].lower() + what[1:]


def _kind(path: Path, name: str) -> Kind:
    """The document's kind by its content; raises Rejected with what it is instead."""
    with path.open("rb") as file:
        start = file.read(LOOKED_AT)
    try:
        kind = _looked_into(start, path)
    except Rejected as refused:
        ending = name.rpartition(".")[2].upper()
        is_other = refused.message.startswith(("The file is a ", "The file is an ", "The file is XML"))
        if ending in {"PDF", "DOCX"} and is_other and not start.startswith(b"\xd0\xcf"):
            what = refused.message.partition(". ")[0].removeprefix("The file is ")
            raise Rejected(f"It is named {ending} and is {what}. It was not opened.", field="File") from refused
        raise
    if kind not in _READ:
        raise Rejected(_told(kind), field="File")
    return kind


def _told(kind: Kind) -> str:
    if kind is Kind.ARCHIVE:
        return "It is an archive inside the archive. Unpack it first."
    if kind is Kind.WORKBOOK:
        return f"It {_ALONE}."
    return "It is neither PDF nor DOCX. Save it as one of them."


def _looked_into(start: bytes, path: Path) -> Kind:
    if start.startswith(archive.SIGNS):
        with archive.opened(path) as packed:
            kind = kind_of(start, packed.namelist(), archive.mimetype_of(packed))
            if kind is Kind.DOCX:
                archive.check(packed, archive.MOST_OF_DOCUMENT)
            return kind
    return kind_of(start, streams=path.read_bytes() if start.startswith(b"\xd0\xcf") else b"")


def kept_in(
    get: Callable[[str], bytes | None], put: Callable[[str, bytes], None], prefix: str, tell: Callable[[int, int], None]
) -> Parts:
    """Parts as JSON files under a prefix of the bucket."""

    def read_part(number: int) -> Rows | None:
        data = get(f"{prefix}{number:05}.json")
        return None if data is None else [(name, values, fault) for name, values, fault in json.loads(data)]

    def write_part(number: int, rows: Rows) -> None:
        put(f"{prefix}{number:05}.json", json.dumps(rows, ensure_ascii=False).encode(errors="replace"))

    return Parts(read_part, write_part, tell)
