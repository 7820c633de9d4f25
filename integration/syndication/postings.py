"""Publishes and closes postings: the record first, then the surfaces through the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from integration import brands, log
from integration.errors import Gone, Rejected
from integration.model import link, snapshot
from integration.model.announcing import ANNOUNCERS
from integration.model.feed import ADAPTERS
from integration.model.google_jobs import advice
from integration.model.posting import Finding, Job, reference_of
from integration.model.vocabulary import PostingStatus, RequisitionStatus
from integration.ports import Queue, Record, Value
from integration.records import Channel, JobLocation, JobPosting, JobRequisition, parent
from integration.soql import equals
from integration.syndication import announcing, links, reading

if TYPE_CHECKING:
    from integration.app import App


def publish(app: App, posting_id: str) -> str:
    """Key: the posting. Checks it, gives it its reference and tracked address, and has its surfaces made.

    The reference is made from the record's id, so publishing twice, or again after closing, keeps it.
    """
    row = _read(app, posting_id)
    _check_records(app, row)
    brand, _ = brands.read(app)
    job = reading.job_of(row, reading.places(app, [str(row[JobPosting.REQUISITION])]), brand["name"])
    now = app.clock.now()
    reference = str(row[JobPosting.REFERENCE] or reference_of(posting_id))
    found = findings_of(app, job, reference)
    if any(finding.blocks for finding in found):
        _fail(app, row, found)
    values: dict[str, Value] = {
        JobPosting.FINDINGS: "\n".join(finding.message for finding in found) or None,
        JobPosting.TRACKED_URL: tracked_address(app, row, reference),
    }
    if not row[JobPosting.REFERENCE]:
        values[JobPosting.REFERENCE] = reference
    until = reading.day(reading.of_requisition(row, JobRequisition.INTERNAL_UNTIL))
    if until is not None and until >= now.date():
        app.salesforce.update(JobPosting.API_NAME, posting_id, values)
        return f"Waiting: the job is internal until {until.isoformat()}. It goes out on its own the day after."
    values |= {JobPosting.STATUS: PostingStatus.LIVE.value, JobPosting.CLOSED_AT: None}
    if row[JobPosting.STATUS] != PostingStatus.LIVE or not row[JobPosting.POSTED_AT]:
        values[JobPosting.POSTED_AT] = now.isoformat(timespec="seconds")
    app.salesforce.update(JobPosting.API_NAME, posting_id, values)
    announcing.line_up(app, [posting_id], is_closed=False)
    ask_for_surfaces(app, [posting_id])
    log.event("posting.published", posting=posting_id, findings=len(found))
    return _published_message(app, row, reference, found)


def findings_of(app: App, job: Job, reference: str) -> list[Finding]:
    """What stands in the findings of a posting: what boards refuse, or what Google would make of its page."""
    today = app.clock.now().date()
    # What has no day yet is posted today.
    dated = replace(job, posted_on=job.posted_on or today)
    return advice(dated, today, url=f"{app.config.public_base_url}/jobs/{reference}")


def close(app: App, posting_id: str) -> str:
    """Key: the posting. Takes it off feed, sitemap and page; the page's address answers that it is gone."""
    row = _read(app, posting_id)
    close_rows(app, [row])
    return "Closed. Feed, sitemap and page follow within a minute."


def close_rows(app: App, rows: Sequence[Record], message: str = "") -> int:
    """Closes those that are not closed, and has the surfaces made for all, so that a repeated close repairs."""
    now = app.clock.now().isoformat(timespec="seconds")
    changes: list[dict[str, Value]] = []
    for row in rows:
        if row[JobPosting.STATUS] != PostingStatus.CLOSED:
            change: dict[str, Value] = {
                JobPosting.ID: row[JobPosting.ID],
                JobPosting.STATUS: PostingStatus.CLOSED.value,
                JobPosting.CLOSED_AT: now,
            }
            changes.append(change | ({JobPosting.MESSAGE: message} if message else {}))
    for outcome in app.salesforce.update_many(JobPosting.API_NAME, changes) if changes else []:
        if not outcome.success:
            raise Rejected(f"A posting could not be closed: {outcome.message}", value=outcome.id)
    announcing.line_up(app, [str(change[JobPosting.ID]) for change in changes], is_closed=True)
    ask_for_surfaces(app, [str(row[JobPosting.ID]) for row in rows])
    return len(changes)


def ask_for_surfaces(app: App, posting_ids: Sequence[str]) -> None:
    """Called after the records are written: whoever reads the org from now on sees them."""
    at = app.clock.now().isoformat()
    app.queues.send_many(Queue.POSTINGS, [{"posting": posting_id, "at": at} for posting_id in posting_ids])


def tracked_address(app: App, row: Record, reference: str) -> str:
    """The short link that counts a click for this posting and carries the visitor on to the job's page."""
    claims = {
        link.CHANNEL: str(row[JobPosting.CHANNEL]),
        link.POSTING: str(row[JobPosting.ID]),
        link.REQUISITION: str(row[JobPosting.REQUISITION]),
    }
    return links.tracked(app, f"/jobs/{reference}", claims)


def _read(app: App, posting_id: str) -> Record:
    rows = list(reading.postings(app, equals(JobPosting.ID, posting_id)))
    if not rows:
        raise Gone("The posting was deleted.")
    return rows[0]


def _check_records(app: App, row: Record) -> None:
    """That job, channel and place fit together."""
    name = row[parent(JobPosting.CHANNEL, Channel.NAME)]
    if not row[JobPosting.REQUISITION] or not row[JobPosting.CHANNEL]:
        raise Rejected("The posting needs a requisition and a channel. Choose both.", field="Channel")
    if not row[parent(JobPosting.CHANNEL, Channel.ACTIVE)]:
        raise Rejected(f"The channel {name} is not active. Activate it or choose another.", field="Channel")
    adapter = str(row[parent(JobPosting.CHANNEL, Channel.ADAPTER)] or "")
    if adapter and adapter not in (*ADAPTERS, *ANNOUNCERS):
        known = ", ".join(sorted((*ADAPTERS, *ANNOUNCERS)))
        raise Rejected(
            f"The channel {name} has the unknown adapter “{adapter}”. Enter one of {known}, or leave it empty for a "
            "channel without a feed.",
            field="Adapter",
            value=adapter,
        )
    if adapter and not snapshot.CHANNEL.fullmatch(str(row[parent(JobPosting.CHANNEL, Channel.KEY)] or "")):
        raise Rejected(f"The channel {name} has no key for its feed's address. Enter one, such as indeed.", field="Key")
    if reading.of_requisition(row, JobRequisition.STATUS) != RequisitionStatus.OPEN:
        raise Rejected("The job is not open. Open the requisition: its postings go out with it.", field="Requisition")
    place_job = row[parent(JobPosting.LOCATION, JobLocation.REQUISITION)]
    if row[JobPosting.LOCATION] and place_job != row[JobPosting.REQUISITION]:
        raise Rejected("The location belongs to another job. Choose one of this job's.", field="Location")


def _fail(app: App, row: Record, found: Sequence[Finding]) -> None:
    """Shows what is wrong and takes down what may stand; raises Rejected."""
    values: dict[str, Value] = {
        JobPosting.STATUS: PostingStatus.FAILED.value,
        JobPosting.FINDINGS: "\n".join(finding.message for finding in found),
    }
    app.salesforce.update(JobPosting.API_NAME, str(row[JobPosting.ID]), values)
    if row[JobPosting.STATUS] == PostingStatus.LIVE:
        ask_for_surfaces(app, [str(row[JobPosting.ID])])
    blocking = [finding for finding in found if finding.blocks]
    raise Rejected(" ".join(finding.message for finding in blocking), field=blocking[0].field)


def _published_message(app: App, row: Record, reference: str, found: Sequence[Finding]) -> str:
    feed = (
        f" and in the feed of {row[parent(JobPosting.CHANNEL, Channel.NAME)]}"
        if row[parent(JobPosting.CHANNEL, Channel.ADAPTER)]
        else ""
    )
    hints = f" {len(found)} hints stand in the findings." if found else ""
    return f"Live at {app.config.public_base_url}/jobs/{reference}{feed} within a minute.{hints}"
