"""Reads the rows of a delimited file as it comes out of spreadsheets: any usual encoding, quoting broken or not.

Streams: a file of a million rows takes no more memory than one of ten.
"""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from charset_normalizer import from_bytes

from integration.prospecting.files.table import HEADER_START, place_of

DELIMITERS = ",;\t|^~:"
SAMPLE_BYTES = 65_536
HEAD_LINES, HEAD_CHARACTERS = 2_000, 4_000_000
MOST_LINES = 500
"""A quoted value with more lines than this is a quote that was never closed."""
MOST_CHARACTERS = 131_072
"""Of one value: more is a broken file, and longer than any field takes."""
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before the mark of UTF-16, which it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_TOO_LONG = f"a value is longer than {MOST_CHARACTERS:,} characters; shorten it"
# What Polish, Czech and Hungarian letters look like when cp1250 is read as cp1252, next to a letter.
_NOT_WESTERN = re.compile(r"[^\W\d_][³¹¿¼£¯ˇ]|[³¹¿¼£¯ˇ][^\W\d_]")
# Accented letters where words have them: small ones behind a letter, capitals before one.
_FITTING = re.compile(r"(?<=[a-z])[à-öø-ÿœ]|\b[À-ÖØ-ÞŒ](?=[a-z])")

Open = Callable[[], Iterable[bytes]]
"""Opens the file from its start."""


@dataclass(frozen=True)
class Line:
    """One record of the file; `number` is its first line. A record that cannot be read has a fault and no cells."""

    number: int
    cells: tuple[str, ...]
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.fault and not any(cell.strip() for cell in self.cells)


class _Unclosed(Exception):
    """A quoted value ran on for too many lines."""


def encoding_of(open_file: Open) -> str:
    """The file's encoding: its byte order mark, else UTF-8 if all of it is, else what its letters look like."""
    sample = _sample(open_file)
    for mark, name in _MARKS.items():
        if sample.startswith(mark):
            return name
    if wide := _wide(sample[:400]):
        return wide
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in open_file():
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _single_byte(open_file)
    return "utf-8-sig"


def _wide(start: bytes) -> str:
    """UTF-32 or UTF-16 without a mark, by where its zeros stand."""
    most = [sum(1 for byte in start[place::4] if not byte) > len(start) // 8 for place in range(4)]
    if most[2] and most[3] and not most[0]:
        return "utf-32-le" if most[1] else ""
    if most[0] and most[1] and not most[3]:
        return "utf-32-be" if most[2] else ""
    if most[1] and most[3]:
        return "utf-16-le"
    return "utf-16-be" if most[0] and most[2] else ""


def _single_byte(open_file: Open) -> str:
    """Short western texts look like several code pages at once: cp1252, which Excel writes, wins a tie."""
    sample = b"".join(chunk for chunk in _lines_with_high_bytes(open_file))
    best = from_bytes(sample).best()
    guessed = best.encoding if best is not None else "cp1252"
    western = guessed.startswith(("cp125", "iso8859", "latin", "mac_", "cp437", "cp85", "cp77", "hp_"))
    if not western or guessed in {"cp1251", "cp1253", "cp1255", "cp1256", "iso8859_5", "iso8859_7", "mac_cyrillic"}:
        return guessed
    text = sample.decode("cp1252", "replace")
    if _NOT_WESTERN.search(text):
        return "cp1250"
    on_mac = len(_FITTING.findall(sample.decode("mac_roman")))
    return "mac_roman" if on_mac > 2 * len(_FITTING.findall(text)) else "cp1252"


def _lines_with_high_bytes(open_file: Open) -> Iterator[bytes]:
    taken, rest = 0, b""
    for chunk in open_file():
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()[-SAMPLE_BYTES:]
        for line in lines:
            if not line.isascii():
                taken += len(line)
                yield line + b"\n"
        if taken > SAMPLE_BYTES:
            return
    yield rest


def _sample(open_file: Open) -> bytes:
    sample = b""
    for chunk in open_file():
        sample += chunk
        if len(sample) >= SAMPLE_BYTES:
            break
    return sample


class _Raw(io.RawIOBase):
    """An iterator of bytes as a file."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            try:
                self._rest = next(self._chunks)
            except StopIteration:
                return 0
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def text_lines(chunks: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Physical lines with their ends; bytes that are not in the encoding become U+FFFD."""
    raw = io.BufferedReader(_Raw(chunks), 1 << 16)
    yield from io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")


class _Source:
    """Physical lines with their numbers; remembers the lines of the record being read, to start over behind a fault."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.record: list[str] = []
        self.number = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        while True:
            if len(self.record) >= MOST_LINES:
                raise _Unclosed
            try:
                line = self._again.popleft() if self._again else next(self._lines)
            except StopIteration:
                self.ended = True
                return
            self.number += 1
            self.record.append(line)
            yield line

    def start_after_first_line(self) -> None:
        """The first line of the record was bad; what it swallowed is read again."""
        self._again.extendleft(reversed(self.record[1:]))
        self.number -= len(self.record) - 1
        self.record, self.ended = [], False


def records(lines: Iterable[str], delimiter: str) -> Iterator[Line]:
    """Every record, the unreadable ones with their fault; one bad line costs only itself.

    Records of a converted file carry their place in the original.
    """
    lines = iter(lines)
    first = next(lines, None)
    if first is None:
        return iter(())
    whole = chain([first], lines)
    return _placed(whole) if HEADER_START.match(first) else _delimited(whole, delimiter)


def _placed(lines: Iterable[str]) -> Iterator[Line]:
    for place, *cells in csv.reader(lines):
        number, fault = place_of(place)
        yield Line(number, tuple(cells), fault)


def _delimited(lines: Iterable[str], delimiter: str) -> Iterator[Line]:
    source = _Source(lines)
    reader = csv.reader(iter(source), delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            if not source.ended or not source.record:
                return
            cells = []
        except _Unclosed:
            source.ended = True
            cells = []
        except csv.Error as error:
            yield Line(source.number - len(source.record) + 1, (), _explained(error))
            source.record = []
            reader = csv.reader(iter(source), delimiter=delimiter)
            continue
        start = source.number - len(source.record) + 1
        if source.ended:
            # The reader asked for more in the middle of a record: its quote is never closed.
            yield Line(start, (), 'a quotation mark (") is opened and not closed; close it or remove it')
            source.start_after_first_line()
            reader = csv.reader(iter(source), delimiter=delimiter)
            continue
        is_long = any(len(cell) > MOST_CHARACTERS for cell in cells)
        source.record = []
        yield Line(start, () if is_long else tuple(cells), _TOO_LONG if is_long else "")


def _explained(error: csv.Error) -> str:
    if "field limit" in str(error):
        return _TOO_LONG
    return f"the line cannot be read ({error}); correct its quotation marks"


def first_records(lines: Iterable[str], delimiter: str, count: int) -> list[Line]:
    """The first records that are not blank."""
    return list(islice((line for line in records(lines, delimiter) if not line.is_blank), count))


def head(open_file: Open, encoding: str) -> list[str]:
    """The first lines of the file, enough to see how it is laid out."""
    lines: list[str] = []
    size = 0
    for line in text_lines(open_file(), encoding):
        lines.append(line)
        size += len(line)
        if len(lines) >= HEAD_LINES or size >= HEAD_CHARACTERS:
            break
    return lines
