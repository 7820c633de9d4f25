"""ZIP files, office files among them: looked through before anything is unpacked, unpacked only up to a limit."""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from integration.errors import Rejected

MOST_BYTES = 50 * 1024 * 1024
"""Of a file that is no delimited text."""
MOST_OF_ARCHIVE = 250 * 1024 * 1024
"""Of many documents together; a function has half a gigabyte of disk."""
MOST_UNPACKED = 1024 * 1024 * 1024
"""Of a workbook as a whole: a million rows of XML are a few hundred MiB."""
MOST_OF_DOCUMENT = 100 * 1024 * 1024
MOST_RATIO = 200
"""Unpacked to packed; sheets reach fifty, bombs a thousand."""
RATIO_FROM = 20 * 1024 * 1024
MOST_ENTRIES = 10_000
PIECE = 256 * 1024
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(NotImplementedError, EOFError, OSError, ValueError, RuntimeError),
)
"""What the standard library raises over a broken archive."""
SIGNS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENCRYPTED = 0x1
_UNSAFE = "it unpacks to far more than it should ({what}). Save the file again, or split it"


@contextmanager
def opened(path: Path | IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """A ZIP that can be read; raises Rejected."""
    try:
        with zipfile.ZipFile(path) as archive:
            if len(archive.infolist()) > MOST_ENTRIES:
                raise Rejected(f"The archive has more than {MOST_ENTRIES:,} files. Split it.", field="File")
            yield archive
    except DAMAGED as broken:
        raise Rejected("The archive is damaged and cannot be opened. Make it again.", field="File") from broken


def check(archive: zipfile.ZipFile, most: int) -> None:
    """Refuses what declares that it unpacks to too much, or is locked; raises Rejected."""
    entries = archive.infolist()
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Rejected("The file is protected by a password. Save it without one, then attach it.", field="File")
    declared, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if declared > most:
        raise bomb(f"{declared // 1024**2:,} MiB, at most {most // 1024**2:,} are read")
    if declared > RATIO_FROM and declared > MOST_RATIO * max(packed, 1):
        raise bomb(f"{declared // max(packed, 1):,} times its size")


def check_unpacked(archive: zipfile.ZipFile, most: int) -> None:
    """Reads every entry to its end without keeping it: what is declared may be a lie; raises Rejected."""
    read = 0
    for entry in archive.infolist():
        with archive.open(entry) as file:
            while piece := file.read(PIECE):
                read += len(piece)
                if read > most:
                    raise bomb(f"more than {most // 1024**2:,} MiB")


def unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: IO[bytes], most: int) -> None:
    """Writes one entry to a file of ours, whatever its name; raises Rejected when it grows beyond the limit."""
    if entry.flag_bits & _ENCRYPTED:
        raise Rejected("The file is protected by a password. Save it without one.", field="File")
    if entry.file_size > most:
        raise bomb(f"{entry.file_size // 1024**2:,} MiB, at most {most // 1024**2:,} are read")
    read = 0
    try:
        with archive.open(entry) as file:
            while piece := file.read(PIECE):
                read += len(piece)
                if read > most:
                    raise bomb(f"more than {most // 1024**2:,} MiB")
                target.write(piece)
    except DAMAGED as broken:
        raise Rejected("It is damaged inside the archive. Make the archive again.", field="File") from broken


def mimetype_of(archive: zipfile.ZipFile) -> str:
    """What an OpenDocument file says it is."""
    try:
        with archive.open("mimetype") as file:
            return file.read(200).decode("ascii", "replace").strip()
    except (KeyError, RuntimeError, zipfile.BadZipFile):
        return ""


def bomb(what: str) -> Rejected:
    told = _UNSAFE.format(what=what)
    return Rejected(f"The file is refused: {told}.", field="File")
