"""Bulk 2.0: CSV through files and streams, so that memory does not grow with the rows."""

import codecs
import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

import requests

from integration.adapters.salesforce.batches import refused
from integration.adapters.salesforce.connection import Connection
from integration.adapters.salesforce.faults import Problem, SalesforceFault
from integration.adapters.salesforce.names import Names
from integration.adapters.salesforce.transport import lost
from integration.errors import TryAgain
from integration.ports import Outcome, Record, Value

SHARD_BYTES = 90_000_000  # Salesforce takes 100 MB a job
ROWS_PER_PAGE = 50_000
LONGEST_WAIT = 600.0
_FIRST_POLL, _LAST_POLL = 0.05, 2.0
_DONE = {"JobComplete", "Failed", "Aborted"}
_NULL = "#N/A"
_ABSENT = object()

Rows = Sequence[Mapping[str, Value]]


def upsert(connection: Connection, names: Names, object_name: str, key: str, rows: Rows) -> list[Outcome]:
    """By external id, for many rows whose keys differ. What a job left untouched is submitted once more."""
    outcomes: dict[int, Outcome] = {}
    for _ in range(2):
        pending = [place for place in range(len(rows)) if place not in outcomes]
        if not pending:
            break
        for places, body in _shards(rows, pending, names):
            with body:
                outcomes.update(_load(connection, names, object_name, key, rows, places, body))
    untouched = Outcome("", False, code="UNPROCESSED", message="The org did not get to this row. Load it again.")
    return [outcomes.get(place, untouched) for place in range(len(rows))]


def rows_of(connection: Connection, names: Names, soql: str) -> Iterator[Record]:
    """All rows of a query, page by page, as strings; empty is None."""
    job = _opened(connection, "jobs/query", {"operation": "query", "query": names.outgoing_soql(soql)})
    _finished(connection, f"jobs/query/{job}")
    locator = ""
    while locator != "null":
        page = connection.response(
            "GET",
            f"jobs/query/{job}/results",
            params={"maxRecords": str(ROWS_PER_PAGE)} | ({"locator": locator} if locator else {}),
            headers={"Accept": "text/csv"},
            repeatable=True,
            stream=True,
        )
        with page:
            reader = csv.reader(_lines(page))
            columns = [names.incoming(name) for name in next(reader, [])]
            for cells in reader:
                yield {column: cell or None for column, cell in zip(columns, cells, strict=True)}
            locator = page.headers.get("Sforce-Locator") or "null"


def _load(
    connection: Connection,
    names: Names,
    object_name: str,
    key: str,
    rows: Rows,
    places: Sequence[int],
    body: IO[bytes],
) -> dict[int, Outcome]:
    """One job; the outcomes of the rows it came to, by place."""
    job = _opened(
        connection,
        "jobs/ingest",
        {
            "object": names.outgoing(object_name),
            "operation": "upsert",
            "externalIdFieldName": names.outgoing(key),
            "contentType": "CSV",
            "lineEnding": "LF",
        },
    )
    path = f"jobs/ingest/{job}"
    try:
        connection.response("PUT", f"{path}/batches", body=body, headers={"Content-Type": "text/csv"}, repeatable=False)
        connection.run(
            lambda client: client.restful(path, method="PATCH", json={"state": "UploadComplete"}), repeatable=False
        )
        _finished(connection, path)
    except TryAgain:
        # The job may be half made; the rows come again under the same keys, so it is not needed.
        with suppress(TryAgain, SalesforceFault):
            connection.run(
                lambda client: client.restful(path, method="PATCH", json={"state": "Aborted"}), repeatable=False
            )
        raise
    return _results(connection, names, path, key, {key_of(rows[place][key]): place for place in places})


def _results(
    connection: Connection, names: Names, path: str, key: str, place_of: Mapping[str, int]
) -> dict[int, Outcome]:
    """Outcomes by place. Every row must be accounted for: succeeded, failed or left untouched."""
    column = names.outgoing(key)
    outcomes: dict[int, Outcome] = {}
    for record_id, made, own in _results_of(connection, f"{path}/successfulResults", "sf__Id", "sf__Created", column):
        outcomes[place_of[key_of(own)]] = Outcome(record_id, True, created=made == "true")
    for error, own in _results_of(connection, f"{path}/failedResults", "sf__Error", column):
        outcomes[place_of[key_of(own)]] = refused(_problem_of(error), names)
    untouched = sum(1 for _ in _results_of(connection, f"{path}/unprocessedrecords"))
    if len(outcomes) + untouched != len(place_of):
        raise SalesforceFault(f"{len(outcomes)} + {untouched} results for {len(place_of)} rows", "to account for a job")
    return outcomes


def _results_of(connection: Connection, path: str, *columns: str) -> Iterator[tuple[str, ...]]:
    """Some columns of a job's results; the rest repeats what was uploaded."""
    with connection.response("GET", path, headers={"Accept": "text/csv"}, repeatable=True, stream=True) as answer:
        reader = csv.reader(_lines(answer))
        header = next(reader, [])
        places = [header.index(column) for column in columns] if header else []
        for cells in reader:
            yield tuple([cells[place] for place in places])


def _problem_of(text: str) -> Problem:
    """From `CODE:message:fields --`; the message may hold colons of its own."""
    code, _, rest = text.partition(":")
    message, _, fields = rest.removesuffix("--").rstrip().rpartition(":")
    named = [name.strip() for name in fields.split(",") if name.strip()]
    return Problem.of({"errorCode": code, "message": message, "fields": named})


def _opened(connection: Connection, path: str, request: Mapping[str, str]) -> str:
    """A new job's id. An answer that is lost leaves an empty job behind, which harms nobody."""
    job = connection.run(lambda client: client.restful(path, method="POST", json=dict(request)), repeatable=True)
    return str((job or {})["id"])


def _finished(connection: Connection, path: str) -> None:
    """Waits, with short and growing pauses, until a job has ended."""
    wait, waited = _FIRST_POLL, 0.0
    while waited < LONGEST_WAIT:
        job: Any = connection.run(lambda client: client.restful(path), repeatable=True)
        if job["state"] in _DONE:
            if path.startswith("jobs/query") and job["state"] != "JobComplete":
                raise SalesforceFault(str(job["state"]), "a Bulk query")
            return
        connection.sleep(wait)
        waited += wait
        wait = min(wait * 1.5, _LAST_POLL)
    raise TryAgain("a Bulk job takes too long", seconds=300)


def _shards(rows: Rows, places: Sequence[int], names: Names) -> Iterator[tuple[list[int], IO[bytes]]]:
    """CSV files of at most SHARD_BYTES, each with the places of its rows; columns as they first come up."""
    columns = list(dict.fromkeys(name for place in places for name in rows[place]))
    remaining = iter(places)
    place = next(remaining, None)
    while place is not None:
        body = tempfile.TemporaryFile()  # noqa: SIM115  (the caller closes it after the upload)
        text = io.TextIOWrapper(body, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names.outgoing(column) for column in columns)
        taken: list[int] = []
        while place is not None and (not taken or body.tell() < SHARD_BYTES):
            get = rows[place].get
            writer.writerow([_cell(get(column, _ABSENT)) for column in columns])
            taken.append(place)
            place = next(remaining, None)
        text.detach()
        yield taken, body


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


def _lines(answer: requests.Response) -> Iterator[str]:
    """Lines with their ends, cut only at LF: a cell may hold any other separator."""
    rest = ""
    for text in _decoded(answer.iter_content(65_536)):
        *whole, rest = (rest + text).split("\n")
        yield from (f"{line}\n" for line in whole)
    if rest:
        yield rest


def _decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk)
    except requests.RequestException as error:
        raise lost(error) from None
    yield decoder.decode(b"", final=True)
