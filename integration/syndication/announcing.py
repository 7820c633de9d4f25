"""Tells search engines, networks and colleagues of jobs: a line per channel, closings first, so many a day."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integration import log
from integration.errors import Rejected, TryAgain
from integration.model import snapshot
from integration.model.announcing import ANNOUNCERS, POSTS_PER_DAY, SEARCH_ENGINES, place_in_line, post_text, slot
from integration.ports import Announcement, Announcer, Record
from integration.records import Channel, JobPosting
from integration.soql import both, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

_KEPT = timedelta(days=14)
_MOST_IN_LINE = 500
"""Looked at in one run."""
_FIELDS = (
    Channel.ID,
    Channel.ADAPTER,
    Channel.SECRET_NAME,
    Channel.ACCOUNT,
    Channel.POSTS_PER_DAY,
    Channel.REPEAT_AFTER_DAYS,
)


def line_up(app: App, posting_ids: Sequence[str], *, is_closed: bool) -> None:
    """Key: channel, posting and state. Puts postings into the line of each place that is to hear of them.

    A posting that closes leaves the line of openings, so that nobody is sent to a page that is gone.
    """
    channels = _channels(app)
    if not channels or not posting_ids:
        return
    own = _channel_of(app, posting_ids)
    now = app.clock.now()
    for channel in channels:
        channel_id, is_engine = str(channel[Channel.ID]), channel[Channel.ADAPTER] in SEARCH_ENGINES
        for posting in posting_ids:
            if not is_engine and own.get(posting) != channel_id:
                continue
            app.claims.delete(_line(channel_id), _waiting(app, channel_id, posting))
            if is_closed and not is_engine:
                continue
            _put(app, channel_id, posting, is_closed=is_closed, at=now)


def _put(app: App, channel_id: str, posting: str, *, is_closed: bool, at: datetime) -> None:
    place = place_in_line(posting, is_closed=is_closed, at=at.isoformat(timespec="milliseconds"))
    ttl = int((at + _KEPT).timestamp())
    app.claims.put({"pk": _line(channel_id), "sk": place, "posting": posting, "closed": is_closed, "ttl": ttl})
    app.claims.put({"pk": f"{_line(channel_id)}#of", "sk": posting, "place": place, "ttl": ttl})


def tell_due(app: App) -> None:
    """Key: the line's items; one that was told has left it. One place in trouble does not hold up the others."""
    for channel in _channels(app):
        try:
            told = _tell(app, channel)
            if told:
                log.event("jobs.announced", channel=channel[Channel.ID], told=told)
        except TryAgain as again:
            log.event("announcing.later", channel=channel[Channel.ID], reason=str(again))
        except Rejected as rejected:
            app.salesforce.update(Channel.API_NAME, str(channel[Channel.ID]), {Channel.FINDINGS: rejected.message})


def _tell(app: App, channel: Record) -> int:
    channel_id = str(channel[Channel.ID])
    first = next(app.claims.query(_line(channel_id), limit=1), None)
    if first is None:
        return 0
    place = app.announcer(str(channel[Channel.ADAPTER]), _secret(app, channel), str(channel[Channel.ACCOUNT] or ""))
    if place.proof:
        app.site.write(snapshot.proof(place.proof), place.proof.encode(), content_type="text/plain")
    if channel[Channel.ADAPTER] in SEARCH_ENGINES:
        return sum(1 for _ in _told(app, channel_id, place, place.a_day))
    per_day = min(int(channel[Channel.POSTS_PER_DAY] or POSTS_PER_DAY), place.a_day)
    if not _is_slot_free(app, channel_id, per_day):
        return 0
    posting = next(_told(app, channel_id, place, per_day), "")
    if posting and (days := int(channel[Channel.REPEAT_AFTER_DAYS] or 0)):
        _put(app, channel_id, posting, is_closed=False, at=app.clock.now() + timedelta(days=days))
    return int(bool(posting))


def _told(app: App, channel_id: str, place: Announcer, a_day: int) -> Iterator[str]:
    """Tells one posting after the other, while the day has room; each leaves the line when it was told."""
    now = app.clock.now().isoformat(timespec="milliseconds")
    for item in list(app.claims.query(_line(channel_id), limit=_MOST_IN_LINE)):
        posting, is_closed = str(item["posting"]), bool(item["closed"])
        if item["sk"] > place_in_line(posting, is_closed=is_closed, at=now):
            continue  # to be repeated later
        announcement = _announcement(app, posting, is_closed=is_closed)
        if announcement is None:
            continue  # its page is not made yet: next time
        if not _take_turn(app, channel_id, a_day):
            return
        place.tell(announcement)
        app.claims.delete(item["pk"], item["sk"])
        yield posting


def _is_slot_free(app: App, channel_id: str, per_day: int) -> bool:
    """Whether enough time has passed since the network's last post; takes the slot when it has."""
    now = app.clock.now()
    pk = f"{_line(channel_id)}#slot"
    standing = app.claims.get(pk, "last")
    if standing and now - datetime.fromisoformat(standing["at"]) < slot(per_day):
        return False
    if next(app.claims.query(_line(channel_id), limit=1), None) is None:
        return False
    at = now.isoformat()
    return app.claims.update(pk, "last", {"at": at}, only_if={"at": standing["at"] if standing else None})


def _take_turn(app: App, channel_id: str, a_day: int) -> bool:
    """One of the day's number; a turn that is taken and not used is lost, never used twice."""
    day = f"{app.clock.now():%Y-%m-%d}"
    pk = f"{_line(channel_id)}#day"
    while True:
        standing = app.claims.get(pk, day)
        used = int(standing["used"]) if standing else 0
        if used >= a_day:
            return False
        ttl = int((app.clock.now() + _KEPT).timestamp())
        if app.claims.update(pk, day, {"used": used + 1, "ttl": ttl}, only_if={"used": used if standing else None}):
            return True


def _announcement(app: App, posting: str, *, is_closed: bool) -> Announcement | None:
    """From the published page, so that nobody is told of what visitors do not see; None while that says otherwise."""
    row = app.salesforce.query(
        select(
            JobPosting.API_NAME, [JobPosting.REFERENCE, JobPosting.TRACKED_URL], where=equals(JobPosting.ID, posting)
        )
    )
    reference = str(row[0][JobPosting.REFERENCE] or "") if row else ""
    data = app.site.read(snapshot.job(reference)) if reference else None
    page: dict[str, Any] = json.loads(data) if data else {}
    if not page or (page["state"] == "closed") != is_closed:
        return None
    return Announcement(
        page=f"{app.config.public_base_url}/jobs/{reference}",
        link=str(row[0][JobPosting.TRACKED_URL] or ""),
        title=page["title"],
        text=post_text(page["title"], page["company"], page["places"], page["salary"]),
        summary=page.get("summary", ""),
        is_closed=is_closed,
    )


def _channels(app: App) -> list[Record]:
    where = both(is_in(Channel.ADAPTER, ANNOUNCERS), equals(Channel.ACTIVE, True))
    return app.salesforce.query(select(Channel.API_NAME, _FIELDS, where=where, order_by=[Channel.ID]))


def _channel_of(app: App, posting_ids: Sequence[str]) -> dict[str, str]:
    found = {}
    for start in range(0, len(posting_ids), 200):
        where = is_in(JobPosting.ID, posting_ids[start : start + 200])
        for row in app.salesforce.query(select(JobPosting.API_NAME, [JobPosting.ID, JobPosting.CHANNEL], where=where)):
            found[str(row[JobPosting.ID])] = str(row[JobPosting.CHANNEL])
    return found


def _secret(app: App, channel: Record) -> str:
    """Only secrets that are named as a channel's: a record must not make us read another."""
    name, prefix = str(channel[Channel.SECRET_NAME] or ""), f"warmbench/{app.config.stage}/channel-"
    if not name.startswith(prefix):
        raise Rejected(f"The secret's name must begin with {prefix}. Ask your operator for it.", field="Secret name")
    return name


def _line(channel_id: str) -> str:
    return f"announce#{channel_id}"


def _waiting(app: App, channel_id: str, posting: str) -> str:
    """The place of a posting that stands in the line already."""
    standing = app.claims.get(f"{_line(channel_id)}#of", posting)
    return str(standing["place"]) if standing else "-"
