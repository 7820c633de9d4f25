"""What is uploaded to bulk jobs: kept in parts, so that no file is ever held in memory as a whole."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO

from integration.local.org.bulk.jobs import Job
from integration.local.org.errors import ApiError
from integration.local.org.store import Store

PART = 1 << 20
MOST_BYTES = 150_000_000
_PATH = re.compile(r"/services/data/v[\d.]+/jobs/ingest/[^/]+/batches/?")


def is_upload(method: str, path: str) -> bool:
    """Whether a request's body is to be read by `keep`, part by part."""
    return method == "PUT" and _PATH.fullmatch(path) is not None


def keep(store: Store, source: IO[bytes]) -> Job:
    """Stores a file and returns what its job then notes: `upload`, and `not_utf8` with the place of a bad byte.

    Each part is committed by itself, so that a slow client keeps nobody from writing; the file counts from the moment
    that its job names it.
    """
    with store.writing():
        upload = store.next_number("_uploads")
    noted: Job = {"upload": upload}
    decoder, size = codecs.getincrementaldecoder("utf-8")(), 0
    for number, part in enumerate(_parts(source)):
        if size + len(part) > MOST_BYTES:
            discard(store, upload)
            text = f"ClientInputError : the upload has more than {MOST_BYTES} bytes, which is all that is taken"
            raise ApiError(400, "CLIENTINPUTERROR", text)
        if "not_utf8" not in noted:
            try:
                decoder.decode(part)
            except UnicodeDecodeError as error:
                noted["not_utf8"] = size - len(decoder.getstate()[0]) + error.start
        with store.writing() as connection:
            connection.execute("INSERT INTO _job_parts VALUES (?, ?, ?)", (upload, number, part))
        size += len(part)
    if cut := decoder.getstate()[0]:
        noted.setdefault("not_utf8", size - len(cut))
    return noted


def _parts(source: IO[bytes]) -> Iterator[bytes]:
    """Parts of exactly PART bytes but for the last, however little a read brings."""
    while True:
        part = bytearray()
        while len(part) < PART and (piece := source.read(PART - len(part))):
            part += piece
        if part:
            yield bytes(part)
        if len(part) < PART:
            return


def discard(store: Store, upload: int | None) -> None:
    """Forgets a file."""
    with store.writing() as connection:
        connection.execute("DELETE FROM _job_parts WHERE upload = ?", (upload,))


def discard_unclaimed(store: Store) -> None:
    """Forgets the files of uploads that broke off."""
    claimed = "SELECT json_extract(job, '$.upload') FROM _jobs WHERE kind = 'ingest'"
    with store.writing() as connection:
        sql = f"DELETE FROM _job_parts WHERE upload NOT IN ({claimed} AND json_extract(job, '$.upload') IS NOT NULL)"  # noqa: S608
        connection.execute(sql)


def opened(store: Store, upload: int | None) -> io.BufferedReader:
    """The file as it came; an empty one where nothing was uploaded."""
    return io.BufferedReader(_Reader(store, upload), PART)


class _Reader(io.RawIOBase):
    def __init__(self, store: Store, upload: int | None) -> None:
        self._store = store
        self._upload = upload
        self._number = 0
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = memoryview(self._next_part())
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def _next_part(self) -> bytes:
        sql = "SELECT data FROM _job_parts WHERE upload = ? AND number = ?"
        with self._store.reading() as connection:
            row = connection.execute(sql, (self._upload, self._number)).fetchone()
        self._number += 1
        return bytes(row[0]) if row else b""
