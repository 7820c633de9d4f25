"""Rebuilds a channel's feed: complete or not at all, unchanged bytes are not written again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from integration import brands, log
from integration.errors import Rejected
from integration.model import snapshot
from integration.model.feed import ADAPTERS, Form, Publisher, form_of
from integration.model.feed.pieces import Piece, compose, from_lines
from integration.model.vocabulary import PostingStatus
from integration.ports import Queue, Record, Value
from integration.records import Channel, JobPosting
from integration.syndication import entries, own_feeds, vanishing
from integration.syndication.feed_files import keep, put_index
from integration.syndication.rendering import Rendering

if TYPE_CHECKING:
    from integration.app import App

_FIELDS = (
    Channel.KEY,
    Channel.ADAPTER,
    Channel.ACTIVE,
    Channel.FEED_URL,
    Channel.FINDINGS,
    Channel.FEED_TEMPLATE,
    *entries.FIELDS,
)
_PIECE = 256 * 1024
REFUSED = "The feed template cannot be used, the last good feed stays:"


def rebuild(app: App, channel_id: str, asked: str = "") -> None:
    """Key: the channel; made anew from the org each time. Skipped when the standing feed was read after `asked`.

    The file is written whole before the pointer moves to it; a failing read, or one in which many jobs are missing
    that nobody closed, leaves the old feed standing.
    """
    channel = app.salesforce.get(Channel.API_NAME, channel_id, _FIELDS)
    adapter, key = str(channel[Channel.ADAPTER] or ""), str(channel[Channel.KEY] or "")
    if adapter not in ADAPTERS:
        return
    if not snapshot.CHANNEL.fullmatch(key):
        raise Rejected(f"The channel's key “{key}” cannot stand in a feed's address.", field="Key", value=key)
    standing = pointer_of(app, key)
    read_at = app.clock.now().isoformat()
    if asked and standing and asked < standing["read_at"]:
        return
    brand, _ = brands.read(app)
    base = app.config.public_base_url
    ending = "json" if adapter == "jsonfeed" else "xml"
    form = form_of(adapter, Publisher(brand["name"], base, f"{base}/feeds/{key}.{ending}"))
    address = f"{base}/feeds/{key}.{ending}"
    terms = entries.Terms.of(channel, base)
    rendering = Rendering(app, channel_id, adapter, form, terms, brand["name"])
    template = str(channel[Channel.FEED_TEMPLATE] or "").strip()
    with TemporaryFile() as file:
        if template and channel[Channel.ACTIVE]:
            made = _made_by(template, rendering, Publisher(brand["name"], base, address), file)
        else:
            made = _made(app, form, rendering, standing, file, active=bool(channel[Channel.ACTIVE]))
        held = made.fault
        if channel[Channel.ACTIVE] and not held:
            held = vanishing.unexplained(app, channel_id, made.pieces, standing_of(app, standing))
        if held:
            _tell(app, channel_id, channel, address, held, changed=False)
            log.event("feed.held", channel=channel_id, entries=made.count)
            return
        pointer = keep(app, key, file, made.digest, made.size, standing, form)
    latest = pointer_of(app, key)
    if latest is None or latest["read_at"] <= read_at:  # a worker that read later knows better
        index = put_index(app, key, made.digest, made.pieces)
        pointer |= {"count": made.count, "read_at": read_at, "index": index, "opening": made.opening}
        app.site.write(snapshot.feed(key), json.dumps(pointer).encode(), content_type="application/json")
    changed = standing is None or standing["etag"] != made.digest
    _tell(app, channel_id, channel, address, "", changed=changed)
    _note(app, rendering)
    log.event(
        "feed.rebuilt",
        channel=channel_id,
        entries=made.count,
        size=made.size,
        rendered=rendering.rendered,
        refused=len(rendering.blocked),
    )


@dataclass
class _Made:
    """A feed as it lies in a file."""

    digest: str
    size: int
    count: int
    pieces: list[Piece]
    opening: int = -1
    """Size of what stands before the first piece; nothing can be copied from a feed without pieces."""
    fault: str = ""
    """Why it must not go out."""


def _made(
    app: App, form: Form, rendering: Rendering, standing: dict[str, Any] | None, file: IO[bytes], *, active: bool
) -> _Made:
    """Writes the feed; what stands unchanged in the one before is copied from there."""
    digest = hashlib.sha256()

    def put(data: bytes) -> None:
        file.write(data)
        digest.update(data)

    put(form.opening)
    # Another opening means another publisher, address or form: nothing of the old file is copied.
    before = standing if standing and standing.get("opening") == len(form.opening) else None
    pieces, latest, has_any = [], "", False
    for piece, data in compose(
        rendering.wanted() if active else (),
        standing_of(app, before),
        app.site.stream(before["file"]) if before else (),
        rendering.render,
        skip=len(form.opening),
        separator=len(form.separator),
    ):
        pieces.append(piece)
        if data:
            put(form.separator + data if has_any and form.separator else data)
            has_any = True
            latest = max(latest, piece.latest)
    count = sum(piece.entries for piece in pieces)
    put(form.closing(count, latest))
    return _Made(digest.hexdigest()[:32], file.tell(), count, pieces, len(form.opening))


def _made_by(template: str, rendering: Rendering, publisher: Publisher, file: IO[bytes]) -> _Made:
    """Writes the feed by a template of the recruiters' own."""
    words = {"publisher": publisher.name, "publisher_url": publisher.url, "feed_url": publisher.feed}
    faults = own_feeds.make(template, words, rendering.entries(), file)
    if faults:
        return _Made("", 0, 0, [], fault="\n".join([REFUSED, *faults]))
    file.seek(0)
    digest = hashlib.sha256()
    while data := file.read(_PIECE):
        digest.update(data)
    pieces = [Piece(posting, "", 0, 1, "") for posting in rendering.taken]
    return _Made(digest.hexdigest()[:32], file.tell(), len(pieces), pieces)


def standing_of(app: App, standing: dict[str, Any] | None) -> list[Piece]:
    """What the standing feed is made of."""
    index = app.site.read(standing["index"]) if standing and standing.get("index") else None
    return list(from_lines(index)) if index else []


def pointer_of(app: App, key: str) -> dict[str, Any] | None:
    """What is known of the standing feed."""
    data = app.site.read(snapshot.feed(key))
    return None if data is None else json.loads(data)


def _tell(app: App, channel_id: str, channel: Record, address: str, findings: str, *, changed: bool) -> None:
    """The channel shows where its feed is, when it last changed, and why it did not."""
    values: dict[str, Value] = {}
    if changed or channel[Channel.FEED_URL] != address:
        now = app.clock.now().isoformat(timespec="seconds")
        values = {Channel.FEED_URL: address, Channel.LAST_PUBLISHED_AT: now}
    before = str(channel[Channel.FINDINGS] or "")
    if findings != before and (findings or before.startswith((vanishing.HELD, REFUSED))):
        values[Channel.FINDINGS] = findings or None
    if values:
        app.salesforce.update(Channel.API_NAME, channel_id, values)


def _note(app: App, rendering: Rendering) -> None:
    """Findings of this feed on its postings.

    What no board may show was edited until it is so: it is marked as failed and taken down everywhere.
    """
    rows: list[dict[str, Value]] = [
        {JobPosting.ID: posting, JobPosting.FINDINGS: text} for posting, text in rendering.findings.items()
    ]
    rows += [
        {
            JobPosting.ID: posting,
            JobPosting.STATUS: PostingStatus.FAILED.value,
            JobPosting.FINDINGS: text,
            JobPosting.MESSAGE: "Taken down: boards would refuse it as it stands now. See the findings.",
        }
        for posting, text in rendering.blocked.items()
    ]
    if rows:
        app.salesforce.update_many(JobPosting.API_NAME, rows)
    app.queues.send_many(Queue.POSTINGS, [{"posting": posting} for posting in rendering.blocked])
