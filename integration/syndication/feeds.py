"""Rebuilds a channel's feed: complete or not at all, unchanged bytes are not written again."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from integration import brands, log
from integration.errors import Rejected
from integration.model import snapshot
from integration.model.feed import DIALECTS, Entry, literal, write
from integration.model.posting import Job, employment_type, findings, reference_at, salary_text
from integration.model.vocabulary import PostingStatus
from integration.ports import Queue, Record, Value
from integration.records import Channel, JobPosting
from integration.soql import both, equals
from integration.syndication import reading

if TYPE_CHECKING:
    from integration.app import App

_FIELDS = (Channel.KEY, Channel.ADAPTER, Channel.ACTIVE, Channel.FEED_URL)
_PIECE = 256 * 1024
_JOB_TYPES = {"FULL_TIME": "fulltime", "PART_TIME": "parttime", "CONTRACTOR": "contract", "INTERN": "internship"}


def rebuild(app: App, channel_id: str, asked: str = "") -> None:
    """Key: the channel; made anew from the org each time. Skipped when the standing feed was read after `asked`.

    The file is written whole before the pointer moves to it, and a failing read leaves the old feed standing.
    """
    channel = app.salesforce.get(Channel.API_NAME, channel_id, _FIELDS)
    adapter, key = str(channel[Channel.ADAPTER] or ""), str(channel[Channel.KEY] or "")
    if adapter not in DIALECTS:
        return
    if not snapshot.CHANNEL.fullmatch(key):
        raise Rejected(f"The channel's key “{key}” cannot stand in a feed's address.", field="Key", value=key)
    standing = _pointer(app, key)
    read_at = app.clock.now().isoformat()
    if asked and standing and asked < standing["read_at"]:
        return
    refused: dict[str, str] = {}
    brand, _ = brands.read(app)
    with TemporaryFile() as file:
        counted = _Counted(_entries(app, channel_id, brand["name"], refused) if channel[Channel.ACTIVE] else iter(()))
        pieces = write(DIALECTS[adapter], counted, publisher=brand["name"], publisher_url=app.config.public_base_url)
        digest, size = _fill(file, pieces)
        pointer = _keep(app, key, file, digest, size, standing)
    latest = _pointer(app, key)
    if latest is None or latest["read_at"] <= read_at:  # a worker that read later knows better
        pointer |= {"count": counted.count, "read_at": read_at}
        _write_json(app, snapshot.feed(key), pointer)
    _tell(app, channel_id, channel, key, changed=standing is None or standing["etag"] != digest)
    _refuse(app, refused)
    log.event("feed.rebuilt", channel=channel_id, entries=counted.count, size=size, refused=len(refused))


class _Counted:
    """Counts what passes through."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._entries = entries
        self.count = 0

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            self.count += 1
            yield entry


def _entries(app: App, channel_id: str, company: str, refused: dict[str, str]) -> Iterator[Entry]:
    """One entry for each place of each public posting; what a board would refuse is left out and remembered."""
    today = app.clock.now().date()
    known = reading.places(app)
    for row in reading.postings(app, both(equals(JobPosting.CHANNEL, channel_id), reading.public(today))):
        job = reading.job_of(row, known, company)
        blocking = [finding.message for finding in findings(job, today) if finding.blocks]
        if blocking:
            refused[str(row[JobPosting.ID])] = "\n".join(blocking)
        else:
            yield from entries_of(job, row)


def entries_of(job: Job, row: Record) -> Iterator[Entry]:
    """One entry for each place; a posting that names its place itself is one entry under its own reference."""
    reference = str(row[JobPosting.REFERENCE])
    kind = employment_type(job.employment_type)
    for place in job.places:
        yield Entry(
            title=job.title,
            date=job.posted_on.isoformat() if job.posted_on else "",
            reference=reference if row[JobPosting.LOCATION] else reference_at(reference, place),
            requisition=job.requisition,
            url=str(row[JobPosting.TRACKED_URL]),
            company=job.company,
            street=place.street,
            city=place.city,
            region=place.region,
            country=place.country,
            postal_code=place.postal_code,
            description=literal(job.description),
            salary=salary_text(job),
            job_type=_JOB_TYPES.get(kind, kind.lower().replace("_", "")),
            category=job.department,
            expires=job.valid_through.isoformat() if job.valid_through else "",
            remote="Fully remote" if job.remote else "",
        )


def _fill(file: IO[bytes], pieces: Iterator[bytes]) -> tuple[str, int]:
    digest = hashlib.sha256()
    for piece in pieces:
        file.write(piece)
        digest.update(piece)
    return digest.hexdigest()[:32], file.tell()


def _keep(
    app: App, key: str, file: IO[bytes], digest: str, size: int, standing: dict[str, Any] | None
) -> dict[str, Any]:
    """Uploads the feed, plain and packed, unless the very same bytes stand there; the one before last goes."""
    if standing and standing["etag"] == digest:
        return standing
    plain, packed = snapshot.feed_file(key, digest, "xml"), snapshot.feed_file(key, digest, "xml.gz")
    app.site.write_stream(plain, _read(file), content_type="application/xml")
    with TemporaryFile() as squeezed:
        with gzip.GzipFile(fileobj=squeezed, mode="wb", mtime=0) as packer:
            for piece in _read(file):
                packer.write(piece)
        packed_size = squeezed.tell()
        app.site.write_stream(packed, _read(squeezed), content_type="application/gzip")
    kept = {plain, packed, *((standing["file"], standing["packed"]) if standing else ())}
    if standing:
        app.site.delete([name for name in standing["previous"] if name not in kept])
    return {
        "etag": digest,
        "file": plain,
        "size": size,
        "packed": packed,
        "packed_size": packed_size,
        "previous": [standing["file"], standing["packed"]] if standing else [],
    }


def _read(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece


def _pointer(app: App, key: str) -> dict[str, Any] | None:
    data = app.site.read(snapshot.feed(key))
    return None if data is None else json.loads(data)


def _write_json(app: App, key: str, value: dict[str, Any]) -> None:
    app.site.write(key, json.dumps(value).encode(), content_type="application/json")


def _tell(app: App, channel_id: str, channel: Record, key: str, *, changed: bool) -> None:
    """The channel shows where its feed is and when it last changed."""
    address = f"{app.config.public_base_url}/feeds/{key}.xml"
    if changed or channel[Channel.FEED_URL] != address:
        now = app.clock.now().isoformat(timespec="seconds")
        app.salesforce.update(Channel.API_NAME, channel_id, {Channel.FEED_URL: address, Channel.LAST_PUBLISHED_AT: now})


def _refuse(app: App, refused: dict[str, str]) -> None:
    """Postings that were edited until no board takes them: shown as failed, with the reason, and taken down."""
    if not refused:
        return
    rows: list[dict[str, Value]] = [
        {
            JobPosting.ID: posting_id,
            JobPosting.STATUS: PostingStatus.FAILED.value,
            JobPosting.FINDINGS: text,
            JobPosting.MESSAGE: "Taken down: boards would refuse it as it stands now. See the findings.",
        }
        for posting_id, text in refused.items()
    ]
    app.salesforce.update_many(JobPosting.API_NAME, rows)
    app.queues.send_many(Queue.POSTINGS, [{"posting": posting_id} for posting_id in refused])
