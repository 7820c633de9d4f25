"""Who was in a pool on a day: every join, leave, proposal and rejection is kept, append-only.

Events lie in S3, one object per pool and message; in Salesforce each would cost 2 KB of storage. They hold ids, no
personal data, so an erased person stays a number in the counts of the past.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected
from integration.model.cells import neutral
from integration.model.membership import Happened, members_at, moment_of, standing_at
from integration.model.vocabulary import MembershipState
from integration.ports import Record
from integration.records import Candidate, PoolMembership, TalentPool
from integration.soql import equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

FIELDS = (
    PoolMembership.ID,
    PoolMembership.POOL,
    PoolMembership.CANDIDATE,
    PoolMembership.STATE,
    PoolMembership.ADDED_BY,
    PoolMembership.JOINED_AT,
    PoolMembership.LEFT_AT,
    PoolMembership.CHANGED_BY,
    PoolMembership.STAMP,
)
IDS_PER_QUERY = 200


def record(app: App, rows: Iterable[Record]) -> None:
    """Key: candidate, state and time. Keeps what these memberships (with FIELDS) say happened."""
    service = app.salesforce.user_id()
    by_pool: dict[str, list[Happened]] = {}
    for row in rows:
        if row[PoolMembership.POOL] and row[PoolMembership.CANDIDATE]:
            by_pool.setdefault(str(row[PoolMembership.POOL]), []).extend(_told_by(row, service))
    for pool, told in by_pool.items():
        _keep(app, pool, told)


def _keep(app: App, pool_id: str, told: Sequence[Happened]) -> None:
    text = "".join(sorted({f"{json.dumps(_as_json(event))}\n" for event in told}))
    mark = sha256(text.encode()).hexdigest()[:16]
    day = max(event.at for event in told).date().isoformat()
    key = f"{prefix(pool_id)}{day}-{mark}.jsonl"
    app.data.write(key, text.encode(), content_type="application/x-ndjson", unless_exists=True)


def prefix(pool_id: str) -> str:
    return f"history/pool={pool_id}/"


def events(app: App, pool_id: str) -> Iterator[Happened]:
    """Everything that happened in a pool; some of it may come twice."""
    for key in app.data.keys(prefix(pool_id)):
        for line in (app.data.read(key) or b"").splitlines():
            told = json.loads(line)
            yield Happened(told["candidate"], told["state"], moment_of(told["at"]), told["by"], told["cause"])


def members_on(app: App, pool_id: str, day: date) -> dict[str, Happened]:
    """The members at the end of a day (UTC), by candidate id."""
    return members_at(squared(app, pool_id), datetime.combine(day, time.max, UTC))


def squared(app: App, pool_id: str) -> list[Happened]:
    """All that happened, with what no message told of: memberships older than the history, and deleted ones.

    What was missing is kept from now on. When somebody was deleted is not known, so they leave when it is noticed.
    """
    told = list(events(app, pool_id))
    now = app.clock.now()
    standing = standing_at(told, now)
    where = equals(PoolMembership.POOL, pool_id)
    every = app.salesforce.rows(select(PoolMembership.API_NAME, FIELDS, where=where))
    rows = {str(row[PoolMembership.CANDIDATE]): row for row in every if row[PoolMembership.CANDIDATE]}
    untold = [row for one, row in rows.items()
              if one not in standing or standing[one].state != row[PoolMembership.STATE]]  # fmt: skip
    service = app.salesforce.user_id()
    missing = [event for row in untold for event in _told_by(row, service)]
    missing += [
        Happened(one, MembershipState.LEFT.value, now, "", "Deleted")
        for one, event in standing.items()
        if one not in rows and event.state != MembershipState.LEFT
    ]
    if missing:
        _keep(app, pool_id, missing)
    return [*told, *missing]


def list_members_on(app: App, pool_id: str) -> str:
    """Key: pool and day. Attaches the list of the members on the day in As_Of__c to the pool."""
    pool = app.salesforce.get(TalentPool.API_NAME, pool_id, [TalentPool.NAME, TalentPool.AS_OF])
    if not pool[TalentPool.AS_OF]:
        raise Rejected("Enter the day under “Members on”, then command it again.", field="Members on")
    day = date.fromisoformat(str(pool[TalentPool.AS_OF]))
    if day > app.clock.now().date():
        raise Rejected(f"{day} is not over yet. Enter today or a day before.", field="Members on", value=str(day))
    members = members_on(app, pool_id, day)
    data = _file(members, _names(app, sorted(members)))
    app.salesforce.attach_file(pool_id, f"Members on {day}.csv", data)
    log.event("pool.members_listed", pool=pool_id, day=str(day), members=len(members))
    people = "person was a member" if len(members) == 1 else "people were members"
    return f"{len(members):,} {people} on {day}. The list is attached: “Members on {day}.csv”."


def _told_by(row: Record, service: str) -> Iterator[Happened]:
    """A row tells when its person joined and left, and of its state at its last change.

    The service writes the times of what it does; people change the state alone, so then the change itself is the time.
    """
    state, stamp = str(row[PoolMembership.STATE] or ""), str(row[PoolMembership.STAMP])
    who = str(row[PoolMembership.CHANGED_BY] or ""), str(row[PoolMembership.ADDED_BY] or "")
    own = {
        MembershipState.MEMBER.value: row[PoolMembership.JOINED_AT],
        MembershipState.LEFT.value: row[PoolMembership.LEFT_AT],
    }
    candidate = str(row[PoolMembership.CANDIDATE])
    for told in (MembershipState.MEMBER.value, state):
        if own.get(told):
            yield Happened(candidate, told, moment_of(str(own[told])), *who)
    if not own.get(state) or who[0] != service:
        yield Happened(candidate, state, moment_of(stamp), *who)


def _as_json(event: Happened) -> Mapping[str, str]:
    at = event.at.astimezone(UTC).isoformat()
    return {"candidate": event.candidate, "state": event.state, "at": at, "by": event.by, "cause": event.cause}


def _names(app: App, candidate_ids: Sequence[str]) -> dict[str, str]:
    names = {}
    for start in range(0, len(candidate_ids), IDS_PER_QUERY):
        where = is_in(Candidate.ID, candidate_ids[start : start + IDS_PER_QUERY])
        rows = app.salesforce.query(select(Candidate.API_NAME, [Candidate.ID, Candidate.NAME], where=where))
        names.update({str(row[Candidate.ID]): str(row[Candidate.NAME]) for row in rows})
    return names


def _file(members: Mapping[str, Happened], names: Mapping[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Candidate", "Candidate id", "Member since", "Added by"])
    for one in sorted(members, key=lambda each: (names.get(each, "~"), each)):
        name = names.get(one, "(no longer in the org)")
        writer.writerow([neutral(name), one, members[one].at.isoformat(), neutral(members[one].cause)])
    return out.getvalue().encode("utf-8-sig")
