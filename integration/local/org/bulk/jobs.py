"""Bulk jobs in the database: what was asked, how far it is, and pages of rows that came of it."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any, Literal

from integration.local.org.errors import ApiError, not_implemented, nothing_there
from integration.local.org.ids import new_id
from integration.local.org.store import Store
from integration.local.org.values import moment
from integration.local.org.web import Call

PageKind = Literal["successful", "failed", "result"]
Job = dict[str, Any]

DELIMITERS = {"BACKQUOTE": "`", "CARET": "^", "COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "TAB": "\t"}
LINE_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}
_PREFIX = "750"


def new_job(call: Call, asked: dict[str, Any], **more: Any) -> Job:
    """A job as it is shown, with the defaults of what was not said."""
    for name, value in asked.items():
        if value is not None and not isinstance(value, str):
            raise ApiError(400, "INVALIDJOB", f"InvalidJob : {name} must be a text")
    delimiter, ending = asked.get("columnDelimiter", "COMMA"), asked.get("lineEnding", "LF")
    if delimiter not in DELIMITERS:
        raise ApiError(
            400, "INVALIDJOB", f"Unsupported columnDelimiter: {delimiter}; use one of {', '.join(DELIMITERS)}"
        )
    if ending not in LINE_ENDINGS:
        raise ApiError(400, "INVALIDJOB", f"Unsupported lineEnding: {ending}; use LF or CRLF")
    if asked.get("contentType", "CSV") != "CSV":
        raise not_implemented(f"bulk jobs with content of type {asked['contentType']}")
    stamp = moment(call.org.now()).replace("Z", "+0000")
    number = call.org.store.next_number("_jobs")
    return {
        "id": new_id(_PREFIX, number),
        "operation": asked["operation"],
        "createdById": call.person.id,
        "createdDate": stamp,
        "systemModstamp": stamp,
        "state": "Open",
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(call.version),
        "lineEnding": ending,
        "columnDelimiter": delimiter,
        **more,
    }


def add(connection: sqlite3.Connection, kind: str, job: Job) -> None:
    connection.execute("INSERT INTO _jobs (id, kind, job) VALUES (?, ?, ?)", (job["id"], kind, json.dumps(job)))


def put(connection: sqlite3.Connection, job: Job) -> None:
    connection.execute("UPDATE _jobs SET job = ? WHERE id = ?", (json.dumps(job), job["id"]))


def find(store: Store, kind: str, job_id: str) -> Job:
    """A job, or the org's refusal; an id of 15 characters does as well."""
    with store.reading() as connection:
        row = connection.execute(
            "SELECT job FROM _jobs WHERE kind = ? AND substr(id, 1, 15) = substr(?, 1, 15)", (kind, job_id)
        ).fetchone()
    if row is None:
        raise nothing_there()
    job: Job = json.loads(row[0])
    return job


def asked_for(call: Call, kind: str, job_id: str) -> Job:
    """The job that a request names; those of others are for who sees everything."""
    job = find(call.org.store, kind, job_id)
    if not _is_shown(call, job):
        raise nothing_there()
    return job


def _is_shown(call: Call, job: Job) -> bool:
    return job["createdById"] == call.person.id or call.person.access.sees_everything


def shown(call: Call, kind: str) -> list[Job]:
    """The jobs of a kind that this user may see, newest first."""
    return [job for job in every(call.org.store, kind) if _is_shown(call, job)]


def every(store: Store, kind: str) -> list[Job]:
    """All jobs of a kind, newest first."""
    with store.reading() as connection:
        rows = connection.execute("SELECT job FROM _jobs WHERE kind = ? ORDER BY id DESC", (kind,)).fetchall()
    return [json.loads(row[0]) for row in rows]


def remove(connection: sqlite3.Connection, job: Job) -> None:
    connection.execute("DELETE FROM _jobs WHERE id = ?", (job["id"],))
    connection.execute("DELETE FROM _job_pages WHERE job_id = ?", (job["id"],))
    connection.execute("DELETE FROM _job_parts WHERE upload = ?", (job.get("upload"),))


def add_page(connection: sqlite3.Connection, job_id: str, kind: PageKind, first: int, rows: list[list[str]]) -> None:
    """Rows that came of a job, the first of them being the `first` of its kind."""
    values = (job_id, kind, first, len(rows), json.dumps(rows, ensure_ascii=False))
    connection.execute("INSERT INTO _job_pages (job_id, kind, first, rows, page) VALUES (?, ?, ?, ?, ?)", values)


def rows_from(store: Store, job_id: str, kind: PageKind, start: int, most: int | None = None) -> Iterator[list[str]]:
    """Rows that came of a job, from one on, at most so many; page by page, so that none waits for a slow reader."""
    end = None if most is None else start + most
    found: tuple[int, str] | None = _page(store, "first <= ?2 ORDER BY first DESC", job_id, start, kind) or (-1, "[]")
    while found and (end is None or found[0] < end):
        first, page = found
        rows = json.loads(page)
        yield from rows[max(0, start - first) : None if end is None else end - first]
        found = _page(store, "first > ?2 ORDER BY first", job_id, first, kind)


def _page(store: Store, which: str, job_id: str, first: int, kind: PageKind) -> tuple[int, str] | None:
    sql = f"SELECT first, page FROM _job_pages WHERE job_id = ?1 AND kind = ?3 AND {which} LIMIT 1"  # noqa: S608
    with store.reading() as connection:
        page: tuple[int, str] | None = connection.execute(sql, (job_id, first, kind)).fetchone()
    return page
