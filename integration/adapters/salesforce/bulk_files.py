"""The CSV of Bulk 2.0 jobs: rows to files of the size of a job, answers to cells, a result back to its row."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import IO, Any

import requests

from integration.adapters.salesforce.names import Names
from integration.adapters.salesforce.transport import lost
from integration.ports import Value

_NULL = "#N/A"
_ABSENT = object()
_TEXT = {str}
_BLOCK = 50
_PIECE = 65_536
_LOOK_AHEAD = 1_000

Rows = Sequence[Mapping[str, Value]]


def shards(rows: Rows, places: Sequence[int], names: Names, most: int) -> Iterator[tuple[Sequence[int], IO[bytes]]]:
    """CSV files of about `most` bytes, each with the places of its rows; columns as they first come up."""
    columns: dict[str, None] = {}
    last: tuple[str, ...] = ()
    for place in places:
        own = tuple(rows[place])
        if own != last:
            columns.update(dict.fromkeys(own))
            last = own
    start = 0
    while start < len(places):
        body = tempfile.TemporaryFile()  # noqa: SIM115  (the caller closes it after the upload)
        end = _fill(body, list(columns), rows, places, start, names, most)
        yield places[start:end], body
        start = end


def _fill(
    body: IO[bytes], columns: list[str], rows: Rows, places: Sequence[int], start: int, names: Names, most: int
) -> int:
    """Writes rows until the file is full; the place of the first that is left."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names.outgoing(column) for column in columns)
    size, end, pick = 0, start, itemgetter(*columns)
    while end < len(places) and (end == start or size + text.tell() < most):
        block = places[end : end + _BLOCK]
        writer.writerows([_cells(rows[place], columns, pick) for place in block])
        end += len(block)
        if text.tell() > _PIECE:
            size += body.write(text.getvalue().encode())
            text.seek(0)
            text.truncate()
    body.write(text.getvalue().encode())
    return end


def _cells(row: Mapping[str, Value], columns: Sequence[str], pick: Callable[[Mapping[str, Value]], Any]) -> Any:
    """A row of texts needs no look at each of its cells."""
    if len(row) == len(columns) > 1:  # and then the columns are the same: they are those of all rows
        values = pick(row)
        if all(values) and {*map(type, values)} == _TEXT:
            return values
    return [_cell(row.get(column, _ABSENT)) for column in columns]


def _cell(value: Any) -> Any:
    """A cell: an empty one leaves the field as it is, so that null is spelled out."""
    if value is None or value == "":
        return _NULL
    if value is True or value is False:
        return "true" if value else "false"
    return "" if value is _ABSENT else value


def key_of(value: Value) -> str:
    """How a job's result is found again: Salesforce trims cells, and external ids ignore case."""
    return "" if value is None else str(value).strip().casefold()


class Places:
    """Where the row with a key stands. Results come in the order of the rows, as a rule: an index is made if not."""

    def __init__(self, rows: Rows, places: Sequence[int], key: str) -> None:
        self._rows = rows
        self._places = places
        self._key = key
        self._next = 0
        self._index: dict[str, int] = {}

    def find_all(self, keys: Sequence[str]) -> Sequence[int]:
        """The places of some rows of this job; at once where they are just the next ones."""
        following = self._places[self._next : self._next + len(keys)]
        if [self._rows[place][self._key] for place in following] != list(keys):
            return [self.find(key) for key in keys]
        self._next += len(keys)
        return following

    def find(self, key: str) -> int:
        """The place of a row of this job; KeyError when the job has none with the key."""
        wanted = key_of(key)
        if not self._index:
            for at in range(self._next, min(self._next + _LOOK_AHEAD, len(self._places))):
                if key_of(self._rows[self._places[at]][self._key]) == wanted:
                    self._next = at + 1
                    return self._places[at]
            self._index = {key_of(self._rows[place][self._key]): place for place in self._places}
        return self._index[wanted]


def cells_of(answer: requests.Response) -> Iterator[list[str]]:
    """The rows of an answer as they arrive, header first. Lines end at LF alone: cells may hold other separators."""
    return csv.reader(io.TextIOWrapper(io.BufferedReader(_Body(answer), _PIECE), "utf-8", newline="\n"))


class _Body(io.RawIOBase):
    def __init__(self, answer: requests.Response) -> None:
        self._pieces = answer.iter_content(_PIECE)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            while not self._rest:
                self._rest = memoryview(next(self._pieces))
        except StopIteration:
            return 0
        except requests.RequestException as error:
            raise lost(error) from None
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
