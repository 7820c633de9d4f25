"""Bulk 2.0: CSV through files and streams, so that memory does not grow with the rows."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from operator import itemgetter
from typing import IO, Any

from integration.adapters.salesforce.batches import refused
from integration.adapters.salesforce.bulk_files import Places, Rows, cells_of, shards
from integration.adapters.salesforce.connection import Connection
from integration.adapters.salesforce.faults import Problem, SalesforceFault
from integration.adapters.salesforce.names import Names
from integration.adapters.salesforce.outcomes import Outcomes
from integration.errors import TryAgain
from integration.ports import Outcome, Record

SHARD_BYTES = 90_000_000  # Salesforce takes 100 MB a job
ROWS_PER_PAGE = 50_000
LONGEST_WAIT = 600.0
_FIRST_POLL, _LAST_POLL = 0.05, 2.0
_NOTED_TOGETHER = 500
_DONE = {"JobComplete", "Failed", "Aborted"}


def upsert(connection: Connection, names: Names, object_name: str, key: str, rows: Rows) -> Outcomes:
    """By external id, for many rows whose keys differ. What a job left untouched is submitted once more."""
    outcomes = Outcomes(len(rows))
    for _ in range(2):
        pending = outcomes.open()
        if not pending:
            break
        for places, body in shards(rows, pending, names, SHARD_BYTES):
            with body:
                _load(connection, names, object_name, key, Places(rows, places, key), len(places), body, outcomes)
    untouched = Outcome("", False, code="UNPROCESSED", message="The org did not get to this row. Load it again.")
    for place in outcomes.open() if rows else ():
        outcomes.note(place, untouched)
    return outcomes


def rows_of(connection: Connection, names: Names, soql: str) -> Iterator[Record]:
    """All rows of a query, page by page, as strings; empty is None."""
    job = opened(connection, "jobs/query", {"operation": "query", "query": names.outgoing_soql(soql)})
    finished(connection, f"jobs/query/{job}")
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
            reader = cells_of(page)
            columns = [names.incoming(name) for name in next(reader, [])]
            for cells in reader:
                yield {column: cell or None for column, cell in zip(columns, cells, strict=True)}
            locator = page.headers.get("Sforce-Locator") or "null"


def _load(
    connection: Connection,
    names: Names,
    object_name: str,
    key: str,
    places: Places,
    count: int,
    body: IO[bytes],
    outcomes: Outcomes,
) -> None:
    """One job; notes the outcomes of the rows it came to."""
    job = opened(
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
        finished(connection, path, count)
    except TryAgain:
        # The job may be half made; the rows come again under the same keys, so it is not needed.
        with suppress(TryAgain, SalesforceFault):
            connection.run(
                lambda client: client.restful(path, method="PATCH", json={"state": "Aborted"}), repeatable=False
            )
        raise
    _note_results(connection, names, path, names.outgoing(key), places, count, outcomes)


def _note_results(
    connection: Connection, names: Names, path: str, key: str, places: Places, count: int, outcomes: Outcomes
) -> None:
    """Every row must be accounted for: succeeded, failed or left untouched."""
    found = 0
    written = results_of(connection, f"{path}/successfulResults", "sf__Id", "sf__Created", key)
    while batch := list(islice(written, _NOTED_TOGETHER)):
        ids, made, keys = zip(*batch, strict=True)
        outcomes.note_written(places.find_all(keys), ids, [each == "true" for each in made])
        found += len(batch)
    for error, own in results_of(connection, f"{path}/failedResults", "sf__Error", key):
        outcomes.note(places.find(own), refused(problem_of(error), names))
        found += 1
    untouched = sum(1 for _ in results_of(connection, f"{path}/unprocessedrecords", key, key))
    if found + untouched != count:
        raise SalesforceFault(f"{found} + {untouched} results for {count} rows", "to account for a job")


def results_of(connection: Connection, path: str, *columns: str) -> Iterator[tuple[str, ...]]:
    """Some columns of a job's results; the rest repeats what was uploaded."""
    with connection.response("GET", path, headers={"Accept": "text/csv"}, repeatable=True, stream=True) as answer:
        rows = cells_of(answer)
        header = next(rows, None)
        if header:
            yield from map(itemgetter(*map(header.index, columns)), rows)


def problem_of(text: str) -> Problem:
    """From `CODE:message:fields --`; the message may hold colons of its own."""
    code, _, rest = text.partition(":")
    message, _, fields = rest.removesuffix("--").rstrip().rpartition(":")
    named = [name.strip() for name in fields.split(",") if name.strip()]
    return Problem.of({"errorCode": code, "message": message, "fields": named})


def opened(connection: Connection, path: str, request: Mapping[str, str]) -> str:
    """A new job's id. An answer that is lost leaves an empty job behind, which harms nobody."""
    job = connection.run(lambda client: client.restful(path, method="POST", json=dict(request)), repeatable=True)
    return str((job or {})["id"])


def finished(connection: Connection, path: str, rows: int = 0) -> None:
    """Waits until a job has ended. Where the job tells its progress, the next look is when the rest should be done."""
    wait, waited, begun = _FIRST_POLL, 0.0, 0.0
    while waited < LONGEST_WAIT:
        job: Any = connection.run(lambda client: client.restful(path), repeatable=True)
        if job["state"] in _DONE:
            if path.startswith("jobs/query") and job["state"] != "JobComplete":
                raise SalesforceFault(str(job["state"]), "a Bulk query")
            return
        done = int(job.get("numberRecordsProcessed") or 0)
        if not done:
            begun = waited
        if 0 < done < rows:
            pause, wait = min(max((waited - begun) * (rows - done) / done, _FIRST_POLL), _LAST_POLL), _FIRST_POLL
        else:
            pause, wait = wait, min(wait * 1.5, _LAST_POLL)
        connection.sleep(pause)
        waited += pause
    raise TryAgain("a Bulk job takes too long", seconds=300)
