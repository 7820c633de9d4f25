"""Jobs of the ATS become requisitions; one that a whole list does not name any more is closed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration import log
from integration.ats.connecting import Connection
from integration.ats.job_fields import fields, place_values
from integration.candidates.writing import raise_passing
from integration.model.ats import AtsJob, ats_id, own_id
from integration.model.ats_job import may_close, merged
from integration.model.vocabulary import Command, RequisitionStatus
from integration.ports import AtsJobs, Outcome, Record, Value
from integration.records import JobLocation, JobRequisition
from integration.soql import compare, select

if TYPE_CHECKING:
    from integration.app import App

LONGEST_NAME = 80
_READ = (
    JobRequisition.ID,
    JobRequisition.ATS_ID,
    JobRequisition.ATS_POSTING_ID,
    JobRequisition.STATUS,
    JobRequisition.FIELD_SOURCES,
    JobRequisition.TITLE,
    JobRequisition.DESCRIPTION,
    JobRequisition.DEPARTMENT,
    JobRequisition.COMPANY,
    JobRequisition.REMOTE,
    JobRequisition.EMPLOYMENT_TYPE,
    JobRequisition.SALARY_MIN,
    JobRequisition.SALARY_MAX,
    JobRequisition.SALARY_CURRENCY,
    JobRequisition.SALARY_UNIT,
    JobRequisition.OPENED_ON,
    JobRequisition.VALID_THROUGH,
)


@dataclass(frozen=True)
class JobsPulled:
    listed: int
    made: int = 0
    changed: int = 0
    closed: int = 0
    problems: tuple[str, ...] = ()


def pull_jobs(app: App, connection: Connection, system: AtsJobs) -> JobsPulled:
    """Key: connection and job. Raises what the list raises: then nothing is written and nothing closed."""
    jobs = {job.id: job for job in system.jobs()}
    before = app.claims.get(*_place(connection)) or {}
    rows = _standing(app, connection)
    new = [job for number, job in jobs.items() if number not in rows]
    made, problems = _make(app, connection, new)
    changed, refused = _change(app, connection, jobs, rows, set(before.get("listed", ())))
    closed, why = _close(app, connection, jobs, rows)
    app.claims.update(*_place(connection), {"listed": sorted(jobs)})
    log.event("ats.jobs_pulled", connection=connection.key, listed=len(jobs), made=made, changed=changed, closed=closed)
    told = [*problems, *refused, *([why] if why else [])]
    return JobsPulled(len(jobs), made, changed, closed, tuple(told))


def _standing(app: App, connection: Connection) -> dict[str, Record]:
    where = compare(JobRequisition.ATS_ID, "LIKE", ats_id(connection.key, "%"))
    rows = app.salesforce.query(select(JobRequisition.API_NAME, _READ, where=where))
    return {number: row for row in rows if (number := own_id(connection.key, str(row[JobRequisition.ATS_ID])))}


def _make(app: App, connection: Connection, jobs: Sequence[AtsJob]) -> tuple[int, list[str]]:
    rows = [_new(app, connection, job) for job in jobs]
    outcomes = app.salesforce.create_many(JobRequisition.API_NAME, rows) if rows else []
    raise_passing(outcomes)
    _place_jobs(app, connection, [(one.id, job) for one, job in zip(outcomes, jobs, strict=True) if one.success])
    made = [one.id for one in outcomes if one.success and one.created]
    # Opened in a second step: its places stand when the page is made.
    opening = [row_of(one, Command.OPEN) for one, job in zip(made, jobs, strict=False) if job.description]
    app.salesforce.update_many(JobRequisition.API_NAME, opening)
    return len(made), _told(outcomes, jobs)


def row_of(record_id: str, command: Command) -> dict[str, Value]:
    return {JobRequisition.ID: record_id, JobRequisition.COMMAND: command.value}


def _new(app: App, connection: Connection, job: AtsJob) -> dict[str, Value]:
    found = merged(fields(job), {}, "", app.clock.now(), connection.key)
    return {
        JobRequisition.NAME: job.title[:LONGEST_NAME],
        JobRequisition.ATS_ID: ats_id(connection.key, job.id),
        JobRequisition.ATS_POSTING_ID: job.posting or None,
        JobRequisition.FIELD_SOURCES: found.sources,
        **found.values,
    }


def _change(
    app: App, connection: Connection, jobs: Mapping[str, AtsJob], rows: Mapping[str, Record], listed_before: set[str]
) -> tuple[int, list[str]]:
    """Fields that differ; a job that was not listed for a while and is again opens again."""
    changes: list[dict[str, Value]] = []
    about = []
    for number, row in rows.items():
        if (job := jobs.get(number)) is None:
            continue
        found = merged(fields(job), row, str(row[JobRequisition.FIELD_SOURCES] or ""), app.clock.now(), connection.key)
        values: dict[str, Value] = dict(found.values)
        if job.posting and job.posting != row[JobRequisition.ATS_POSTING_ID]:
            values[JobRequisition.ATS_POSTING_ID] = job.posting
        if row[JobRequisition.STATUS] == RequisitionStatus.CLOSED and number not in listed_before:
            values[JobRequisition.COMMAND] = Command.OPEN.value
        if values:
            values[JobRequisition.FIELD_SOURCES] = found.sources
            changes.append({JobRequisition.ID: row[JobRequisition.ID], **values})
            about.append(job)
    outcomes = app.salesforce.update_many(JobRequisition.API_NAME, changes) if changes else []
    raise_passing(outcomes)
    _place_jobs(
        app, connection, [(str(rows[number][JobRequisition.ID]), jobs[number]) for number in rows if number in jobs]
    )
    return sum(1 for one in outcomes if one.success), _told(outcomes, about)


def _close(app: App, connection: Connection, jobs: Mapping[str, AtsJob], rows: Mapping[str, Record]) -> tuple[int, str]:
    still_open = [number for number, row in rows.items() if row[JobRequisition.STATUS] == RequisitionStatus.OPEN]
    closing, why = may_close(jobs, still_open, confirmed=connection.confirm_closing)
    changes = [row_of(str(rows[number][JobRequisition.ID]), Command.CLOSE) for number in sorted(closing)]
    if changes:
        raise_passing(app.salesforce.update_many(JobRequisition.API_NAME, changes))
    return len(changes), why


def _place_jobs(app: App, connection: Connection, jobs: Sequence[tuple[str, AtsJob]]) -> None:
    """Key: job and place. Places that the ATS names; what a person added stays."""
    rows: list[dict[str, Value]] = []
    for requisition, job in jobs:
        for place in dict.fromkeys(job.places):
            values = place_values(place)
            if values:
                mark = hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:12]
                key = f"{ats_id(connection.key, job.id)[:60]}|{mark}"
                rows.append({JobLocation.REQUISITION: requisition, JobLocation.KEY: key, **values})
    if rows:
        raise_passing(app.salesforce.upsert_many(JobLocation.API_NAME, JobLocation.KEY, rows))


def _told(outcomes: Sequence[Outcome], jobs: Sequence[AtsJob]) -> list[str]:
    pairs = zip(outcomes, jobs, strict=True)
    return [f"The job {job.id} was not written: {one.message}" for one, job in pairs if not one.success][:3]


def _place(connection: Connection) -> tuple[str, str]:
    return f"ats#{connection.key}", "jobs"
