"""Bulk API 2.0 query: the rows are fetched when the job is made and handed out in pages of CSV."""

import base64
import binascii
from typing import Any

from integration.local.org import soql
from integration.local.org.bulk import jobs
from integration.local.org.bulk.content import written
from integration.local.org.bulk.jobs import Job
from integration.local.org.errors import ApiError
from integration.local.org.web import Call, Reply

PAGE = 500
_KIND = "query"


def create(call: Call) -> Reply:
    """POST /jobs/query"""
    asked = call.json_object("operation", "query", "contentType", "columnDelimiter", "lineEnding", "concurrencyMode")
    if asked.get("operation") not in ("query", "queryAll"):
        raise ApiError(400, "INVALIDJOB", "InvalidJob : the operation must be query or queryAll")
    text = asked.get("query")
    if not isinstance(text, str):
        raise ApiError(400, "INVALIDJOB", "InvalidJob : query must be given")
    org = call.org
    with org.store.writing() as connection:
        result = soql.run_flat(
            connection,
            org.catalog,
            text,
            user=call.person,
            now=org.now(),
            include_deleted=asked["operation"] == "queryAll",
        )
        job = jobs.new_job(call, asked, object=soql_object(text, org.catalog), header=result.header)
        job["state"] = "JobComplete"
        job["numberRecordsProcessed"] = result.total_size
        jobs.add(connection, _KIND, job)
        page: list[list[str]] = []
        first = 0
        for row in result.rows:
            page.append(row)
            if len(page) == PAGE:
                jobs.add_page(connection, job["id"], "result", first, page)
                first, page = first + PAGE, []
        if page:
            jobs.add_page(connection, job["id"], "result", first, page)
    return Reply(200, {**_shown(job), "state": "UploadComplete"})


def soql_object(text: str, catalog: Any) -> str:
    """The object that a query reads from, in the catalog's spelling."""
    info = catalog.object(soql.parse(text).source)
    return info.name if info else ""


def _shown(job: Job) -> Job:
    hidden = ("header", "numberRecordsProcessed")
    return {name: value for name, value in job.items() if name not in hidden}


def read(call: Call, job_id: str) -> Reply:
    """GET /jobs/query/<id>"""
    return Reply(200, _with_numbers(jobs.asked_for(call, _KIND, job_id)))


def _with_numbers(job: Job) -> Job:
    numbers = {"jobType": "V2Query", "retries": 0, "totalProcessingTime": 0}
    return {**numbers, **_shown(job), "numberRecordsProcessed": job.get("numberRecordsProcessed", 0)}


def listed(call: Call) -> Reply:
    """GET /jobs/query"""
    records = [_with_numbers(job) for job in jobs.shown(call, _KIND)]
    return Reply(200, {"done": True, "nextRecordsUrl": None, "records": records})


def change(call: Call, job_id: str) -> Reply:
    """PATCH /jobs/query/<id>: these jobs are done at once, so nothing can be aborted."""
    job = jobs.asked_for(call, _KIND, job_id)
    raise ApiError(400, "INVALIDJOBSTATE", f"InvalidJobState : a job in state {job['state']} cannot be aborted")


def remove(call: Call, job_id: str) -> Reply:
    """DELETE /jobs/query/<id>"""
    job = jobs.asked_for(call, _KIND, job_id)
    with call.org.store.writing() as connection:
        jobs.remove(connection, job)
    return Reply(204)


def results(call: Call, job_id: str) -> Reply:
    """GET /jobs/query/<id>/results?maxRecords=&locator="""
    job = jobs.asked_for(call, _KIND, job_id)
    total = job["numberRecordsProcessed"]
    start = _start(call.query.get("locator", ""), total)
    asked = call.query.get("maxRecords", "")
    if asked and (not asked.isdigit() or int(asked) < 1):
        raise ApiError(400, "INVALID_ARGUMENT", f"maxRecords must be a whole number above 0, not {asked}")
    most = int(asked) if asked else 50_000
    rows = list(jobs.rows_from(call.org.store, job["id"], "result", start, most))
    end = start + len(rows)
    locator = base64.urlsafe_b64encode(str(end).encode()).decode().rstrip("=") if end < total else "null"
    headers = {
        "Content-Type": "text/csv;charset=UTF-8",
        "Sforce-Locator": locator,
        "Sforce-NumberOfRecords": str(len(rows)),
    }
    return Reply(200, written(job, job["header"], rows), headers)


def _start(locator: str, total: int) -> int:
    if not locator or locator == "null":
        return 0
    try:
        start = int(base64.urlsafe_b64decode(locator + "=" * (-len(locator) % 4)))
    except (ValueError, binascii.Error) as error:
        raise ApiError(400, "INVALID_QUERY_LOCATOR", "invalid query locator") from error
    if not 0 <= start <= total:
        raise ApiError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    return start
