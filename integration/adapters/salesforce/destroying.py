"""Deletion for good: a Bulk 2.0 job that leaves nothing in the recycle bin."""

from collections.abc import Sequence
from io import BytesIO

from integration.adapters.salesforce import bulk
from integration.adapters.salesforce.batches import refused
from integration.adapters.salesforce.bulk_files import cells_of
from integration.adapters.salesforce.connection import Connection
from integration.adapters.salesforce.faults import GONE
from integration.adapters.salesforce.names import Names, checked_id
from integration.errors import TryAgain
from integration.ports import Outcome

IDS_PER_JOB = 10_000


def destroy(connection: Connection, names: Names, object_name: str, record_ids: Sequence[str]) -> list[Outcome]:
    """Outcomes in the order of the ids; a record that is gone already counts as deleted."""
    ids = [checked_id(record_id) for record_id in record_ids]
    outcomes: list[Outcome] = []
    for start in range(0, len(ids), IDS_PER_JOB):
        outcomes += _destroy(connection, names, object_name, ids[start : start + IDS_PER_JOB])
    return outcomes


def _destroy(connection: Connection, names: Names, object_name: str, ids: Sequence[str]) -> list[Outcome]:
    request = {"object": names.outgoing(object_name), "operation": "hardDelete", "contentType": "CSV"}
    path = f"jobs/ingest/{bulk.opened(connection, 'jobs/ingest', {**request, 'lineEnding': 'LF'})}"
    body = BytesIO("\n".join(["Id", *ids, ""]).encode())
    connection.response("PUT", f"{path}/batches", body=body, headers={"Content-Type": "text/csv"}, repeatable=False)
    connection.run(
        lambda client: client.restful(path, method="PATCH", json={"state": "UploadComplete"}), repeatable=False
    )
    bulk.finished(connection, path, len(ids))
    done = set(_column(connection, f"{path}/successfulResults", "sf__Id"))
    failed: dict[str, Outcome] = {}
    for record_id, error in _columns(connection, f"{path}/failedResults", "Id", "sf__Error"):
        outcome = refused(bulk.problem_of(error), names)
        failed[record_id] = Outcome(record_id, True) if outcome.code in GONE else outcome
    missing = [record_id for record_id in ids if record_id not in done and record_id not in failed]
    if missing:
        raise TryAgain(f"the org did not get to {len(missing)} of {len(ids)} deletions")
    return [failed.get(record_id, Outcome(record_id, True)) for record_id in ids]


def _column(connection: Connection, path: str, name: str) -> list[str]:
    return [cells[0] for cells in _columns(connection, path, name)]


def _columns(connection: Connection, path: str, *wanted: str) -> list[tuple[str, ...]]:
    with connection.response("GET", path, headers={"Accept": "text/csv"}, repeatable=True, stream=True) as answer:
        rows = cells_of(answer)
        header = next(rows, None)
        return [tuple(cells[header.index(name)] for name in wanted) for cells in rows] if header else []
