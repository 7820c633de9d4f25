"""Bulk API 2.0 ingest: jobs are made, filled, closed, worked off in chunks and asked for their results."""

import json
from typing import Any

from integration.local.org import jobs
from integration.local.org.bulk_csv import InvalidFile, rows_of, written
from integration.local.org.errors import ApiError
from integration.local.org.jobs import Job
from integration.local.org.multipart import is_multipart, parts
from integration.local.org.rest import check_writable, external_id_field
from integration.local.org.web import Call, Reply

OPERATIONS = ("insert", "update", "upsert", "delete", "hardDelete")
MOST_BYTES = 150_000_000
_KIND = "ingest"


def create(call: Call) -> Reply:
    """POST /jobs/ingest, as JSON or as multipart with the content in the same call."""
    content: bytes | None = None
    if is_multipart(call):
        asked, content = _in_parts(call)
    else:
        asked = call.json_object()
    job = _new(call, asked)
    with call.org.store.writing() as connection:
        jobs.add(connection, _KIND, job)
    if content is not None:
        _fill(call, job, content)
        _close(call, job)
    return Reply(200, _shown_at_first(job))


def _in_parts(call: Call) -> tuple[dict[str, Any], bytes]:
    found = parts(call)
    try:
        return json.loads(found["job"]), found["content"]
    except (KeyError, ValueError) as error:
        text = "A multipart request must have a part named job with JSON and one named content with CSV"
        raise ApiError(400, "INVALIDJOB", text) from error


def _new(call: Call, asked: dict[str, Any]) -> Job:
    for name in ("object", "operation"):
        if not isinstance(asked.get(name), str):
            raise ApiError(400, "INVALIDJOB", f"InvalidJob : {name} must be given")
    operation = asked["operation"]
    if operation not in OPERATIONS:
        text = f"InvalidJob : Unsupported operation {operation}; use one of {', '.join(OPERATIONS)}"
        raise ApiError(400, "INVALIDJOB", text)
    info = call.org.catalog.object(asked["object"])
    if info is None or not call.person.can_query(info.name):
        raise ApiError(
            400, "INVALIDENTITY", f"InvalidEntity : Entity '{asked['object']}' is not supported by the Bulk API"
        )
    more: dict[str, Any] = {"object": info.name}
    if operation == "upsert":
        if not asked.get("externalIdFieldName"):
            raise ApiError(400, "INVALIDJOB", "InvalidJob : externalIdFieldName must be given for an upsert")
        more["externalIdFieldName"] = external_id_field(call, info, str(asked["externalIdFieldName"])).name
    if operation == "hardDelete" and "BulkApiHardDelete" not in call.person.access.abilities:
        text = "hardDelete operation requires special user profile permission, please contact your system administrator"
        raise ApiError(400, "FEATURENOTENABLED", f"FeatureNotEnabled : {text}")
    if operation in ("insert", "update", "upsert"):
        check_writable(info, operation)
    job = jobs.new_job(call, asked, **more)
    job["contentUrl"] = f"services/data/v{call.version}/jobs/ingest/{job['id']}/batches"
    return job


def _shown_at_first(job: Job) -> Job:
    """The answers to writing requests leave the numbers out."""
    return {name: value for name, value in job.items() if name not in ("total", "done")}


def upload(call: Call, job_id: str) -> Reply:
    """PUT /jobs/ingest/<id>/batches"""
    job = jobs.asked_for(call, _KIND, job_id)
    if job["state"] != "Open":
        raise _wrong_state(job, "uploaded to")
    if len(call.body) > MOST_BYTES:
        text = f"ClientInputError : the upload has {len(call.body)} bytes, at most {MOST_BYTES} are taken"
        raise ApiError(400, "CLIENTINPUTERROR", text)
    _fill(call, job, call.body)
    return Reply(201)


def _wrong_state(job: Job, what: str) -> ApiError:
    text = f"InvalidJobState : a job in state {job['state']} cannot be {what}"
    return ApiError(400, "INVALIDJOBSTATE", text)


def _fill(call: Call, job: Job, content: bytes) -> None:
    with call.org.store.writing() as connection:
        connection.execute("UPDATE _jobs SET input = ? WHERE id = ?", (content, job["id"]))


def change(call: Call, job_id: str) -> Reply:
    """PATCH /jobs/ingest/<id> with the new state"""
    job = jobs.asked_for(call, _KIND, job_id)
    state = call.json_object().get("state")
    if state == "UploadComplete":
        if job["state"] != "Open":
            raise _wrong_state(job, "closed")
        _close(call, job)
    elif state == "Aborted":
        if job["state"] in ("JobComplete", "Failed", "Aborted"):
            raise _wrong_state(job, "aborted")
        with call.org.store.writing() as connection:
            # Read again: its worker may have come further.
            job = jobs.asked_for(call, _KIND, job_id)
            job["state"] = "Aborted"
            jobs.put(connection, job)
    else:
        raise ApiError(
            400, "INVALIDJOB", f"InvalidJob : the state can be set to UploadComplete or Aborted, not {state}"
        )
    return Reply(200, _shown_at_first(job))


def _close(call: Call, job: Job) -> None:
    job["state"] = "UploadComplete"
    with call.org.store.writing() as connection:
        jobs.put(connection, job)
    call.org.work_off(job["id"])


def read(call: Call, job_id: str) -> Reply:
    """GET /jobs/ingest/<id>"""
    return Reply(200, _shown(jobs.asked_for(call, _KIND, job_id)))


def _shown(job: Job) -> Job:
    numbers = {
        "jobType": "V2Ingest",
        "retries": 0,
        "totalProcessingTime": 0,
        "apiActiveProcessingTime": 0,
        "apexProcessingTime": 0,
        "numberRecordsProcessed": 0,
        "numberRecordsFailed": 0,
    }
    return {**numbers, **_shown_at_first(job)}


def listed(call: Call) -> Reply:
    """GET /jobs/ingest"""
    records = [_shown(job) for job in jobs.shown(call, _KIND)]
    return Reply(200, {"done": True, "nextRecordsUrl": None, "records": records})


def remove(call: Call, job_id: str) -> Reply:
    """DELETE /jobs/ingest/<id>"""
    job = jobs.asked_for(call, _KIND, job_id)
    if job["state"] in ("Open", "InProgress"):
        raise _wrong_state(job, "deleted")
    with call.org.store.writing() as connection:
        jobs.remove(connection, job)
    return Reply(204)


def successful(call: Call, job_id: str) -> Reply:
    """GET /jobs/ingest/<id>/successfulResults"""
    return _results(call, job_id, "successful", ["sf__Id", "sf__Created"])


def failed(call: Call, job_id: str) -> Reply:
    """GET /jobs/ingest/<id>/failedResults"""
    return _results(call, job_id, "failed", ["sf__Id", "sf__Error"])


def _results(call: Call, job_id: str, kind: jobs.PageKind, first: list[str]) -> Reply:
    job = jobs.asked_for(call, _KIND, job_id)
    rows = jobs.rows_from(call.org.store, job["id"], kind, 0)
    return Reply(200, written(job, first + _header(call, job), rows), {"Content-Type": "text/csv;charset=UTF-8"})


def _header(call: Call, job: Job) -> list[str]:
    try:
        return next(rows_of(job, input_of(call, job["id"])), [])
    except InvalidFile:
        return []


def input_of(call: Call, job_id: str) -> bytes:
    """What was uploaded."""
    with call.org.store.reading() as connection:
        row = connection.execute("SELECT input FROM _jobs WHERE id = ?", (job_id,)).fetchone()
    return bytes(row[0] or b"")


def unprocessed(call: Call, job_id: str) -> Reply:
    """GET /jobs/ingest/<id>/unprocessedrecords"""
    job = jobs.asked_for(call, _KIND, job_id)
    rows = []
    header: list[str] = []
    if job["state"] in ("Failed", "Aborted"):
        data = input_of(call, job["id"])
        try:
            header, *rows = list(rows_of(job, data)) or [[]]
        except InvalidFile:
            return Reply(200, data, {"Content-Type": "text/csv;charset=UTF-8"})
        rows = rows[job.get("numberRecordsProcessed", 0) :]
    header = header or _header(call, job)
    return Reply(200, written(job, header, rows), {"Content-Type": "text/csv;charset=UTF-8"})
