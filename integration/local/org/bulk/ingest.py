"""Bulk API 2.0 ingest: jobs are made, filled, closed, worked off in chunks and asked for their results."""

import io
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import IO, Any

from integration.local.org.bodies import read_json, refuse_other_content
from integration.local.org.bulk import jobs, uploads
from integration.local.org.bulk.content import Unreadable, rows_of, written
from integration.local.org.bulk.jobs import Job
from integration.local.org.errors import ApiError, not_implemented
from integration.local.org.multipart import is_multipart, parts
from integration.local.org.rest import check_writable, external_id_field
from integration.local.org.web import Call, Reply

OPERATIONS = ("insert", "update", "upsert", "delete", "hardDelete")
_NAMES = {
    "object",
    "operation",
    "externalIdFieldName",
    "contentType",
    "lineEnding",
    "columnDelimiter",
    "concurrencyMode",
    "assignmentRuleId",
}
_KIND = "ingest"
_CSV = {"Content-Type": "text/csv;charset=UTF-8"}
_HIDDEN = ("total", "done", "upload", "not_utf8", "unreadable")


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
        job = _fill(call, job, io.BytesIO(content))
        _close(call, job)
    return Reply(200, _shown_at_first(job))


def _in_parts(call: Call) -> tuple[dict[str, Any], bytes]:
    found = parts(call)
    asked = read_json({}, found.get("job", b""))
    if not isinstance(asked, dict) or found.keys() != {"job", "content"}:
        text = "A multipart request must have a part named job with JSON and one named content with CSV"
        raise ApiError(400, "INVALIDJOB", text)
    return asked, found["content"]


def _new(call: Call, asked: dict[str, Any]) -> Job:
    if unknown := sorted(asked.keys() - _NAMES):
        raise ApiError(400, "JSON_PARSER_ERROR", f'Unrecognized field "{unknown[0]}"')
    if asked.get("assignmentRuleId"):
        raise not_implemented("assignment rules of bulk jobs")
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
    return {name: value for name, value in job.items() if name not in _HIDDEN}


def upload(call: Call, job_id: str) -> Reply:
    """PUT /jobs/ingest/<id>/batches"""
    job = jobs.asked_for(call, _KIND, job_id)
    if job["state"] != "Open":
        raise _wrong_state(job, "uploaded to")
    refuse_other_content(call.headers, "text/csv")
    _fill(call, job, call.stream)
    return Reply(201)


def _wrong_state(job: Job, what: str) -> ApiError:
    text = f"InvalidJobState : a job in state {job['state']} cannot be {what}"
    return ApiError(400, "INVALIDJOBSTATE", text)


def _fill(call: Call, job: Job, content: IO[bytes]) -> Job:
    """The job with its file; one that it had before is forgotten."""
    store = call.org.store
    noted = uploads.keep(store, content)
    with store.writing() as connection:
        # Read again: the upload may have taken long.
        now = jobs.find(store, _KIND, job["id"])
        uploads.discard(store, (now if now["state"] == "Open" else noted).get("upload"))
        if now["state"] == "Open":
            now = {name: value for name, value in now.items() if name != "not_utf8"} | noted
            jobs.put(connection, now)
    if now["state"] != "Open":
        raise _wrong_state(now, "uploaded to")
    return now


def change(call: Call, job_id: str) -> Reply:
    """PATCH /jobs/ingest/<id> with the new state"""
    job = jobs.asked_for(call, _KIND, job_id)
    state = call.json_object("state").get("state")
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
    return Reply(200, written(job, first + _header(call, job), rows), _CSV)


def _header(call: Call, job: Job) -> list[str]:
    try:
        return next(rows_of(job, uploads.opened(call.org.store, job.get("upload"))), [])
    except Unreadable:
        return []


def unprocessed(call: Call, job_id: str) -> Reply:
    """GET /jobs/ingest/<id>/unprocessedrecords"""
    job = jobs.asked_for(call, _KIND, job_id)
    file = uploads.opened(call.org.store, job.get("upload"))
    if job["state"] not in ("Failed", "Aborted"):
        return Reply(200, written(job, _header(call, job), []), _CSV)
    if job.get("unreadable"):
        return Reply(200, iter(partial(file.read, uploads.PART), b""), _CSV)
    rows = _as_far_as_readable(rows_of(job, file))
    header, done = next(rows, []), job.get("numberRecordsProcessed", 0)
    return Reply(200, written(job, header, islice(rows, done, None)), _CSV)


def _as_far_as_readable(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Of a job that was aborted before its file was read to the end."""
    with suppress(Unreadable):
        yield from rows
