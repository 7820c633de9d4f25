"""Bulk 2.0 jobs for which nobody waits: uploaded, begun, and looked at when the next run comes by.

A job takes four calls: made, filled, begun, looked at; a fifth reads the rows that were refused, where there are any.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from integration.adapters.salesforce import bulk
from integration.adapters.salesforce.batches import may_pass, refused
from integration.adapters.salesforce.bulk_files import shards
from integration.adapters.salesforce.connection import Connection
from integration.adapters.salesforce.faults import SalesforceFault
from integration.adapters.salesforce.names import Names
from integration.ports import Loaded, Write

_NEVER_BEGUN = {"Open", "Failed", "Aborted"}


def upload(connection: Connection, names: Names, write: Write) -> list[str]:
    """The jobs, one for about 90 MB. What an upload that broke off leaves behind is never begun, and harms nobody."""
    request = {"object": names.outgoing(write.object_name), "contentType": "CSV", "lineEnding": "LF"}
    if write.key:
        request |= {"operation": "upsert", "externalIdFieldName": names.outgoing(write.key)}
    else:
        request["operation"] = "update"
    jobs = []
    for _, body in shards(write.rows, range(len(write.rows)), names, bulk.SHARD_BYTES):
        with body:
            job = bulk.opened(connection, "jobs/ingest", request)
            headers = {"Content-Type": "text/csv"}
            connection.response("PUT", f"{_path(job)}/batches", body=body, headers=headers, repeatable=False)
        jobs.append(job)
    return jobs


def begin(connection: Connection, job: str) -> None:
    """An answer that is lost leaves it open whether the job runs; `ended` tells."""
    _set_state(connection, job, "UploadComplete")


def abort(connection: Connection, job: str) -> None:
    with suppress(SalesforceFault):  # it has ended in the meantime
        _set_state(connection, job, "Aborted")


def ended(connection: Connection, names: Names, job: str, key: str) -> Loaded | None:
    """How a job ended; None while the org is at it."""
    state: Any = connection.run(lambda client: client.restful(_path(job)), repeatable=True)
    if state["state"] == "Open":
        abort(connection, job)
    if state["state"] in _NEVER_BEGUN:
        return Loaded(complete=False)
    if state["state"] != "JobComplete":
        return None
    if not int(state.get("numberRecordsFailed") or 0):
        return Loaded(complete=True)
    found = [
        (own, refused(bulk.problem_of(error), names))
        for error, own in bulk.results_of(
            connection, f"{_path(job)}/failedResults", "sf__Error", names.outgoing(key or "Id")
        )
    ]
    return Loaded(True, [(own, replace(outcome, may_pass=may_pass(outcome, key))) for own, outcome in found])


def _path(job: str) -> str:
    return f"jobs/ingest/{job}"


def _set_state(connection: Connection, job: str, state: str) -> None:
    connection.run(lambda client: client.restful(_path(job), method="PATCH", json={"state": state}), repeatable=False)
