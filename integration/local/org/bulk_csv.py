"""CSV of bulk jobs: what comes in is checked as the org checks it, what goes out is quoted throughout."""

import csv
import io
from collections.abc import Iterable, Iterator

from integration.local.org.jobs import DELIMITERS, LINE_ENDINGS, Job

csv.field_size_limit(10_000_000)


class InvalidFile(Exception):
    """The file as a whole cannot be read; the job fails with this text."""


def rows_of(job: Job, data: bytes) -> Iterator[list[str]]:
    """The header and the rows of an upload. An empty file has none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidFile(f"ClientInputError : The file is not UTF-8: byte {error.start}") from error
    if not text.strip():
        return
    _check_line_ending(job, text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[job["columnDelimiter"]], strict=True)
    width = 0
    try:
        for cells in reader:
            if not cells:
                continue
            width = width or len(cells)
            if len(cells) != width:
                place = f"line {reader.line_num} has {len(cells)} columns, the header {width}"
                raise InvalidFile(f"InvalidBatch : The 'CSV' content doesn't match the header: {place}")
            yield cells
    except csv.Error as error:
        raise InvalidFile(f"InvalidBatch : Error parsing CSV in line {reader.line_num}: {error}") from error


def _check_line_ending(job: Job, text: str) -> None:
    end = text.find("\n")
    found = "CRLF" if end > 0 and text[end - 1] == "\r" else "LF"
    if end >= 0 and found != job["lineEnding"]:
        reason = f"LineEnding is invalid on user data. Current LineEnding setting is {job['lineEnding']}"
        raise InvalidFile(f"ClientInputError : {reason}")


def written(job: Job, header: list[str], rows: Iterable[list[str]]) -> bytes:
    """CSV with the delimiter and line ending of the job."""
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=DELIMITERS[job["columnDelimiter"]],
        lineterminator=LINE_ENDINGS[job["lineEnding"]],
        quoting=csv.QUOTE_ALL,
    )
    if header:
        writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
