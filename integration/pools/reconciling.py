"""Every night: whoever changed since the last one is judged again, whether or not a message told of the change.

The sweep leaves out what our own writers changed, because they announce it themselves; an announcement can be lost.
Candidates, and the candidates of tags, memberships, touchpoints and enrolments, are read by their stamp in parts, each
a message of its own. Judging compares marks of facts, so that who was judged costs no write.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integration import log
from integration.candidates.announcing import announce
from integration.ports import Queue
from integration.records import CampaignEnrollment, Candidate, CandidateTag, PoolMembership, SObject, Touchpoint
from integration.soql import both, compare, select

if TYPE_CHECKING:
    from integration.app import App

PLACE = ("pools", "reconciled")
"""In the `people` table: the day of the last night, and up to when it read."""
SOURCES: Mapping[str, str] = {
    Candidate.API_NAME: Candidate.ID,
    CandidateTag.API_NAME: CandidateTag.CANDIDATE,
    PoolMembership.API_NAME: PoolMembership.CANDIDATE,
    Touchpoint.API_NAME: Touchpoint.CANDIDATE,
    CampaignEnrollment.API_NAME: CampaignEnrollment.CANDIDATE,
}
"""Object -> the field that names the candidate."""
FIRST_NIGHT = timedelta(days=2)
OVERLAP = timedelta(hours=1)
"""Rows can commit after later ones were read."""
PER_PART = 2_000


def reconcile_nightly(app: App) -> int:
    """Key: the day. On the first run of a day, a message for each object; how many."""
    now = app.clock.now()
    item = app.people.get(*PLACE)
    if item and item["day"] >= now.date().isoformat():
        return 0
    since = datetime.fromisoformat(item["until"]) - OVERLAP if item else now - FIRST_NIGHT
    span = {"since": since.isoformat(timespec="seconds"), "until": now.isoformat(timespec="seconds")}
    app.queues.send_many(Queue.CHANGES, [{"reconcile": name, **span, "after": ""} for name in SOURCES])
    # Last: a night that was cut off begins again, and judging again changes nothing.
    app.people.put({"pk": PLACE[0], "sk": PLACE[1], "day": now.date().isoformat(), "until": span["until"]})
    return len(SOURCES)


def reconcile(app: App, message: Mapping[str, Any]) -> None:
    """Key: object, span and where the part begins. Announces whoever changed, then the next part."""
    name = str(message["reconcile"])
    if name not in SOURCES:
        raise ValueError(f"{name} is not looked through at night")
    field = SOURCES[name]
    span = both(
        compare(SObject.STAMP, ">=", datetime.fromisoformat(message["since"])),
        compare(SObject.STAMP, "<=", datetime.fromisoformat(message["until"])),
    )
    where = both(span, compare(SObject.ID, ">", message["after"])) if message["after"] else span
    fields = list(dict.fromkeys([SObject.ID, field]))
    rows = app.salesforce.query(select(name, fields, where=where, order_by=[SObject.ID], limit=PER_PART))
    announce(app, [str(row[field]) for row in rows if row[field]])
    log.event("pools.reconciled", object=name, rows=len(rows))
    if len(rows) == PER_PART:
        app.queues.send(Queue.CHANGES, {**message, "after": str(rows[-1][SObject.ID])})
