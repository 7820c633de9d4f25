"""What a file is, by its content; its name only decides what a refusal says."""

import codecs
from collections.abc import Sequence
from enum import StrEnum

from integration.errors import Rejected, shortened
from integration.prospecting.files.archive import SIGNS
from integration.prospecting.files.table import MARK

LOOKED_AT = 4_096


class Kind(StrEnum):
    TEXT = "text"
    WORKBOOK = "workbook"
    CARDS = "cards"
    JSON = "json"
    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    ARCHIVE = "archive"


TABLES = "a CSV, an Excel workbook, vCards, JSON Resume, or résumés as PDF or DOCX"
_REFUSED = {
    b"\x1f\x8b": "a compressed file (gzip)",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"BM": "a picture",
    b"II*\x00": "a picture",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"\xca\xfe\xba\xbe": "a program",
    b"#!/": "a script",
    b"{\\rtf": "an RTF text; save it as DOCX or PDF",
    b"SQLite format 3": "a database",
    b"PAR1": "a Parquet file",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS = (
    ("xl/", Kind.WORKBOOK),
    ("word/", Kind.DOCX),
)
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


def kind_of(start: bytes, names: Sequence[str] = (), mimetype: str = "", streams: bytes = b"") -> Kind:
    """The kind of a file; raises Rejected for what cannot hold people.

    `names` and `mimetype` are a ZIP's entries, `streams` the directory of an old Office file.
    """
    if not start:
        raise Rejected("The file is empty (0 bytes). Attach a file with people in it.", field="File")
    if start.startswith(SIGNS):
        return _zipped(names, mimetype)
    if start.startswith(_OLE):
        return _old_office(streams)
    text = _without_mark(start)
    if text.lstrip().startswith("%PDF-"):
        return Kind.PDF
    for sign, what in _REFUSED.items():
        # Two letters begin many a text: a program or picture has zeros behind them.
        if start.startswith(sign) and (len(sign) > 2 or not sign.isalpha() or b"\0" in start[:512]):
            raise Rejected(f"The file is {what}. Attach {TABLES}.", field="File")
    if text.startswith(MARK):
        raise Rejected(f"The file holds data that is no text. Attach {TABLES}.", field="File")
    begin = text.lstrip("\ufeff \t\r\n").casefold()
    if begin.startswith("begin:vcard"):
        return Kind.CARDS
    if (begin.startswith(("{", "[")) and '"' in begin[:200]) or begin[:2] in {"[]", "{}"}:
        return Kind.JSON
    if begin.startswith(("<!doctype html", "<html", "<table", "<meta")) or (
        "<table" in begin[:2_000] and begin[0] == "<"
    ):
        return Kind.HTML
    if begin.startswith("<?xml"):
        raise Rejected(
            f"The file is XML. Open it in Excel and save it as a workbook, or attach {TABLES}.", field="File"
        )
    return Kind.TEXT


def _without_mark(start: bytes) -> str:
    """The start of a text in any usual encoding; letters of other code pages do not matter here."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if start.startswith(mark):
            return start[len(mark) :].decode(name, "replace")
    return start.replace(b"\0", b"").decode("latin-1")


def _zipped(names: Sequence[str], mimetype: str) -> Kind:
    if mimetype.startswith(_OPEN_DOCUMENT):
        if mimetype.startswith(_OPEN_DOCUMENT + "spreadsheet"):
            return Kind.WORKBOOK
        raise Rejected("The file is an OpenDocument text. Save it as DOCX or PDF.", field="File")
    if "[Content_Types].xml" in names:
        for folder, kind in _PARTS:
            if any(name.startswith(folder) for name in names):
                return kind
        raise Rejected(f"The file is an Office file without sheets or text. Attach {TABLES}.", field="File")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        raise Rejected("The file is an Apple document. Export it as Excel, CSV or PDF.", field="File")
    return Kind.ARCHIVE


def _old_office(streams: bytes) -> Kind:
    if _named(streams, "EncryptedPackage"):
        raise Rejected("The file is protected by a password. Save it without one, then attach it.", field="File")
    if _named(streams, "Workbook") or _named(streams, "Book"):
        return Kind.WORKBOOK
    if _named(streams, "WordDocument"):
        raise Rejected("The file is an old Word document (.doc). Save it as DOCX or PDF.", field="File")
    raise Rejected(f"The file is an old Office file without sheets. Attach {TABLES}.", field="File")


def _named(streams: bytes, name: str) -> bool:
    return f"{name}\0".encode("utf-16-le") in streams


def shown_name(name: str) -> str:
    """A file's name fit for a table and a message: its last part, no control or direction signs, 100 characters."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = "".join(c for c in last if c.isprintable() and c not in _DIRECTIONS).strip(" .") or "unnamed file"
    if len(plain) <= 100:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{shortened(stem, 94 - len(ending))}{dot}{ending}" if dot and len(ending) <= 5 else shortened(plain, 100)


_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")
"""Signs that turn or hide letters: `cv\u202efdp.exe` shows as `cvexe.pdf`."""
