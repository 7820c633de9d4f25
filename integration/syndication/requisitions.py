"""Opens and closes jobs, with all their postings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected
from integration.model.vocabulary import PostingStatus, RequisitionStatus
from integration.pools import requisitions as pool_of_job
from integration.ports import Value
from integration.records import JobPosting, JobRequisition
from integration.registration import courtesy
from integration.soql import both, equals, is_in, select
from integration.syndication import postings

if TYPE_CHECKING:
    from integration.app import App


def open_requisition(app: App, requisition_id: str) -> str:
    """Key: the requisition. Opens the job and publishes its drafts; one bad posting does not hold up the others."""
    row = app.salesforce.get(
        JobRequisition.API_NAME, requisition_id, [JobRequisition.TITLE, JobRequisition.OPENED_ON, JobRequisition.STATUS]
    )
    if not str(row[JobRequisition.TITLE] or "").strip():
        raise Rejected("The job has no title. Enter one before you open it.", field="Title")
    values: dict[str, Value] = {JobRequisition.STATUS: RequisitionStatus.OPEN.value}
    if not row[JobRequisition.OPENED_ON]:
        values[JobRequisition.OPENED_ON] = app.clock.now().date().isoformat()
    app.salesforce.update(JobRequisition.API_NAME, requisition_id, values)
    published, refused, closed = 0, [], 0
    for posting in _postings(app, requisition_id):
        if posting[JobPosting.STATUS] == PostingStatus.CLOSED:
            closed += 1
        elif posting[JobPosting.STATUS] != PostingStatus.LIVE:
            posting_id = str(posting[JobPosting.ID])
            try:
                message = postings.publish(app, posting_id)
                published += 1
            except Rejected as rejected:
                message = rejected.message
                refused.append(message)
            app.salesforce.update(JobPosting.API_NAME, posting_id, {JobPosting.MESSAGE: message[:1_000]})
    try:
        suggested = pool_of_job.opened(app, requisition_id)
    except Rejected as rejected:
        suggested = rejected.message  # the job is open all the same
    log.event("requisition.opened", requisition=requisition_id, published=published, refused=len(refused))
    return f"{_opened_message(published, refused, closed)} {suggested}"


def close_requisition(app: App, requisition_id: str) -> str:
    """Key: the requisition. Closes the job and every posting of it that is out."""
    app.salesforce.update(
        JobRequisition.API_NAME, requisition_id, {JobRequisition.STATUS: RequisitionStatus.CLOSED.value}
    )
    out = [row for row in _postings(app, requisition_id) if row[JobPosting.STATUS] != PostingStatus.DRAFT]
    closed = postings.close_rows(app, out, "Closed together with the job.")
    pool_of_job.closed(app, requisition_id)
    row = app.salesforce.get(JobRequisition.API_NAME, requisition_id, [JobRequisition.CLOSING_MAIL])
    if row[JobRequisition.CLOSING_MAIL]:
        courtesy.tell_closed(app, requisition_id, str(row[JobRequisition.CLOSING_MAIL]))
    log.event("requisition.closed", requisition=requisition_id, postings=closed)
    return f"Closed, with {closed} {'posting' if closed == 1 else 'postings'}. Feeds and pages follow within a minute."


def _postings(app: App, requisition_id: str) -> list[dict[str, Value]]:
    fields = [JobPosting.ID, JobPosting.STATUS]
    where = both(
        equals(JobPosting.REQUISITION, requisition_id),
        is_in(JobPosting.STATUS, [status.value for status in PostingStatus]),
    )
    return app.salesforce.query(select(JobPosting.API_NAME, fields, where=where, order_by=[JobPosting.ID]))


def _opened_message(published: int, refused: list[str], closed: int) -> str:
    if not published and not refused:
        text = "Open. It has no draft postings: add one for each channel where it should appear."
    else:
        text = f"Open, with {published} {'posting' if published == 1 else 'postings'} going out."
    if closed:
        text += f" {closed} closed before stay closed: publish them again if they should come back."
    if refused:
        text += f" {len(refused)} did not go out: {refused[0]}"
    return text
