"""What search engines and networks have in common: how to reach one, what it is told, its turns of the day."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integration.errors import Rejected
from integration.model import snapshot
from integration.model.announcing import post_text
from integration.ports import Announcement, Announcer, Record
from integration.records import Channel, JobPosting
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App

KEPT = timedelta(days=14)


def line(channel_id: str) -> str:
    """The partition of what is kept of a channel."""
    return f"announce#{channel_id}"


def reach(app: App, channel: Record) -> Announcer:
    """Raises Rejected when its secret is not one of a channel's: a record must not make us read another."""
    name, prefix = str(channel[Channel.SECRET_NAME] or ""), f"warmbench/{app.config.stage}/channel-"
    if not name.startswith(prefix):
        raise Rejected(f"The secret's name must begin with {prefix}. Ask your operator for it.", field="Secret name")
    place = app.announcer(str(channel[Channel.ADAPTER]), name, str(channel[Channel.ACCOUNT] or ""))
    if place.proof:
        app.site.write(snapshot.proof(place.proof), place.proof.encode(), content_type="text/plain")
    return place


def take_turn(app: App, channel_id: str, a_day: int) -> bool:
    """One of the day's number; a turn that is taken and not used is lost, never used twice."""
    day = f"{app.clock.now():%Y-%m-%d}"
    pk = f"{line(channel_id)}#day"
    while True:
        standing = app.claims.get(pk, day)
        used = int(standing["used"]) if standing else 0
        if used >= a_day:
            return False
        ttl = int((app.clock.now() + KEPT).timestamp())
        if app.claims.update(pk, day, {"used": used + 1, "ttl": ttl}, only_if={"used": used if standing else None}):
            return True


def announcement(app: App, posting: str, *, is_closed: bool) -> Announcement | None:
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
