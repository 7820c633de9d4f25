"""Takes people who joined a pool into the drips of that pool."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integration import log, soql
from integration.campaigns.audience import PERSON, is_held_out, why_left_out
from integration.drips.org import enrollment_row, excluded_among, write
from integration.drips.plan import (
    AT_A_TIME,
    MINUTES,
    STATE,
    Drip,
    all_running,
    enrolled_pk,
    enrollment_pk,
    entry_of,
    find,
    place_values,
    zone_for,
)
from integration.model.schedule import due_at
from integration.model.series import Place
from integration.model.series_words import words
from integration.model.vocabulary import EnrollmentState, MembershipState
from integration.ports import Item, Record
from integration.records import CampaignEnrollment, Candidate, PoolMembership, parent

if TYPE_CHECKING:
    from integration.app import App

ADMITTING = "admitting"
"""Partition of drips that take in their present members; `after` is the last membership that was looked at."""
ADMITTING_FOR = timedelta(seconds=20)


def enrol(app: "App", membership_ids: Sequence[str]) -> int:
    """Idempotency key: campaign and candidate. Gives how many people were enrolled for the first time."""
    drips = all_running(app)
    if not drips or not membership_ids:
        return 0
    rows = _memberships(app, soql.is_in(PoolMembership.ID, membership_ids))
    count = 0
    for drip in drips:
        joined = [row for row in rows if row[PoolMembership.POOL] in drip.included and _is_in(row)]
        count += _enrol(app, drip, joined)
    return count


def admit(app: "App", campaign: str) -> None:
    """Has those who are in the pools already taken in, from the next minute on, part by part."""
    app.due.put({"pk": ADMITTING, "sk": campaign, "after": ""}, unless_exists=True)


def admit_some(app: "App") -> int:
    """Goes on taking in present members, for some seconds of this minute; gives how many were new."""
    started, count = app.clock.now(), 0
    for item in list(app.due.query(ADMITTING)):
        drip = find(app, item["sk"])
        after = str(item["after"])
        while drip is not None and app.clock.now() - started < ADMITTING_FOR:
            where = soql.both(
                soql.is_in(PoolMembership.POOL, drip.included),
                soql.equals(PoolMembership.STATE, MembershipState.MEMBER),
                *([soql.compare(PoolMembership.ID, ">", after)] if after else []),
            )
            rows = _memberships(app, where, order_by=[PoolMembership.ID], limit=AT_A_TIME)
            if not rows:
                drip = None
                break
            count += _enrol(app, drip, rows)
            after = str(rows[-1][PoolMembership.ID])
            app.due.put({**item, "after": after})
        if drip is None:
            app.due.delete(ADMITTING, item["sk"])
    return count


def _memberships(app: "App", where: soql.Condition, **more: Any) -> list[Record]:
    paths = [parent(PoolMembership.CANDIDATE, field) for field in PERSON]
    fields = [
        PoolMembership.ID,
        PoolMembership.POOL,
        PoolMembership.CANDIDATE,
        PoolMembership.STATE,
        PoolMembership.JOINED_AT,
        *paths,
    ]
    return app.salesforce.query(soql.select(PoolMembership.API_NAME, fields, where=where, **more))


def _is_in(row: Record) -> bool:
    return row[PoolMembership.STATE] == MembershipState.MEMBER


def _enrol(app: "App", drip: Drip, memberships: list[Record]) -> int:
    now = app.clock.now()
    people = {}
    for row in memberships:
        person = {field: row.get(parent(PoolMembership.CANDIDATE, field)) for field in PERSON}
        if not why_left_out(person, now) and not is_held_out(drip.campaign, str(person[Candidate.ID]), drip.hold_out):
            people[str(person[Candidate.ID])] = person
    for candidate in excluded_among(app, drip, list(people)):
        people.pop(candidate)
    added = [item for person in people.values() if (item := _enrol_one(app, drip, person, now))]
    write(
        app,
        [
            {
                **enrollment_row(item),
                CampaignEnrollment.STATE: EnrollmentState.ACTIVE,
                CampaignEnrollment.ENROLLED_AT: now.isoformat(timespec="seconds"),
                CampaignEnrollment.NEXT_STEP_AT: item["due_at"],
                CampaignEnrollment.WAITING_FOR: words(drip.steps[0], 1),
                CampaignEnrollment.SERIES_VERSION: drip.number,
            }
            for item in added
        ],
    )
    if added:
        log.event("candidates.enrolled", campaign=drip.campaign, count=len(added))
    return len(added)


def _enrol_one(app: "App", drip: Drip, person: Record, now: datetime) -> Item | None:
    """The enrollment and its first step together; None when the person was enrolled before."""
    key, zone = str(person[Candidate.CANDIDATE_KEY]), str(person.get(Candidate.TIME_ZONE) or "")
    due = due_at(now, drip.steps[0].day, drip.control.window, zone_for(drip, zone))
    item: Item = {
        "pk": enrollment_pk(drip.campaign, key),
        "sk": STATE,
        "campaign": drip.campaign,
        "candidate": key,
        "candidate_id": str(person[Candidate.ID]),
        "state": EnrollmentState.ACTIVE,
        "plan": drip.number,
        "joined": now.isoformat(),
        **place_values(Place(due=due, anchor=now)),
    }
    entry = entry_of(drip, key, 0, due)
    # The index first: a minute that is listed for nothing costs one read, one that is not listed is never looked at.
    app.due.put({"pk": MINUTES, "sk": entry["pk"]})
    app.due.put({"pk": enrolled_pk(drip.campaign), "sk": key})
    return item if app.due.put_together([(app.due, item), (app.due, entry)], unless_exists=True) else None
