"""Landing pages: checked, frozen as numbered versions, and pointed at by one small file."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integration import brands, log
from integration.errors import Rejected
from integration.model import link, snapshot
from integration.model.link import Purpose
from integration.model.page import Block, default_blocks, read_blocks, sentence, slug_problem
from integration.model.vocabulary import PageStatus
from integration.model.vocabulary import Purpose as Topic
from integration.ports import Queue, Record, Value
from integration.records import JobPosting, JobRequisition, LandingPage, parent
from integration.soql import both, compare, equals, select
from integration.syndication.surfaces import keep_consent

if TYPE_CHECKING:
    from integration.app import App

PREVIEW_LIFE = timedelta(minutes=15)
_SUMMARY = 155
_FIELDS = (
    LandingPage.SLUG,
    LandingPage.BRAND,
    LandingPage.POOL,
    LandingPage.HEADLINE,
    LandingPage.INTRO,
    LandingPage.BLOCKS,
    LandingPage.LANGUAGE,
    LandingPage.CONSENT_TEXT,
    LandingPage.DOUBLE_OPT_IN,
    LandingPage.REQUISITION,
    LandingPage.LIVE_VERSION,
    LandingPage.URL,
)
_CHANGING = {"version", "published_at"}
"""What differs between two versions of the same page."""


def publish(app: App, page_id: str) -> str:
    """Key: the page and what stands on it: publishing the same again makes no new version."""
    row = app.salesforce.get(LandingPage.API_NAME, page_id, _FIELDS)
    page = _checked(app, page_id, row, draft=False)
    slug = page["slug"]
    version, is_new = _freeze(app, page)
    _write(app, snapshot.page(slug), {"version": version, "page": page_id})
    _forward(app, str(row[LandingPage.URL] or ""), slug)
    values: dict[str, Value] = {
        LandingPage.STATUS: PageStatus.LIVE.value,
        LandingPage.LIVE_VERSION: str(version),
        LandingPage.URL: page["url"],
    }
    app.salesforce.update(LandingPage.API_NAME, page_id, values)
    _ask_for_listing(app, page_id)
    log.event("page.published", page=page_id, version=version)
    return f"Version {version} is live at {page['url']}" + ("." if is_new else ", as before: nothing had changed.")


def unpublish(app: App, page_id: str) -> str:
    """Key: the page. Its versions stay; only the pointer goes, and visitors find nothing there."""
    row = app.salesforce.get(LandingPage.API_NAME, page_id, [LandingPage.SLUG, LandingPage.URL])
    slugs = {str(row[LandingPage.SLUG] or ""), str(row[LandingPage.URL] or "").rpartition("/")[2]} - {""}
    app.site.delete([snapshot.page(slug) for slug in sorted(slugs)])
    values: dict[str, Value] = {LandingPage.STATUS: PageStatus.UNPUBLISHED.value, LandingPage.LIVE_VERSION: None}
    app.salesforce.update(LandingPage.API_NAME, page_id, values)
    _ask_for_listing(app, page_id)
    log.event("page.unpublished", page=page_id)
    return "Not public any more. Its versions are kept: publish it to bring it back."


def preview(app: App, page_id: str) -> str:
    """Key: the page. Shows the draft at a signed address for a quarter of an hour."""
    row = app.salesforce.get(LandingPage.API_NAME, page_id, _FIELDS)
    page = _checked(app, page_id, row, draft=True)
    _write(app, snapshot.preview(page_id), {**page, "version": 0})
    token = app.links.sign(Purpose.PREVIEW, {link.PAGE: page_id}, expires=app.clock.now() + PREVIEW_LIFE)
    return f"Look at the draft within 15 minutes: {app.config.public_base_url}/preview/{token}"


def _checked(app: App, page_id: str, row: Record, *, draft: bool) -> dict[str, Any]:
    """Everything a visitor will see; raises Rejected with all that is wrong at once."""
    text = {name: str(row[name] or "").strip() for name in _FIELDS if name != LandingPage.DOUBLE_OPT_IN}
    slug = text[LandingPage.SLUG]
    blocks, problems = _blocks(text)
    if problem := slug_problem(slug):
        problems.insert(0, problem)
    if not text[LandingPage.HEADLINE]:
        problems.append("The headline is empty. Write what the page is about.")
    form = next((block for block in blocks if block["type"] == "form"), None)
    if form is not None and not draft:
        if not text[LandingPage.CONSENT_TEXT]:
            problems.append("The consent text is empty. Write what people agree to when they register.")
        if not text[LandingPage.POOL]:
            problems.append("The page has a form but no pool. Choose the pool that people join.")
    brand, brand_problems = brands.read(app, text[LandingPage.BRAND])
    problems += brand_problems
    if problems:
        raise Rejected(sentence(problems), field="Blocks" if blocks == [] else "")
    language = text[LandingPage.LANGUAGE] or "en"
    purposes = (form or {}).get("purposes") or [Topic.TALENT_COMMUNITY.value]
    intro = " ".join(text[LandingPage.INTRO].split())
    return {
        "id": page_id,
        "slug": slug,
        "url": f"{app.config.public_base_url}/p/{slug}",
        "headline": text[LandingPage.HEADLINE],
        "intro": intro if len(intro) <= _SUMMARY else intro[: _SUMMARY - 1] + "…",
        "blocks": blocks,
        "language": language,
        "brand": brand,
        "consent": keep_consent(app, text[LandingPage.CONSENT_TEXT], purposes, language),
        "double_opt_in": bool(row[LandingPage.DOUBLE_OPT_IN]),
        "pool": text[LandingPage.POOL],
        "requisition": text[LandingPage.REQUISITION],
    }


def _blocks(text: dict[str, str]) -> tuple[list[Block], list[str]]:
    if text[LandingPage.BLOCKS]:
        return read_blocks(text[LandingPage.BLOCKS])
    return default_blocks(text[LandingPage.HEADLINE], text[LandingPage.INTRO]), []


def _freeze(app: App, page: dict[str, Any]) -> tuple[int, bool]:
    """The number of the version that holds this page, and whether it was made now. Numbers are taken one by one."""
    slug = page["slug"]
    pointer = app.site.read(snapshot.page(slug))
    number = int(json.loads(pointer).get("version") or 0) if pointer else 0
    if number:
        standing = json.loads(app.site.read(snapshot.page_version(slug, number)) or b"{}")
        if {name: value for name, value in standing.items() if name not in _CHANGING} == page:
            return number, False
    published_at = app.clock.now().isoformat()
    while True:
        number += 1
        data = json.dumps({**page, "version": number, "published_at": published_at}, ensure_ascii=False).encode()
        key = snapshot.page_version(slug, number)
        if app.site.write(key, data, content_type="application/json", unless_exists=True):
            return number, True


def _forward(app: App, old_address: str, slug: str) -> None:
    """Whoever has the page's former address is sent on."""
    old = old_address.rpartition("/")[2]
    if old and old != slug and snapshot.SLUG.fullmatch(old):
        _write(app, snapshot.page(old), {"version": 0, "moved_to": slug})


def _ask_for_listing(app: App, page_id: str) -> None:
    """The front page lists the page, and the pages of its jobs lead to it."""
    at = app.clock.now().isoformat()
    leads_here = equals(parent(JobPosting.REQUISITION, JobRequisition.LANDING_PAGE), page_id)
    where = both(leads_here, compare(JobPosting.REFERENCE, "!=", None))
    postings = app.salesforce.query(select(JobPosting.API_NAME, [JobPosting.ID], where=where))
    app.queues.send_many(Queue.POSTINGS, [{"posting": row[JobPosting.ID], "at": at} for row in postings])
    app.queues.send(Queue.POSTINGS, {"listing": True, "at": at})


def _write(app: App, key: str, value: dict[str, Any]) -> None:
    app.site.write(key, json.dumps(value, ensure_ascii=False).encode(), content_type="application/json")
