"""Reads postings with their jobs and places from the org, as the model's Job."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import nh3

from integration.model.posting import Job, Place
from integration.model.vocabulary import PostingStatus, RequisitionStatus
from integration.ports import Record, Value
from integration.records import Channel, JobLocation, JobPosting, JobRequisition, LandingPage, parent
from integration.soql import Condition, both, compare, either, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

TAGS = {"p", "br", "ul", "ol", "li", "b", "strong", "i", "em", "u", "h3", "blockquote"}
_HEADING = re.compile(r"<(/?)h[1-6]\b", re.IGNORECASE)
_DIVISION = re.compile(r"<(/?)div\b", re.IGNORECASE)
_IDS_PER_QUERY = 200

_JOB = (
    JobRequisition.NAME,
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
    JobRequisition.INTERNAL_UNTIL,
    JobRequisition.STATUS,
    JobRequisition.STAMP,
    JobRequisition.LANDING_PAGE,
)
_PLACE = (
    JobLocation.ID,
    JobLocation.STREET,
    JobLocation.CITY,
    JobLocation.REGION,
    JobLocation.POSTAL_CODE,
    JobLocation.COUNTRY,
)
POSTING_FIELDS = (
    JobPosting.ID,
    JobPosting.STATUS,
    JobPosting.REQUISITION,
    JobPosting.CHANNEL,
    JobPosting.LOCATION,
    JobPosting.REFERENCE,
    JobPosting.TRACKED_URL,
    JobPosting.POSTED_AT,
    JobPosting.FINDINGS,
    *(parent(JobPosting.REQUISITION, name) for name in _JOB),
    *(parent(JobPosting.LOCATION, name) for name in (*_PLACE, JobLocation.REQUISITION)),
    parent(JobPosting.CHANNEL, Channel.NAME),
    parent(JobPosting.CHANNEL, Channel.KEY),
    parent(JobPosting.CHANNEL, Channel.ACTIVE),
    parent(JobPosting.CHANNEL, Channel.ADAPTER),
)


def of_requisition(row: Record, name: str) -> Value:
    """A field of the job of a posting's row."""
    return row[parent(JobPosting.REQUISITION, name)]


def postings(app: App, where: Condition) -> Iterator[Record]:
    """Postings with everything that is published of them, by requisition and age, streamed."""
    order = [JobPosting.REQUISITION, JobPosting.ID]
    return app.salesforce.rows(select(JobPosting.API_NAME, POSTING_FIELDS, where=where, order_by=order))


def public(today: date) -> Condition:
    """What makes a posting public. Feed, pages, listing and sitemap ask by this one rule."""
    internal = parent(JobPosting.REQUISITION, JobRequisition.INTERNAL_UNTIL)
    through = parent(JobPosting.REQUISITION, JobRequisition.VALID_THROUGH)
    return both(
        equals(JobPosting.STATUS, PostingStatus.LIVE),
        equals(parent(JobPosting.REQUISITION, JobRequisition.STATUS), RequisitionStatus.OPEN),
        either(equals(internal, None), compare(internal, "<", today)),
        either(equals(through, None), compare(through, ">=", today)),
    )


def is_public(row: Record, today: date) -> bool:
    """The same rule for a row that was read."""
    internal = day(of_requisition(row, JobRequisition.INTERNAL_UNTIL))
    through = day(of_requisition(row, JobRequisition.VALID_THROUGH))
    return (
        row[JobPosting.STATUS] == PostingStatus.LIVE
        and of_requisition(row, JobRequisition.STATUS) == RequisitionStatus.OPEN
        and (internal is None or internal < today)
        and (through is None or through >= today)
    )


def places(app: App, requisitions: Iterable[str] | None = None) -> dict[str, tuple[Place, ...]]:
    """Requisition id -> its places in the order they were entered; of all open jobs when none are named."""
    found: dict[str, list[Place]] = {}
    for where in _place_conditions(requisitions):
        query = select(JobLocation.API_NAME, (*_PLACE, JobLocation.REQUISITION), where=where, order_by=[JobLocation.ID])
        for row in app.salesforce.rows(query):
            found.setdefault(str(row[JobLocation.REQUISITION]), []).append(_place(row))
    return {requisition: tuple(listed) for requisition, listed in found.items()}


def _place_conditions(requisitions: Iterable[str] | None) -> Iterator[Condition]:
    if requisitions is None:
        yield equals(parent(JobLocation.REQUISITION, JobRequisition.STATUS), RequisitionStatus.OPEN)
        return
    wanted = sorted(set(requisitions))
    for start in range(0, len(wanted), _IDS_PER_QUERY):
        yield is_in(JobLocation.REQUISITION, wanted[start : start + _IDS_PER_QUERY])


def job_of(row: Record, known: dict[str, tuple[Place, ...]], company: str = "") -> Job:
    """The job of a posting's row: at the posting's own place, or at all places of the job."""

    def text(name: str) -> str:
        return str(of_requisition(row, name) or "").strip()

    def number(name: str) -> float | None:
        value = of_requisition(row, name)
        return None if value is None else float(value)

    requisition = str(row[JobPosting.REQUISITION])
    posted = row[JobPosting.POSTED_AT]
    own = row[JobPosting.LOCATION]
    return Job(
        requisition=text(JobRequisition.NAME),
        title=text(JobRequisition.TITLE),
        description=clean(text(JobRequisition.DESCRIPTION)),
        company=text(JobRequisition.COMPANY) or company,
        department=text(JobRequisition.DEPARTMENT),
        remote=bool(of_requisition(row, JobRequisition.REMOTE)),
        employment_type=text(JobRequisition.EMPLOYMENT_TYPE),
        salary_min=number(JobRequisition.SALARY_MIN),
        salary_max=number(JobRequisition.SALARY_MAX),
        salary_currency=text(JobRequisition.SALARY_CURRENCY),
        salary_unit=text(JobRequisition.SALARY_UNIT),
        posted_on=day(of_requisition(row, JobRequisition.OPENED_ON)) or day(posted),
        valid_through=day(of_requisition(row, JobRequisition.VALID_THROUGH)),
        places=(_place_of_posting(row),) if own else known.get(requisition, ()),
    )


def clean(description: str) -> str:
    """HTML with harmless tags only; plain text gets its paragraphs."""
    if "<" not in description:
        paragraphs = [part.strip() for part in description.replace("\r\n", "\n").split("\n\n") if part.strip()]
        return "".join(f"<p>{html.escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in paragraphs)
    # One level of headings, below the page's own, so that no reader meets a gap in the outline.
    description = _DIVISION.sub(r"<\1p", _HEADING.sub(r"<\1h3", description))
    return nh3.clean(description, tags=TAGS, attributes={}, clean_content_tags={"script", "style"}).strip()


def day(value: Value) -> date | None:
    """The day of a date or time as Salesforce writes it."""
    return date.fromisoformat(str(value)[:10]) if value else None


def live_page(app: App, page_id: Value) -> str:
    """The slug of a landing page that is live, or empty."""
    if not page_id:
        return ""
    where = both(equals(LandingPage.ID, page_id), compare(LandingPage.LIVE_VERSION, "!=", None))
    rows = app.salesforce.query(select(LandingPage.API_NAME, [LandingPage.SLUG], where=where))
    return str(rows[0][LandingPage.SLUG]) if rows else ""


def _place_of_posting(row: Record) -> Place:
    return _place({name: row[parent(JobPosting.LOCATION, name)] for name in _PLACE})


def _place(row: Record) -> Place:
    values = [str(row[name] or "").strip() for name in _PLACE]
    place_id, street, city, region, postal_code, country = values
    return Place(place_id, city, region, postal_code, country, street)
