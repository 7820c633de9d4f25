"""The feed twin: reads our own feeds and pages from outside, as each board would, and compares them with the org."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from integration import brands, log
from integration.errors import Rejected
from integration.model import link
from integration.model.feed import ADAPTERS, DIALECTS, JSON_FEED, Publisher, form_of
from integration.model.feed.validating import items, values_of
from integration.model.google_jobs import read_page
from integration.model.link import BadToken, Purpose
from integration.model.posting import findings
from integration.model.twin import Expected, PageSeen, Seen, View, differences
from integration.model.vocabulary import PostingStatus
from integration.ports import Record
from integration.records import Channel, JobPosting
from integration.soql import both, compare, equals, is_in, select
from integration.syndication import reading
from integration.syndication.entries import FIELDS, Terms, entries_of

if TYPE_CHECKING:
    from integration.app import App

MOST_PAGES = 100
"""Pages of one channel that are read in one run; another hundred in the next."""
MOST_TOLD = 50
_JOB = re.compile(r"/jobs/([a-z0-9-]+)</loc>")
_CHANNEL = (Channel.KEY, Channel.ADAPTER, Channel.FEED_URL, Channel.NAME, *FIELDS)


def check_all(app: App) -> dict[str, list[str]]:
    """Key: the hour. Every active channel with a feed: channel id -> what is wrong; written on the channel."""
    where = both(is_in(Channel.ADAPTER, ADAPTERS), equals(Channel.ACTIVE, True))
    rows = app.salesforce.query(select(Channel.API_NAME, [Channel.ID, Channel.FEED_TEMPLATE, *_CHANNEL], where=where))
    # A form of the recruiters' own has been read back when it was made; only its author knows how to read it again.
    channels = [row for row in rows if not row[Channel.FEED_TEMPLATE]]
    sitemap = _sitemap(app)
    return {str(channel[Channel.ID]): _check(app, channel, sitemap) for channel in channels}


def check(app: App, posting_id: str) -> str:
    """Key: the posting. Checks the channel of a posting; what is wrong with this posting comes first."""
    row = app.salesforce.get(JobPosting.API_NAME, posting_id, [JobPosting.CHANNEL, JobPosting.REFERENCE])
    fields = [Channel.ID, Channel.FEED_TEMPLATE, *_CHANNEL]
    channel = app.salesforce.get(Channel.API_NAME, str(row[JobPosting.CHANNEL]), fields)
    if channel[Channel.ADAPTER] not in ADAPTERS or channel[Channel.FEED_TEMPLATE]:
        raise Rejected(
            "Nothing to compare: this channel has no feed in a form that Warmbench knows. Check a posting on a channel "
            "with a feed.",
            field="Adapter",
        )
    found = _check(app, channel, _sitemap(app), always=str(row[JobPosting.REFERENCE] or ""))
    own = [each for each in found if str(row[JobPosting.REFERENCE]) in each]
    if not found:
        return "Feed, page, sitemap and links say what the records say."
    if not own:
        return f"Nothing wrong with this posting; {len(found)} findings about others stand on the channel."
    return " ".join(own)[:900]


def _check(app: App, channel: Record, sitemap: frozenset[str], always: str = "") -> list[str]:
    records = list(_records(app, channel))
    feed = _feed(app, channel)
    asked = _sample(app, records, always)
    view = View(str(channel[Channel.ID]), feed, sitemap, {record.page: _page(app, record.page) for record in asked})
    found = list(differences(view, records, app.clock.now().date().isoformat()))
    text = "\n".join(found[:MOST_TOLD]) + (f"\n… and {len(found) - MOST_TOLD} more." if len(found) > MOST_TOLD else "")
    now = app.clock.now().isoformat(timespec="seconds")
    app.salesforce.update(
        Channel.API_NAME, str(channel[Channel.ID]), {Channel.FINDINGS: text or None, Channel.CHECKED_AT: now}
    )
    log.event("feed.checked", channel=channel[Channel.ID], postings=len(records), pages=len(asked), findings=len(found))
    return found


def _records(app: App, channel: Record) -> Iterator[Expected]:
    """Every posting of the channel that has ever been out, as it should be seen."""
    today = app.clock.now().date()
    known = reading.places(app)
    brand, _ = brands.read(app)
    terms = Terms.of(channel, app.config.public_base_url)
    form = form_of(str(channel[Channel.ADAPTER]), Publisher("", ""))
    where = both(
        equals(JobPosting.CHANNEL, channel[Channel.ID]),
        compare(JobPosting.REFERENCE, "!=", None),
        compare(JobPosting.STATUS, "!=", PostingStatus.DRAFT),
    )
    canonical = _canonical(app)
    for row in reading.postings(app, where):
        job = reading.job_of(row, known, brand["name"])
        is_open = reading.is_public(row, today) and not any(finding.blocks for finding in findings(job, today))
        taken = [entry for entry in entries_of(job, row, terms) if not form.refusals(entry, today)] if is_open else []
        yield Expected(
            posting=str(row[JobPosting.ID]),
            references=tuple(entry.reference for entry in taken),
            page=str(row[JobPosting.REFERENCE]),
            title=job.title,
            is_open=is_open,
            is_canonical=str(row[JobPosting.ID]) in canonical,
        )


def _canonical(app: App) -> set[str]:
    """The first open posting of each job, which is the one in the sitemap."""
    where = reading.public(app.clock.now().date())
    order = [JobPosting.REQUISITION, JobPosting.ID]
    rows = app.salesforce.rows(
        select(JobPosting.API_NAME, [JobPosting.ID, JobPosting.REQUISITION], where=where, order_by=order)
    )
    first: dict[str, str] = {}
    for row in rows:
        first.setdefault(str(row[JobPosting.REQUISITION]), str(row[JobPosting.ID]))
    return set(first.values())


def _feed(app: App, channel: Record) -> list[Seen] | None:
    address = str(channel[Channel.FEED_URL] or "")
    status, data = app.public_site.get(address) if address else (404, b"")
    if status != 200:
        return None
    adapter = str(channel[Channel.ADAPTER])
    try:
        if adapter == JSON_FEED:
            return [_seen(app, item["id"], item["title"], item["url"]) for item in json.loads(data)["items"]]
        dialect = DIALECTS[adapter]
        values = [values_of(dialect, item) for item in items(dialect, io.BytesIO(data))]
        return [_seen(app, each["reference"], each["title"], each.get("url", "")) for each in values]
    except (ValueError, KeyError, TypeError, ElementTree.ParseError):
        return None


def _seen(app: App, reference: str, title: str, url: str) -> Seen:
    """An entry with what its tracked link says; the link is read as the tracker reads it, so that no click counts."""
    claims: dict[str, Any] = {}
    prefix = f"{app.config.public_base_url}/c/"
    if url.startswith(prefix):
        try:
            claims = app.links.read(Purpose.LINK, url.removeprefix(prefix), app.clock.now())
        except BadToken:
            claims = {}
    return Seen(
        reference.removeprefix("urn:warmbench:"),
        title,
        url,
        claims.get(link.POSTING, ""),
        claims.get(link.CHANNEL, ""),
        claims.get(link.TARGET, ""),
    )


def _sitemap(app: App) -> frozenset[str]:
    base = app.config.public_base_url
    status, data = app.public_site.get(f"{base}/sitemap.xml")
    text = data.decode(errors="replace") if status == 200 else ""
    for part in re.findall(r"<loc>([^<]*/sitemap-\d+\.xml)</loc>", text):
        more, data = app.public_site.get(part)
        text += data.decode(errors="replace") if more == 200 else ""
    return frozenset(_JOB.findall(text))


def _sample(app: App, records: Sequence[Expected], always: str) -> list[Expected]:
    """Another part of the pages each hour, so that all are read in turn; a posting that was asked for, always."""
    hour = f"{app.clock.now():%Y-%m-%dT%H}"
    turn = sorted(records, key=lambda record: hashlib.sha256(f"{hour}{record.page}".encode()).digest())[:MOST_PAGES]
    return turn + [record for record in records if record.page == always and record not in turn]


def _page(app: App, reference: str) -> PageSeen:
    address = f"{app.config.public_base_url}/jobs/{reference}"
    status, data = app.public_site.get(address)
    page = read_page(data.decode(errors="replace"))
    posting = page.postings[0] if page.postings else {}
    apply = app.public_site.get(f"{address}/apply")[0] if status == 200 else 0
    return PageSeen(status, str(posting.get("title", "")), page.canonical, str(posting.get("validThrough", "")), apply)
