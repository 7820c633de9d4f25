"""CSV of bulk jobs: what comes in is checked as the org checks it, what goes out is quoted throughout."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO

from integration.local.org.bulk.jobs import DELIMITERS, LINE_ENDINGS, Job

csv.field_size_limit(10_000_000)
_BATCH = 500


class InvalidFile(Exception):
    """The job fails with this text."""


class Unreadable(InvalidFile):
    """The file is no CSV, so that its rows cannot be told apart."""


def rows_of(job: Job, file: IO[bytes]) -> Iterator[list[str]]:
    """The header and the rows of an upload, read as they are asked for. An empty file has none."""
    if "not_utf8" in job:
        raise Unreadable(f"ClientInputError : The file is not UTF-8: byte {job['not_utf8']}")
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    reader = csv.reader(_checked(job, text), delimiter=DELIMITERS[job["columnDelimiter"]], strict=True)
    width = 0
    try:
        for cells in reader:
            if not cells:
                continue
            width = width or len(cells)
            if len(cells) != width:
                place = f"line {reader.line_num} has {len(cells)} columns, the header {width}"
                raise Unreadable(f"InvalidBatch : The 'CSV' content doesn't match the header: {place}")
            yield cells
    except csv.Error as error:
        raise Unreadable(f"InvalidBatch : Error parsing CSV in line {reader.line_num}: {error}") from error


def _checked(job: Job, lines: Iterable[str]) -> Iterator[str]:
    """The lines from the first that is not blank; the first that ends with a line feed shows which ending they have."""
    rest = iter(lines)
    for line in rest:
        if line.endswith("\n") and job["lineEnding"] != ("CRLF" if line.endswith("\r\n") else "LF"):
            reason = f"LineEnding is invalid on user data. Current LineEnding setting is {job['lineEnding']}"
            raise Unreadable(f"ClientInputError : {reason}")
        if line.strip():
            yield line
            if line.endswith("\n"):
                break
    yield from rest


def written(job: Job, header: list[str], rows: Iterable[list[str]]) -> Iterator[bytes]:
    """CSV with the delimiter and line ending of the job, in pieces."""
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=DELIMITERS[job["columnDelimiter"]],
        lineterminator=LINE_ENDINGS[job["lineEnding"]],
        quoting=csv.QUOTE_ALL,
    )
    if header:
        writer.writerow(header)
    rest = iter(rows)
    while True:
        batch = list(islice(rest, _BATCH))
        writer.writerows(batch)
        if text.tell():
            yield text.getvalue().encode()
        if len(batch) < _BATCH:
            return
        text.seek(0)
        text.truncate()
