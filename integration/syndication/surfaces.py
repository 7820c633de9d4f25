"""What the public sees of jobs beside the feeds: their pages, the listing of the front page, the sitemap."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from integration import brands, log
from integration.model import consent, shelf, snapshot
from integration.model.feed import MOST_SITEMAP_URLS, sitemap, sitemap_index
from integration.model.posting import Job, employment_words, findings, json_ld, plain, salary_text
from integration.model.vocabulary import EventStatus, PostingStatus, Purpose
from integration.ports import Record
from integration.records import JobPosting, JobRequisition, LandingPage, RecruitingEvent
from integration.soql import both, compare, equals, select
from integration.syndication import reading

if TYPE_CHECKING:
    from integration.app import App

MOST_LISTED = 1_000
_SUMMARY = 155


def rebuild_pages(app: App, requisition_id: str) -> None:
    """Key: the requisition; made anew from the org each time. Writes the page of each of its postings, open or gone."""
    today = app.clock.now().date()
    where = both(equals(JobPosting.REQUISITION, requisition_id), compare(JobPosting.REFERENCE, "!=", None))
    rows = [row for row in reading.postings(app, where) if row[JobPosting.STATUS] != PostingStatus.DRAFT]
    if not rows:
        return
    known = reading.places(app, [requisition_id])
    slug = reading.live_page(app, reading.of_requisition(rows[0], JobRequisition.LANDING_PAGE))
    brand, _ = brands.read(app, _brand_of_page(app, slug))
    jobs = {str(row[JobPosting.ID]): reading.job_of(row, known, brand["name"]) for row in rows}
    live = [row for row in rows if _is_shown(row, jobs[str(row[JobPosting.ID])], today)]
    # Several postings of one job are one page to search engines: the first that is open.
    canonical = _address(app, live[0]) if live else ""
    agreed = _consent(app)
    for row in rows:
        job = jobs[str(row[JobPosting.ID])]
        page = _facts(job, row) | {"brand": brand}
        if row in live:
            page |= _open_page(app, job, row, canonical) | {"page": slug, "consent": agreed}
        else:
            page["state"] = "closed"
        _write(app, snapshot.job(str(row[JobPosting.REFERENCE])), page)
    log.event("pages.rebuilt", requisition=requisition_id, open=len(live), closed=len(rows) - len(live))


def _is_shown(row: Record, job: Job, today: Any) -> bool:
    """A job that no board may show has no page either."""
    return reading.is_public(row, today) and not any(finding.blocks for finding in findings(job, today))


def _facts(job: Job, row: Record) -> dict[str, Any]:
    """What the listing shows of a job, and what stays of a closed one."""
    return {
        "reference": str(row[JobPosting.REFERENCE]),
        "posting": str(row[JobPosting.ID]),
        "requisition": str(row[JobPosting.REQUISITION]),
        "title": job.title,
        "company": job.company,
        "department": job.department,
        "remote": job.remote,
        "places": [place.text for place in job.places],
        "employment": employment_words(job.employment_type),
        "salary": salary_text(job),
        "posted_on": job.posted_on.isoformat() if job.posted_on else "",
    }


def _open_page(app: App, job: Job, row: Record, canonical: str) -> dict[str, Any]:
    words = plain(job.description)
    return {
        "state": "live",
        "tracked": str(row[JobPosting.TRACKED_URL] or ""),
        "canonical": canonical,
        "description": job.description,
        "summary": words if len(words) <= _SUMMARY else words[: _SUMMARY - 1].rsplit(" ", 1)[0] + "…",
        "valid_through": job.valid_through.isoformat() if job.valid_through else "",
        "json_ld": json_ld(job, url=canonical, identifier=job.requisition),
    }


def _address(app: App, row: Record) -> str:
    return f"{app.config.public_base_url}/jobs/{row[JobPosting.REFERENCE]}"


def _consent(app: App) -> dict[str, Any]:
    """What an applicant may agree to beside the application, with the text kept as proof."""
    purposes = [Purpose.TALENT_COMMUNITY.value]
    return keep_consent(app, consent.DEFAULT_TEXT, purposes, "en")


def keep_consent(app: App, text: str, purposes: list[str], locale: str) -> dict[str, Any]:
    """Writes down what people will read before they tick, under the version that their consents name."""
    whole = consent.whole_text(text, purposes, locale)
    version = consent.text_version(whole, locale)
    kept = {"text": whole, "locale": locale, "since": app.clock.now().isoformat()}
    data = json.dumps(kept, ensure_ascii=False).encode()
    app.site.write(snapshot.consent(version), data, content_type="application/json", unless_exists=True)
    return {"text": text, "version": version, "purposes": purposes}


def _brand_of_page(app: App, slug: str) -> str:
    if not slug:
        return ""
    rows = app.salesforce.query(select(LandingPage.API_NAME, [LandingPage.BRAND], where=equals(LandingPage.SLUG, slug)))
    return str(rows[0][LandingPage.BRAND] or "") if rows else ""


def rebuild_listing(app: App, asked: str = "") -> None:
    """Key: none, made anew from the org each time. The front page's listing and the sitemap, from one reading."""
    if asked and asked < _listing_read_at(app):
        return
    read_at = app.clock.now().isoformat()
    brand, _ = brands.read(app)
    pages = list(_live_pages(app))
    addresses = [(f"{app.config.public_base_url}/", read_at[:10])]
    addresses += [(f"{app.config.public_base_url}/p/{page['slug']}", page.pop("changed")) for page in pages]
    addresses += list(_coming_events(app))
    before = len(addresses)
    newest = heapq.nlargest(MOST_LISTED, _listed(app, brand["name"], addresses), key=lambda job: job["posted_on"])
    if _listing_read_at(app) > read_at:
        return  # a worker that read later was faster, and knows better
    count = len(addresses) - before
    shelves = shelf.shelves(newest)
    addresses += [(f"{app.config.public_base_url}/jobs/in/{path}", read_at[:10]) for path in shelves]
    _write_sitemap(app, addresses)
    _write(
        app,
        snapshot.LISTING,
        {"brand": brand, "jobs": newest, "pages": pages, "count": count, "read_at": read_at},
    )
    log.event("listing.rebuilt", jobs=count, pages=len(pages))


def _listing_read_at(app: App) -> str:
    standing = app.site.read(snapshot.LISTING)
    return str(json.loads(standing)["read_at"]) if standing else ""


def _listed(app: App, company: str, addresses: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Each open job once, at its first posting that is shown; its address is noted for the sitemap on the way."""
    today = app.clock.now().date()
    known = reading.places(app)
    last = ""
    for row in reading.postings(app, reading.public(today)):
        requisition = str(row[JobPosting.REQUISITION])
        if requisition == last:
            continue
        job = reading.job_of(row, known, company)
        if not _is_shown(row, job, today):
            continue
        last = requisition
        addresses.append((_address(app, row), _w3c(str(reading.of_requisition(row, JobRequisition.STAMP)))))
        yield _facts(job, row)


def _live_pages(app: App) -> Iterator[dict[str, Any]]:
    fields = (LandingPage.SLUG, LandingPage.HEADLINE, LandingPage.INTRO, LandingPage.LANGUAGE, LandingPage.STAMP)
    where = compare(LandingPage.LIVE_VERSION, "!=", None)
    for row in app.salesforce.rows(select(LandingPage.API_NAME, fields, where=where, order_by=[LandingPage.SLUG])):
        intro = " ".join(str(row[LandingPage.INTRO] or "").split())
        yield {
            "slug": str(row[LandingPage.SLUG]),
            "headline": str(row[LandingPage.HEADLINE] or row[LandingPage.SLUG]),
            "intro": intro if len(intro) <= _SUMMARY else intro[: _SUMMARY - 1] + "…",
            "language": str(row[LandingPage.LANGUAGE] or "en"),
            "changed": _w3c(str(row[LandingPage.STAMP])),
        }


def _coming_events(app: App) -> Iterator[tuple[str, str]]:
    """Address and last change of the events to which people can still come."""
    where = both(
        equals(RecruitingEvent.STATUS, EventStatus.LIVE), compare(RecruitingEvent.ENDS_AT, ">", app.clock.now())
    )
    fields = (RecruitingEvent.URL, RecruitingEvent.STAMP)
    order = [RecruitingEvent.STARTS_AT, RecruitingEvent.ID]
    for row in app.salesforce.rows(select(RecruitingEvent.API_NAME, fields, where=where, order_by=order)):
        yield str(row[RecruitingEvent.URL]), _w3c(str(row[RecruitingEvent.STAMP]))


def _write_sitemap(app: App, addresses: list[tuple[str, str]]) -> None:
    """One file, or an index of files when there are too many addresses for one."""
    if len(addresses) <= MOST_SITEMAP_URLS:
        app.site.write_stream(snapshot.SITEMAP, sitemap(addresses), content_type="application/xml")
        return
    parts = []
    for number, start in enumerate(range(0, len(addresses), MOST_SITEMAP_URLS), start=1):
        part = sitemap(addresses[start : start + MOST_SITEMAP_URLS])
        app.site.write_stream(snapshot.sitemap_part(number), part, content_type="application/xml")
        parts.append(f"{app.config.public_base_url}/sitemap-{number}.xml")
    app.site.write(snapshot.SITEMAP, sitemap_index(parts), content_type="application/xml")


def _w3c(stamp: str) -> str:
    return datetime.fromisoformat(stamp).isoformat(timespec="seconds")


def _write(app: App, key: str, value: dict[str, Any]) -> None:
    app.site.write(key, json.dumps(value, ensure_ascii=False).encode(), content_type="application/json")
