"""Publishing a page as an immutable version, going back to an earlier one, taking it down, looking at a draft."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integration import log
from integration.errors import Rejected
from integration.model import link, org_hosts, snapshot
from integration.model.link import Purpose
from integration.model.vocabulary import PageStatus
from integration.pages import languages
from integration.pages.checking import FIELDS, checked
from integration.ports import Queue, Value
from integration.records import JobPosting, JobRequisition, LandingPage, parent
from integration.soql import both, compare, equals, select

if TYPE_CHECKING:
    from integration.app import App

PREVIEW_LIFE = timedelta(minutes=15)
_CHANGING = {"version", "published_at"}
"""What differs between two versions of the same page."""


def publish(app: App, page_id: str) -> str:
    """Key: the page and what stands on it: publishing the same again makes no new version."""
    row = app.salesforce.get(LandingPage.API_NAME, page_id, FIELDS)
    page = checked(app, page_id, row, draft=False)
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
    languages.rebuild(app, page_id, str(row[LandingPage.TRANSLATION_OF] or ""))
    _ask_for_listing(app, page_id)
    log.event("page.published", page=page_id, version=version)
    return f"Version {version} is live at {page['url']}" + ("." if is_new else ", as before: nothing had changed.")


def roll_back(app: App, page_id: str) -> str:
    """Key: the page and its live version. Shows the version before it, byte for byte as it was."""
    row = app.salesforce.get(
        LandingPage.API_NAME, page_id, [LandingPage.SLUG, LandingPage.URL, LandingPage.LIVE_VERSION]
    )
    slug = str(row[LandingPage.URL] or "").rpartition("/")[2] or str(row[LandingPage.SLUG] or "")
    live = int(str(row[LandingPage.LIVE_VERSION] or 0))
    if not live:
        raise Rejected("The page is not public: there is nothing to go back from. Publish it first.", field="Command")
    earlier = live - 1
    if earlier < 1 or app.site.read(snapshot.page_version(slug, earlier)) is None:
        raise Rejected(
            f"There is no version before {live} at this address. Change the page and publish it.", field="Command"
        )
    _write(app, snapshot.page(slug), {"version": earlier, "page": page_id})
    app.salesforce.update(LandingPage.API_NAME, page_id, {LandingPage.LIVE_VERSION: str(earlier)})
    log.event("page.rolled_back", page=page_id, version=earlier)
    return f"Version {earlier} is live again. The record still holds your newer text: publish it to show that."


def unpublish(app: App, page_id: str) -> str:
    """Key: the page. Its versions stay; only the pointer goes, and visitors find nothing there."""
    row = app.salesforce.get(
        LandingPage.API_NAME, page_id, [LandingPage.SLUG, LandingPage.URL, LandingPage.TRANSLATION_OF]
    )
    slugs = {str(row[LandingPage.SLUG] or ""), str(row[LandingPage.URL] or "").rpartition("/")[2]} - {""}
    app.site.delete([snapshot.page(slug) for slug in sorted(slugs)])
    values: dict[str, Value] = {LandingPage.STATUS: PageStatus.UNPUBLISHED.value, LandingPage.LIVE_VERSION: None}
    app.salesforce.update(LandingPage.API_NAME, page_id, values)
    languages.rebuild(app, page_id, str(row[LandingPage.TRANSLATION_OF] or ""))
    _ask_for_listing(app, page_id)
    log.event("page.unpublished", page=page_id)
    return "Not public any more. Its versions are kept: publish it to bring it back."


def preview(app: App, page_id: str) -> str:
    """Key: the page. Shows the draft at a signed address for 15 minutes, in frames of this org alone."""
    row = app.salesforce.get(LandingPage.API_NAME, page_id, FIELDS)
    page = checked(app, page_id, row, draft=True)
    frames = org_hosts.origins(app.salesforce.home(), app.config.namespace)
    _write(app, snapshot.preview(page_id), {**page, "version": 0, "frames": frames})
    token = app.links.sign(Purpose.PREVIEW, {link.PAGE: page_id}, expires=app.clock.now() + PREVIEW_LIFE)
    return f"Look at the draft within 15 minutes: {app.config.public_base_url}/preview/{token}"


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
