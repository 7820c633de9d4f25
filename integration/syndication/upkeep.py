"""The worker of the postings queue, and the hourly run that puts right what no command said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integration import log
from integration.errors import Rejected
from integration.model.feed import ADAPTERS
from integration.model.vocabulary import PostingStatus, RequisitionStatus
from integration.ports import Queue
from integration.records import Channel, JobLocation, JobPosting, JobRequisition, parent
from integration.soql import both, compare, equals, is_in, select
from integration.syndication import announcing, postings, reading, social, twin
from integration.syndication.feeds import rebuild
from integration.syndication.surfaces import rebuild_listing, rebuild_pages

if TYPE_CHECKING:
    from integration.app import App

_OVERLAP = timedelta(minutes=15)
"""Rows can commit after a later stamp was seen."""
_WATERMARK = ("watermark", "postings")
_TWIN_AFTER = 600
"""Seconds in which the feeds of the hour are made, before they are compared with the records."""


def refresh(app: App, message: Mapping[str, Any]) -> None:
    """Key: what the message names; everything is made anew from the org, so a second time changes nothing.

    {"posting": id} its page, feed, listing and sitemap · {"channel": id} its feed · {"listing": true} · {"all": true} ·
    {"twin": true} compares what boards see with the records.
    """
    asked = str(message.get("at", ""))
    if message.get("all"):
        publish_due(app)
    elif "posting" in message:
        _refresh_posting(app, str(message["posting"]), asked)
    elif "channel" in message:
        rebuild(app, str(message["channel"]), asked)
    elif message.get("listing"):
        rebuild_listing(app, asked)
    elif message.get("twin"):
        twin.check_all(app)
    else:
        raise Rejected("A message on the postings queue names no posting, channel or listing.")


def _refresh_posting(app: App, posting_id: str, asked: str) -> None:
    row = app.salesforce.get(JobPosting.API_NAME, posting_id, [JobPosting.REQUISITION, JobPosting.CHANNEL])
    rebuild_pages(app, str(row[JobPosting.REQUISITION]))
    rebuild(app, str(row[JobPosting.CHANNEL]), asked)
    rebuild_listing(app, asked)
    announcing.tell_due(app, network=str(row[JobPosting.CHANNEL]))


def publish_due(app: App) -> None:
    """Key: the hour. Closes what ran out, publishes what waited, follows edits, and makes every feed anew."""
    today = app.clock.now().date()
    _close_expired(app, today)
    _publish_waiting(app, today)
    _follow_edits(app)
    at = app.clock.now().isoformat()
    where = is_in(Channel.ADAPTER, ADAPTERS)
    channels = app.salesforce.query(select(Channel.API_NAME, [Channel.ID], where=where))
    app.queues.send_many(Queue.POSTINGS, [{"channel": channel[Channel.ID], "at": at} for channel in channels])
    rebuild_listing(app)
    announcing.tell_due(app)
    social.plan_day(app)
    app.queues.send(Queue.POSTINGS, {"twin": True}, delay_seconds=_TWIN_AFTER)


def _close_expired(app: App, today: Any) -> None:
    through = parent(JobPosting.REQUISITION, JobRequisition.VALID_THROUGH)
    where = both(equals(JobPosting.STATUS, PostingStatus.LIVE), compare(through, "<", today))
    rows = list(reading.postings(app, where))
    if rows:
        postings.close_rows(app, rows, "Closed: the job's last day has passed.")


def _publish_waiting(app: App, today: Any) -> None:
    """Postings that were published while their job was internal: they have a reference but are still drafts."""
    internal = parent(JobPosting.REQUISITION, JobRequisition.INTERNAL_UNTIL)
    where = both(
        equals(JobPosting.STATUS, PostingStatus.DRAFT),
        compare(JobPosting.REFERENCE, "!=", None),
        equals(parent(JobPosting.REQUISITION, JobRequisition.STATUS), RequisitionStatus.OPEN),
        compare(internal, "<", today),
    )
    for row in list(reading.postings(app, where)):
        posting_id = str(row[JobPosting.ID])
        try:
            message = postings.publish(app, posting_id)
        except Rejected as rejected:
            message = rejected.message
        app.salesforce.update(JobPosting.API_NAME, posting_id, {JobPosting.MESSAGE: message[:1_000]})


def _follow_edits(app: App) -> None:
    """Pages of jobs and places that were edited since the last run; the watermark is the org's own clock."""
    mark = app.claims.get(*_WATERMARK)
    since = datetime.fromisoformat(mark["stamp"]) - _OVERLAP if mark else app.clock.now() - timedelta(days=1)
    changed: dict[str, str] = {}
    for object_name, key in (
        (JobRequisition.API_NAME, JobRequisition.ID),
        (JobLocation.API_NAME, JobLocation.REQUISITION),
    ):
        query = select(object_name, [key, JobRequisition.STAMP], where=compare(JobRequisition.STAMP, ">=", since))
        for row in app.salesforce.rows(query):
            requisition, stamp = str(row[key] or ""), str(row[JobRequisition.STAMP])
            changed[requisition] = max(stamp, changed.get(requisition, ""))
    for requisition in sorted(changed.keys() - {""}):
        rebuild_pages(app, requisition)
    if changed:
        stamp = datetime.fromisoformat(max(changed.values())).isoformat()
        app.claims.put({"pk": _WATERMARK[0], "sk": _WATERMARK[1], "stamp": stamp})
    log.event("postings.followed", requisitions=len(changed))
